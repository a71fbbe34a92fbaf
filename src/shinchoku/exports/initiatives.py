"""One initiative as data: everything published about it, and what this site calculates.

It is taken as the newest report that lists it has it; what only earlier reports
say is in ``history``, ``former_indicators`` and ``revisions``.

Keys that come from a table keep the table's column names, so the dictionary
documents them; calculated keys are defined in ``metrics``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shinchoku import addresses, fiscal_year, metrics, reports_compared
from shinchoku.exports import terms
from shinchoku.package import dictionary
from shinchoku.package.descriptor import primary_key, resources
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator, Initiative, Listing, Observation, Reading, columns

CSV_COLUMNS = (
    "initiative_id",
    "name",
    "indicator",
    "unit",
    "fiscal_year",
    "fiscal_year_label",
    "role",
    "value",
    "text",
    "status",
    "qualifier",
    "printed",
    "source_id",
    "source_line",
    "attribution",
)


def _record(record: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in columns(type(record)) if name not in without}


def _titles(package: Edition, policy_id: str) -> list[str]:
    return [node.title for node in package.policy_path(policy_id)]


# -- JSON -------------------------------------------------------------------


def _indicator(package: Edition, indicator: Indicator) -> dict[str, Any]:
    result = metrics.result(package, indicator.indicator_id)
    return {
        "id": indicator.indicator_id,
        "name": indicator.label,
        "name_printed": indicator.name_printed,
        "unit": indicator.unit,
        "is_unit_printed": indicator.is_unit_printed,
        "direction": indicator.desired_direction,
        "accumulation": indicator.accumulation,
        "value_kind": indicator.value_kind,
        "assessed_fiscal_year": result.fiscal_year,
        "assessment": result.assessment,
        "achievement_rate": result.achievement_rate,
        **_derived(package, result),
        "observations": [
            _record(row, "indicator_id") | ({"unit": unit} if (unit := package.other_unit(row)) else {})
            for row in package.observations_of_indicator.get(indicator.indicator_id, ())
        ],
    }


def _derived(package: Edition, result: metrics.IndicatorResult) -> dict[str, Any]:
    """What else ``metrics`` finds out about the assessed year."""
    disruption, key = package.disruption, result.indicator.indicator_id
    return {
        "reached_before_fiscal_year": result.reached_before,
        "missed_since_fiscal_years": result.missed_since,
        "shortfall": result.shortfall,
        "trend": result.trend,
        "change_rate": metrics.change_rate(package, result),
        "reference_fiscal_year": disruption.before if disruption else None,
        "trend_from_reference": result.trend_from_reference,
        "course": metrics.passage(package, key, disruption).course if disruption else None,
        "has_doubts": bool(result.doubts),
        "has_cautions": bool(result.cautions),
        "same_indicator_ids": [each.indicator_id for each in package.indicators_alike.get(key, ())],
    }


def _settlement(package: Edition, initiative_id: str) -> dict[str, Any]:
    """The amount of the newest year with settlements, ``None`` where none is stated."""
    year = package.newest_settlement_year
    row = package.settlement.get((initiative_id, year))
    return {"settlement_fiscal_year": year, "settlement_thousand_yen": row and row.amount_thousand_yen}


def summary(package: Edition, initiative: Initiative, site_url: str = "") -> dict[str, Any]:
    """The element of ``data/initiatives.json``; ``package`` is the edition it is taken from.

    ``indicator``, ``observations``, ``assessment`` and what is calculated beside it are
    those of the first indicator (``None`` and ``none`` without one);
    ``indicators`` holds them all. ``settlement_thousand_yen`` is of the newest
    year with settlements, ``None`` where no amount is stated.
    """
    key = initiative.initiative_id
    source = package.source[initiative.source_id]
    indicators = [_indicator(package, item) for item in package.indicators_of_initiative.get(key, ())]
    first = indicators[0] if indicators else None
    return {
        "id": key,
        "name": initiative.name,
        "flagship": initiative.has_star,
        "loan_fund": initiative.is_loan_fund,
        "lifecycle": initiative.lifecycle,
        "last_fiscal_year": initiative.last_fiscal_year,
        "merged_into": initiative.merged_into_initiative_id,
        "report_fiscal_year": package.report_year,
        "policy_path": _titles(package, package.original_listing[key].direction_policy_id),
        "listings": [row.source_line for row in package.listings_of_initiative[key]],
        "indicator": first and {name: first[name] for name in ("name", "unit", "direction")},
        "observations": first["observations"] if first else [],
        **_settlement(package, key),
        "assessed_fiscal_year": first and first["assessed_fiscal_year"],
        "assessment": first["assessment"] if first else metrics.Assessment.NONE,
        "achievement_rate": first and first["achievement_rate"],
        "reached_before_fiscal_year": first and first["reached_before_fiscal_year"],
        "trend": first["trend"] if first else metrics.Trend.NOT_COMPARABLE,
        "calculation_note": terms.calculation_note(package),
        "indicators": indicators,
        "url": addresses.public(addresses.initiative(key), site_url),
        "source": {
            "title": source.title,
            "publisher": source.publisher,
            "file": source.file,
            "line": initiative.source_line,
        },
        "attribution": terms.attribution(package, source),
        "licence": terms.licence_note(package, source),
    }


def detail(package: Edition, initiative: Initiative, site_url: str = "") -> dict[str, Any]:
    """The content of ``initiatives/{id}/data.json``: the summary and every list that belongs to it."""
    key = initiative.initiative_id
    return summary(package, initiative, site_url) | {
        "former_indicators": [
            _indicator(edition, indicator) | {"report_fiscal_year": edition.report_year}
            for edition, indicator in reports_compared.indicators_of(package, key)
            if edition is not package
        ],
        "history": list(_history(package, key)),
        "revisions": list(_revisions(package, key)),
        "absence": _absence(package, key),
        "settlements": [
            _record(row, "initiative_id") for row in package.settlements_of_initiative.get(key, ())
        ],
        "activities": [
            _record(row, "initiative_id") for row in package.activities_of_initiative.get(key, ())
        ],
        "listing_rows": [_listing(package, row) for row in package.rows_of_initiative[key]],
        "source_notes": [
            _record(note)
            for note in package.notes_of(
                (row.source_id, row.source_line) for row in package.package.rows_of_initiative[key]
            )
        ],
        "grant_links_note": terms.grant_links_note(package),
        "grant_links": [
            _record(link, "initiative_id")
            | {
                "grant_name": package.grant[link.grant_id].name,
                "url": addresses.public(addresses.grant(link.grant_id), site_url),
            }
            for link in package.grant_links_of_initiative.get(key, ())
        ],
        "readings": [_record(reading) for reading in readings_of(package, initiative)],
    }


def _printed(observation: Observation | None) -> dict[str, Any] | None:
    return None if observation is None else _record(observation, "indicator_id", "fiscal_year", "role")


def _history(package: Edition, initiative_id: str) -> Iterator[dict[str, Any]]:
    """The initiative as each report up to this edition's has it, oldest first."""
    for edition in reports_compared.editions_up_to(package):
        if initiative_id not in edition.initiative:
            continue
        results = metrics.results_of_initiative(edition, initiative_id)
        yield {
            "report_fiscal_year": edition.year,
            "name": edition.initiative[initiative_id].name,
            "assessment": metrics.assessment_of_initiative(edition, initiative_id),
            "achievement_rate": results[0].achievement_rate if results else None,
            **_settlement(edition, initiative_id),
            "indicators": [
                {
                    "id": result.indicator.indicator_id,
                    "name": result.indicator.label,
                    "assessed_fiscal_year": result.fiscal_year,
                    "assessment": result.assessment,
                    "achievement_rate": result.achievement_rate,
                    "actual": _printed(result.actual),
                    "target": _printed(result.target),
                }
                for result in results
            ],
        }


def _revisions(package: Edition, initiative_id: str) -> Iterator[dict[str, Any]]:
    for _, indicator in reports_compared.indicators_of(package, initiative_id):
        for item in reports_compared.revisions_of(package, indicator.indicator_id):
            yield {
                "indicator_id": indicator.indicator_id,
                "fiscal_year": item.after.fiscal_year,
                "role": item.after.role,
                "kind": item.kind,
                "before": _printed(item.before),
                "after": _printed(item.after),
            }


def _absence(package: Edition, initiative_id: str) -> Mapping[str, Any] | None:
    """What was read of a report that does not list the initiative any more."""
    absence = None if package.is_newest else reports_compared.absence_of(package, initiative_id)
    return None if absence is None else _record(absence, "initiative_id")


def _listing(package: Edition, listing: Listing) -> dict[str, Any]:
    return {
        "source_id": listing.source_id,
        "source_line": listing.source_line,
        "indicator_position": listing.indicator_position,
        "is_relisted": listing.is_relisted,
        "policy_path": _titles(package, listing.direction_policy_id),
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
    for amount in package.settlements_of_initiative.get(key, ()):
        yield "settlements", amount
    for activity in package.activities_of_initiative.get(key, ()):
        yield "activities", activity


def _record_key(package: Edition, table: str, record: Any) -> str:
    """As in the column ``record_key``: the primary key, joined with ``:``."""
    key = primary_key(resources(package.descriptor)[table])
    return ":".join(str(getattr(record, name)) for name in key)


# -- CSV --------------------------------------------------------------------


def csv_rows(package: Edition, initiative: Initiative) -> Iterator[list[Any]]:
    """Rows of ``initiatives/{id}/data.csv``: actuals, targets and settled amounts, in ``CSV_COLUMNS``."""
    column = dictionary.field(package, "settlements", "amount_thousand_yen")
    key = initiative.initiative_id
    for edition, indicator in reports_compared.indicators_of(package, key):
        for row in edition.observations_of_indicator.get(indicator.indicator_id, ()):
            measured = {"indicator": indicator.label, "unit": edition.unit_of(row)}
            yield _csv_row(package, initiative, _record(row) | measured)
    for amount in package.settlements_of_initiative.get(key, ()):
        measured = {"indicator": column.title, "unit": column.unit, "role": "settlement"}
        fact = _record(amount) | measured | {"value": amount.amount_thousand_yen}
        yield _csv_row(package, initiative, fact)


def _csv_row(package: Edition, initiative: Initiative, fact: dict[str, Any]) -> list[Any]:
    source = package.source[fact["source_id"]]
    row = fact | {
        "initiative_id": initiative.initiative_id,
        "name": initiative.name,
        "fiscal_year_label": fiscal_year.both(fact["fiscal_year"]),
        "attribution": f"{terms.attribution(package, source)}{terms.licence_note(package, source)}",
    }
    return [row.get(column) for column in CSV_COLUMNS]
