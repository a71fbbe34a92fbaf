"""One initiative as data: everything published about it, and what this site calculates.

It is taken as the newest report that lists it has it; what only earlier reports
say is in ``history``, ``former_indicators`` and ``revisions``.

Keys that come from a table are its column names, and each list of rows has all its columns but the
initiative; calculated keys are defined in ``calculated.json``. What each key is says ``json_schemas``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shinchoku import addresses, fiscal_year, metrics, reports_compared
from shinchoku.exports import terms
from shinchoku.exports.keys import known
from shinchoku.package import dictionary
from shinchoku.package.descriptor import primary_key
from shinchoku.package.editions import Edition
from shinchoku.package.records import (
    Indicator,
    Initiative,
    Listing,
    Observation,
    Reading,
    Source,
    columns,
)

#: Of the CSV; the names are those of the tables, and of the wide one where a table is joined.
_CSV_COLUMNS = (
    "initiative_id",
    "initiative",
    "indicator_id",
    "indicator",
    "unit",
    "unit_multiplier",
    "fiscal_year",
    "fiscal_year_label",
    "role",
    "value",
    "upper_value",
    "text",
    "status",
    "qualifier",
    "as_of_date",
    "remark",
    "printed",
    "source_id",
    "source_line",
    "attribution",
)


def _titles(package: Edition, policy_id: str) -> list[str]:
    return [node.title for node in package.policy_path(policy_id)]


# -- JSON -------------------------------------------------------------------


def _indicator(package: Edition, result: metrics.IndicatorResult) -> dict[str, Any]:
    """An indicator, and what ``metrics`` finds out about its assessed year."""
    disruption, key = package.disruption, result.indicator.indicator_id
    found = {
        **package.by_column(result.indicator, "initiative_id"),
        "unit_multiplier": metrics.unit_multiplier(result.indicator.unit),
        **_verdict(result),
        "progress": result.progress,
        "missed_since_fiscal_years": result.missed_since,
        "shortfall": result.shortfall,
        "change_rate": metrics.change_rate(package, result),
        "reference_fiscal_year": disruption.before if disruption else None,
        "trend_from_reference": result.trend_from_reference,
        "course": metrics.passage(package, key, disruption).course if disruption else None,
        "has_doubts": bool(result.doubts),
        "has_cautions": bool(result.cautions),
        "same_indicator_ids": [each.indicator_id for each in package.indicators_alike.get(key, ())],
    }
    return known(package, found)


def _verdict(result: metrics.IndicatorResult | None) -> dict[str, Any]:
    """What is told of an indicator, and of an initiative by its first one; without one ``none``."""
    return {
        "assessed_fiscal_year": result and result.fiscal_year,
        "assessment": result.assessment if result else metrics.Assessment.NONE,
        "achievement_rate": result and result.achievement_rate,
        "reached_before_fiscal_year": result and result.reached_before,
        "trend": result.trend if result else metrics.Trend.NOT_COMPARABLE,
    }


def _observations(package: Edition, indicator: Indicator) -> list[dict[str, Any]]:
    return [
        package.by_column(row) | {"unit": package.unit_of(row)}
        for row in package.observations_of_indicator.get(indicator.indicator_id, ())
    ]


def _in_short(rows: list[dict[str, Any]], indicator: Indicator) -> list[dict[str, Any]]:
    """Without what a value has not, and what it has as its indicator has it (unit, source)."""
    return [
        {name: cell for name, cell in row.items() if name in STATED or cell != getattr(indicator, name, None)}
        for row in rows
    ]


#: What every observation states in ``initiatives.json``.
STATED = ("indicator_id", "fiscal_year", "role", "value", "text", "status", "printed")


def _settlement(package: Edition, initiative_id: str) -> dict[str, Any]:
    """The amount of the newest year with settlements, ``None`` where none is stated."""
    year = package.newest_settlement_year
    row = package.settlement.get((initiative_id, year))
    return {"settlement_fiscal_year": year, "settlement_thousand_yen": row and row.amount_thousand_yen}


def summary(package: Edition, initiative: Initiative, site_url: str = "") -> dict[str, Any]:
    """The element of ``data/initiatives.json``; ``package`` is the edition it is taken from.

    ``indicator``, ``assessment`` and what is calculated beside it are those of the first indicator
    (``None`` and ``none`` without one); ``indicators`` and ``observations`` are of all of them.
    ``settlement_thousand_yen`` is of the newest year with settlements, ``None`` where no amount is stated.
    """
    key = initiative.initiative_id
    results = metrics.results_of_initiative(package, key)
    first = results[0] if results else None
    area, home = package.area_of_initiative(key), package.original_listing[key].policy_id
    found = {
        **package.by_column(initiative),
        "report_fiscal_year": package.report_year,
        "area_id": area.policy_id,
        "area": area.title,
        "policy_id": home,
        "policy_path": _titles(package, home),
        "listings": [row.source_line for row in package.listings_of_initiative[key]],
        **_settlement(package, key),
        **_verdict(first),
        "indicator": first and package.by_column(first.indicator, *_BESIDE_LABEL),
        "indicators": [_indicator(package, result) for result in results],
        "observations": [
            row
            for item in package.indicators_of_initiative.get(key, ())
            for row in _in_short(_observations(package, item), item)
        ],
        "url": addresses.public(addresses.initiative(key), site_url),
    }
    return known(package, found)


#: What of an indicator stands in ``indicators`` alone.
_BESIDE_LABEL = set(columns(Indicator)) - {"indicator_id", "label", "unit", "desired_direction"}


def detail(package: Edition, initiative: Initiative, site_url: str = "") -> dict[str, Any]:
    """The content of ``initiatives/{id}/data.json``: the summary and every list that belongs to it."""
    key = initiative.initiative_id
    source = package.source[initiative.source_id]
    found = summary(package, initiative, site_url) | {
        "observations": [
            row
            for item in package.indicators_of_initiative.get(key, ())
            for row in _observations(package, item)
        ],
        "former_indicators": [
            {
                "report_fiscal_year": edition.report_year,
                **_indicator(edition, metrics.result(edition, indicator.indicator_id)),
                "observations": _observations(edition, indicator),
            }
            for edition, indicator in reports_compared.indicators_of(package, key)
            if edition is not package
        ],
        "history": list(_history(package, key)),
        "revisions": list(_revisions(package, key)),
        "absence": _absence(package, key),
        **{
            table: [package.by_column(row, "initiative_id") for row in rows.get(key, ())]
            for table, rows in _lists(package)
        },
        "listing_rows": [_listing(package, row) for row in package.rows_of_initiative[key]],
        "source_notes": [
            package.by_column(note)
            for note in package.notes_of(
                (row.source_id, row.source_line) for row in package.package.rows_of_initiative[key]
            )
        ],
        "grant_links": [
            package.by_column(link, "initiative_id")
            | {
                "grant_name": package.grant[link.grant_id].name,
                "url": addresses.public(addresses.grant(link.grant_id), site_url),
            }
            for link in package.grant_links_of_initiative.get(key, ())
        ],
        "readings": [package.by_column(reading) for reading in readings_of(package, initiative)],
        "source": package.by_column(source, *_NOT_QUOTED),
        "attribution": terms.attribution(package, source),
        "licence": terms.licence_note(package, source),
        "calculation_note": terms.calculation_note(package),
        "grant_links_note": terms.grant_links_note(package),
    }
    return known(package, found)


#: What of a document stands in its table alone.
_NOT_QUOTED = set(columns(Source)) - {"source_id", "title", "publisher", "file", "url"}


def _printed(package: Edition, observation: Observation | None) -> dict[str, Any] | None:
    return (
        None if observation is None else package.by_column(observation, "indicator_id", "fiscal_year", "role")
    )


def _history(package: Edition, initiative_id: str) -> Iterator[dict[str, Any]]:
    """The initiative as each report up to this edition's has it, oldest first."""
    for edition in reports_compared.editions_up_to(package):
        if initiative_id not in edition.initiative:
            continue
        results = metrics.results_of_initiative(edition, initiative_id)
        told = {
            "report_fiscal_year": edition.year,
            "name": edition.initiative[initiative_id].name,
            "assessment": metrics.assessment_of_initiative(edition, initiative_id),
            "achievement_rate": results[0].achievement_rate if results else None,
            **_settlement(edition, initiative_id),
            "indicators": [known(package, _judged(package, result)) for result in results],
        }
        yield known(package, told)


def _judged(package: Edition, result: metrics.IndicatorResult) -> dict[str, Any]:
    return {
        "indicator_id": result.indicator.indicator_id,
        "label": result.indicator.label,
        "assessed_fiscal_year": result.fiscal_year,
        "assessment": result.assessment,
        "achievement_rate": result.achievement_rate,
        "actual": _printed(package, result.actual),
        "target": _printed(package, result.target),
    }


def _revisions(package: Edition, initiative_id: str) -> Iterator[dict[str, Any]]:
    for _, indicator in reports_compared.indicators_of(package, initiative_id):
        for item in reports_compared.revisions_of(package, indicator.indicator_id):
            yield {
                "indicator_id": indicator.indicator_id,
                "fiscal_year": item.after.fiscal_year,
                "role": item.after.role,
                "kind": item.kind,
                "before": _printed(package, item.before),
                "after": _printed(package, item.after),
            }


def _absence(package: Edition, initiative_id: str) -> Mapping[str, Any] | None:
    """What was read of a report that does not list the initiative any more."""
    absence = None if package.is_newest else reports_compared.absence_of(package, initiative_id)
    return None if absence is None else package.by_column(absence, "initiative_id")


def _listing(package: Edition, listing: Listing) -> dict[str, Any]:
    found = {
        **package.by_column(listing, "initiative_id"),
        "policy_path": _titles(package, listing.policy_id),
        "match": metrics.listing_match(package, listing) if listing.is_relisted else None,
        "differences": [
            {
                "printed_column": item.column,
                "printed": item.here or None,
                "printed_in_original": item.original or None,
            }
            for item in metrics.differences(package, listing)
        ],
    }
    return known(package, found)


def readings_of(package: Edition, initiative: Initiative) -> tuple[Reading, ...]:
    """Everything about an initiative that this project read because print does not settle it."""
    return tuple(
        reading
        for table, record in _records(package, initiative)
        for reading in package.readings_of_record.get((table, _record_key(package, table, record)), ())
    )


def _records(package: Edition, initiative: Initiative) -> Iterator[tuple[str, Any]]:
    """(table, record) of everything about an initiative that a reading may explain."""
    key = initiative.initiative_id
    yield "initiatives", initiative
    for listing in package.rows_of_initiative[key]:
        yield "listings", listing
        for difference in package.differences_of_listing.get((listing.source_id, listing.source_line), ()):
            yield "listing_differences", difference
    for indicator in package.indicators_of_initiative.get(key, ()):
        yield "indicators", indicator
        for row in package.observations_of_indicator.get(indicator.indicator_id, ()):
            yield "observations", row
    for table, rows in _lists(package):
        yield from ((table, row) for row in rows.get(key, ()))


def _lists(package: Edition) -> tuple[tuple[str, Mapping[str, tuple[Any, ...]]], ...]:
    """The tables with rows of initiatives, each with its rows by initiative."""
    return (
        ("settlements", package.settlements_of_initiative),
        ("budgets", package.budgets_of_initiative),
        ("attributes", package.attributes_of_initiative),
        ("activities", package.activities_of_initiative),
    )


def _record_key(package: Edition, table: str, record: Any) -> str:
    """As in the column ``record_key``: the primary key, joined with ``:``."""
    key = primary_key(package.declared[table])
    return ":".join(str(getattr(record, name)) for name in key)


# -- CSV --------------------------------------------------------------------


def csv_columns(package: Edition) -> list[str]:
    """The columns of ``initiatives/{id}/data.csv``: that of ranges only where the package has a place for them."""
    has_ranges = "observations.upper_value" in package.places
    return [name for name in _CSV_COLUMNS if name != "upper_value" or has_ranges]


def csv_rows(package: Edition, initiative: Initiative) -> Iterator[list[Any]]:
    """Rows of ``initiatives/{id}/data.csv``: values and amounts, in ``csv_columns``.

    Each document is attributed once, in the first row that quotes it: no cell of a number holds words,
    every row has all columns, and who sorts or filters the rows loses none of the terms.
    """
    attributed: set[str] = set()
    columns = csv_columns(package)
    for fact in _facts(package, initiative):
        source = package.source[fact["source_id"]]
        row = fact | {
            "initiative_id": initiative.initiative_id,
            "initiative": initiative.name,
            "unit_multiplier": metrics.unit_multiplier(fact["unit"]),
            "fiscal_year_label": fiscal_year.both(fact["fiscal_year"]),
        }
        if source.source_id not in attributed:
            attributed.add(source.source_id)
            row["attribution"] = f"{terms.attribution(package, source)}{terms.licence_note(package, source)}"
        yield [row.get(column) for column in columns]


def _facts(package: Edition, initiative: Initiative) -> Iterator[dict[str, Any]]:
    key = initiative.initiative_id
    for edition, indicator in reports_compared.indicators_of(package, key):
        for row in edition.observations_of_indicator.get(indicator.indicator_id, ()):
            yield package.by_column(row) | {"indicator": indicator.label, "unit": edition.unit_of(row)}
    for role, amounts in (
        ("settlement", package.settlements_of_initiative),
        ("budget", package.budgets_of_initiative),
    ):
        for amount in amounts.get(key, ()):
            column = dictionary.field(package, f"{role}s", "amount_thousand_yen")
            measured = {"indicator": column.title, "unit": column.unit, "role": role}
            yield package.by_column(amount) | measured | {"value": amount.amount_thousand_yen}
