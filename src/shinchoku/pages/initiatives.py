"""``/initiatives/``, the explorer: every 事業 in one table, and what its script needs to filter, sort and compare.

Without the script the page is that table, in print order. With it, a row's
``facts`` say what the cells do not: the codes that filters ask for, and the
values of the fiscal years that are not shown. A row is an indicator; an
initiative with several has several rows and is counted, and summed, once. What
words are looked for in is a file of its own, fetched when somebody types one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shinchoku import addresses, fiscal_year, metrics, reports_compared, words
from shinchoku.metrics import Assessment, IndicatorResult, Trend
from shinchoku.package import dictionary
from shinchoku.package.dictionary import Code
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator, Initiative, Observation, Policy, Settlement
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import rankings, report_choice
from shinchoku.pages.parts.rendering import render
from shinchoku.pages.parts.searched_text import PARTS, searched_parts
from shinchoku.text import normalise

#: What words are looked for in, by initiative, as ``search-engine.js`` compares it.
SEARCHED = f"{addresses.INITIATIVES}searched.json"


#: Filters that ask for what is judged: of an initiative, its first indicator, as wherever it is counted.
_JUDGED = frozenset(("verdict", "trend", "since", "reached", "doubt", "shared"))


def _digits(number: Decimal | int) -> str:
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, or words, or the reason why there is neither; and a note on it."""

    number: Decimal | int | None = None
    words: str | None = None
    missing: str | None = None
    note: str | None = None

    @property
    def facts(self) -> str | dict[str, str]:
        """For the script: a number as its digits, anything else by name."""
        if self.number is not None and self.note is None:
            return _digits(self.number)
        named = {
            "number": None if self.number is None else _digits(self.number),
            "words": self.words,
            "missing": self.missing,
            "note": self.note,
        }
        return {name: text for name, text in named.items() if text is not None}


#: What a note bears on, as a filter.
_DOUBTS = (("number", "判定した値への疑問", ""), ("indicator", "指標などへの疑問", ""))


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative with one of its indicators (``None``: it has none)."""

    initiative: Initiative
    area: Policy
    pillar: Policy | None
    #: The areas and their 柱 where it is listed again.
    again: tuple[Policy, ...]
    #: The node of the plan it stands in, for those that stand in the same.
    direction_id: str
    result: IndicatorResult | None
    #: Whether it is by this indicator that the initiative is judged.
    is_first: bool
    #: Whether another initiative has the very same indicator.
    is_shared: bool
    actuals: tuple[Cell, ...]
    target: Cell
    #: From the year before: in the unit, and in percent.
    change: Decimal | None
    change_rate: Decimal | None
    amounts: tuple[Cell, ...]
    has_grants: bool

    @property
    def indicator(self) -> Indicator | None:
        return self.result.indicator if self.result else None

    @property
    def assessment(self) -> Assessment:
        return self.result.assessment if self.result else Assessment.NONE

    @property
    def rate(self) -> Decimal | None:
        return self.result.achievement_rate if self.result else None

    @property
    def trend(self) -> Trend:
        """Against the year before."""
        return self.result.trend if self.result else Trend.NOT_COMPARABLE

    @property
    def doubt(self) -> str:
        """``number``: on the very number judged; ``indicator``: on what it means or is compared with."""
        if self.result is None or not self.result.is_doubted:
            return ""
        return "number" if self.result.doubts else "indicator"

    @property
    def reached_before(self) -> int | None:
        return self.result.reached_before if self.result else None

    @property
    def unit(self) -> str:
        return (self.indicator.unit if self.indicator else None) or ""

    @property
    def accumulation(self) -> str:
        return self.indicator.accumulation if self.indicator else ""

    @property
    def codes(self) -> dict[str, str]:
        """What the filters ask for, by the name of the filter; without those that do not apply."""
        codes = {
            "area": self.area.policy_id,
            "pillar": self.pillar.policy_id if self.pillar else "",
            "verdict": self.assessment.value,
            "trend": self.trend.value,
            "since": (self.result.trend_from_reference if self.result else Trend.NOT_COMPARABLE).value,
            "reached": "1" if self.reached_before else "",
            "kind": self.accumulation,
            "state": self.initiative.lifecycle,
            "star": "1" if self.initiative.has_mark else "",
            "grant": "1" if self.has_grants else "",
            "doubt": self.doubt,
            "shared": "1" if self.is_shared else "",
        }
        return {name: code for name, code in codes.items() if code}

    @property
    def conditions(self) -> set[tuple[str, str]]:
        """The filters and codes that find it: an area also finds what is listed there again."""
        areas = {self.area.policy_id, *(node.policy_id for node in self.again)}
        relisted = {
            ("pillar" if node.parent_policy_id in areas else "area", node.policy_id) for node in self.again
        }
        own = {item for item in self.codes.items() if self.is_first or item[0] not in _JUDGED}
        return relisted | own

    @property
    def facts(self) -> dict[str, Any]:
        """What the script knows about the row beside its texts."""
        facts = {
            "id": self.initiative.initiative_id,
            **self.codes,
            "again": [node.policy_id for node in self.again],
            "near": self.direction_id,
            "unit": self.unit,
            "actual": [cell.facts for cell in self.actuals],
            "target": self.target.facts,
            "rate": None if self.rate is None else _digits(self.rate),
            "change": None if self.change_rate is None else _digits(self.change_rate),
            "before": self.reached_before,
            "money": [cell.facts for cell in self.amounts],
            "loan": self.initiative.is_loan_fund,
        }
        return {name: fact for name, fact in facts.items() if fact}


@dataclass(frozen=True, slots=True)
class Option:
    """A condition that can be chosen, and how many initiatives meet it."""

    name: str
    value: str
    label: str
    count: int
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions under one heading."""

    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Groups that are opened together."""

    title: str
    groups: tuple[Group, ...]


#: The cells of the newest year, where no report prints any.
_NOTHING = (Cell(missing="欄なし"),)


# -- rows -----------------------------------------------------------------


def _missing(reason: str, printed: str | None) -> Cell:
    if not printed or printed == reason:
        return Cell(missing=reason)
    # A dash stands beside the reason; anything longer says more than the reason does.
    return Cell(missing=reason, note=f"（{printed}）" if len(printed) < 3 else f"資料の表記：{printed}")


def observation_cell(package: Edition, observation: Observation | None) -> Cell:
    """An observation as the table says it."""
    if observation is None:
        return Cell(missing="欄なし")
    if observation.status != "reported":
        statuses = dictionary.codes(package, "observations", "status")
        return _missing(statuses[observation.status].short, observation.printed)
    qualifiers = dictionary.codes(package, "observations", "qualifier")
    note = qualifiers[observation.qualifier].label if observation.qualifier else None
    if note and observation.remark and observation.remark != note:
        note = f"{note}（{observation.remark}）"
    if observation.value is not None and (
        unit := package.other_unit(observation)
    ):  # not to be sorted among numbers of another unit
        return Cell(words=f"{words.number(observation.value)}{unit}", note=note)
    return Cell(number=observation.value, words=observation.text, note=note)


def _target_cell(package: Edition, result: metrics.IndicatorResult) -> Cell:
    """The target, and its year where that is not the one the column names."""
    cell = observation_cell(package, result.target)
    if result.fiscal_year in (None, package.newest_target_year):
        return cell
    return replace(cell, note="、".join(filter(None, (f"{words.year(result.fiscal_year)}の目標", cell.note))))


def _amount_cell(package: Edition, settlement: Settlement | None) -> Cell:
    if settlement is None:
        return Cell(missing="欄なし")
    if settlement.amount_thousand_yen is None:
        statuses = dictionary.codes(package, "settlements", "status")
        return _missing(statuses[settlement.status].short, settlement.printed)
    return Cell(number=settlement.amount_thousand_yen)


def _areas_and_pillars(package: Edition, direction_id: str) -> list[Policy]:
    return [
        node
        for node in package.policy_path(direction_id)
        if package.is_area(node) or package.level[node.level].is_filter
    ]


def _again(package: Edition, initiative_id: str, home: Iterable[Policy]) -> tuple[Policy, ...]:
    """The areas and 柱 where it is listed again, without those it is at home in."""
    found = dict.fromkeys(
        node
        for listing in package.listings_of_initiative.get(initiative_id, ())
        if listing.is_relisted
        for node in _areas_and_pillars(package, listing.policy_id)
    )
    return tuple(node for node in found if node not in home)


def _rows_of(package: Edition, initiative_id: str) -> Iterator[Row]:
    direction_id = package.original_listing[initiative_id].policy_id
    home = _areas_and_pillars(package, direction_id)
    for place, result in enumerate(metrics.results_of_initiative(package, initiative_id) or (None,)):
        indicator = result.indicator if result else None
        compared = metrics.compared_actuals(package, result) if result else None
        yield Row(
            initiative=package.initiative[initiative_id],
            area=package.area_of_initiative(initiative_id),
            pillar=next((node for node in home if not package.is_area(node)), None),
            again=_again(package, initiative_id, home),
            direction_id=direction_id,
            result=result,
            is_first=place == 0,
            is_shared=indicator is not None and indicator.indicator_id in package.indicators_alike,
            actuals=tuple(
                observation_cell(package, package.observation.get((indicator.indicator_id, year, "actual")))
                if indicator
                else Cell(missing="指標の記載なし")
                for year in package.actual_years
            )
            or _NOTHING,
            target=_target_cell(package, result) if result else Cell(missing="指標の記載なし"),
            change=metrics.absolute_change(*compared) if compared else None,
            change_rate=metrics.change_rate(package, result) if result else None,
            amounts=tuple(
                _amount_cell(package, package.settlement.get((initiative_id, year)))
                for year in package.settlement_years
            )
            or _NOTHING,
            has_grants=bool(package.grant_links_of_initiative.get(initiative_id)),
        )


def rows(package: Edition) -> tuple[Row, ...]:
    """Every initiative, in print order."""
    return tuple(
        row
        for area in package.areas
        for initiative_id in metrics.initiatives_in(package, area.policy_id)
        for row in _rows_of(package, initiative_id)
    )


# -- conditions -----------------------------------------------------------


def _counts(table: Iterable[Row]) -> Counter[tuple[str, str]]:
    """(filter, code) → initiatives, each counted once."""
    met = {(row.initiative.initiative_id, *condition) for row in table for condition in row.conditions}
    return Counter((name, code) for _, name, code in met)


def panels(package: Edition, table: Collection[Row]) -> tuple[Panel, ...]:
    """The conditions that at least one row meets, the most asked for first."""
    counts = _counts(table)
    # Of an indicator that is not the first, the script still says in words what its codes are.
    met = {*counts, *(item for row in table for item in row.codes.items())}
    titles = dictionary.titles(package)

    def options(name: str, labels: Iterable[tuple[str, str, str]]) -> tuple[Option, ...]:
        return tuple(
            Option(name, value, label, counts[name, value], symbol)
            for value, label, symbol in labels
            if (name, value) in met
        )

    def coded(name: str, codes: Mapping[Any, Code]) -> tuple[Option, ...]:
        return options(name, ((code.value, code.label, code.symbol) for code in codes.values()))

    def marked(**labels: str) -> tuple[Option, ...]:
        return tuple(option for name, label in labels.items() for option in options(name, [("1", label, "")]))

    def panel(title: str, *groups: Group) -> Panel:
        return Panel(title, tuple(group for group in groups if group.options))

    reference = package.disruption
    areas = ((area.policy_id, area.title, "") for area in package.areas)
    return (
        panel("分野・戦略", Group("分野・戦略（再掲も含む）", options("area", areas))),
        panel("判定", Group("判定", coded("verdict", words.ASSESSMENTS))),
        panel(
            "変化",
            Group("前の年度から", coded("trend", words.TRENDS)),
            Group(
                f"{reference.short}の前（{fiscal_year.era(reference.before)}）から" if reference else "",
                coded("since", words.TRENDS) if reference else (),
            ),
            Group("目標の値", marked(reached="以前の年度に、もう届いていた")),
        ),
        panel(
            "そのほか",
            Group(
                titles["indicators", "accumulation"],
                coded("kind", dictionary.codes(package, "indicators", "accumulation")),
            ),
            Group(
                titles["initiatives", "lifecycle"],
                coded("state", dictionary.codes(package, "initiatives", "lifecycle")),
            ),
            Group(
                "しるし",
                marked(
                    star="★印あり",
                    grant="関係がありそうな交付金あり",
                    shared="同じ指標の事業あり",
                ),
            ),
            Group("資料への疑問", options("doubt", _DOUBTS)),
        ),
    )


def pillars(package: Edition) -> dict[Policy, list[Policy]]:
    """Each area that has 柱, with them."""
    children = {area: package.policy_children.get(area.policy_id, ()) for area in package.areas}
    found = {
        area: [node for node in nodes if package.level[node.level].is_filter]
        for area, nodes in children.items()
    }
    return {area: nodes for area, nodes in found.items() if nodes}


# -- the page -------------------------------------------------------------


def body(package: Edition) -> str:
    """The table, and what its script is told."""
    table = rows(package)
    return render(
        "initiatives.html",
        addresses.INITIATIVES,
        package=package,
        choices=report_choice.choices_of_page(package, addresses.INITIATIVES, "#initiatives"),
        not_listed=len(reports_compared.all_with(package, "initiative")) - len(package.initiatives),
        rows=table,
        panels=panels(package, table),
        rankings=rankings.offered(package),
        pillars=pillars(package),
        money=metrics.settled(package, package.newest_settlement_year),
        config={
            "targetYear": words.year(year) if (year := package.newest_target_year) else "",
            "parts": PARTS,
            "amountYears": [words.year(year) for year in package.settlement_years],
            "rankings": {each.query: [each.title, each.note] for each in rankings.offered(package)},
        },
        sources=package.sources_of(package.initiatives),
    )


def files(package: Edition) -> dict[str, bytes]:
    """What words are looked for in, by part: the same as in the search of the site."""
    texts = {
        item.initiative_id: [
            normalise("\n".join(part)) for part in searched_parts(package, item.initiative_id)
        ]
        for item in package.initiatives
    }
    return {SEARCHED: json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode("utf-8")}


pages = the_one(
    addresses.INITIATIVES, "事業一覧", "計画のすべての事業の実績、目標、判定、決算見込額の一覧です。", body
)
