"""The home page below its hand-written introduction: the state of the plan at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from shinchoku import addresses, metrics
from shinchoku.metrics import Assessment
from shinchoku.model import Initiative, Package, Policy
from shinchoku.pages.rendering import render

REACHED = (Assessment.ACHIEVED, Assessment.ACHIEVED_QUALITATIVE)


@dataclass(frozen=True, slots=True)
class Card:
    """An area in four numbers."""

    area: Policy
    initiatives: int
    reached: int
    not_reached: int
    undecided: int
    money: metrics.Money


def _cards(package: Package) -> tuple[Card, ...]:
    cards = []
    for area in package.areas:
        initiatives = metrics.initiatives_in(package, area.policy_id)
        counts = metrics.count_assessments(package, initiatives)
        reached = sum(counts[item] for item in REACHED)
        not_reached = counts[Assessment.NOT_ACHIEVED]
        cards.append(
            Card(
                area=area,
                initiatives=len(initiatives),
                reached=reached,
                not_reached=not_reached,
                undecided=len(initiatives) - reached - not_reached,
                money=metrics.settled(package, package.settlement_years[-1], initiatives),
            )
        )
    return tuple(cards)


def _loan_funds(package: Package) -> tuple[Initiative, ...]:
    return tuple(item for item in package.initiatives if item.is_loan_fund)


def home(package: Package) -> str:
    """The body of ``/`` below the words written by hand."""
    year = package.settlement_years[-1]
    counts = metrics.count_assessments(package)
    reached = sum(counts[item] for item in REACHED)
    return render(
        "home.html",
        addresses.HOME,
        package=package,
        year=year,
        counts=counts,
        reached=reached,
        undecided=len(package.initiatives) - reached - counts[Assessment.NOT_ACHIEVED],
        cards=_cards(package),
        money=metrics.settled(package, year),
        loan_funds=_loan_funds(package),
        missing=metrics.missing_counts(package),
        observation_count=len(package.observations),
        relistings=sum(item.is_relisted for item in package.listings),
    )
