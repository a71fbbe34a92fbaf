"""The page of a 事業."""

from __future__ import annotations

from dataclasses import dataclass

from shinchoku import addresses, dictionary, metrics, reprint
from shinchoku.charts import Chart
from shinchoku.exports.initiatives import readings_of
from shinchoku.model import Indicator, Observation, Package
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

    @property
    def has_gaps(self) -> bool:
        return any(item.status != "reported" for item in self.observations)

    @property
    def since_first(self) -> metrics.Change | None:
        """The newest number against the first; ``None`` where there are not two."""
        newest = max(self.changes.values(), key=lambda change: change.fiscal_year, default=None)
        return newest if newest and newest.from_first is not None else None

    @property
    def since_first_is_estimated(self) -> bool:
        ends = (min(self.changes), max(self.changes))
        return any(
            item.role == "actual" and item.fiscal_year in ends and item.qualifier == "estimate"
            for item in self.observations
        )


def _view(package: Package, result: metrics.IndicatorResult) -> IndicatorView:
    indicator_id = result.indicator.indicator_id
    return IndicatorView(
        indicator=result.indicator,
        result=result,
        observations=package.observations_of_indicator.get(indicator_id, ()),
        changes={change.fiscal_year: change for change in metrics.changes(package, indicator_id)},
        chart=pictures.of_indicator(package, indicator_id),
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
        readings=readings_of(package, item),
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
