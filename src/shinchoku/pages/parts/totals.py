"""What was assessed and settled in the plan and its parts. Must not render anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku import metrics
from shinchoku.metrics import Assessment, Money
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy
from shinchoku.words import OUTCOMES, Outcome


@dataclass(frozen=True, slots=True)
class Totals:
    """How many initiatives there are, and what happened to them."""

    initiatives: int
    counts: dict[Assessment, int]
    money: Money

    def counted(self, outcome: Outcome) -> int:
        """How many initiatives came to an outcome."""
        return sum(self.counts[item] for item in outcome.assessments)

    @property
    def reached(self) -> int:
        return self.counted(OUTCOMES[0])

    @property
    def not_reached(self) -> int:
        return self.counted(OUTCOMES[1])

    @property
    def undecided(self) -> int:
        return self.counted(OUTCOMES[2])


def of(package: Edition, fiscal_year: int | None, initiatives: Iterable[str] | None = None) -> Totals:
    """Of some initiatives (all, unless told), with what was settled in a year."""
    counts = metrics.count_assessments(package, initiatives)
    return Totals(sum(counts.values()), counts, metrics.settled(package, fiscal_year, initiatives))


def of_nodes(package: Edition, nodes: Iterable[Policy], fiscal_year: int | None) -> dict[Policy, Totals]:
    """Of what is printed first below each of some nodes."""
    return {node: of(package, fiscal_year, metrics.initiatives_in(package, node.policy_id)) for node in nodes}


def below(package: Edition, areas: Iterable[Policy], fiscal_year: int | None) -> dict[Policy, Totals]:
    """Of the nodes next below some areas that have initiatives of their own."""
    nodes = (node for area in areas for node in package.policy_children.get(area.policy_id, ()))
    found = of_nodes(package, nodes, fiscal_year)
    return {node: totals for node, totals in found.items() if totals.initiatives}
