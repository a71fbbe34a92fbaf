"""The years of a great event: what is declared of them, and what became of the indicators."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import builders as make
from reading_html import Element, read
from shinchoku import addresses, metrics, pages
from shinchoku.exports import bundle, terms
from shinchoku.metrics import Course

#: What stands for a value: a number, a number with a qualifier, or the reason why there is none.
BEFORE, FIRST, SECOND, AFTER = 2019, 2020, 2021, 2022


def _actual(year: int, value: str | None, **values) -> object:
    number, _, qualifier = (value or "").partition("?")
    if value is None or number.isalpha():
        return make.observation("a-1", year, "actual", status=value or "not_stated", **values)
    return make.observation("a-1", year, "actual", number, qualifier=qualifier or None, **values)


def _edition(actuals: dict[int, str | None], **indicator):
    return make.edition(
        initiatives=[make.initiative("a")],
        indicators=[make.indicator("a-1", "a", **indicator)],
        observations=[_actual(year, value) for year, value in actuals.items()],
    )


def _passage(actuals: dict[int, str | None], **indicator) -> metrics.Passage:
    package = _edition(actuals, **indicator)
    return metrics.passage(package, "a-1", package.disruption)


def _without(package):
    declared = {key: value for key, value in package.descriptor.items() if key != "disruption"}
    return replace(package, descriptor=declared)


def _rows(page: Element, course: Course) -> dict[str, list[str]]:
    """Initiative → its cells, in the table of those with this course."""
    (table,) = [
        each for each in page.all("table") if each.all("caption")[0].attributes["id"] == f"table-{course}"
    ]
    return {
        row.all("a")[0].text: [cell.text for cell in row.all("td")]
        for row in table.all("tr")
        if row.all("td")
    }


def _page(package) -> Element:
    return read(pages.of(package)[addresses.DISRUPTION].html(package))


# -- the declaration ------------------------------------------------------------


def test_the_years_of_a_disruption_are_declared_and_the_year_before_is_the_reference(package):
    assert package.disruption.fiscal_years == (2020, 2021)
    assert package.disruption.before == 2019
    assert package.package.disruption == package.disruption


def test_the_declaration_is_published_and_said_to_be_a_reading(package, project):
    tables = bundle.published(package, project).values()
    for folder in ("", "data"):
        assert (
            bundle.descriptor(package, tables, "", folder)["disruption"] == package.descriptor["disruption"]
        )
    assert "2020・2021）です。このサイトの読み取り" in terms.readme(package, "", {})
    assert "disruption は" in pages.of(package)[addresses.DATA].html(package)


def test_where_no_years_are_declared_nothing_speaks_of_any(package):
    package = _without(package.package).newest
    assert package.disruption is None
    assert "disruption" not in terms.readme(package, "", {})
    found = pages.of(package)
    assert addresses.DISRUPTION not in found
    for address in (addresses.HOME, addresses.DATA, addresses.initiative("snow-festival")):
        assert not [word for word in ("disruption", "コロナ禍") if word in found[address].html(package)]


# -- what became of an indicator --------------------------------------------------


@pytest.mark.parametrize(
    ("actuals", "course", "worst", "newest"),
    [
        ({BEFORE: "10", FIRST: "4", SECOND: "6", AFTER: "10"}, Course.BACK, 2020, 2022),
        ({BEFORE: "10", FIRST: "12", SECOND: "9", AFTER: "9.9"}, Course.NOT_BACK, 2021, 2022),
        ({BEFORE: "10", FIRST: "10", SECOND: "11", AFTER: "5"}, Course.HELD, 2020, 2022),
        ({BEFORE: "10", FIRST: "4", SECOND: "6", AFTER: "pending"}, Course.NOT_KNOWN, 2020, None),
        ({BEFORE: "10", FIRST: "4", SECOND: "11", AFTER: "12?estimate"}, Course.NOT_KNOWN, 2020, None),
        (
            {BEFORE: "10", FIRST: "4", SECOND: "6", AFTER: "9", 2023: "11?estimate"},
            Course.NOT_BACK,
            2020,
            2022,
        ),
        ({BEFORE: "10", FIRST: "4", SECOND: "6", AFTER: "9", 2023: "11"}, Course.BACK, 2020, 2023),
        ({BEFORE: "10", FIRST: "4", SECOND: "6", AFTER: "9?as_of"}, Course.NOT_BACK, 2020, 2022),
        (
            {BEFORE: "10", FIRST: "4", AFTER: "9"},
            Course.NOT_BACK,
            2020,
            2022,
        ),  # one of the years tells enough
        ({BEFORE: "10", FIRST: "pending", SECOND: "11", AFTER: "12"}, Course.NOT_COMPARABLE, 2021, 2022),
        ({BEFORE: "10", FIRST: "4?estimate", SECOND: "11", AFTER: "12"}, Course.NOT_COMPARABLE, 2021, 2022),
        ({BEFORE: None, FIRST: "4", SECOND: "6", AFTER: "9"}, Course.NOT_COMPARABLE, None, None),
        ({2018: "10", FIRST: "4", SECOND: "6", AFTER: "9"}, Course.NOT_COMPARABLE, None, None),
        ({BEFORE: "10?approximate", FIRST: "4", SECOND: "6", AFTER: "9"}, Course.NOT_COMPARABLE, None, None),
    ],
)
def test_only_exact_numbers_tell_who_fell_and_who_is_back(actuals, course, worst, newest):
    found = _passage(actuals)
    assert found.course is course
    assert [row and row.fiscal_year for row in (found.worst, found.newest)] == [worst, newest]


@pytest.mark.parametrize(
    ("actuals", "course"),
    [
        ({BEFORE: "10", FIRST: "14", SECOND: "9", AFTER: "10"}, Course.BACK),
        ({BEFORE: "10", FIRST: "14", SECOND: "9", AFTER: "11"}, Course.NOT_BACK),
        ({BEFORE: "10", FIRST: "0", SECOND: "9", AFTER: "11"}, Course.HELD),
    ],
)
def test_where_lower_is_better_it_fell_by_rising(actuals, course):
    found = _passage(actuals, desired_direction="lower_is_better")
    assert (found.course, found.zero_years) == (course, ())


def test_it_fell_to_nothing_in_the_years_that_print_0():
    found = _passage({BEFORE: "10", FIRST: "0", SECOND: "0.0", AFTER: "9"})
    assert found.zero_years == (2020, 2021)
    assert _passage({BEFORE: "0", FIRST: "0", SECOND: "0", AFTER: "0"}).zero_years == ()


def test_nothing_is_compared_with_a_value_in_another_unit():
    def report(source_id, year, unit, actuals):
        return {
            "sources": [make.source(source_id, report_fiscal_year=year)],
            "indicators": [make.indicator("a-1", "a", unit=unit, source_id=source_id)],
            "observations": [_actual(each, value, source_id=source_id) for each, value in actuals.items()],
        }

    old = report("old", 2021, "人", {BEFORE: "100", FIRST: "40", SECOND: "60"})
    new = report("new", 2022, "千人", {AFTER: "200"})
    package = make.package(
        **{table: old[table] + new[table] for table in old},
        initiatives=[make.initiative("a", source_id="new")],
        listings=[make.listing("a", source_id="new")],
        policies=[replace(node, source_id="new") for node in make.tree()],
    ).newest
    found = metrics.passage(package, "a-1", package.disruption)
    assert (found.course, found.worst.value) == (Course.NOT_KNOWN, Decimal(40))
    shown = _rows(_page(package), Course.NOT_KNOWN)["事業a"]
    assert shown == ["100人", "40人", "60人", "200", "−60人 （−60.0%）"]


def test_what_is_cumulative_stands_apart_with_the_years_that_added_nothing():
    found = _passage({BEFORE: "10", FIRST: "10", SECOND: "12", AFTER: "12"}, accumulation="cumulative")
    assert (found.course, found.idle_years) == (Course.CUMULATIVE, (2020,))
    assert not _passage(
        {BEFORE: "10", FIRST: None, SECOND: "10", AFTER: "12"}, accumulation="cumulative"
    ).idle_years  # two years apart


def test_words_are_not_compared():
    found = _passage({BEFORE: "3", FIRST: "2", SECOND: "1", AFTER: "1"}, value_kind="qualitative")
    assert found.course is Course.NOT_COMPARABLE


# -- the page ----------------------------------------------------------------------


def test_a_citizen_reads_how_many_fell_and_are_back(package):
    page = _page(package)
    assert page.all("h1")[0].text == "コロナ禍の年度の実績"
    lead = page.with_class("lead")[0].text
    # Counted by hand in observations.csv.
    assert (
        "比べられる45の指標のうち、令和元年度より下がったのは30（うち1割以上下がったのは18）で、そのうち4は0になりました"
        in lead
    )
    assert "比べられる指標のうち2は、ほかの事業も同じ値で載せている指標" in lead
    assert "水準に戻ったのは10、戻っていないのは13です。残る7は" in lead
    assert "このサイトの読み取り" in page.text and "このサイトの計算" in page.text


def test_those_that_fell_to_0_are_named_with_what_became_of_them(package):
    section = next(
        each for each in _page(package).all("section") if each.all("h2")[0].attributes["id"] == "zero"
    )
    told = [item.text for item in section.all("li")]
    assert [text.partition("：")[0] for text in told] == [
        "さっぽろ雪まつり事業",
        "さっぽろホワイトイルミネーション事業",
        "さっぽろオータムフェスト事業",
        "MICE推進事業の拡充",
    ]
    assert "202万人から令和2年度・令和3年度に0。令和4年度は175万人で、戻っていません" in told[0]
    assert "資料の値への疑問1件" in told[0]
    assert "令和4年度は161万人で、戻りました" in told[1]
    assert "令和3年度に0。その後の確かな実績は、資料にありません" in told[3]


def test_a_row_has_its_years_what_it_lost_and_what_it_lacks(package):
    rows = _rows(_page(package), Course.NOT_BACK)
    assert len(rows) == 13
    assert list(rows)[0] == "さっぽろ雪まつり事業"
    assert rows["サッポロ・シティ・ジャズ事業"] == [
        "158,081", "19,791", "15,965", "75,682", "−142,116人 （−89.9%）", "−82,399人 （−52.1%）"
    ]  # fmt: skip
    assert rows["NoMaps支援事業"][-2:] == ["−0.3ポイント", "−1.0ポイント"]


def test_estimates_and_missing_values_are_told_and_decide_nothing(package):
    rows = _rows(_page(package), Course.NOT_KNOWN)
    assert "見込み値" in rows["札幌スタイル推進事業"][3]
    assert rows["国内観光振興事業"][3:] == ["集計中", "−715万人 （−55.7%）"]


def test_a_page_without_a_comparable_number_says_so():
    assert "比べられる指標はありません" in _page(_edition({2015: "3"})).text
    assert "比べられる指標はありません" in _page(make.edition(initiatives=[make.initiative("a")])).text


def test_while_the_years_last_nobody_can_be_back():
    page = _page(_edition({BEFORE: "10", FIRST: "4"}))
    assert "下がった1指標のうち" not in page.with_class("lead")[0].text
    assert page.with_class("lead")[0].text.endswith("その後の確かな実績が資料になく、わかりません。")
    tiles = [tile.text for tile in page.all("dl")[0].all("div")]
    assert tiles == ["戻っていない0指標", "戻った0指標", "わからない1指標"]
