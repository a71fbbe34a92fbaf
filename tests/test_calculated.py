"""What is calculated is said once, in both languages, and comes out as it is said."""

from __future__ import annotations

from typing import Any

import pytest

from builders import indicator, initiative, observation, package
from shinchoku import calculated, metrics
from shinchoku.metrics import Course

EXAMPLES = [
    pytest.param(name, example["given"], example["gives"], id=f"{name}-{number}")
    for name, definition in calculated.DEFINITIONS.items()
    for number, example in enumerate(definition.get("examples", ()))
]


def _found(given: dict[str, str]) -> dict[str, Any]:
    given = dict(given)
    years = [int(year) for year in given.pop("disruption", "2020, 2021").split(", ")]
    direction = given.pop("desired_direction", "higher_is_better")
    cells = [(*name.split("_"), value) for name, value in given.items()]
    rows = [observation("a-1", int(year), role, value) for role, year, value in cells]
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a", desired_direction=direction)],
        observations=rows,
    ).newest
    data.descriptor["disruption"]["fiscal_years"] = years
    result, disruption = metrics.result(data, "a-1"), data.disruption
    return {
        "assessed_fiscal_year": result.fiscal_year,
        "assessment": result.assessment,
        "achievement_rate": result.achievement_rate,
        "progress": result.progress,
        "reached_before_fiscal_year": result.reached_before,
        "missed_since_fiscal_years": list(result.missed_since),
        "shortfall": result.shortfall,
        "trend": result.trend,
        "change_rate": metrics.change_rate(data, result),
        "reference_fiscal_year": disruption.before,
        "trend_from_reference": result.trend_from_reference,
        "course": metrics.passage(data, "a-1", disruption).course,
    }


@pytest.mark.parametrize(("name", "given", "gives"), EXAMPLES)
def test_an_example_comes_out_as_it_is_said(name, given, gives):
    assert _found(given)[name] == gives


def test_whatever_is_worked_out_of_numbers_has_an_example():
    assert {each.values[0] for each in EXAMPLES} == _found({"actual_2022": "1"}).keys()


@pytest.mark.parametrize("name", calculated.DEFINITIONS)
def test_a_column_says_what_it_is_in_both_languages(name):
    column = calculated.field(name)
    assert column["description"].endswith("。このサイトの計算。")
    assert column["description_en"].endswith(". Calculated by this site.")
    assert column["title"] and column["title_en"].isascii()
    for code in column.get("categories", ()):
        assert ("meaning" in code) == ("meaning_en" in code)
        assert "symbol" not in code  # of a page, not of the data


def test_every_course_has_a_name():
    assert list(calculated.codes("course")) == list(Course)


def test_an_example_is_part_of_the_description():
    assert (
        "例：actual_2022=35、target_2022=40 → 87.5／" in calculated.field("achievement_rate")["description"]
    )
    assert "Example: actual_2021=40, actual_2022=35," in calculated.field("change_rate")["description_en"]
