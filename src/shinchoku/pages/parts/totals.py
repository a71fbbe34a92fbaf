"""What was assessed and settled in an area, and settled below it. Must not render anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku import metrics
from shinchoku.metrics import Assessment, Money
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy
from shinchoku.pages.parts import places

REACHED = (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE)


@dataclass(frozen=True, slots=True)
class AreaTotals:
    """An area and what happened in it."""

    area: Policy
    initiatives: int
    counts: dict[Assessment, int]
    money: Money

    @property
    def reached(self) -> int:
        return sum(self.counts[item] for item in REACHED)

    @property
    def not_reached(self) -> int:
        return self.counts[Assessment.NOT_ACHIEVED]

    @property
    def undecided(self) -> int:
        return self.initiatives - self.reached - self.not_reached


def of_areas(package: Edition, fiscal_year: int | None) -> tuple[AreaTotals, ...]:
    """The areas in print order, with what was settled in a year."""
    found = []
    for area in package.areas:
        initiatives = metrics.initiatives_in(package, area.policy_id)
        counts = metrics.count_assessments(package, initiatives)
        money = metrics.settled(package, fiscal_year, initiatives)
        found.append(AreaTotals(area, len(initiatives), counts, money))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Settled:
    """A node of the plan, where it stands, and what was settled for the initiatives printed there first."""

    policy: Policy
    area: Policy
    address: str
    money: Money


def settled(package: Edition, policy: Policy, fiscal_year: int | None) -> Settled:
    """What was settled below a node."""
    return Settled(
        policy=policy,
        area=places.area_above(package, policy.policy_id),
        address=places.policy_address(package, policy.policy_id),
        money=metrics.settled(package, fiscal_year, metrics.initiatives_in(package, policy.policy_id)),
    )


def settled_below(package: Edition, areas: Iterable[Policy], fiscal_year: int | None) -> tuple[Settled, ...]:
    """The nodes next below some areas that have initiatives of their own."""
    nodes = (node for area in areas for node in package.policy_children.get(area.policy_id, ()))
    found = (settled(package, node, fiscal_year) for node in nodes)
    return tuple(item for item in found if item.money.reported or item.money.not_reported)
