"""The dictionary says what the schema says."""

from __future__ import annotations

import pytest

from builders import descriptor, package
from shinchoku.package import defaults, dictionary
from shinchoku.package.descriptor import fields, resources
from shinchoku.package.records import RECORD_TYPES, REQUIRED_TABLES, columns, optional_columns

LEVELS = [{"value": "goal", "label": "目標", "label_en": "Goal", "pages": "goals"}]


@pytest.fixture(scope="module")
def tables():
    return {name: dictionary.table(resource, 0) for name, resource in resources(descriptor()).items()}


def test_the_program_has_every_table_and_column_in_its_own_words():
    made = {each["name"]: each for each in defaults.resources({"policies.level": LEVELS})}
    assert [*made] == [*RECORD_TYPES]
    assert {name: tuple(fields(each)) for name, each in made.items()} == {
        name: columns(kind) for name, kind in RECORD_TYPES.items()
    }
    assert_documented(dictionary.table(each, 0) for each in made.values())
    for name, each in resources(descriptor()).items():  # what is of the same kind there
        for column, own in fields(each).items():
            field = fields(made[name])[column]
            assert own["type"] == field["type"] or column == "amount_thousand_yen"
            assert own.get("identity") == field.get("identity")
            values = {item["value"] for item in field.get("categories", ())}
            if values and column != "level":
                assert {item["value"] for item in own["categories"]} <= values
        assert each["schema"].get("foreignKeys") == made[name]["schema"].get("foreignKeys")


def test_a_package_that_begins_takes_what_its_plan_needs():
    made = defaults.resources({"policies.level": LEVELS}, {"settlements"}, {"initiatives.is_loan_fund"})
    assert {each["name"] for each in made} == REQUIRED_TABLES | {"settlements"}
    found = {each["name"]: fields(each) for each in made}
    assert "is_loan_fund" in found["initiatives"] and "has_mark" not in found["initiatives"]
    assert found["policies"]["level"]["constraints"]["enum"] == ["goal"]


def field(tables, table: str, column: str) -> dictionary.FieldDoc:
    return next(item for item in tables[table].fields if item.name == column)


def test_every_table_and_column_is_documented(tables):
    assert tables.keys() >= REQUIRED_TABLES
    for name, table in tables.items():
        names, known = tuple(item.name for item in table.fields), columns(RECORD_TYPES[name])
        assert {*known} - {*names} <= optional_columns(RECORD_TYPES[name])
        assert names == tuple(each for each in known if each in names)
    assert_documented(tables.values())


def assert_documented(tables):
    for table in tables:
        assert table.title and table.title_en and table.description and table.description_en
        for item in table.fields:
            said = (item.title, item.title_en, item.description, item.description_en)
            assert all(said), (table.name, item.name)
            assert item.title_en.isascii(), (table.name, item.name)
            assert item.description_en.endswith("."), (table.name, item.name)


def test_a_table_knows_its_keys(tables):
    assert [item.name for item in tables["observations"].fields if item.is_key] == [
        "indicator_id",
        "fiscal_year",
        "role",
        "source_id",
    ]


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("policies", "position", "必須、1〜9999"),
        ("observations", "printed", "空でもよい、400文字まで"),
        ("corrections", "corrected_on", "必須"),
        ("initiatives", "initiative_id", "主キー、必須、80文字まで、形式 ^[a-z0-9]+(-[a-z0-9]+)*$"),
    ],
)
def test_constraints_are_said_in_words(tables, table, column, text):
    assert field(tables, table, column).constraints_text == text


def test_no_constraint_of_the_schema_goes_unsaid():
    used = {
        name
        for resource in descriptor()["resources"]
        for item in resource["schema"]["fields"]
        for name in item.get("constraints", {})
    }
    # ``enum`` is said by the categories, which have labels.
    assert used == {"required", "minimum", "maximum", "maxLength", "pattern", "enum"}
    assert all(
        [category["value"] for category in item["categories"]] == item["constraints"]["enum"]
        for resource in descriptor()["resources"]
        for item in resource["schema"]["fields"]
        if "enum" in item.get("constraints", {})
    )


@pytest.mark.parametrize(
    ("table", "column", "references"),
    [
        ("indicators", "initiative_id", ("initiatives", "initiative_id")),
        ("policies", "parent_policy_id", ("policies", "policy_id")),
        ("listing_differences", "source_line", ("listings", "source_line")),
        ("grants", "source_id", ("sources", "source_id")),
        ("observations", "value", None),
    ],
)
def test_references_name_the_table_and_column_they_point_at(tables, table, column, references):
    assert field(tables, table, column).references == references


def test_units_come_from_the_schema(tables):
    assert field(tables, "settlements", "amount_thousand_yen").unit == "千円"
    assert field(tables, "observations", "value").unit is None


def test_labels_of_codes():
    codes = dictionary.codes(package(), "observations", "status")
    assert codes["not_surveyed"].label == "調査していない"
    assert codes["not_surveyed"].short == "調査なし"
    assert codes["blank"].short == codes["blank"].label
    assert dictionary.codes(package(), "observations", "printed") == {}
