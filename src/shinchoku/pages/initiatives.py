"""The page of a 事業."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shinchoku import addresses, dictionary, metrics, reprint
from shinchoku.charts import Chart
from shinchoku.model import Indicator, Observation, Package, Reading
from shinchoku.package import primary_key, resources
from shinchoku.pages import pictures, places
from shinchoku.pages.rendering import render


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator with its result, what is printed of it, and the change against the year before."""

    indicator: Indicator
    result: metrics.IndicatorResult
    observations: tuple[Observation, ...]
    changes: dict[int, metrics.Change]
    chart: Chart | None


def _view(package: Package, result: metrics.IndicatorResult) -> IndicatorView:
    indicator_id = result.indicator.indicator_id
    return IndicatorView(
        indicator=result.indicator,
        result=result,
        observations=package.observations_of_indicator.get(indicator_id, ()),
        changes={change.fiscal_year: change for change in metrics.changes(package, indicator_id)},
        chart=pictures.of_indicator(package, indicator_id),
    )


def _record_key(package: Package, table: str, record: Any) -> str:
    key = primary_key(resources(package.descriptor)[table])
    return ":".join(str(getattr(record, column)) for column in key)


def readings(package: Package, initiative_id: str) -> tuple[Reading, ...]:
    """Everything about an initiative that this site read because print does not settle it."""
    indicators = package.indicators_of_initiative.get(initiative_id, ())
    records: dict[str, tuple[Any, ...]] = {
        "initiatives": (package.initiative[initiative_id],),
        "listings": package.listings_of_initiative[initiative_id],
        "indicators": indicators,
        "observations": tuple(
            row for item in indicators for row in package.observations_of_indicator.get(item.indicator_id, ())
        ),
        "settlements": package.settlements_of_initiative.get(initiative_id, ()),
        "activities": package.activities_of_initiative.get(initiative_id, ()),
    }
    return tuple(
        reading
        for table, rows in records.items()
        for row in rows
        for reading in package.readings_of_record.get((table, _record_key(package, table, row)), ())
    )


def initiative(package: Package, initiative_id: str) -> str:
    """The body of the page of an initiative."""
    item = package.initiative[initiative_id]
    original = package.original_listing[initiative_id]
    listings = package.listings_of_initiative[initiative_id]
    results = metrics.results_of_initiative(package, initiative_id)
    return render(
        "initiative.html",
        addresses.initiative(initiative_id),
        package=package,
        item=item,
        home=places.place(package, original),
        relistings=[places.place(package, row) for row in listings if row.is_relisted],
        policy_address=lambda policy_id: places.policy_address(package, policy_id),
        views=[_view(package, result) for result in results],
        activities=package.activities_of_initiative.get(initiative_id, ()),
        settlements=package.settlements_of_initiative.get(initiative_id, ()),
        merged_from=package.initiatives_merged_into.get(initiative_id, ()),
        grant_links=package.grant_links_of_initiative.get(initiative_id, ()),
        notes=[
            note
            for row in listings
            for note in package.notes_of_line.get((row.source_id, row.source_line), ())
        ],
        readings=readings(package, initiative_id),
        field_titles=field_titles(package),
        printed_row=reprint.row_in_print_order(package, original),
        source=package.source[original.source_id],
        split_labels=dictionary.labels(package, "activities", "split_basis"),
        lifecycle_labels=dictionary.labels(package, "initiatives", "lifecycle"),
        accumulation_labels=dictionary.labels(package, "indicators", "accumulation"),
        category_labels=dictionary.labels(package, "source_notes", "category"),
        basis_labels=dictionary.labels(package, "initiative_grants", "basis"),
        value_labels=value_labels(package),
    )


def field_titles(package: Package) -> dict[tuple[str, str], str]:
    """(table, column) → its Japanese title in the schema."""
    return {
        (table.name, column.name): column.title
        for table in dictionary.tables(package)
        for column in table.fields
    }


def value_labels(package: Package) -> dict[tuple[str, str, str], str]:
    """(table, column, code) → its label in the schema."""
    return {
        (table.name, column.name, code): label
        for table in dictionary.tables(package)
        for column in table.fields
        for code, label in column.categories
    }
