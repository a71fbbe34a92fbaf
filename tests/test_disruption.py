"""The years of a great event: what is declared of them, and what became of the indicators."""

from dataclasses import replace

import builders as b
from shinchoku.exports import bundle


def without_disruption(package):
    declared = {key: value for key, value in package.descriptor.items() if key != "disruption"}
    return replace(package, descriptor=declared)


def test_the_years_of_a_disruption_are_declared_and_the_year_before_is_the_reference(package):
    assert package.disruption.fiscal_years == (2020, 2021)
    assert package.disruption.before == 2019
    assert package.package.disruption == package.disruption


def test_a_package_need_not_declare_any():
    assert without_disruption(b.package()).disruption is None


def test_the_declaration_is_published(package, project):
    tables = bundle.table_files(package, project)
    for folder in ("", "data"):
        assert (
            bundle.descriptor(package, tables, "", folder)["disruption"] == package.descriptor["disruption"]
        )
