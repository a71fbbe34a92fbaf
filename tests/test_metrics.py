"""Derived values: definitions on inline data, then the published data itself."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from builders import (
    activity,
    difference,
    indicator,
    initiative,
    listing,
    note,
    observation,
    package,
    policy,
    settlement,
    tree,
)
from shinchoku import metrics
from shinchoku.metrics import Assessment, ListingMatch


def number(value: str, **values):
    return {"value": value, **values}


def between(lower: str, upper: str):
    return {"value": lower, "upper_value": Decimal(upper)}


def words(text: str):
    return {"text": text}


def missing(status: str):
    return {"status": status}


def observed(actual: dict | None, target: dict | None, **indicator_values):
    """A package with one indicator in 2022; ``None`` leaves the row out."""
    sides = {"actual": actual, "target": target}
    return package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a", **indicator_values)],
        observations=[
            observation("a-1", 2022, role, **side) for role, side in sides.items() if side is not None
        ],
    )


@pytest.mark.parametrize(
    ("actual", "target", "assessment", "rate"),
    [
        (number("175"), number("300"), "not_achieved", "58.3"),
        (number("300"), number("300"), "achieved", "100.0"),
        (number("900"), number("300"), "achieved", "300.0"),
        (number("0"), number("300"), "not_achieved", "0.0"),
        (number("1"), number("16"), "not_achieved", "6.3"),
        (number("5"), number("0"), "achieved", None),
        (number("-5"), number("-10"), "achieved", None),
        (number("77", qualifier="as_of"), number("70"), "achieved", "110.0"),
        (number("300", qualifier="estimate"), number("250"), "provisional", "120.0"),
        (number("300", qualifier="provisional"), number("250"), "provisional", "120.0"),
        (number("300", qualifier="approximate"), number("250"), "provisional", "120.0"),
        (number("300"), number("250", qualifier="approximate"), "provisional", "120.0"),
        (number("300", qualifier="at_least"), number("250"), "achieved", "120.0"),
        (number("300", qualifier="at_least"), number("400"), "provisional", "75.0"),
        (number("300", qualifier="less_than"), number("400"), "not_achieved", "75.0"),
        (number("300", qualifier="at_most"), number("250"), "provisional", "120.0"),
        (number("250"), number("250", qualifier="at_least"), "achieved", "100.0"),
        (number("250"), number("250", qualifier="more_than"), "not_achieved", "100.0"),
        (number("10"), between("10", "15"), "achieved", None),
        (number("16"), between("10", "15"), "achieved", None),
        (number("9.9"), between("10", "15"), "not_achieved", None),
        (between("9", "11"), number("10"), "provisional", None),
        (between("10", "11"), number("10"), "achieved", None),
        (between("-9", "-8"), between("-5", "0"), "not_achieved", None),
        (number("-51"), number("0"), "not_achieved", None),
        (words("***"), words("***"), "none", None),
        (words("－"), words("策定"), "no_actual", None),
        (words("策定"), words("策定"), "achieved_qualitative", None),
        (words("検討"), words("策定"), "not_achieved", None),
        (words("検討"), number("3"), "no_actual", None),
        (number("3"), words("策定"), "no_actual", None),
        (missing("pending"), number("800"), "pending", None),
        (missing("pending"), words("策定"), "pending", None),
        (missing("not_surveyed"), number("800"), "no_actual", None),
        (missing("blank"), number("800"), "no_actual", None),
        (None, number("800"), "no_actual", None),
        (number("3"), missing("no_target"), "no_target", None),
        (number("3"), missing("blank"), "no_target", None),
        (words("策定"), missing("not_stated"), "no_target", None),
        (missing("pending"), missing("not_stated"), "none", None),
        (missing("not_stated"), missing("blank"), "none", None),
    ],
)
def test_assessment_and_rate(actual, target, assessment, rate):
    result = metrics.result(observed(actual, target), "a-1")
    assert result.assessment == assessment
    assert result.achievement_rate == (None if rate is None else Decimal(rate))


def test_a_rate_of_numbers_of_any_length_is_exact():
    result = metrics.result(observed(number("1000000000000"), number(f"0.{'0' * 19}1")), "a-1")
    assert result.achievement_rate == Decimal(10) ** 34


@pytest.mark.parametrize(
    ("actual", "target", "assessment", "rate"),
    [
        ("500", "400", "not_achieved", "80.0"),
        ("400", "400", "achieved", "100.0"),
        ("300", "400", "achieved", "133.3"),
        ("0", "400", "achieved", None),
    ],
)
def test_lower_is_better(actual, target, assessment, rate):
    data = observed(number(actual), number(target), desired_direction="lower_is_better")
    result = metrics.result(data, "a-1")
    assert result.assessment == assessment
    assert result.achievement_rate == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("actual", "assessment", "shortfall"),
    [
        (number("15"), "achieved", None),
        (number("9"), "achieved", None),
        (number("16"), "not_achieved", 1),
        (between("14", "16"), "provisional", None),
        (between("16", "20"), "not_achieved", None),
    ],
)
def test_a_range_is_aimed_at_by_its_nearer_end(actual, assessment, shortfall):
    data = observed(actual, between("10", "15"), desired_direction="lower_is_better")
    result = metrics.result(data, "a-1")
    assert (result.assessment, result.shortfall) == (assessment, shortfall)


def of_base(base: dict, actual: dict, goal: dict, **values):
    """The result of one indicator with a base value of 2019, an actual of 2020 and 2021, and a target for 2024."""
    sides = ((2019, "base", base), (2020, "actual", actual), (2021, "actual", missing("pending")))
    rows = [observation("a-1", year, role, **side) for year, role, side in (*sides, (2024, "target", goal))]
    indicators = [indicator("a-1", "a", **values)]
    return package(initiatives=[initiative("a")], indicators=indicators, observations=rows)


@pytest.mark.parametrize(
    ("base", "actual", "goal", "progress"),
    [
        (number("3"), number("14"), number("18"), "73.3"),
        (number("-85"), number("-51"), number("0"), "40.0"),
        (number("2"), number("12"), number("10", qualifier="at_least"), "125.0"),
        (number("2"), number("1", qualifier="estimate"), number("10"), "-12.5"),
        (number("10"), number("9"), number("10"), None),
        (number("12"), number("9"), number("10"), None),  # no way: to be kept, or the wrong direction
        (number("2"), number("5", qualifier="at_least"), number("10"), None),
        (number("2"), between("4", "5"), number("10"), None),
        (number("2"), number("5"), between("9", "10"), None),
        (missing("not_surveyed"), number("5"), number("10"), None),
        (words("検討"), words("策定"), words("開始"), None),
    ],
)
def test_the_share_of_the_way_from_the_base_to_the_target(base, actual, goal, progress):
    result = metrics.result(of_base(base, actual, goal), "a-1")
    assert result.progress == (None if progress is None else Decimal(progress))
    assert (result.fiscal_year, result.assessment) == (2021, "not_due")


def test_a_base_value_is_the_actual_of_a_year_that_has_no_other():
    data = of_base(number("3"), number("5"), number("18"))
    assert [(item.fiscal_year, item.from_previous) for item in metrics.changes(data, "a-1")] == [
        (2019, None), (2020, 2)
    ]  # fmt: skip
    assert metrics.trend(data, "a-1", 2020, 2019) == "better"
    assert [row.role for row in metrics.actuals(data, "a-1").values()] == ["base", "actual", "actual"]
    assert (
        metrics.changes(of_base(between("3", "4"), number("5"), number("18")), "a-1")[0].fiscal_year == 2020
    )


def test_the_newest_year_with_a_target_row_is_assessed_even_if_that_row_says_nothing():
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[
            observation("a-1", 2021, "actual", "10"),
            observation("a-1", 2021, "target", "10"),
            observation("a-1", 2022, "target", status="no_target"),
            observation("a-1", 2023, "actual", "12"),
        ],
    )
    result = metrics.result(data, "a-1")
    assert (result.fiscal_year, result.actual, result.target.status) == (2022, None, "no_target")
    assert result.assessment is Assessment.NONE


@pytest.mark.parametrize(
    ("target_years", "year", "assessment"),
    [((2022, 2023), 2022, "achieved"), ((2023,), 2022, "not_due"), ((2021, 2030), 2021, "no_actual")],
)
def test_a_target_for_a_later_year_waits_for_its_report(target_years, year, assessment):
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[
            observation("a-1", 2022, "actual", "10"),
            *(observation("a-1", year, "target", "9") for year in target_years),
        ],
    )
    result = metrics.result(data, "a-1")
    assert (result.fiscal_year, result.assessment, data.newest_target_year) == (year, assessment, year)


def test_without_any_target_row_nothing_is_assessed():
    result = metrics.result(observed(number("3"), None), "a-1")
    assert (result.fiscal_year, result.actual, result.target) == (None, None, None)
    assert result.assessment is Assessment.NONE


def test_counts_are_of_initiatives_by_their_first_indicator():
    data = package(
        initiatives=[initiative("a"), initiative("b"), initiative("c")],
        indicators=[indicator("a-2", "a"), indicator("a-1", "a", position=2), indicator("b-1", "b")],
        observations=[
            observation("a-2", 2022, "actual", "3"),
            observation("a-2", 2022, "target", "3"),
            observation("a-1", 2022, "target", "3"),
            observation("b-1", 2022, "target", "3"),
        ],
    )
    assert [result.indicator.indicator_id for result in metrics.results_of_initiative(data, "a")] == [
        "a-2",
        "a-1",
    ]
    counts = metrics.count_assessments(data)
    assert list(counts) == list(Assessment)
    assert {key: count for key, count in counts.items() if count} == {
        Assessment.ACHIEVED: 1,
        Assessment.NO_ACTUAL: 1,
        Assessment.NONE: 1,
    }
    assert sum(metrics.count_assessments(data, ["a", "a", "b"]).values()) == 2


def test_money_counts_an_initiative_once_and_shows_the_loan_fund_apart():
    data = package(
        initiatives=[
            initiative("a"),
            initiative("loan", is_loan_fund=True),
            initiative("c"),
            initiative("d"),
        ],
        listings=[
            listing("a", 10),
            listing("loan", 11),
            listing("c", 12),
            listing("d", 13),
            listing("a", 14, relisted=True),
        ],
        settlements=[
            settlement("a", 2022, 100),
            settlement("a", 2021, 7),
            settlement("loan", 2022, 900),
            settlement("c", 2022),
        ],
    )
    assert metrics.settled(data, 2022) == metrics.Money(
        fiscal_year=2022, total=1000, loan_fund=900, without_loan_fund=100, reported=2, not_reported=2
    )
    assert metrics.settled(data, 2021, ["a", "a"]) == metrics.Money(2021, 7, 0, 7, 1, 0)


def test_a_settlement_of_zero_is_reported():
    data = package(initiatives=[initiative("a")], settlements=[settlement("a", 2022, 0)])
    assert metrics.settled(data, 2022) == metrics.Money(2022, 0, 0, 0, 1, 0)


def test_changes_do_not_bridge_a_year_without_a_number():
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[
            observation("a-1", 2018, "actual", "1.28"),
            observation("a-1", 2019, "actual", "1.35"),
            observation("a-1", 2020, "actual", status="pending"),
            observation("a-1", 2021, "actual", "1.20"),
            observation("a-1", 2021, "target", "9"),
        ],
    )
    assert metrics.changes(data, "a-1") == (
        metrics.Change(2018, Decimal("1.28"), None, None),
        metrics.Change(2019, Decimal("1.35"), Decimal("0.07"), Decimal("0.07")),
        metrics.Change(2021, Decimal("1.20"), None, Decimal("-0.08")),
    )


def test_a_series_ends_where_its_unit_changes():
    """Also where only a value of another year is left in the old unit."""
    old = {"source_id": "before"}
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a", unit="千人"), indicator("a-1", "a", unit="万人", **old)],
        observations=[
            observation("a-1", 2018, "actual", "272", **old),
            observation("a-1", 2019, "actual", "280", **old),
            observation("a-1", 2020, "actual", "2700"),
            observation("a-1", 2021, "actual", "2800"),
            observation("a-1", 2021, "target", "300", **old),
        ],
    )
    assert [(item.from_previous, item.from_first) for item in metrics.changes(data, "a-1")] == [
        (None, None),
        (8, 8),
        (None, None),
        (100, 100),
    ]
    result = metrics.result(data, "a-1")
    assert (result.assessment, result.achievement_rate) == ("no_actual", None)


def series(actuals: dict[int, dict], target: dict | None = None, **indicator_values):
    """The result of one indicator with actuals by year and a target for the last of them."""
    rows = [observation("a-1", year, "actual", **side) for year, side in actuals.items()]
    if target is not None:
        rows.append(observation("a-1", max(actuals), "target", **target))
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a", **indicator_values)],
        observations=rows,
    )
    return metrics.result(data, "a-1")


@pytest.mark.parametrize(
    ("actuals", "target", "values", "year"),
    [
        ({2020: number("5"), 2021: number("9"), 2022: number("10")}, number("8"), {}, 2021),
        ({2020: number("9"), 2021: number("5"), 2022: number("4")}, number("8"), {}, 2020),  # fell back since
        ({2021: number("7"), 2022: number("8")}, number("8"), {}, None),
        ({2021: number("9"), 2022: number("9")}, number("9", qualifier="more_than"), {}, None),
        ({2021: number("9", qualifier="estimate"), 2022: number("9")}, number("8"), {}, None),
        ({2021: number("7"), 2022: number("8")}, number("8"), {"desired_direction": "lower_is_better"}, 2021),
        ({2021: words("策定"), 2022: words("策定")}, words("策定"), {}, 2021),
        ({2021: words("検討"), 2022: words("策定")}, words("策定"), {}, None),
        ({2021: missing("pending"), 2022: number("8")}, number("8"), {}, None),
        ({2021: number("9"), 2022: missing("pending")}, number("8"), {}, 2021),
        ({2021: number("9"), 2022: number("9")}, missing("no_target"), {}, None),
    ],
)
def test_a_target_may_have_been_reached_before(actuals, target, values, year):
    assert series(actuals, target, **values).reached_before == year


@pytest.mark.parametrize(
    ("then", "now", "values", "trend"),
    [
        (number("5"), number("6"), {}, "better"),
        (number("5"), number("4"), {}, "worse"),
        (number("5"), number("5.0"), {}, "same"),
        (number("5"), number("6"), {"desired_direction": "lower_is_better"}, "worse"),
        (number("5"), number("4"), {"desired_direction": "lower_is_better"}, "better"),
        (number("0"), number("-1"), {}, "worse"),
        (number("5"), number("6", qualifier="estimate"), {}, "better"),
        (number("5"), number("6", qualifier="approximate"), {}, "not_comparable"),
        (number("5"), between("6", "7"), {}, "not_comparable"),
        (number("5", qualifier="at_least"), number("6"), {}, "not_comparable"),
        (missing("not_surveyed"), number("6"), {}, "not_comparable"),
        (number("5"), missing("pending"), {}, "not_comparable"),
        (words("検討"), words("策定"), {}, "not_comparable"),
    ],
)
def test_the_trend_respects_the_desired_direction_and_compares_only_numbers(then, now, values, trend):
    assert series({2021: then, 2022: now}, number("1"), **values).trend == trend


def test_a_trend_never_bridges_a_year_without_a_number():
    result = series({2019: number("9"), 2021: missing("pending"), 2022: number("5")}, number("8"))
    assert (result.trend, result.trend_from_reference) == (
        "not_comparable",
        "worse",
    )  # 2019: before 2020, 2021


def test_what_is_cumulative_is_compared_with_the_year_before_alone():
    rows = {2019: number("3"), 2021: number("5"), 2022: number("6")}
    result = series(rows, number("8"), accumulation="cumulative")
    assert (result.trend, result.trend_from_reference) == ("better", "not_comparable")


@pytest.mark.parametrize(
    ("actual", "target", "shortfall"),
    [("175", "300", "125"), ("0", "7.5", "7.5"), ("-3", "2", "5"), ("300", "300", None)],
)
def test_a_miss_says_how_far_it_is_from_its_target(actual, target, shortfall):
    found = series({2022: number(actual)}, number(target)).shortfall
    assert found == (shortfall and Decimal(shortfall))


def test_only_a_note_on_a_compared_cell_is_a_doubt_of_the_verdict():
    years, columns = (2021, 2022), ("actual_2022", "target_2022", "actual_2021", "activities", None)
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[observation("a-1", year, role, "5") for year in years for role in ("actual", "target")],
        source_notes=[
            *(note(f"n{number}", 10, printed_column=column) for number, column in enumerate(columns)),
            note("elsewhere", 11, printed_column="actual_2022"),
        ],
    )
    assert [each.printed_column for each in metrics.result(data, "a-1").doubts] == list(columns[:2])


@pytest.mark.parametrize(
    ("column", "category", "accumulation", "is_caution"),
    [
        ("indicator", "indicator", "annual", True),
        ("indicator", "misprint", "annual", False),
        (None, "value", "annual", True),
        ("actual_2021", "value", "annual", True),
        ("actual_2021", "formatting", "annual", False),
        ("actual_2020", "value", "annual", False),
        ("actual_2020", "value", "cumulative", True),
        ("actual_2022", "value", "cumulative", False),
        ("settlement_2022_thousand_yen", "value", "cumulative", False),
    ],
)
def test_a_note_on_what_the_number_means_or_rests_on_is_a_caution(column, category, accumulation, is_caution):
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a", accumulation=accumulation)],
        observations=[
            *(observation("a-1", year, "actual", "5") for year in (2020, 2021, 2022)),
            observation("a-1", 2022, "target", "5"),
        ],
        source_notes=[note("n", 10, printed_column=column, category=category)],
    )
    result = metrics.result(data, "a-1")
    assert bool(result.cautions) == is_caution
    assert bool(result.doubts) == (column == "actual_2022")


def test_one_measure_printed_by_two_initiatives_is_known_by_its_label_and_values():
    labels = {"a": "満足度", "b": "満足度", "c": "満足度", "d": "人数", "e": "計画", "f": "計画"}
    values = {"a": "80", "b": "80", "c": "81", "d": "80", "e": None, "f": None}
    data = package(
        initiatives=[initiative(key) for key in labels],
        indicators=[indicator(f"{key}-1", key, label=label) for key, label in labels.items()],
        observations=[observation(f"{key}-1", 2022, "actual", value) for key, value in values.items()],
    )
    alike = {key: [other.initiative_id for other in others] for key, others in data.indicators_alike.items()}
    assert alike == {"a-1": ["b"], "b-1": ["a"]}


def test_initiatives_in_a_policy_come_in_print_order_and_once():
    data = package(
        policies=[
            *tree(),
            policy("a-second", "direction", "tourism-1", position=2),
            policy("food", "field", "fields", position=2),
        ],
        initiatives=[initiative("x"), initiative("y"), initiative("z")],
        listings=[
            listing("y", 10),
            listing("x", 11),
            listing("z", 12, "a-second"),
            listing("y", 13, "a-second", relisted=True),
            listing("z", 14, "a-second", relisted=True),
        ],
    )
    assert metrics.initiatives_in(data, "tourism") == ("y", "x", "z")
    assert metrics.initiatives_in(data, "a-second") == ("z",)
    assert metrics.initiatives_in(data, "a-second", include_relisted=True) == ("z", "y")
    assert metrics.initiatives_in(data, "food") == ()


@pytest.mark.parametrize(
    ("column", "printed", "match"),
    [
        ("name", "ＩＴ 人材、育成～事業", ListingMatch.FORMAT),
        ("name", "IT人材育成事業", ListingMatch.SUBSTANCE),
        ("indicator", "来場者数（人）", ListingMatch.FORMAT),
        ("actual_2022", "１７５", ListingMatch.FORMAT),
        ("actual_2022", "176", ListingMatch.SUBSTANCE),
        ("target_2022", None, ListingMatch.SUBSTANCE),
        ("settlement_2022_thousand_yen", "1234", ListingMatch.SUBSTANCE),
        ("activities", "補助金 ・ 負担金", ListingMatch.FORMAT),
        ("activities", "・補助金", ListingMatch.SUBSTANCE),
    ],
)
def test_listing_match(column, printed, match):
    again = listing("a", 11, relisted=True)
    data = package(
        initiatives=[initiative("a", "IT人材,育成〜事業")],
        indicators=[indicator("a-1", "a")],
        observations=[
            observation("a-1", 2022, "actual", "175"),
            observation("a-1", 2022, "target", "300"),
        ],
        settlements=[settlement("a", 2022, 1234)],
        activities=[activity("a", "補助金"), activity("a", "負担金", position=2)],
        listings=[listing("a", 10), again],
        listing_differences=[difference(11, column, printed)],
    )
    assert metrics.listing_match(data, again) is match


def test_a_relisting_without_differences_is_identical():
    again = listing("a", 11, relisted=True)
    data = package(initiatives=[initiative("a")], listings=[listing("a", 10), again])
    assert metrics.listing_match(data, again) is ListingMatch.IDENTICAL


def test_missing_values_are_counted_by_reason():
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[
            observation("a-1", 2020, "actual", "0"),
            observation("a-1", 2021, "actual", status="pending"),
            observation("a-1", 2022, "actual", status="pending"),
            observation("a-1", 2022, "target", status="no_target"),
        ],
        settlements=[settlement("a", 2022), settlement("a", 2021, 0)],
    )
    assert metrics.missing_counts(data) == {
        ("observations", "actual", "pending"): 2,
        ("observations", "target", "no_target"): 1,
        ("settlements", "", "not_stated"): 1,
    }


# -- the published data -----------------------------------------------------


@pytest.fixture(name="published")
def published_package(package):
    """In this module ``package`` is the builder."""
    return package


def test_published_assessments(published):
    counts = metrics.count_assessments(published)
    assert list(counts.values()) == [42, 37, 3, 1, 7, 5, 0, 3, 6]


def test_published_results_reached_before_and_their_direction(published):
    results = [
        found[0] for key in published.initiative if (found := metrics.results_of_initiative(published, key))
    ]
    achieved = [each for each in results if each.assessment is Assessment.ACHIEVED]
    missed = [each for each in results if each.assessment is Assessment.NOT_ACHIEVED]
    assert sum(each.reached_before is not None for each in achieved) == 22
    assert Counter(each.trend.value for each in results) == {
        "better": 58, "worse": 12, "same": 8, "not_comparable": 26
    }  # fmt: skip
    assert [sum(each.trend is metrics.Trend.BETTER for each in missed), len(missed)] == [21, 37]
    assert sum(each.trend is metrics.Trend.WORSE for each in achieved) == 3
    assert sum(each.trend_from_reference is metrics.Trend.WORSE for each in results) == 13
    assert sum(each.trend_from_reference is metrics.Trend.BETTER for each in results) == 24
    assert sum(each.is_cumulative and each.trend is metrics.Trend.BETTER for each in results) == 32
    assert all((each.shortfall is not None) == (each in missed) for each in results)
    judged = [each for each in results if each.doubts and (each.is_reached or each in missed)]
    assert len(judged) == 10  # an eleventh is held back as an estimate
    shared = {published.indicator[key].label for key in published.indicators_alike}
    assert shared == {"観光情報の提供に対する満足度", "補助事業を活用した商店街区の新規開業数"}


def test_published_money(published):
    money = metrics.settled(published, 2022)
    assert (money.total, money.loan_fund) == (93_198_101, 88_441_169)
    assert money.reported + money.not_reported == len(published.initiatives)


def test_published_areas_share_the_initiatives_and_the_money(published):
    areas = [metrics.initiatives_in(published, area.policy_id) for area in published.areas]
    assert sorted(item for area in areas for item in area) == sorted(published.initiative)
    total = metrics.settled(published, 2022).total
    assert sum(metrics.settled(published, 2022, area).total for area in areas) == total


def test_published_relistings(published):
    relisted = [item for item in published.listings if item.is_relisted]
    matches = Counter(metrics.listing_match(published, item) for item in relisted)
    assert len(relisted) == 53
    assert matches[ListingMatch.SUBSTANCE] == 20
    assert matches[ListingMatch.IDENTICAL] == len(relisted) - len(published.differences_of_listing)


def test_published_emissions_are_the_only_indicator_where_lower_is_better(published):
    lower = [item for item in published.indicators if item.desired_direction == "lower_is_better"]
    assert [item.value_kind for item in lower] == ["number"]
    values = [change.value for change in metrics.changes(published, lower[0].indicator_id)]
    assert values and metrics.result(published, lower[0].indicator_id).target.value < min(values)


def test_no_actual_is_compared_with_one_of_its_own_year_or_a_later_one():
    data = package(
        initiatives=[initiative("a")],
        indicators=[indicator("a-1", "a")],
        observations=[
            observation("a-1", 2018, "actual", "3"),
            observation("a-1", 2018, "target", "3"),
            observation("a-1", 2019, "actual", "9"),
        ],
    )
    assert data.disruption.before == 2019
    for year in (2018, 2019):
        assert metrics.result(data, "a-1", year).trend_from_reference is metrics.Trend.NOT_COMPARABLE
