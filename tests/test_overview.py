"""The home page and the page on money say what ``metrics`` calculates, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders as make
from reading_html import read
from shinchoku import metrics, pages, words
from shinchoku.metrics import Assessment
from shinchoku.pages import home


def _package(*pairs, **tables):
    """An initiative a1, a2 … for every (actual, target), in print order."""
    ids = [f"a{number}" for number in range(1, len(pairs) + 1)]
    observations = []
    for name, (actual, target) in zip(ids, pairs, strict=True):
        qualifier = "estimate" if actual.endswith("?") else None
        observations += [
            make.observation(f"{name}-1", 2022, "actual", actual.rstrip("?"), qualifier=qualifier),
            make.observation(f"{name}-1", 2022, "target", target),
        ]
    defaults = {
        "initiatives": [make.initiative(name, line=10 + number) for number, name in enumerate(ids)],
        "indicators": [make.indicator(f"{name}-1", name) for name in ids],
        "observations": observations,
        "settlements": [make.settlement(name, 2022, 100) for name in ids],
    }
    return make.edition(**{**defaults, **tables})


def _names(extremes):
    return [item.initiative.initiative_id for item in extremes]


def test_extremes_are_the_highest_achieved_and_the_lowest_not_achieved_rates():
    above, below = home.extremes(_package(("300", "100"), ("100", "100"), ("50", "100"), ("20", "100")))
    assert _names(above) == ["a1", "a2"]
    assert _names(below) == ["a4", "a3"]


def test_extremes_are_few_and_leave_out_estimates():
    pairs = [(str(100 + number), "100") for number in range(8)]
    above, below = home.extremes(_package(*pairs, ("999?", "100"), ("1?", "100")))
    assert _names(above) == ["a8", "a7", "a6", "a5", "a4"]
    assert below == []


def test_equal_rates_stand_in_print_order():
    _, below = home.extremes(_package(("0", "5"), ("0", "200"), ("0", "7")))
    assert _names(below) == ["a1", "a2", "a3"]


@pytest.mark.parametrize(
    ("target", "unit", "accumulation", "lifecycle", "cautions"),
    [
        ("9", "社", "unspecified", "continuing", ("目標の件数が少ない",)),
        ("9", "社・団体", "unspecified", "continuing", ("目標の件数が少ない",)),
        ("9.9", "社", "unspecified", "continuing", ("目標の数値が小さい",)),
        ("1.0", "億円", "unspecified", "continuing", ("目標の数値が小さい",)),
        ("9", None, "unspecified", "continuing", ("目標の数値が小さい",)),
        ("10", "社", "unspecified", "continuing", ()),
        ("10", "億円", "cumulative", "continuing", ("累計",)),
        ("1", "社", "cumulative", "ended", ("目標の件数が少ない", "累計", "終了")),
    ],
)
def test_a_rate_to_be_read_with_care_says_why(target, unit, accumulation, lifecycle, cautions):
    package = _package(
        ("100", target),
        initiatives=[make.initiative("a1", lifecycle=lifecycle)],
        indicators=[make.indicator("a1-1", "a1", unit=unit, accumulation=accumulation)],
        source_notes=[make.note("n", 10), make.note("m", 10), make.note("elsewhere", 11)],
    )
    (found,), _ = home.extremes(package)
    assert found.cautions == cautions
    assert found.doubts == 2


# -- the published pages --------------------------------------------------------


def _rows(table):
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tbody")[0].all("tr")]


def _table(document, caption_id):
    return next(
        table for table in document.all("table") if table.all("caption")[0].attributes["id"] == caption_id
    )


def test_the_home_page_counts_assessments_by_area_as_metrics_do(package):
    rows = _rows(_table(read(pages.home.body(package)), "areas-counts"))
    shown = [item for item in Assessment if metrics.count_assessments(package)[item]]
    assert rows == [
        [area.title, *(str(counts[item]) for item in shown)]
        for area in package.areas
        for counts in [metrics.count_assessments(package, metrics.initiatives_in(package, area.policy_id))]
    ]
    assert sum(int(cell) for row in rows for cell in row[1:]) == len(package.initiatives)


def test_the_home_page_says_why_the_rest_is_not_assessed():
    said = read(pages.home.body(_package(("1", "1"), ("9?", "10"), ("8?", "10")))).with_class("lead")[0].text
    assert "残る2事業は判定していません。実績が見込み値なので保留したものが2事業です。" in said


def test_the_home_page_leads_with_the_money_that_was_not_lent(package):
    total = metrics.settled(package, package.newest_settlement_year)
    said = read(pages.home.body(package)).with_class("lead")[1].text
    assert said.index(words.yen(total.without_loan_fund)) < said.index(words.yen(total.total))


def test_the_home_page_sums_money_by_area_with_and_without_the_loan_fund(package):
    rows = _rows(_table(read(pages.home.body(package)), "areas-money"))
    total = metrics.settled(package, package.newest_settlement_year)
    amounts = [[int(cell.replace(",", "")) for cell in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*amounts, strict=True)] == [
        total.total,
        total.loan_fund,
        total.reported,
        total.not_reported,
    ]


def test_the_home_page_names_the_extremes_with_their_rates(package):
    lists = read(pages.home.body(package)).with_class("extremes")
    for shown, extremes in zip(lists, home.extremes(package), strict=True):
        assert [item.text.split()[0] for item in shown.all("li")] == [
            words.rate(item.result.achievement_rate) for item in extremes
        ]
    assert lists[0].all("li")[0].text.startswith("8,250.0% スタートアップ創出支援事業")
    assert lists[1].all("li")[0].text.startswith("0.0% ")


def test_spending_shows_every_amount_once_and_every_missing_one_in_words(package):
    page = read(pages.spending.body(package))
    shown = [int(row[1].split()[0].replace(",", "")) for row in _rows(_table(page, "initiatives-table"))]
    assert sum(shown) == metrics.settled(package, package.newest_settlement_year).total
    assert shown == sorted(shown, reverse=True)
    missing = [item for item in package.settlements if item.amount_thousand_yen is None]
    named = page.text[page.text.index(f"額のない{len(missing)}事業") :]
    for item in missing:
        assert package.initiative[item.initiative_id].name in named
        assert f"{item.source_line}行目" in named


@pytest.mark.parametrize("table", ["areas-table", "parts-table"])
def test_spending_by_area_and_by_what_is_below_adds_up(package, table):
    total = metrics.settled(package, package.newest_settlement_year)
    amounts = [
        row[2].split()[0].replace(",", "") for row in _rows(_table(read(pages.spending.body(package)), table))
    ]
    assert sum(int(amount) for amount in amounts if amount.isdigit()) == total.total


def test_spending_without_any_loan_fund_speaks_of_none():
    package = _package(("1", "1"), ("2", "2"))
    page = read(pages.spending.body(package))
    assert "200千円" in page.text
    assert "貸付資金" not in page.text


def test_a_loan_fund_is_left_out_of_the_largest_and_shown_apart():
    package = _package(
        ("1", "1"),
        ("2", "2"),
        initiatives=[
            make.initiative("a1", "貸す", is_loan_fund=True),
            make.initiative("a2", "使う", line=11),
        ],
        settlements=[make.settlement("a1", 2022, 9000), make.settlement("a2", 2022, 7)],
    )
    page = read(pages.spending.body(package))
    largest = page.with_class("chart")[-1]
    assert "使う" in largest.text and "貸す" not in largest.text
    assert "「貸す」の9,000千円" in page.by_id("loan-fund").text + page.text


@pytest.mark.parametrize(
    ("confidence", "word"),
    [
        ("1", "とても高い"),
        ("0.9", "とても高い"),
        ("0.89", "高い"),
        ("0.75", "高い"),
        ("0.6", "中くらい"),
        ("0.5", "低い"),
    ],
)
def test_how_sure_a_reading_is_has_a_word(confidence, word):
    assert words.confidence(Decimal(confidence)) == word
