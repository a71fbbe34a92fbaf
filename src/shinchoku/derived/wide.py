"""The rows of the wide tables: everything the newest report says of an initiative, joined by ids.

pandas is fetched only when they are made. Its columns hold Python's own values (``dtype=object``): no number becomes
a float. What is calculated is for ``metrics``; here it only finds its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from shinchoku import addresses, fiscal_year, metrics, words
from shinchoku.metrics import Assessment, IndicatorResult, Trend
from shinchoku.package.descriptor import counts_calendar_years
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator

if TYPE_CHECKING:
    from pandas import DataFrame

Row = dict[str, Any]
_OF_INDICATOR = ["initiative_id", "indicator_position"]
_OF_YEAR = [*_OF_INDICATOR, "fiscal_year"]
_ROLES, _AMOUNTS = ("actual", "target", "base"), ("settlement", "budget")
#: Why there is no value: the documents have no cell for it, or an amount stands in the row of another indicator.
_NO_CELL, _ELSEWHERE = "not_in_report", "first_indicator"


# -- a row for each year ----------------------------------------------------------------


def by_year(edition: Edition, site_url: str) -> list[Row]:
    """The rows of ``initiatives_wide``. What is judged has more than its columns."""
    cells = (_cells(edition, role) for role in _ROLES)
    amounts = (_amounts(kind, getattr(edition, f"{kind}s")) for kind in _AMOUNTS)
    parts = (*cells, *amounts, _judged(edition))
    rows = reduce(
        lambda left, right: left.merge(right, "outer", _OF_YEAR), (_frame(part, _OF_YEAR) for part in parts)
    )
    rows = rows.merge(_frame(_indicators(edition), _OF_INDICATOR), "left", _OF_INDICATOR)
    rows = rows.merge(_frame(_initiatives(edition, site_url), _OF_INDICATOR[:1]), "left", "initiative_id")
    # Joined, the years are mere numbers.
    year_of = fiscal_year.CalendarYear if counts_calendar_years(edition.descriptor) else int
    rows = rows.astype(object).where(rows.notna(), None)
    # Not ``to_dict``, which looks at every value for one that is not Python's own.
    columns = {name: rows[name].tolist() for name in rows.columns}
    values = zip(*columns.values(), strict=True)
    return [_complete(dict(zip(columns, each, strict=True)), year_of) for each in values]


def _frame(rows: Iterable[Row], key: list[str]) -> DataFrame:
    """Rows that all have the same columns, the key among them."""
    from pandas import DataFrame

    found = list(rows)
    return DataFrame(found, columns=list(found[0]) if found else key, dtype=object)


def _complete(row: Row, year_of: Callable[[int], int]) -> Row:
    """With what a row takes from one of its parts, and the reasons of those it has not."""
    get = row.get
    stated = (get(f"{role}_unit") for role in _ROLES if get(role) is not None)
    unit = next(stated, get("indicator_unit"))  # a report may print none where a later one does
    printed = next((kind for kind in (*_ROLES, *_AMOUNTS) if get(f"{kind}_source_id")), "initiative")
    no_amount = _NO_CELL if row["indicator_position"] == 1 else _ELSEWHERE
    return row | {
        "unit": unit,
        "unit_multiplier": metrics.unit_multiplier(unit),
        "fiscal_year_label": fiscal_year.both(year_of(row["fiscal_year"])),
        **{f"{role}_status": get(f"{role}_status") or _NO_CELL for role in _ROLES},
        **{f"{kind}_status": get(f"{kind}_status") or no_amount for kind in _AMOUNTS},
        "source_id": row[f"{printed}_source_id"],
        "source_line": row[f"{printed}_source_line"],
    }


def _places(edition: Edition) -> Iterator[tuple[Row, Indicator | None]]:
    """Where an indicator stands in its initiative; an initiative without one has a first place as well."""
    for initiative_id in edition.initiative:
        found = edition.indicators_of_initiative.get(initiative_id) or (None,)
        for position, indicator in enumerate(found, 1):
            yield dict(zip(_OF_INDICATOR, (initiative_id, position), strict=True)), indicator


def _initiatives(edition: Edition, site_url: str) -> Iterator[Row]:
    region = edition.descriptor.get("spatial", {})
    for key, initiative in edition.initiative.items():
        path = edition.policy_path(edition.original_listing[key].policy_id)
        area = edition.area_of_initiative(key)
        yield {
            # First: a column that every plan has is what it is, whatever a level is called.
            **{
                name: next((node.title for node in path if node.level == name), None)
                for name, level in edition.level.items()
                if level.is_filter
            },
            "initiative_id": key,
            "initiative": initiative.name,
            "area_id": area.policy_id,
            "area": area.title,
            "policy_id": path[-1].policy_id,
            "policy_path": " > ".join(node.title for node in path),
            "has_mark": initiative.has_mark,
            "is_policy": initiative.is_policy,
            "is_loan_fund": initiative.is_loan_fund,
            "lifecycle": initiative.lifecycle,
            **{
                f"attribute_{row.attribute}": row.text
                for row in edition.attributes_of_initiative.get(key, ())
            },
            "region_code": region.get("code"),
            "region": region.get("name"),
            "report_fiscal_year": edition.report_year,
            "initiative_source_id": initiative.source_id,
            "initiative_source_line": initiative.source_line,
            "url": addresses.public(addresses.initiative(key), site_url),
        }


def _indicators(edition: Edition) -> Iterator[Row]:
    for place, indicator in _places(edition):
        if indicator is not None:
            yield place | {
                "indicator_id": indicator.indicator_id,
                "indicator": indicator.label,
                "indicator_unit": indicator.unit,
                "accumulation": indicator.accumulation,
                "desired_direction": indicator.desired_direction,
                "value_kind": indicator.value_kind,
            }


def _cells(edition: Edition, role: str) -> Iterator[Row]:
    """What is stated of each indicator and year in a role."""
    for place, indicator in _places(edition):
        for cell in edition.observations_of_indicator.get(indicator.indicator_id, ()) if indicator else ():
            if cell.role != role:
                continue
            value, upper, text, unit = cell.value, cell.upper_value, cell.text, edition.unit_of(cell)
            actual = edition.observation.get((cell.indicator_id, cell.fiscal_year, "actual"))
            if value is not None and actual and actual.value is not None and edition.unit_of(actual) != unit:
                # No number stands beside one of another unit.
                text, value, upper = f"{words.number(value)}{unit or ''}", None, None
            yield place | {
                "fiscal_year": cell.fiscal_year,
                role: value,
                f"{role}_upper_value": upper,
                f"{role}_text": text,
                f"{role}_unit": None if value is None else unit,
                f"{role}_status": cell.status,
                f"{role}_qualifier": cell.qualifier,
                f"{role}_as_of_date": cell.as_of_date,
                f"{role}_printed": cell.printed,
                f"{role}_source_id": cell.source_id,
                f"{role}_source_line": cell.source_line,
            }


def _amounts(kind: str, amounts: Iterable[Any]) -> Iterator[Row]:
    """At the first indicator, so that a sum has each once."""
    for amount in amounts:
        yield {
            "initiative_id": amount.initiative_id,
            "indicator_position": 1,
            "fiscal_year": amount.fiscal_year,
            f"{kind}_thousand_yen": amount.amount_thousand_yen,
            f"{kind}_status": amount.status,
            f"{kind}_source_id": amount.source_id,
            f"{kind}_source_line": amount.source_line,
        }


def _judged(edition: Edition) -> Iterator[Row]:
    """The one year of each indicator in which it is judged: where it never is, the newest of which anything is known."""
    for place, indicator in _places(edition):
        result = metrics.result(edition, indicator.indicator_id) if indicator else None
        year = (result and result.fiscal_year) or _newest_year(edition, place["initiative_id"], indicator)
        if year is not None:
            yield place | {"fiscal_year": year, **_verdict(edition, result)}


def _newest_year(edition: Edition, initiative_id: str, indicator: Indicator | None) -> int | None:
    """Of an indicator, of the amounts of an initiative that has none, or of the edition."""
    stated: Iterable[Any] = edition.settlements_of_initiative.get(initiative_id, ())
    if indicator:
        stated = edition.observations_of_indicator.get(indicator.indicator_id, ())
    of_edition = (edition.newest_actual_year, edition.newest_settlement_year, edition.report_year)
    return max((each.fiscal_year for each in stated), default=max(filter(None, of_edition), default=None))


def _verdict(edition: Edition, result: IndicatorResult | None) -> Row:
    return {
        "assessment": str(result.assessment if result else Assessment.NONE),
        "achievement_rate": result and result.achievement_rate,
        "progress": result and result.progress,
        "trend": str(result.trend if result else Trend.NOT_COMPARABLE),
        "trend_from_reference": str(result.trend_from_reference if result else Trend.NOT_COMPARABLE),
        "change_rate": result and metrics.change_rate(edition, result),
        "reached_before_fiscal_year": result and result.reached_before,
        "shortfall": result and result.shortfall,
        "has_doubts": bool(result and result.doubts),
        "has_cautions": bool(result and result.cautions),
    }


# -- a row for each initiative --------------------------------------------------------------


def newest(edition: Edition, rows: Iterable[Row]) -> list[Row]:
    """The rows of ``initiatives_newest``, made of those by year: what the first indicator is judged by, and the newest amount."""
    return [
        row | _of_initiative(edition, row["initiative_id"])
        for row in rows
        if row["indicator_position"] == 1 and row["assessment"]
    ]


def _of_initiative(edition: Edition, initiative_id: str) -> Row:
    home = edition.area_of_initiative(initiative_id)
    listed = (
        node
        for row in edition.listings_of_initiative[initiative_id]
        for node in edition.policy_path(row.policy_id)
        if edition.is_area(node) and node != home
    )
    indicators = edition.indicators_of_initiative.get(initiative_id, ())
    return {
        "relisted_areas": "、".join(dict.fromkeys(node.title for node in listed)) or None,
        "indicator_count": len(indicators),
        **(_base_and_goal(edition, indicators[0]) if indicators else {}),
        **_newest_amount("settlement", edition.settlement, edition.newest_settlement_year, initiative_id),
        **_newest_amount("budget", edition.budget, edition.newest_budget_year, initiative_id),
        "has_grant_links": initiative_id in edition.grant_links_of_initiative,
    }


def _base_and_goal(edition: Edition, indicator: Indicator) -> Row:
    """Of whichever year they are; the year in which an indicator is judged has others of its own."""
    rows = edition.observations_of_indicator.get(indicator.indicator_id, ())
    base = next((row for row in rows if row.role == "base"), None)
    targets = [row for row in rows if row.role == "target" and row.value is not None]
    goal = max(targets, key=lambda row: row.fiscal_year, default=None)
    return {
        "base": base and base.value,
        "base_status": base.status if base else _NO_CELL,
        "base_printed": base and base.printed,
        "base_fiscal_year": base and base.fiscal_year,
        "final_target": goal and goal.value,
        "final_target_fiscal_year": goal and goal.fiscal_year,
    }


def _newest_amount(
    kind: str, by_year: Mapping[tuple[str, int | None], Any], year: int | None, initiative_id: str
) -> Row:
    amount = by_year.get((initiative_id, year))
    return {
        f"{kind}_fiscal_year": year,
        f"{kind}_thousand_yen": amount and amount.amount_thousand_yen,
        f"{kind}_status": amount.status if amount else _NO_CELL,
    }
