"""Every initiative below some nodes of the plan as one square that leads to it. Must not render anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shinchoku import metrics, words
from shinchoku.metrics import Assessment, Trend
from shinchoku.package.editions import Edition
from shinchoku.package.records import Initiative, Policy
from shinchoku.pages.parts import places

_ORDER = [assessment for outcome in words.OUTCOMES for assessment in outcome.assessments]


@dataclass(frozen=True, slots=True)
class Square:
    """An initiative with its verdict, or where nothing is judged yet its trend; what it is called says both."""

    initiative: Initiative
    assessment: Assessment
    symbol: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """The squares below a node, those of one verdict together, else in print order."""

    title: str
    address: str
    squares: tuple[Square, ...]


def groups(package: Edition, nodes: Iterable[Policy], include_relisted: bool = False) -> list[Group]:
    """One for each node that has any."""
    found = []
    for node in nodes:
        ids = metrics.initiatives_in(package, node.policy_id, include_relisted)
        squares = sorted(
            (_square(package, each) for each in ids), key=lambda each: _ORDER.index(each.assessment)
        )
        found.append(Group(node.title, places.policy_address(package, node.policy_id), tuple(squares)))
    return [group for group in found if group.squares]


def _square(package: Edition, initiative_id: str) -> Square:
    initiative = package.initiative[initiative_id]
    assessment = metrics.assessment_of_initiative(package, initiative_id)
    verdict, trend = words.ASSESSMENTS[assessment], words.TRENDS[Trend.NOT_COMPARABLE]
    said = [verdict.label] if package.is_judged else []
    for result in metrics.results_of_initiative(package, initiative_id)[:1]:
        trend = words.TRENDS[result.trend]
        if not package.is_judged and result.progress is not None:
            said.append(f"道のり{words.rate(result.progress)}")
        if result.trend is not Trend.NOT_COMPARABLE:
            said.append(f"前の年度と比べて{trend.label}" + "（見込み）" * result.is_estimate)
    shown = verdict if package.is_judged else trend
    return Square(
        initiative, assessment, shown.symbol, "：".join(filter(None, (initiative.name, "、".join(said))))
    )
