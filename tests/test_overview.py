"""The home page and the page on money say what ``metrics`` calculates, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

import builders as make
from reading_html import read
from shinchoku import addresses, metrics, pages, words
from shinchoku.pages import home


def _package(*pairs, **tables):
    """An initiative a1, a2 … for every (actual, target), in print order."""
    ids = [f"a{number}" for number in range(1, len(pairs) + 1)]
    observations = []
    for line, (name, (actual, target)) in enumerate(zip(ids, pairs, strict=True), 10):
        qualifier = "estimate" if actual.endswith("?") else None
        actual = actual.rstrip("?")
        observations += [
            make.observation(f"{name}-1", 2022, "actual", actual, qualifier=qualifier, source_line=line),
            make.observation(f"{name}-1", 2022, "target", target, source_line=line),
        ]
    defaults = {
        "initiatives": [make.initiative(name, line=10 + number) for number, name in enumerate(ids)],
        "indicators": [make.indicator(f"{name}-1", name) for name in ids],
        "observations": observations,
        "settlements": [make.settlement(name, 2022, 100) for name in ids],
    }
    return make.edition(**{**defaults, **tables})


def _names(extremes):
    return [item.initiative.initiative_id for item in extremes.shown]


def test_extremes_are_the_highest_achieved_and_the_lowest_not_achieved_rates():
    above, below = home.extremes(_package(("300", "100"), ("100", "100"), ("50", "100"), ("20", "100")))
    assert _names(above) == ["a1", "a2"]
    assert _names(below) == ["a4", "a3"]


def test_extremes_are_few_and_leave_out_estimates():
    pairs = [(str(100 + number), "100") for number in range(8)]
    above, below = home.extremes(_package(*pairs, ("999?", "100"), ("1?", "100")))
    assert _names(above) == ["a8", "a7", "a6", "a5", "a4"]
    assert (below.shown, below.doubted) == ([], [])


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
    )
    above, _ = home.extremes(package)
    assert above.shown[0].cautions == cautions


def test_a_rate_on_a_doubted_number_stands_apart_where_it_would_be_extreme():
    pairs = [("300", "100"), ("200", "100"), ("900", "100"), ("150", "100")]
    notes = [
        make.note("n", 12, printed_column="actual_2022"),
        make.note("another-cell", 10, printed_column="actual_2018"),
        make.note("less-than-all", 13, printed_column="target_2022"),
    ]

    def doubted(extremes):
        return [item.initiative.initiative_id for item in extremes.doubted]

    above, below = home.extremes(_package(*pairs, source_notes=notes))
    assert _names(above) == ["a1", "a2"]
    assert doubted(above) == ["a3", "a4"], "there was room for both"
    assert (below.shown, below.doubted) == ([], [])
    certain = [("160", "100")] * home.EXTREMES
    above, _ = home.extremes(_package(*pairs, *certain, source_notes=notes))
    assert doubted(above) == ["a3"], "the other one would stand after the last of them"


# -- the published pages --------------------------------------------------------


def _rows(table):
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tbody")[0].all("tr")]


def _table(document, caption_id):
    return next(
        table for table in document.all("table") if table.all("caption")[0].attributes["id"] == caption_id
    )


def test_the_home_page_counts_outcomes_by_area_and_in_all(package):
    table = _table(read(pages.home.body(package)), "areas-counts")
    assert [row for row in _rows(table) if row[0] == "新たな企業の創出"] == [
        ["新たな企業の創出", "5", "2", "3", "0"]
    ]
    assert sum(int(row[1]) for row in _rows(table)) == len(package.initiatives)
    assert [cell.text for cell in table.all("tfoot")[0].all("th", "td")] == ["合計", "104", "45", "37", "22"]


def test_every_initiative_is_a_square_that_says_its_name_and_verdict(package):
    """Without colour and script: the symbol is text, the name and the verdict are those of the link."""
    squares = read(pages.home.body(package)).with_class("squares")[0]
    links = squares.all("li")
    assert len(links) == len(package.initiatives) == 104
    assert len({item.all("a")[0].attributes["href"] for item in links}) == 104
    snow = next(item for item in squares.all("a") if "/snow-festival/" in item.attributes["href"])
    assert snow.attributes["aria-label"] == "さっぽろ雪まつり事業：目標未達、前の年度と比べて良くなった"
    assert snow.text == "△"
    shown = Counter(item.text for item in links)
    assert (shown["◯"], shown["●"], shown["△"]) == (42, 3, 37)


def _counted(link):
    """(what the text of a link counts, the conditions of the list that it leads to)."""
    address = urlsplit(link.attributes.get("href", ""))
    number = re.search(r"(\d+)(事業)?$", link.text)
    is_list = address.path.endswith(addresses.INITIATIVES) and address.query
    return (int(number[1]), parse_qs(address.query)) if is_list and number else None


def test_every_count_leads_to_a_list_of_that_many(package):
    """With the conditions of the list itself: how many initiatives meet all that a link asks for.

    With ``first``, an area finds only what is listed there first.
    """
    rows = pages.initiatives.rows(package)
    bodies = [pages.home.body(package), pages.report.body(package, "2022")]
    bodies += [pages.area.body(package, area.policy_id) for area in package.areas]
    links = [found for body in bodies for link in read(body).all("a") if (found := _counted(link))]
    assert len(links) > 150
    for number, conditions in links:
        met = {
            row.initiative.initiative_id
            for row in rows
            if all(
                (row.codes.items() if "first" in conditions and name == "area" else row.conditions)
                & {(name, code) for code in codes}
                for name, codes in conditions.items()
                if name not in ("sort", "order", "first")
            )
        }
        assert len(met) == number, conditions


def test_the_counts_that_lead_to_the_list_are_those_of_the_plan(package):
    found = [_counted(link) for link in read(pages.home.body(package)).all("a")]
    reached = ["achieved", "achieved_qualitative"]
    assert (45, {"verdict": reached}) in found
    assert (24, {"verdict": reached, "reached": ["1"], "sort": ["before"]}) in found
    assert (58, {"trend": ["better"]}) in found and (13, {"since": ["worse"]}) in found
    assert (25, {"area": ["small-business"]}) in found
    assert (14, {"area": ["small-business"], "verdict": reached}) in found
    assert (5, {"area": ["new-business"], "first": ["1"]}) in found
    assert (2, {"area": ["new-business"], "first": ["1"], "verdict": reached}) in found
    found = [_counted(link) for link in read(pages.area.body(package, "new-business")).all("a")]
    assert (11, {"area": ["new-business"]}) in found
    assert (2, {"area": ["new-business"], "first": ["1"], "verdict": reached}) in found


def test_the_home_page_says_what_hides_behind_the_counts(package):
    page = read(pages.home.body(package))
    lead = page.with_class("lead")[0].text
    assert "届いた45事業のうち24事業は、それより前の年度にも、同じ目標の値に届いたことがありました" in lead
    assert "令和4年度（2022年度）の報告までのものです。それより後の報告は、まだ載せていません。" in page.text
    doubted, cautioned, ended, shared = page.with_class("cautions")[0].all("li")
    assert (
        doubted.text.startswith("10事業は、判定した数そのもの")
        and cautioned.text.startswith("22事業は、判定した数ではなく")
        and ended.text.startswith("2事業")
        and shared.text.startswith("4事業")
    )
    trends = page.with_class("trends")[0].text
    assert "良くなった 58（うち累計32）" in trends and "悪くなった 13" in trends
    assert "累計は始めた年からの合計なので、ふつう増えます" in page.text
    assert "比べた実績のうち1事業は見込み値です" in page.text
    assert "観光案内所運営事業" in shared.text and "市内周遊交通推進事業" in ended.text


def test_a_card_says_whether_it_counts_what_is_listed_again(package):
    cards = {item.all("a")[0].text: item.text for item in read(pages.home.body(package)).with_class("card")}
    assert "11事業（うち再掲 6）" in cards["新たな企業の創出"]
    assert "約10億556万円" in cards["新たな企業の創出"]
    assert "ここに最初に載った5事業では 約6億1,749万円" in cards["新たな企業の創出"]
    assert "再掲" not in cards["観光"]


def test_the_home_page_says_why_the_rest_is_not_assessed():
    said = read(pages.home.body(_package(("1", "1"), ("9?", "10"), ("8?", "10")))).text
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


def test_the_home_page_names_the_extremes_with_their_rates_and_doubted_ones_apart(package):
    above, below = home.extremes(package)
    found = [rows for each in (above, below) for rows in (each.shown, each.doubted) if rows]
    lists = read(pages.home.body(package)).with_class("extremes")
    for shown, extremes in zip(lists, found, strict=True):
        assert [item.text.split()[0] for item in shown.all("li")] == [
            words.rate(item.result.achievement_rate) for item in extremes
        ]
    assert lists[0].all("li")[0].text.startswith("260.0% 安全・安心な食のまち")
    assert lists[1].all("li")[0].text.startswith("8,250.0% スタートアップ創出支援事業")


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


def test_spending_names_no_two_totals_alike(package):
    """The same words for a total are the same figure, in pictures too."""
    page = read(pages.spending.body(package))
    said = [text for chart in page.with_class("chart") for text in chart.all("desc")]
    totals = {found for text in said for found in re.findall(r"それ以外の合計の(\S+?)と比べて", text.text)}
    assert len(totals) == 1
    rows = {row[0]: row for row in _rows(_table(page, "areas-table"))}
    assert [cell.split()[0] for cell in rows["新たな企業の創出"][2:]] == ["617,489", "89,446,724"]
    assert "1,005,555" in rows["新たな企業の創出"][3]


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
