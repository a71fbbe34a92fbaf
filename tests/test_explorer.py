"""The list of all 事業 in a real browser: what its filters, sorting, comparing and CSV say is what the data say."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from playwright.sync_api import Page, expect

import builders as make
from axe import RULES_OF_SCHEME, Axe
from reading_html import read
from shinchoku import fiscal_year, metrics, pages, words
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition, Package
from shinchoku.package.records import Indicator, Initiative, Observation
from shinchoku.pages import initiatives
from shinchoku.pages.parts import rankings
from shinchoku.pages.parts.searched_text import searched_parts

STATUSES = dictionary.codes(make.package(), "observations", "status")

# -- what the data say, without the explorer's own code -------------------------


@dataclass(frozen=True)
class Entry:
    """An initiative as the published data have it."""

    initiative: Initiative
    indicator: Indicator
    result: metrics.IndicatorResult
    actuals: dict[int, Observation]
    area: int
    amount: int | None
    codes: dict[str, str]
    #: The areas and 柱 where it is listed, at home or again.
    places: set[str]


@pytest.fixture(scope="module")
def entries(package: Package) -> dict[str, Entry]:
    """Every initiative by id, in print order."""
    found = {}
    for number, area in enumerate(package.areas):
        for initiative_id in metrics.initiatives_in(package, area.policy_id):
            initiative = package.initiative[initiative_id]
            (result,) = metrics.results_of_initiative(package, initiative_id)
            home = package.policy_path(package.original_listing[initiative_id].policy_id)
            (settlement,) = package.settlements_of_initiative[initiative_id]
            found[initiative_id] = Entry(
                initiative=initiative,
                indicator=result.indicator,
                result=result,
                actuals={
                    year: package.observation[result.indicator.indicator_id, year, "actual"]
                    for year in package.actual_years
                },
                area=number,
                amount=settlement.amount_thousand_yen,
                codes={
                    "area": area.policy_id,
                    "pillar": next((node.policy_id for node in home if node.level == "pillar"), ""),
                    "verdict": result.assessment.value,
                    "kind": result.indicator.accumulation,
                    "state": initiative.lifecycle,
                    "star": "1" if initiative.has_mark else "",
                    "grant": "1" if package.grant_links_of_initiative.get(initiative_id) else "",
                    "trend": result.trend.value,
                    "since": result.trend_from_reference.value,
                    "reached": "1" if result.reached_before else "",
                    "doubt": "number" if result.doubts else "indicator" if result.cautions else "",
                    "shared": "1" if result.indicator.indicator_id in package.indicators_alike else "",
                },
                places={
                    node.policy_id
                    for listing in package.listings_of_initiative[initiative_id]
                    for node in package.policy_path(listing.policy_id)
                },
            )
    return found


def _meets(entry: Entry, name: str, values: list[str], is_home_only: bool) -> bool:
    if name in ("area", "pillar") and not is_home_only:
        return not entry.places.isdisjoint(values)
    return entry.codes[name] in values


def _meeting(entries: dict[str, Entry], conditions: dict[str, list[str]]) -> list[str]:
    asked = {name: values for name, values in conditions.items() if name != "first"}
    return [
        initiative_id
        for initiative_id, entry in entries.items()
        if all(_meets(entry, name, values, "first" in conditions) for name, values in asked.items())
    ]


# -- the page and how it is operated ----------------------------------------------


@pytest.fixture(scope="module")
def root(built_site: Path, serve: Callable[..., str]) -> str:
    return serve(built_site) + "initiatives/"


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def visit(open_tab: Callable[..., Page], root: str) -> Iterator[Callable[..., Page]]:
    """``visit(query, **options of the browser's context)``: the explorer, once its script has run."""
    problems = []
    listeners = {
        "pageerror": lambda error: problems.append(str(error)),
        "console": lambda message: message.type == "error" and problems.append(message.text),
    }

    def start(query: str = "", at: str = root, **options: object) -> Page:
        page = open_tab(listeners, **{"viewport": {"width": 1366, "height": 900}, **options})
        page.goto(at + query)
        if options.get("java_script_enabled", True) and not query.endswith("/"):
            page.locator(".is-ready").wait_for()
        if "pick=" in query or "compare=" in query:
            page.wait_for_load_state("networkidle")  # what compares is fetched only then
        return page

    yield start
    assert problems == []


def _settled(page: Page) -> Page:
    """Once what was asked for is shown."""
    page.locator(".explorer__table:not([aria-busy])").wait_for(state="attached")
    return page


def _ids(page: Page) -> list[str]:
    _settled(page)
    links = page.locator(".explorer__table .row__name")
    return links.evaluate_all("all => all.map(link => link.getAttribute('href').replace('/', ''))")


def _open_conditions(page: Page) -> None:
    closed = page.locator(".finder__toggle[aria-expanded=false]")
    while closed.count():
        closed.first.click()


def _choose(page: Page, conditions: dict[str, list[str]]) -> None:
    _open_conditions(page)
    for name, values in conditions.items():
        if name in ("pillar", "year"):
            page.locator(f"[name={name}]").select_option(values[0])
            continue
        for value in values:
            page.locator(f"[name={name}][value='{value}']").check()
    chosen = [[name, value] for name, values in conditions.items() for value in values]
    page.wait_for_function(
        "all => all.every(([name, value]) => new URLSearchParams(location.search).getAll(name).includes(value))",
        arg=chosen,
    )


def _query(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(page.evaluate("location.search.slice(1)"))


CONDITIONS = [
    {},
    {"area": ["food"]},
    {"star": ["1"], "verdict": ["not_achieved"]},
    {"verdict": ["pending", "no_actual", "provisional"]},
    {"area": ["tourism", "food"], "verdict": ["achieved"], "kind": ["cumulative", "annual"]},
    {"pillar": ["human-resources-p3"]},
    {"area": ["human-resources"], "pillar": ["human-resources-p1"], "kind": ["cumulative"]},
    {"state": ["ended", "merged", "single_year"]},
    {"grant": ["1"], "state": ["continuing"]},
    {"area": ["new-business"], "first": ["1"]},
    {"trend": ["worse"], "since": ["worse", "better"], "verdict": ["not_achieved"]},
    {"reached": ["1"], "verdict": ["achieved", "achieved_qualitative"]},
    {"doubt": ["number"], "area": ["tourism"]},
    {"shared": ["1"]},
    {"kind": ["single_year", "unspecified"], "verdict": ["achieved_qualitative", "none", "no_target"]},
]


@pytest.mark.parametrize("conditions", CONDITIONS, ids=lambda item: urlencode(item, doseq=True) or "none")
def test_filters_find_what_the_data_say_and_the_address_finds_it_again(visit, entries, package, conditions):
    expected = _meeting(entries, conditions)
    page = visit()
    _choose(page, conditions)
    assert _ids(page) == expected
    asked = [(name, value) for name, values in conditions.items() for value in values]
    assert sorted(_query(page)) == sorted(asked)

    shared = visit(page.evaluate("location.search"))
    assert _ids(shared) == expected
    for opened in (page, shared):
        _assert_count(opened, entries, expected)
        _assert_sum(opened, metrics.settled(package, package.newest_settlement_year, expected))
        assert opened.locator(".chips button").count() == len(asked)


def _assert_count(page: Page, entries: dict[str, Entry], found: list[str]) -> None:
    assert page.locator(".found__count").inner_text().startswith(f"{len(entries)}件中 {len(found)}件")


def _assert_sum(page: Page, money: metrics.Money) -> None:
    said = page.locator(".found__money").first.inner_text()
    assert f"合計 {words.thousand_yen(money.total)}（{words.yen(money.total)}）。" in said
    without = f"貸付資金を除くと {words.thousand_yen(money.without_loan_fund)}（{words.yen(money.without_loan_fund)}）"
    assert (without in said) == bool(money.loan_fund)
    assert ("除くと" in said) == bool(money.loan_fund)
    assert (f"記載がない{money.not_reported}件は含みません" in said) == bool(money.not_reported)
    assert said.endswith("このサイトの計算")


def test_the_small_amounts_are_said_as_the_pages_say_them(visit):
    page = visit()
    amounts = [0, 1, 9, 10, 11, 14, 15, 99, 9_995, 99_995, 100_000, 100_004, 412_018, 1_000_000, 93_198_101]
    said = page.evaluate(
        "async (all) => { const { yen } = await import('../assets/explorer-text.js'); return all.map(yen) }",
        amounts,
    )
    assert said == [words.yen(amount) for amount in amounts]


def test_a_citizen_finds_the_initiatives_with_a_star_that_missed_their_target(visit, entries):
    page = visit()
    page.get_by_text("ランキングなど、よく使う見方").click()
    page.get_by_role("link", name="★印の事業").click()
    page.wait_for_url("**/?star=1")
    starred = _meeting(entries, {"star": ["1"]})
    assert _ids(page) == starred
    assert page.locator("tbody .star").count() == len(starred)
    _open_conditions(page)
    missed = page.get_by_role("checkbox", name="目標未達")
    missed.check()
    expected = _meeting(entries, {"star": ["1"], "verdict": ["not_achieved"]})
    page.wait_for_function("() => location.search === '?verdict=not_achieved&star=1'")
    assert _ids(page) == expected
    _assert_count(page, entries, expected)
    assert page.get_by_text("すべての条件に合う事業は1件もありません。").is_visible() == (not expected)


def test_options_say_how_many_they_would_find_beside_the_other_conditions(visit, entries):
    page = visit("?area=food&area=tourism&kind=annual")
    counts = page.locator(".finder .option").evaluate_all(
        "all => all.map(({ firstChild: box, lastChild }) =>"
        " [box.name, box.value, Number(lastChild.querySelector('.sub')?.textContent)])"
    )
    asked = {"area": ["food", "tourism"], "kind": ["annual"]}
    assert len(counts) > 20
    for name, value, count in counts:
        assert name == "first" or count == len(_meeting(entries, {**asked, name: [value]})), (name, value)


def test_a_citizen_finds_what_food_costs(visit, package):
    page = visit(viewport={"width": 390, "height": 800})
    _open_conditions(page)
    page.get_by_role("group", name="分野・戦略").get_by_text("食", exact=True).click()
    money = metrics.settled(package, 2022, metrics.initiatives_in(package, "food", include_relisted=True))
    page.get_by_text(f"合計 {words.thousand_yen(money.total)}").wait_for()
    _assert_sum(page, money)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("雪まつり", "snow-festival"),
        ("ﾎﾜｲﾄ", "white-illumination"),
        ("ほわいと　いるみ", "white-illumination"),
        ("ｄｘ", "sme-dx"),
        ("定山渓", "jozankei-appeal"),
        ("定山溪 魅力", "jozankei-appeal"),
        ("来場者数 雪", "snow-festival"),
    ],
)
def test_words_are_found_however_they_are_typed(visit, entries, typed, found):
    page = visit()
    page.get_by_role("searchbox", name="言葉").fill(typed)
    page.wait_for_function("() => location.search.includes('q=')")
    assert found in _ids(page)
    assert len(_ids(page)) < len(entries) / 4


def test_nothing_found_is_said_with_a_way_back(visit, entries):
    page = visit("?q=ありえない言葉")
    page.get_by_text("すべての条件に合う事業は1件もありません。").wait_for()
    assert not page.locator(".explorer__table").is_visible()
    page.get_by_role("button", name="条件「言葉：ありえない言葉」を外す").click()
    page.wait_for_function("() => location.search === ''")
    assert _ids(page) == list(entries)
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.evaluate("location.search") == ""


def test_a_word_is_looked_for_where_the_search_looks_and_the_list_says_where(visit, entries, package):
    expected = [name for name in entries if "女性" in "\n".join(chain(*searched_parts(package, name)))]
    page = visit("?q=女性")
    page.get_by_text("「女性」を事業名・指標・内容").wait_for()
    named = [
        name for name in expected if "女性" in entries[name].initiative.name + entries[name].indicator.label
    ]
    assert _ids(page) == [*named, *(name for name in expected if name not in named)]
    _assert_sum(page, metrics.settled(package, 2022, expected))
    assert "「女性」を事業名・指標・内容・計画での場所" in page.locator("[data-searched]").inner_text()
    money = page.locator("[data-sum=total]").locator("..")
    assert (
        "この言葉のためだけの額ではありません。うち事業名か指標に言葉があるもの 3事業 68,100千円（6,810万円）。"
        in money.inner_text()
    )
    assert page.locator("[data-sum=total]").evaluate("total => getComputedStyle(total).fontWeight") == "400"
    where = page.locator("tbody th > .sub").all_inner_texts()
    assert len(where) == len(expected) - len(named)
    assert set(where) == {"言葉の場所：内容", "言葉の場所：計画での場所"}


def test_the_kind_of_an_indicator_is_found_too(visit, entries):
    page = visit("?q=累計")
    page.get_by_text("「累計」を事業名・指標・内容").wait_for()
    kinds = {name for name, entry in entries.items() if entry.indicator.accumulation == "cumulative"}
    assert kinds and kinds <= set(_ids(page))


def test_a_phone_says_when_a_target_was_first_reached(visit):
    page = visit("?reached=1", viewport={"width": 390, "height": 844})
    cell = page.locator("tbody td:nth-of-type(8)").first
    assert cell.is_visible()
    assert cell.evaluate("cell => getComputedStyle(cell, '::after').content") == '"に届いた"'


def test_without_the_searched_text_the_table_is_searched_and_says_so(visit, entries):
    page = visit()
    page.route("**/searched.json", lambda route: route.fulfill(status=200, body="no JSON"))
    page.get_by_role("searchbox", name="言葉").fill("女性")
    page.wait_for_function("() => location.search.includes('q=')")
    assert "事業名と指標だけから探しました" in page.locator("[data-searched]").inner_text()
    assert _ids(page) == [
        name for name, entry in entries.items() if "女性" in entry.initiative.name + entry.indicator.label
    ]


def test_what_is_listed_again_is_found_marked_and_summed_apart(visit, entries, package):
    page = visit("?area=new-business")
    found = _meeting(entries, {"area": ["new-business"]})
    first = metrics.initiatives_in(package, "new-business")
    assert _ids(page) == found and len(found) == 11 and len(first) == 5
    marked = page.locator("tr:has(.tag:text-is('再掲')) .row__name")
    assert marked.evaluate_all("all => all.map(link => link.getAttribute('href').replace('/', ''))") == [
        name for name in found if name not in first
    ]
    assert "（最初に載っているもの5件、再掲6件）" in page.locator(".found__count").inner_text()
    assert f"5件の合計は{words.thousand_yen(617_489)}" in page.locator("[data-sum=first]").inner_text()
    assert words.thousand_yen(1_005_555) in page.locator("[data-sum=without]").inner_text()
    page = visit("?area=new-business&first=1")
    assert _ids(page) == list(first)
    assert not page.locator("[data-sum=first]").is_visible()


def test_reset_clears_every_condition(visit, entries):
    page = visit(
        "?area=food&q=農&sort=rate&order=desc&year=2019&star=1&pillar=human-resources-p1&state=ended"
    )
    page.get_by_text("すべての条件に合う事業は1件もありません。").wait_for()
    assert _ids(page) == []
    page.get_by_role("button", name="条件をすべて消す").click()
    assert _ids(page) == list(entries)
    assert page.evaluate("location.search") == ""
    assert not page.get_by_role("button", name="条件をすべて消す").is_visible()


def test_an_address_that_means_nothing_shows_everything(visit, entries):
    page = visit("?area=nowhere&sort=x&order=y&year=1900&pick=nobody&compare=nobody,nothing&z=%3Cb%3E")
    assert _ids(page) == list(entries)
    assert not page.locator(".comparison, .picks").first.is_visible()


# -- sorting --------------------------------------------------------------------


def _sorted(entries: dict[str, Entry], key: Callable[[Entry], Decimal | int | None], sign: int) -> list[str]:
    """By number, stable, and those without one last in both directions."""
    with_number = [(name, key(entry)) for name, entry in entries.items() if key(entry) is not None]
    without = [name for name, entry in entries.items() if key(entry) is None]
    return [name for name, number in sorted(with_number, key=lambda item: sign * item[1])] + without


def _number(observation: Observation | None) -> Decimal | None:
    return observation.value if observation else None


NUMBERS: dict[str, Callable[[Entry], Decimal | int | None]] = {
    "area": lambda entry: entry.area,
    "actual": lambda entry: _number(entry.actuals[max(entry.actuals)]),
    "target": lambda entry: _number(entry.result.target),
    "verdict": lambda entry: list(metrics.Assessment).index(entry.result.assessment),
    "rate": lambda entry: entry.result.achievement_rate,
    "trend": lambda entry: {"better": 0, "same": 1, "worse": 2}.get(entry.result.trend),
    "before": lambda entry: entry.result.reached_before,
    "money": lambda entry: entry.amount,
}
HEADINGS = {
    "name": "事業",
    "area": "分野・戦略",
    "indicator": "指標",
    "actual": "実績",
    "target": "目標",
    "verdict": "判定",
    "rate": "達成率",
    "trend": "前の年度から",
    "before": "前に届いた年度",
    "money": "決算見込額",
}


@pytest.mark.parametrize("column", NUMBERS)
def test_numbers_are_sorted_as_numbers_up_down_and_back_to_print(visit, entries, column):
    page = visit()
    head = page.locator(f"[data-sort={column}]")
    button = head.get_by_role("button", name=HEADINGS[column])
    steps = [("ascending", 1), ("descending", -1)]
    for said, sign in steps:
        button.click()
        _settled(page)
        assert head.get_attribute("aria-sort") == said
        assert page.locator("[aria-sort]").count() == 1
        assert _ids(page) == _sorted(entries, NUMBERS[column], sign)
        assert _ids(visit(page.evaluate("location.search"))) == _ids(page)
    button.click()
    _settled(page)
    assert head.get_attribute("aria-sort") is None
    assert _ids(page) == list(entries)


@pytest.mark.parametrize("column", ["name", "indicator"])
def test_words_are_sorted_kana_before_kanji_and_kanji_by_their_usual_order(visit, entries, column):
    """The order of JIS X 0208, in which the common kanji stand by their reading."""
    page = visit()
    texts = {
        name: entry.initiative.name if column == "name" else entry.indicator.label
        for name, entry in entries.items()
    }
    for sign in (1, -1):
        page.locator(f"[data-sort={column}] button").click()
        _settled(page)
        shown = [texts[name] for name in _ids(page)][::sign]
        assert sorted(shown) == sorted(texts.values())
        kanji = [re.match(r"[一-鿿]", text) is not None for text in shown]
        assert kanji == sorted(kanji)
        first = [text[0].encode("cp932") for text, is_kanji in zip(shown, kanji, strict=True) if is_kanji]
        assert first == sorted(first) and len(set(first)) > 20


def test_the_actual_of_any_year_can_be_shown_and_sorted(visit, entries, package):
    for year in package.actual_years:
        page = visit(f"?year={year}&sort=actual&order=desc")
        expected = _sorted(entries, lambda entry, year=year: _number(entry.actuals[year]), -1)
        assert _ids(page) == expected
        head = page.locator("[data-sort=actual]").inner_text()
        assert "".join(head.split()) == "実績" + words.year(year)
        shown = page.locator("tbody td:nth-of-type(3)").all_inner_texts()
        assert [" ".join(text.split()) for text in shown] == [
            _said(entries[name].actuals[year], entries[name].indicator.unit) for name in expected
        ]
        if year == package.newest_actual_year:
            assert ("year", str(year)) in _query(
                page
            )  # an address is kept as it came, until something is asked


def _said(observation: Observation, unit: str | None) -> str:
    """What a cell says, white space aside."""
    if observation.status != "reported":
        reason = STATUSES[observation.status].short
        printed = observation.printed
        if not printed or printed == reason:
            return reason
        return f"{reason}（{printed}）" if len(printed) < 3 else f"{reason}資料の表記：{printed}"
    if observation.value is None:
        return observation.text
    note = {None: "", "estimate": "見込み値", "as_of": f"時点の値（{observation.remark}）"}[
        observation.qualifier
    ]
    return f"{words.number(observation.value)}{unit or ''}{note}"


def test_phones_sort_by_a_menu(visit, entries):
    page = visit(viewport={"width": 390, "height": 800})
    assert not page.locator(".explorer__table thead").is_visible()
    page.get_by_label("並べ替え").select_option("決算見込額")
    page.get_by_label("向き").select_option("大きい順")
    page.wait_for_function("() => location.search === '?sort=money&order=desc'")
    assert "並べ方：決算見込額（大きい順）" in page.locator(".found__count").inner_text()
    first = _sorted(entries, NUMBERS["money"], -1)
    assert _ids(page) == first[:30]
    for rest in ("次の30件を表示（残り74件）", "次の30件を表示（残り44件）", "残り14件も表示"):
        page.get_by_role("button", name=rest).click()
    assert _ids(page) == first


@pytest.mark.parametrize("ranking", rankings.RANKINGS, ids=lambda ranking: ranking.name)
def test_a_ranking_has_an_address_with_a_heading(visit, package, ranking):
    ranking = next(each for each in rankings.offered(package) if each.name == ranking.name)
    page = visit("?" + ranking.query)
    assert page.get_by_role("heading", name=ranking.title).is_visible()
    assert page.title().startswith(ranking.title)
    expected = rankings.in_order(ranking, rankings.all_ranked(package))
    assert _ids(page)[: len(expected)] == [each.initiative.initiative_id for each in expected]
    _open_conditions(page)
    page.locator("[name=star]").check()
    page.wait_for_function("() => location.search.includes('star')")
    assert not page.get_by_role("heading", name=ranking.title).is_visible()


# -- the address and Back ---------------------------------------------------------


def test_back_restores_what_was_asked_and_chosen(visit, entries):
    page = visit()
    _choose(page, {"area": ["tourism"], "verdict": ["not_achieved"]})
    page.locator("[data-sort=rate] button").click()
    page.get_by_role("checkbox", name="さっぽろ雪まつり事業を比べる").check()
    page.locator(".picks").wait_for()
    before, address = _ids(page), page.url
    page.get_by_role("link", name="さっぽろ雪まつり事業").click()
    page.wait_for_url("**/initiatives/snow-festival/")
    page.go_back(wait_until="networkidle")
    assert page.url == address
    assert _ids(page) == before
    expect(page.locator("[name=area][value=tourism]")).to_be_checked()
    expect(page.get_by_role("checkbox", name="さっぽろ雪まつり事業を比べる")).to_be_checked()


def test_back_leaves_the_comparison(visit, entries):
    page = visit("?area=tourism&pick=snow-festival,autumn-fest")
    page.get_by_role("button", name="比べる", exact=True).click()
    assert page.get_by_role("heading", name="事業を比べる").is_visible()
    assert not page.locator(".explorer").is_visible()
    assert page.evaluate("location.search") == "?area=tourism&compare=snow-festival,autumn-fest"
    page.go_back()
    page.locator(".explorer").wait_for()
    assert not page.locator(".comparison").is_visible()
    assert _ids(page) == _meeting(entries, {"area": ["tourism"]})
    page.go_forward()
    page.locator(".comparison").wait_for()


# -- comparing ------------------------------------------------------------------------


def test_every_initiative_compares_with_exactly_its_data(visit, entries, package):
    page = visit("?compare=snow-festival,autumn-fest")
    names = list(entries)
    for start in range(0, len(names), 4):
        chosen = names[start : start + 4]
        page.evaluate(
            "all => { history.pushState(null, '', `?compare=${all}`); dispatchEvent(new Event('popstate')) }",
            ",".join(chosen),
        )
        page.wait_for_function(
            "all => [...document.querySelectorAll('.comparison__table thead a')]"
            ".map(link => link.getAttribute('href').replace('/', '')).join() === all",
            arg=",".join(chosen),
        )
        lines = page.locator(".comparison__table tbody tr:not(.group):not(:has(svg))").evaluate_all(
            "all => all.map(line => [...line.cells].map(cell => cell.textContent.replace(/\\s+/g, ' ').trim()))"
        )
        found = {line[0]: line[1:] for line in lines[:-1]}
        found["money"] = lines[-1][1:]  # named by the same year as the actual
        for column, name in enumerate(chosen):
            entry = entries[name]
            for year in package.actual_years:
                assert found[words.year(year)][column] == _said(entry.actuals[year], entry.indicator.unit)
            assert found["目標" + words.year(entry.result.fiscal_year)][column] == _said(
                entry.result.target, entry.indicator.unit
            )
            verdict = words.ASSESSMENTS[entry.result.assessment].label
            assert verdict in found["判定"][column]
            assert words.doubt(entry.result) in found["判定"][column]
            assert ("疑問" in found["判定"][column]) == entry.result.is_doubted
            rate = entry.result.achievement_rate
            assert found["達成率"][column].startswith("計算なし" if rate is None else words.rate(rate))
            before = entry.result.reached_before
            assert found["前に届いた年度"][column] in (
                [fiscal_year.era(before)] if before else ["なし", "計算なし"]
            )
            for title, trend in {
                "前の年度から": entry.result.trend,
                "コロナ禍の前（令和元年度）から": entry.result.trend_from_reference,
            }.items():
                assert words.TRENDS[trend].label in found[title][column]
            assert found["指標"][column].startswith(entry.indicator.label)
            if entry.amount is None:
                assert found["money"][column].startswith("記載なし")
            else:
                assert found["money"][column] == words.thousand_yen(entry.amount)


def test_two_to_four_are_compared_and_the_limit_is_said(visit, entries):
    page = visit()
    names = [entry.initiative.name for entry in list(entries.values())[:5]]
    boxes = [page.get_by_role("checkbox", name=f"{name}を比べる", exact=True) for name in names]
    boxes[0].check()
    bar = page.get_by_role("region", name="比べる事業")
    bar.get_by_text("あと1件選ぶと").wait_for()
    assert not bar.get_by_role("button", name="比べる", exact=True).is_visible()
    for box in boxes[1:4]:
        box.check()
    boxes[4].click()
    bar.get_by_text("比べられるのは4件までです").wait_for()
    assert not boxes[4].is_checked()
    assert page.locator("[data-say]").inner_text().startswith("比べられるのは4件まで")
    assert page.evaluate("location.search") == "?pick=" + ",".join(list(entries)[:4])

    bar.get_by_role("button", name="比べる", exact=True).click()
    assert page.evaluate("document.activeElement.id") == "comparison-title"
    table = page.locator(".comparison__table")
    assert table.locator("thead .row__name").all_inner_texts() == names[:4]
    page.get_by_role("button", name=f"「{names[0]}」を比較から外す").click()
    assert table.locator("thead .row__name").all_inner_texts() == names[1:4]
    page.get_by_role("button", name=f"「{names[1]}」を比較から外す").click()
    page.get_by_role("button", name=f"「{names[2]}」を比較から外す").click()
    assert page.locator(".explorer").is_visible()
    assert page.evaluate("location.search") == f"?pick={list(entries)[3]}"
    page.get_by_role("button", name="選択をやめる").click()
    assert page.evaluate("location.search") == ""
    assert not page.locator(".picks").is_visible()


def test_choosing_faster_than_the_network_loses_nothing(visit, entries):
    page = visit()
    boxes = page.locator(".explorer__table [type=checkbox]")
    boxes.evaluate_all("all => all.slice(0, 3).forEach(box => box.click())")
    page.wait_for_function("() => location.search.split(',').length === 3")
    assert boxes.evaluate_all("all => all.map(box => box.checked)").count(True) == 3


def test_an_initiative_page_leads_to_comparing_it(visit, root):
    page = visit("snow-festival/")
    page.get_by_role("link", name="ほかの事業と比べる").click()
    page.wait_for_url(root + "?compare=snow-festival")
    page.get_by_text("あと1件選ぶと").wait_for()
    assert page.get_by_role("checkbox", name="さっぽろ雪まつり事業を比べる").is_checked()
    assert page.locator(".picks [data-near]").get_by_role("button").first.is_visible()


def test_neighbours_are_suggested_and_join_the_comparison(visit, entries):
    page = visit("?compare=tourism-information,snow-festival")
    near = page.locator(".comparison [data-near]")
    assert "同じ名前の指標" in near.inner_text() and "計画の同じ場所" in near.inner_text()
    near.get_by_role("button", name="「観光案内所運営事業」も比べる（同じ名前の指標）").click()
    assert page.evaluate("location.search").endswith("snow-festival,tourist-information-centers")
    assert page.locator(".comparison__table thead .row__name").count() == 3


def test_charts_have_one_scale_where_the_unit_is_the_same(visit, entries):
    page = visit("?compare=snow-festival,autumn-fest,tourism-information")
    heights = page.locator(".small").evaluate_all(
        "all => all.map(svg => Number([...svg.querySelectorAll('rect')].at(-1).getAttribute('height')))"
    )
    snow, autumn = (entries[name].actuals[2022].value for name in ("snow-festival", "autumn-fest"))
    assert heights[0] / heights[1] == pytest.approx(float(snow / autumn))
    said = page.locator("[data-scales]").inner_text()
    assert "単位が同じ（万人）図は、目盛りも同じ" in said and "単位の違う図どうし" in said


def test_rates_share_one_scale_with_a_mark_for_the_target(visit, entries):
    chosen = ["snow-festival", "food-sales-expansion"]
    page = visit("?compare=" + ",".join(chosen))
    drawn = page.locator(".meter").evaluate_all(
        "all => all.map(bar => ['--rate', '--goal'].map(name => Number(bar.style.getPropertyValue(name))))"
    )
    rates = [float(entries[name].result.achievement_rate) for name in chosen]
    longest = max(100, *rates)
    assert drawn == [pytest.approx([rate / longest, 100 / longest]) for rate in rates]


# -- CSV ------------------------------------------------------------------------------


def _download(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name="表示中の事業をCSVで保存").click()
    assert download.value.suggested_filename == "initiatives-shown.csv"
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("query", ["", "?area=tourism&sort=rate&year=2021&q=事業", "?q=ありえない言葉"])
def test_the_csv_is_those_rows_of_the_published_table_that_are_shown(visit, built_site, query):
    published = (built_site / "data/initiatives-newest.csv").read_text(encoding="utf-8")
    assert published.count("\n") == 105, "no cell has a line end: a line is a row"
    header, *lines = published.splitlines(keepends=True)
    row_of = {line.split(",")[0]: line for line in lines}
    page = visit(query)
    page.wait_for_load_state("networkidle")
    saved = _download(page).decode("utf-8")
    assert saved == "\ufeff" + header + "".join(row_of[key] for key in _ids(page))
    page.get_by_text(f"{saved.count(chr(10)) - 1}事業をCSVで保存しました").last.wait_for()
    assert not [path for path in built_site.rglob("initiatives-shown.csv")], (
        "another name than any published file"
    )


def test_where_the_table_cannot_be_fetched_it_is_said(visit):
    page = visit()
    page.route("**/initiatives-newest.csv", lambda route: route.fulfill(status=200, body=""))
    page.get_by_role("button", name="表示中の事業をCSVで保存").click()
    page.locator("[data-saved]", has_text="表を取り出せませんでした").wait_for()


# -- without scripts, by keyboard, for everybody -----------------------------------------


def test_without_scripts_the_whole_table_is_there_and_nothing_that_needs_them(visit, entries):
    for width in (390, 1366):
        page = visit(java_script_enabled=False, viewport={"width": width, "height": 900})
        assert page.locator("tbody tr").count() == len(entries)
        assert page.locator("tbody tr").last.is_visible()
        for selector in (".finder", ".shortcuts ul", "[data-csv]", ".picks", ".comparison", "[data-empty]"):
            assert not page.locator(selector).first.is_visible(), selector


def test_cards_are_still_a_table_for_who_listens(visit, entries):
    page = visit("?area=food", viewport={"width": 390, "height": 800})
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node.get("role", {}).get("value") for node in nodes if not node.get("ignored")]
    food = _meeting(entries, {"area": ["food"]})
    assert roles.count("table") == 1
    assert roles.count("row") == len(food)
    assert roles.count("rowheader") == len(food)
    without_trend = sum(entries[name].result.trend == "not_comparable" for name in food)
    assert roles.count("cell") + roles.count("gridcell") == 4 * len(food) - without_trend
    page.get_by_role("button", name="1件ずつくわしく").click()
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node.get("role", {}).get("value") for node in nodes if not node.get("ignored")]
    assert roles.count("cell") + roles.count("gridcell") == 9 * len(food)


def _tab_to(page: Page, selector: str) -> None:
    """Tab forward until the element has the focus; the focus is seen all the way."""
    for _ in range(400):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
              const { activeElement: element } = document;
              const { outlineStyle, outlineWidth } = getComputedStyle(element);
              return { inside: !!element.closest('.page--explorer'), style: outlineStyle, width: outlineWidth };
            }"""
        )
        if focus["inside"]:
            assert focus["style"] != "none" and float(focus["width"].removesuffix("px")) >= 2, selector
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_everything_works_by_keyboard_alone(visit, entries, package):
    page = visit()
    _tab_to(page, "[name=q]")
    page.keyboard.type("事業")
    page.wait_for_function("() => location.search.includes('q=')")
    _tab_to(page, "[name=sort]")
    for _ in range(list(HEADINGS).index("rate") + 1):
        page.keyboard.press("ArrowDown")
    page.wait_for_function("() => location.search.includes('sort=rate')")
    panels = [page.get_by_role("button", name=name, exact=True) for name in ("判定", "そのほか")]
    for panel in panels:
        _tab_to(page, f"[aria-controls={panel.get_attribute('aria-controls')}]")
        page.keyboard.press("Enter")
    for option, key in (("[name=verdict][value=not_achieved]", "Space"), ("[name=year]", "ArrowDown")):
        _tab_to(page, option)
        page.keyboard.press(key)
    expected = [
        name
        for name in _sorted(entries, NUMBERS["rate"], 1)
        if entries[name].codes["verdict"] == "not_achieved"
        and "事業" in "".join(chain(*searched_parts(package, name)))
    ]
    assert _ids(page) == expected
    for name in expected[:2]:
        _tab_to(page, f"[aria-label='{entries[name].initiative.name}を比べる']")
        page.keyboard.press("Space")
    _tab_to(page, "[data-compare]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "comparison-title"
    _tab_to(page, "[data-close]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('[data-compare]')")
    assert _ids(page) == expected


@pytest.mark.parametrize(("width", "most"), [(390, 15), (1366, 10)])
def test_the_first_result_is_few_stops_away(visit, width, most):
    """On a desktop from the link that skips the navigation."""
    page = visit(viewport={"width": width, "height": 800})
    if width > 1000:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    for _ in range(most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('tbody') !== null"):
            return
    raise AssertionError(page.evaluate("document.activeElement.outerHTML"))


def test_a_phone_is_not_scrolled_for_ever(visit):
    page = visit(viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollHeight") < 7_000


def test_the_bar_hides_nothing_that_has_the_focus(visit):
    page = visit("?pick=snow-festival,autumn-fest", viewport={"width": 390, "height": 700})
    page.locator(".row__name").nth(3).focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        below = page.evaluate(
            "document.activeElement.getBoundingClientRect().bottom"
            " <= document.querySelector('.picks').getBoundingClientRect().top"
        )
        assert below, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize(
    "query",
    [
        "?area=food&verdict=not_achieved&q=農&sort=rate",
        "?star=1&pick=snow-festival,sme-dx,autumn-fest,city-jazz",
        "?compare=snow-festival,sme-dx,autumn-fest,energy-loss-improvement",
        "?q=ありえない言葉",
    ],
)
def test_every_state_is_accessible_and_fits(visit, axe, query):
    page = visit(query, viewport={"width": 320, "height": 3000}, reduced_motion="reduce")
    if page.locator(".explorer").is_visible():
        _open_conditions(page)
    for scheme, rules_at in RULES_OF_SCHEME.items():
        page.emulate_media(color_scheme=scheme)
        for width, rules in rules_at.items():
            # So tall that the bar of what is chosen covers no part of a control, which axe would take for its size.
            page.set_viewport_size({"width": width, "height": 3000})
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert axe.violations(page, rules) == [], (scheme, width)
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )


def test_changes_are_announced(visit, entries):
    page = visit()
    status = page.get_by_role("status").filter(has_text=re.compile("."))
    _choose(page, {"area": ["food"]})
    page.wait_for_function("() => document.querySelector('[data-say]').textContent")
    found = _meeting(entries, {"area": ["food"]})
    assert status.inner_text().startswith(f"{len(entries)}件中{len(found)}件（最初に載っているもの11件、再掲")
    page.get_by_role("checkbox", name="を比べる").first.check()
    page.wait_for_function("() => document.querySelector('[data-say]').textContent.includes('選びました')")


def test_on_paper_conditions_and_headings_stay_and_controls_go(visit):
    page = visit("?compare=snow-festival,autumn-fest")
    page.emulate_media(media="print")
    assert page.locator(".comparison__table").is_visible()
    for selector in ("[data-close]", ".comparison__table button"):
        assert not page.locator(selector).first.is_visible(), selector
    page = visit("?area=food&pick=snow-festival")
    page.emulate_media(media="print")
    for said in ("[data-sort=actual] b", "[data-sort=rate] b", ".chips .chip"):
        assert page.locator(said).first.is_visible(), said
    # A browser repeats the headings on every sheet only where no button is in them.
    assert page.locator(".sort").first.evaluate("button => getComputedStyle(button).display") == "contents"
    for selector in (".finder", ".picks", ".pick", "[data-csv]"):
        assert not page.locator(selector).first.is_visible(), selector


# -- size ------------------------------------------------------------------


def test_the_page_is_light(built_site):
    assets = built_site / "assets"
    scripts = sorted(assets.glob("explorer*.js"))
    assert len(scripts) == 6
    assert (assets / "explorer.js").stat().st_size <= 17 * 1024
    sizes = {path.stem: len(gzip.compress(path.read_bytes())) for path in scripts}
    at_once = sum(sizes[name] for name in ("explorer", "explorer-rows", "explorer-text"))
    assert at_once <= 9.5 * 1024, "before anything is asked"
    assert sum(sizes.values()) <= 14.5 * 1024
    assert len(gzip.compress((built_site / initiatives.SEARCHED).read_bytes())) <= 20 * 1024, (
        "once a word is typed"
    )
    html = (built_site / "initiatives/index.html").read_text(encoding="utf-8")
    table = html[html.index("<tbody") : html.index("</tbody>")]
    assert len(table.encode("utf-8")) / table.count("<tr") < 1500


@pytest.fixture(scope="module")
def long_list(built_site, serve, tmp_path_factory, package) -> str:
    """The same list as one is made that is too long for its page: its first rows there, the others in five files."""
    site = tmp_path_factory.mktemp("long")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(initiatives, "PART", 24)
        for name, content in initiatives.files(package).items():
            (site / name).parent.mkdir(exist_ok=True)
            (site / name).write_bytes(content)
        body = pages.initiatives.body(package)
    for name in ("assets", "search"):
        (site / name).symlink_to(built_site / name)
    (site / "data").mkdir()
    shutil.copy(built_site / "data/initiatives-newest.csv", site / "data")
    html = (built_site / "initiatives/index.html").read_text(encoding="utf-8")
    start, end = html.index('<div class="page page--explorer">'), html.index("</article>")
    (site / "initiatives/index.html").write_text(html[:start] + body + html[end:], encoding="utf-8")
    return serve(site) + "initiatives/"


#: Each row, without what the script has added, as it says it to whoever reads it.
ROWS = """
async (all) => [...all].map((row) => {
  const copy = row.cloneNode(true);
  for (const added of copy.querySelectorAll(".pick")) added.remove();
  copy.removeAttribute("class");
  return copy.outerHTML.replace(/\\s+/g, " ").replace(/ (?=<\\/?t[rdh])/g, "");
})
"""


def test_a_long_list_draws_what_is_shown_as_the_page_of_a_short_one_has_it(visit, long_list, entries):
    page = visit(at=long_list)
    assert page.locator("tbody tr").count() == len(entries) and _ids(page) == list(entries)
    drawn = page.locator("tbody tr").evaluate_all(ROWS)
    assert drawn == visit(java_script_enabled=False).locator("tbody tr").evaluate_all(ROWS)


def test_a_long_list_without_scripts_has_its_first_rows_and_leads_to_the_areas(visit, long_list, package):
    page = visit(at=long_list, java_script_enabled=False)
    assert page.locator("tbody tr").count() == initiatives.FIRST
    links = page.locator("noscript a")
    assert links.all_inner_texts() == [area.title for area in package.areas]


def test_a_long_list_answers_as_a_short_one_and_fetches_what_it_shows(visit, long_list, entries, package):
    phone = {"viewport": {"width": 390, "height": 800}}
    page = visit(at=long_list, **phone)
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    assert page.locator("tbody tr").count() == 30
    assert page.locator(".explorer__table").get_attribute("aria-rowcount") == "105"
    _assert_count(page, entries, list(entries))
    _choose(page, {"area": ["it-creative"]})
    found = _meeting(entries, {"area": ["it-creative"]})
    assert _ids(page) == found
    _assert_sum(page, metrics.settled(package, package.newest_settlement_year, found))
    assert 0 < len([name for name in asked if name.startswith("rows-")]) < 4
    assert _ids(visit("?sort=rate", at=long_list, **phone)) == _sorted(entries, NUMBERS["rate"], 1)[:30]
    by_name = visit("?sort=name&order=desc")
    assert _ids(visit("?sort=name&order=desc", at=long_list)) == _ids(by_name)
    page = visit("?q=女性&year=2019&sort=actual", at=long_list)
    assert _ids(page) == _ids(visit("?q=女性&year=2019&sort=actual")) != []
    assert len(_download(page).splitlines()) == len(_ids(page)) + 1
    last = list(entries)[-1]
    page = visit(f"?compare={last},snow-festival", at=long_list)
    page.locator(".comparison__table thead a").first.wait_for()
    assert page.locator(".comparison__table thead a").all_inner_texts() == [
        entries[name].initiative.name for name in (last, "snow-festival")
    ]


def test_who_comes_back_to_a_long_list_finds_the_place(visit, root, long_list, entries):
    page = visit(at=long_list, viewport={"width": 390, "height": 800})
    page.get_by_role("button", name="次の30件を表示").click()
    assert _ids(page) == list(entries)[:60]
    assert page.evaluate("document.activeElement.matches('tr:nth-child(31) .row__name')")
    assert page.locator("[data-say]").inner_text() == "60行目までを表示しています"
    page.locator("tbody tr").nth(50).scroll_into_view_if_needed()
    top = page.evaluate("scrollY")
    page.goto(root + "snow-festival/")
    page.go_back()
    page.locator(".is-ready").wait_for()
    assert _ids(page) == list(entries)[:60]
    assert page.evaluate("scrollY") == top > 1000


def test_what_cannot_be_fetched_is_said(visit, open_tab, root):
    page = open_tab({})
    page.route("**/rows.json", lambda route: route.fulfill(status=404, body=""))
    page.goto(root)
    page.get_by_text("一覧のデータを読み込めませんでした").last.wait_for()
    assert page.locator("tbody tr").count() == 104


# -- the page before any script --------------------------------------------------------------


def _options(package: Edition) -> list[initiatives.Option]:
    panels = initiatives.panels(package, initiatives.rows(package))
    return [option for panel in panels for group in panel.groups for option in group.options]


def test_an_initiative_without_an_indicator_or_with_two_is_listed_and_counted_once():
    package = make.edition(
        initiatives=[make.initiative("none"), make.initiative("two", has_mark=True)],
        indicators=[
            make.indicator("two-1", "two"),
            make.indicator("two-2", "two", "売上", "円", position=2, accumulation="annual"),
        ],
        observations=[
            make.observation("two-1", 2022, "actual", "5"),
            make.observation("two-1", 2022, "target", "4"),
            make.observation("two-2", 2022, "actual", status="pending", printed="調査中"),
        ],
        settlements=[make.settlement("two", 2022, 70), make.settlement("none", 2022)],
    )
    table = initiatives.rows(package)
    assert [(row.initiative.initiative_id, row.assessment.value) for row in table] == [
        ("none", "none"),
        ("two", "achieved"),
        ("two", "none"),
    ]
    assert table[2].actuals[0].facts == {"missing": "集計中", "note": "資料の表記：調査中"}
    counts = {(option.name, option.value): option.count for option in _options(package)}
    assert counts["area", "tourism"] == 2 and counts["star", "1"] == 1
    assert counts["verdict", "none"] == 1, "judged by the first indicator, as on every page"
    page = read(pages.initiatives.body(package))
    assert len(page.with_class("explorer__table")[0].all("tbody")[0].all("tr")) == 3
    assert "指標の記載なし" in page.text and "70千円" in page.text


def test_a_target_of_another_year_than_the_column_names_says_so():
    package = make.edition(
        initiatives=[make.initiative("old"), make.initiative("new")],
        indicators=[make.indicator("old-1", "old"), make.indicator("new-1", "new")],
        observations=[
            make.observation("old-1", 2021, "target", "4"),
            make.observation("new-1", 2022, "target", "5"),
        ],
    )
    assert [row.target.note for row in initiatives.rows(package)] == ["令和3年度（2021年度）の目標", None]


def test_conditions_are_those_that_someone_meets(package, entries):
    for option in _options(package):
        assert option.count == len(_meeting(entries, {option.name: [option.value]})) > 0
