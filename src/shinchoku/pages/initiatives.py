"""``/initiatives/``, the explorer: every 事業 in one table, and what its script needs to filter, sort and compare.

Without the script the page is that table, in print order; of a long one the
first rows, and where the others are. A row is an indicator; an initiative with
several has several rows and is counted, and summed, once. The script fetches
columns, each value once: what filters ask for of all rows first, what is shown
of a row with those beside it when it comes into sight, the numbers that rows
are sorted by after that, and what words are looked for in when somebody types one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from shinchoku import addresses, fiscal_year, metrics, reports_compared, words
from shinchoku.metrics import Assessment, IndicatorResult, Trend
from shinchoku.package import dictionary
from shinchoku.package.dictionary import Code
from shinchoku.package.editions import Edition
from shinchoku.package.joins import kept
from shinchoku.package.records import (
    Indicator,
    Initiative,
    Observation,
    Policy,
    Settlement,
    in_print_order,
)
from shinchoku.pages.page import Page
from shinchoku.pages.parts import places, rankings, report_choice, values
from shinchoku.pages.parts.rendering import render
from shinchoku.pages.parts.searched_text import PARTS, searched_parts
from shinchoku.text import normalise

#: As many rows stand whole in the page, and together in a file.
PART = 200
#: As many of more.
FIRST = 15
#: Of all rows: what filters ask for, and the newest amounts; and what is shown of the first ``PART``.
ROWS = f"{addresses.INITIATIVES}rows.json"
#: Of all rows: ids, and the numbers that they are sorted by.
KEYS = f"{addresses.INITIATIVES}keys.json"
#: What words are looked for in, by initiative, as ``search-engine.js`` compares it.
SEARCHED = f"{addresses.INITIATIVES}searched.json"


def part(number: int) -> str:
    """What is shown of ``PART`` rows further down."""
    return f"{addresses.INITIATIVES}rows-{number}.json"


#: The filter that asks for an area; every other place has that of its level.
_AREA = "area"
#: What the form and the rows call other things.
_TAKEN = frozenset(
    "area verdict trend since reached doubt shared kind state star grant first q sort order year pick compare id"
    " again near unit actual target rate change progress before money loan element cells link name indicator".split()
)
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
    def digits(self) -> str | None:
        """What it is sorted by."""
        return None if self.number is None else _digits(self.number)

    @property
    def facts(self) -> str | dict[str, str]:
        """For the script: a number as its digits, anything else by name."""
        if self.number is not None and self.note is None:
            return _digits(self.number)
        named = {
            "number": self.digits,
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
    #: Filter → the node of the plan it stands in that the filter finds.
    places: Mapping[str, Policy]
    #: The same of the places where it is listed again.
    again: tuple[tuple[str, Policy], ...]
    #: The node it is listed under, for those that stand under the same.
    policy_id: str
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
    #: Filter → what is printed of it, of the attributes that are filters.
    attributes: Mapping[str, str]
    #: The document's own grades, each with what it is called.
    grades: tuple[str, ...]

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
    def progress(self) -> Decimal | None:
        return self.result.progress if self.result else None

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
            **{name: node.policy_id for name, node in self.places.items()},
            **self.attributes,
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
        relisted = {(name, node.policy_id) for name, node in self.again}
        own = {item for item in self.codes.items() if self.is_first or item[0] not in _JUDGED}
        return relisted | own


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
    other = package.other_unit(observation)
    if observation.value is not None and (other or observation.upper_value is not None):
        # Of another unit or a range, it is not to be sorted among numbers.
        return Cell(
            words=f"{words.value(observation)}{other or package.unit_of(observation) or ''}", note=note
        )
    return Cell(number=observation.value, words=observation.text, note=note)


def _target_year(package: Edition) -> int | None:
    """The year the column of targets names: the newest that is due, or where none is the next one."""
    due = package.newest_target_year
    return min((year for year in package.target_years if due is not None and year >= due), default=due)


def _target_cell(package: Edition, result: metrics.IndicatorResult) -> Cell:
    """The target, and its year where that is not the one the column names."""
    target = values.aim(package, result)
    cell = observation_cell(package, target)
    year = target.fiscal_year if target else result.fiscal_year
    if year in (None, _target_year(package)):
        return cell
    return replace(cell, note="、".join(filter(None, (f"{words.year(year)}の目標", cell.note))))


def _amount_cell(package: Edition, settlement: Settlement | None) -> Cell:
    if settlement is None:
        return Cell(missing="欄なし")
    if settlement.amount_thousand_yen is None:
        statuses = dictionary.codes(package, "settlements", "status")
        return _missing(statuses[settlement.status].short, settlement.printed)
    return Cell(number=settlement.amount_thousand_yen)


def _is_judged(row: Row) -> bool:
    """Whether there is a target that is due, or why there is none is printed."""
    return row.result is not None and row.result.target is not None


def _also_relisted(package: Edition) -> str:
    return "（再掲も含む）" if package.has.relistings else ""


def _attributes(package: Edition) -> dict[str, list[str]]:
    """What is printed of the attributes that are filters: grades, and those that part the initiatives into few groups."""
    attributes = dictionary.codes(package, "attributes", "attribute")
    printed: dict[str, list[str]] = {}
    for row in in_print_order(package.attributes):
        printed.setdefault(row.attribute, []).append(row.text)
    found = {}
    for name, texts in printed.items():
        if attributes[name].is_grade:
            in_order = [value for value, _ in attributes[name].legend]
            found[name] = [text for text in dict.fromkeys([*in_order, *sorted(texts)]) if text in texts]
        elif len(set(texts)) * 2 <= len(texts):
            found[name] = list(dict.fromkeys(texts))
    return found


def _name(of_filter: str) -> str:
    """What a level or an attribute is called in the address of a list."""
    return f"plan-{of_filter}" if of_filter in _TAKEN else of_filter


def _places(package: Edition, policy_id: str) -> list[tuple[str, Policy]]:
    """(Filter, node), of those above and of this one that a filter finds: areas, and levels that are filters."""
    found = []
    for node in package.policy_path(policy_id):
        if package.is_area(node):
            found.append((_AREA, node))
        elif package.level[node.level].is_filter:
            found.append((_name(node.level), node))
    return found


def _again(
    package: Edition, initiative_id: str, home: Collection[tuple[str, Policy]]
) -> tuple[tuple[str, Policy], ...]:
    """The places where it is listed again, without those it is at home in."""
    found = dict.fromkeys(
        place
        for listing in package.listings_of_initiative.get(initiative_id, ())
        if listing.is_relisted
        for place in _places(package, listing.policy_id)
    )
    return tuple(place for place in found if place not in home)


def _rows_of(package: Edition, initiative_id: str, filters: Collection[str]) -> Iterator[Row]:
    policy_id = package.original_listing[initiative_id].policy_id
    home = _places(package, policy_id)
    attributes = package.attributes_of_initiative.get(initiative_id, ())
    named = dictionary.codes(package, "attributes", "attribute")
    for place, result in enumerate(metrics.results_of_initiative(package, initiative_id) or (None,)):
        indicator = result.indicator if result else None
        compared = metrics.compared_actuals(package, result) if result else None
        yield Row(
            initiative=package.initiative[initiative_id],
            places=dict(home),
            again=_again(package, initiative_id, home),
            policy_id=policy_id,
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
            attributes={_name(row.attribute): row.text for row in attributes if row.attribute in filters},
            grades=tuple(
                f"{named[row.attribute].label} {row.text}"
                for row in attributes
                if named[row.attribute].is_grade
            ),
        )


@kept
def rows(package: Edition) -> tuple[Row, ...]:
    """Every initiative, in print order."""
    listed = dict.fromkeys(
        key for area in package.areas for key in metrics.initiatives_in(package, area.policy_id)
    )
    filters = _attributes(package)
    return tuple(row for key in listed for row in _rows_of(package, key, filters))


# -- what the script fetches ----------------------------------------------


def _column(
    values: Iterable[Any], said: Callable[[Any], Any] = lambda value: value
) -> list[Any] | dict[str, list[Any]]:
    """A value for each row; where they repeat, each once (``of``) and which of them it ``is``."""
    found = list(values)
    places: dict[Any, int] = {}
    which = [places.setdefault(value, len(places)) for value in found]
    if len(places) * 2 > len(found):
        return [said(value) for value in found]
    return {"of": [said(value) for value in places], "is": which}


def _columns_of(values: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    """By name, without those that have nothing."""
    columns = {name: list(found) for name, found in values.items()}
    return {name: _column(found) for name, found in columns.items() if any(found)}


def _alike(table: Iterable[Row]) -> list[int]:
    """The same number for rows whose indicators have the same name; 0 for one that no other has."""
    labels = [row.indicator.label if row.indicator else "" for row in table]
    times = Counter(labels)
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(label, len(numbers) + 1) if label and times[label] > 1 else 0 for label in labels
    ]


def _asked(package: Edition, table: Sequence[Row]) -> dict[str, Any]:
    """What filters, sums and suggestions ask of all rows, and what is shown of the first."""
    codes = [row.codes for row in table]
    near: dict[str, int] = {}
    return {
        "size": PART,
        "rows": len(table),
        "first": _shown(package, table[:PART]),
        "codes": _columns_of(
            {name: [each.get(name) for each in codes] for name in dict.fromkeys(chain(*codes))}
        ),
        "columns": _columns_of(
            {
                "again": (tuple(node.policy_id for _, node in row.again) or None for row in table),
                "more": (None if row.is_first else 1 for row in table),
                "loan": (1 if row.initiative.is_loan_fund else None for row in table),
                "settled": (row.amounts[-1].digits for row in table),
                "near": [near.setdefault(row.policy_id, len(near) + 1) for row in table],
                "alike": _alike(table),
            }
        ),
    }


def _optional(number: Decimal | None) -> str | None:
    return None if number is None else _digits(number)


def _sorted_by(table: Sequence[Row]) -> dict[str, Any]:
    return _columns_of(
        {
            "id": (row.initiative.initiative_id for row in table),
            "newest": (row.actuals[-1].digits for row in table),
            "aim": (row.target.digits for row in table),
            "rate": (_optional(row.rate) for row in table),
            "progress": (_optional(row.progress) for row in table),
            "change": (_optional(row.change_rate) for row in table),
            "before": (row.reached_before for row in table),
        }
    )


def _shown(package: Edition, table: Sequence[Row]) -> dict[str, Any]:
    """What the cells of some rows say, and of the years that are not shown."""
    results = [row.result for row in table]
    columns = _columns_of(
        {
            "id": (row.initiative.initiative_id for row in table),
            "name": (row.initiative.name for row in table),
            "policy": (_level_of(package, row) for row in table),
            "grades": (row.grades or None for row in table),
            "indicator": (row.indicator and row.indicator.label for row in table),
            "unit": (row.unit for row in table),
            "rate": (_optional(row.rate) for row in table),
            "short": (found and found.shortfall and words.number(found.shortfall) for found in results),
            "per": (_per(package, found) for found in results),
            "progress": (_optional(row.progress) for row in table),
            "estimate": (1 if found and found.is_estimate else None for found in results),
            "signed": (words.signed(row.change) if row.change else None for row in table),
            "before": (row.reached_before for row in table),
        }
    )
    cells: dict[str, list[tuple[Cell, ...]]] = {
        "actual": [row.actuals for row in table],
        "money": [row.amounts for row in table],
        "target": [(row.target,) for row in table],
    }
    years = {
        name: [_column(year, lambda cell: cell.facts) for year in zip(*found, strict=True)]
        for name, found in cells.items()
    }
    return {"columns": columns, "years": years}


def _level_of(package: Edition, row: Row) -> str | None:
    """What a node of the plan is, that has an indicator of its own."""
    return package.level[package.policy[row.policy_id].level].label if row.initiative.is_policy else None


def _per(package: Edition, result: IndicatorResult | None) -> str | None:
    """In what the difference of two actuals is."""
    unit = package.unit_of(result.actual) if result and result.actual else None
    return "ポイント" if unit == "%" else unit


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

    def of_attributes(is_grade: bool) -> Iterator[Group]:
        for name, said in _attributes(package).items():
            attribute = attributes[name]
            if attribute.is_grade == is_grade:
                legend = dict(attribute.legend)
                labels = (
                    (text, f"{text}（{legend[text]}）" if text in legend else text, "") for text in said
                )
                yield Group(f"{attribute.label}（資料の記載）", options(_name(name), labels))

    reference = package.disruption
    attributes = dictionary.codes(package, "attributes", "attribute")
    verdicts = coded("verdict", words.ASSESSMENTS) if any(map(_is_judged, table)) else ()
    grades = [*of_attributes(is_grade=True)]
    states = coded("state", dictionary.codes(package, "initiatives", "lifecycle"))
    areas = ((area.policy_id, area.title, "") for area in package.areas)
    named = places.area_levels(package)
    return (
        panel(named, Group(named + _also_relisted(package), options(_AREA, areas))),
        panel("判定", Group("判定", verdicts), *grades)
        if verdicts or len(grades) != 1
        else panel(grades[0].legend.partition("（")[0], *grades),
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
                states if any(option.value != "continuing" for option in states) else (),
            ),
            Group(
                "しるし",
                marked(
                    star=f"{mark.title}あり" if (mark := dictionary.mark(package)) else "",
                    grant="関係がありそうな交付金あり",
                    shared="同じ指標の事業あり",
                ),
            ),
            *of_attributes(is_grade=False),
            Group("資料への疑問", options("doubt", _DOUBTS)),
        ),
    )


@dataclass(frozen=True, slots=True)
class Menu:
    """A level of the plan as a filter: its nodes by the one they stand below (``None``: the top)."""

    name: str
    #: What the level is called.
    level: str
    label: str
    below: Mapping[Policy | None, Sequence[Policy]]


def menus(package: Edition) -> list[Menu]:
    """One for each level that is a filter and has nodes; the areas have boxes."""
    found = []
    for level in package.level.values():
        if not level.is_filter or level.folder is not None:
            continue
        below: dict[Policy | None, list[Policy]] = {}
        for node in package.nodes():
            if node.level == level.name:
                below.setdefault(package.policy.get(node.parent_policy_id or ""), []).append(node)
        if below:
            found.append(Menu(_name(level.name), level.label, level.label + _also_relisted(package), below))
    return found


# -- the page -------------------------------------------------------------


#: The columns that every plan has.
_ALWAYS = ("area", "indicator", "actual", "trend")


def _columns(package: Edition, table: Collection[Row]) -> list[str]:
    """Those that not every plan has something in."""
    has_judged = any(map(_is_judged, table))
    found = {
        "target": package.has.targets,
        "verdict": has_judged,
        "rate": has_judged,
        "before": has_judged,
        "progress": any(row.progress is not None for row in table),
        "money": package.has.money,
    }
    return [name for name, is_shown in found.items() if is_shown]


def _labels(package: Edition) -> dict[str, str]:
    """Column → what its cell says of itself where a row is a card."""

    def of(year: int | None, called: str) -> str:
        return f"{fiscal_year.era(year)}の{called}" if year else called

    target = _target_year(package)
    settled = dictionary.amounts(package)["settlement"]
    return {
        "area": places.area_levels(package),
        "indicator": "指標",
        "actual": of(package.newest_actual_year, "実績"),
        "target": of(target, "目標"),
        "verdict": of(target, "判定"),
        "rate": of(target, "達成率"),
        "progress": "道のり",
        "trend": "前の年度から",
        "before": "前に届いた年度",
        "money": of(package.newest_settlement_year, settled),
    }


def body(package: Edition) -> str:
    """The table, and what its script is told."""
    table = rows(package)
    ranked = rankings.all_ranked(package)
    offered = [each for each in rankings.offered(package) if rankings.in_order(each, ranked)]
    target_year = _target_year(package)
    filters = menus(package)
    searched = [part for part in PARTS if part != "内容" or package.activities]
    columns, labels = _columns(package, table), _labels(package)
    is_long = len(table) > PART
    return render(
        "initiatives.html",
        addresses.INITIATIVES,
        package=package,
        choices=report_choice.choices_of_page(package, addresses.INITIATIVES, "#initiatives"),
        not_listed=len(reports_compared.all_with(package, "initiative")) - len(package.initiatives),
        rows=table[:FIRST] if is_long else table,
        is_long=is_long,
        has_doubts=any(row.doubt for row in table),
        counted=[(area, len(metrics.initiatives_in(package, area.policy_id))) for area in package.areas],
        panels=panels(package, table),
        rankings=offered,
        menus=filters,
        searched=searched,
        columns=columns,
        labels=labels,
        target_year=target_year,
        money=metrics.settled(package, package.newest_settlement_year),
        config={
            "places": [_AREA, *(each.name for each in filters)],
            "filters": sorted({name for name, _ in _counts(table)}),
            "labels": {name: label for name, label in labels.items() if name in (*columns, *_ALWAYS)},
            "doubts": {row.doubt: words.doubt(row.result) for row in table if row.result and row.doubt},
            "eras": {year: fiscal_year.era(year) for row in table if (year := row.reached_before)},
            "targetYear": words.year(target_year) if target_year else "",
            "parts": PARTS,
            "searched": "・".join([*searched[:-1], searched[-1] + _also_relisted(package), "言いかえ"]),
            "amountYears": [words.year(year) for year in package.settlement_years],
            "rankings": {each.query: [each.title, each.note] for each in offered},
        },
        sources=package.sources_of(package.initiatives),
    )


def files(package: Edition) -> dict[str, bytes]:
    """What the script fetches. Words are looked for in the same as in the search of the site, by part."""
    table = rows(package)
    found: dict[str, Any] = {
        ROWS: _asked(package, table),
        KEYS: _sorted_by(table),
        **{
            part(first // PART): _shown(package, table[first : first + PART])
            for first in range(PART, len(table), PART)
        },
        SEARCHED: [
            [normalise("\n".join(texts)) for texts in searched_parts(package, row.initiative.initiative_id)]
            for row in table
            if row.is_first
        ],
    }
    return {
        name: json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        for name, content in found.items()
    }


def pages(package: Edition) -> Iterator[Page]:
    """The one, which says what it shows."""
    shown = ["実績", *(["目標", "判定"] if package.has.targets else [])]
    if package.has.money:
        shown.append(dictionary.title(package, "settlements", "amount_thousand_yen"))
    yield Page(addresses.INITIATIVES, "事業一覧", f"計画のすべての事業の{'、'.join(shown)}の一覧です。", body)
