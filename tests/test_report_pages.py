"""The pages of several years' reports: the newest is shown, the others stay, and no address is lost."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest

import builders as make
import html_rules
import other_plan
from frozen_project import FROZEN
from hostile import PAYLOADS
from reading_html import Element, read
from shinchoku import addresses, exports, pages
from shinchoku.changes.log import with_log
from shinchoku.package.editions import Edition, Package
from shinchoku.package.reading import read_package
from shinchoku.pages.parts import places
from shinchoku.pages.parts.places import row_fragment
from shinchoku.paths import TEXTS
from shinchoku.site import configuration, search_index
from two_reports import two_reports

BOTH = two_reports()
NEW = BOTH.newest
ONE = BOTH.edition(2022)


def bodies(package: Package) -> Iterator[tuple[str, str]]:
    """(address, body) of every page."""
    for address, page in pages.of(package).items():
        yield address, page.html(package)


def ids_of(page: Element) -> set[str]:
    return {item.attributes["id"] for item in page.all() if "id" in item.attributes}


def links(element: Element) -> list[str]:
    return [link.attributes["href"] for link in element.all("a")]


def led_to(href: str, page: str) -> tuple[str, str]:
    """(address, fragment) that a link of a page leads to."""
    parts = urlsplit(href)
    path = os.path.normpath(os.path.join("/", page, parts.path))[1:]
    return path + "/" * bool(path and (parts.path.endswith(("/", ".")) or not parts.path)), unquote(
        parts.fragment
    )


def broken_links(shown: dict[str, Element]) -> list[tuple[str, str]]:
    """(page, link) that leads to no page or to no place in it; files and other sites are left out."""
    ids = {address: ids_of(page) for address, page in shown.items()}
    found = []
    for address, page in shown.items():
        for href in links(page):
            if urlsplit(href).scheme:
                continue
            target, fragment = led_to(href, address)
            is_file = target and not target.endswith("/")
            if is_file or target in BY_HAND:
                continue
            if target not in ids or (fragment and fragment not in ids[target]):
                found.append((address, href))
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, Element]:
    return {address: read(body) for address, body in bodies(NEW)}


#: Written by hand, so there is no stub of them.
BY_HAND = {
    f"{path.relative_to(docs).with_suffix('').as_posix()}/".replace("index/", "")
    for docs in (FROZEN / TEXTS, configuration.OF_EVERY_SITE / "docs")
    for path in docs.rglob("*.md")
}


# -- addresses ----------------------------------------------------------------------


def test_every_report_has_its_page_and_older_ones_their_areas(shown):
    own = {address for address in shown if address.startswith(addresses.REPORTS)}
    assert own == {
        "reports/",
        "reports/2022/",
        "reports/2022/fields/tourism/",
        "reports/2022/fields/food/",
        "reports/2023/",
    }


def test_no_page_of_the_first_report_is_lost_with_the_second(shown):
    before = two_reports(**_tables_of_the_first_report())
    assert {address for address, _ in bodies(before.newest)} <= set(shown)


def _tables_of_the_first_report() -> dict[str, list]:
    names = ("policies", "initiatives", "listings", "indicators", "observations", "settlements", "activities")
    return {
        "sources": [item for item in BOTH.sources if item.report_fiscal_year == 2022],
        "absences": [],
        **{name: [row for row in getattr(BOTH, name) if row.source_id == "r4"] for name in names},
    }


def test_no_place_on_a_page_of_the_first_report_is_lost_with_the_second(shown):
    before = two_reports(**_tables_of_the_first_report())
    for address, body in bodies(before.newest):
        ids = {name for name in ids_of(read(body)) if not re.match(r"(table|chart|counts|money-table)", name)}
        assert ids - ids_of(shown[address]) == set(), address


def test_every_link_between_the_pages_leads_somewhere(shown):
    assert broken_links(shown) == []


def test_no_page_has_an_id_twice_or_html_that_a_browser_must_mend(shown):
    for address, body in bodies(NEW):
        names = [item.attributes["id"] for item in shown[address].all() if "id" in item.attributes]
        assert len(names) == len(set(names)), address
        assert html_rules.broken(f"<!doctype html><main>{body}</main>") == [], address


# -- the choice of a report -------------------------------------------------------------


def _choice(body: str) -> list[tuple[str, str, str | None]]:
    found = read(body).with_class("report-choice")
    return [
        (link.text, link.attributes["href"], link.attributes.get("aria-current"))
        for nav in found
        for link in nav.all("a")
    ]


@pytest.mark.parametrize(
    ("body", "newest", "older"),
    [
        (pages.home.body(NEW), "./", "reports/2022/"),
        (pages.initiatives.body(NEW), "./", "../reports/2022/#initiatives"),
        (pages.spending.body(NEW), "./", "../reports/2022/#money"),
        (pages.area.body(NEW, "tourism"), "./", "../../reports/2022/fields/tourism/"),
    ],
    ids=["home", "list", "spending", "area"],
)
def test_a_reader_chooses_the_report_by_links(body, newest, older):
    (first, first_link, here), (second, second_link, other), (third, _, _) = _choice(body)
    assert (first, first_link, here) == ("令和5年度（最新）", newest, "page")
    assert (second, second_link, other) == ("令和4年度", older, None)
    assert third == "並べて見る"


def test_with_one_report_there_is_nothing_to_choose_and_no_word_of_it():
    alone = two_reports(**_tables_of_the_first_report()).newest
    for call in (pages.home.body, pages.initiatives.body, pages.spending.body):
        assert _choice(call(alone)) == []
    for body in (pages.area.body(alone, "tourism"), pages.initiative.body(alone, "art")):
        assert _choice(body) == []
        assert "の報告" not in re.sub("前の報告|この報告", "", read(body).text)
    assert "1つです" in read(pages.reports.body(alone)).text


# -- an area ---------------------------------------------------------------------------


def _cells(row: Element) -> list[str]:
    return [cell.text for cell in row.all("td")]


def test_an_area_shows_the_years_its_report_prints_and_earlier_targets_beside_their_actual(shown):
    page = shown["fields/tourism/"]
    head = [cell.text for cell in page.with_class("rows")[-1].all("thead")[0].all("th")]
    assert [text for text in head if "目標" in text] == ["令和5年度（2023年度） 目標"]
    assert head[-1] == "決算見込額 令和5年度（2023年度）"
    row = page.by_id("r5-30")
    assert _cells(row)[3:6] == [
        "1,200 目標 1,100",
        "900",
        "1,300",
    ]
    assert _cells(row)[-1] == "2,000千円"


def test_each_printed_row_has_its_own_indicator(shown):
    page = shown["fields/tourism/"]
    assert "一つめ" in page.by_id("r5-32").text and "二つめ" not in page.by_id("r5-32").text
    second = page.by_id("r5-33")
    assert "二つの事業" in second.text and "二つめ" in second.text
    assert _cells(second)[-1] == "この事業の前の行に記載"


def test_indicators_without_a_row_of_their_own_stand_in_the_first(shown):
    page = shown["reports/2022/fields/tourism/"]
    rows = [row for row in page.all("tr") if "二つの事業" in row.text]
    assert ["一つめ" in rows[0].text, "古い指標" in rows[1].text, len(rows)] == [True, True, 2]


def test_an_older_area_says_so_and_stays_among_its_own(shown):
    page = shown["reports/2022/fields/tourism/"]
    note = page.with_class("note")[0]
    assert "令和4年度（2022年度）の報告の内容です。" in note.text
    assert links(note) == ["../../../../fields/tourism/"]
    assert links(page.with_class("areas")[0]) == ["./", "../food/"]
    assert page.by_id("r4-21") and page.by_id("tourism-1-2")
    assert "../../../../initiatives/walk/" in links(page)


def test_an_area_that_is_gone_keeps_its_page(shown):
    page = shown["fields/food/"]
    assert "最新の令和5年度（2023年度）の報告に、「題food」はありません。" in page.text
    assert page.by_id("r4-23")


def test_an_earlier_row_is_found_where_its_initiative_stands_now_or_said_to_be_gone(shown):
    page = shown["fields/tourism/"]
    assert page.by_id("r5-30").all("span")[0].attributes["id"] == "r4-20"
    gone = page.by_id("r4-21")
    assert gone.text == "散歩事業 （令和4年度の報告での場所）"
    assert links(gone) == ["../../initiatives/walk/", "../../reports/2022/fields/tourism/#r4-21"]
    assert links(page.by_id("tourism-1-2")) == ["../../reports/2022/fields/tourism/#tourism-1-2"]


# -- pages that are cut ------------------------------------------------------------------


@pytest.fixture
def with_little_room(monkeypatch):
    """Pages have room for one initiative, those of a document for seven lines."""
    monkeypatch.setattr(addresses, "INITIATIVES_ON_A_PAGE", 1)
    monkeypatch.setattr(addresses, "LINES_ON_A_PAGE", 7)
    monkeypatch.setattr(addresses, "_LINES_OF_ONE_PAGE", 20)


def _is_whole(package: Edition) -> None:
    """Every row and heading is where its address says, no link is broken, nothing stands twice."""
    written = dict(bodies(package))
    for address, body in written.items():
        assert html_rules.broken(f"<!doctype html><main>{body}</main>") == [], address
    shown = {address: read(body) for address, body in written.items()}
    assert broken_links(shown) == []
    for edition in map(package.edition, package.report_years):
        named = [places.policy_address(edition, node.policy_id) for node in edition.policies]
        named += [places.listing_address(edition, row) for row in edition.listings]
        for page, _, fragment in (address.partition("#") for address in named):
            assert not fragment or fragment in ids_of(shown[page]), (page, fragment)
    rows = [
        row for row in package.listings if package.source[row.source_id] in package.reports_of(package.year)
    ]
    found = [
        name
        for address, page in shown.items()
        if address.startswith(tuple(f"{level.folder}/" for level in package.level.values() if level.folder))
        for name in ids_of(page)
    ]
    assert [found.count(row_fragment(row)) for row in rows] == [1] * len(rows)


def test_of_two_reports_whose_areas_are_cut_no_place_is_lost(with_little_room):
    package = two_reports().newest
    _is_whole(package)
    cut = read(pages.area.body(package, "tourism"))
    # What a whole area had as headings is still found on its page, and says how much is where.
    assert ids_of(cut) >= {node.policy_id for node in package.nodes("tourism")}
    row = cut.by_id("tourism-1")
    assert links(row) == ["tourism-1/"] and "届いた" not in row.text
    below = read(pages.area.body(package, "tourism-1"))
    assert below.with_class("breadcrumb")[0].text == "題tourism 題tourism-1"


@pytest.mark.parametrize(
    ("gone", "is_cut"),
    [(("walk", "r4"), {2022: False, 2023: True}), (("new", "r5"), {2022: True, 2023: False})],
    ids=["grows", "shrinks"],
)
def test_an_area_that_outgrows_its_page_or_finds_room_again_keeps_every_address(monkeypatch, gone, is_cut):
    monkeypatch.setattr(addresses, "INITIATIVES_ON_A_PAGE", 2)
    key, source_id = gone
    names = ("initiatives", "listings", "indicators", "observations")
    kept = {
        name: [
            row
            for row in getattr(BOTH, name)
            if row.source_id != source_id
            or key not in (getattr(row, "initiative_id", ""), getattr(row, "indicator_id", "")[: len(key)])
        ]
        for name in names
    }
    package = two_reports(**kept, absences=[]).newest
    editions = {year: package.edition(year) for year in is_cut}
    assert {year: addresses.is_cut(each, each.policy["tourism"]) for year, each in editions.items()} == is_cut
    _is_whole(package)
    shown = pages.of(package)
    before = editions[2022]
    for row in before.listings:
        # Where it stood as long as that report was the newest.
        then = places.listing_address(before, row).removeprefix(addresses.report(2022))
        page, _, fragment = then.partition("#")
        assert fragment in ids_of(read(shown[page].html(package))), then


@pytest.mark.parametrize("depth", [1, 4, 6])
def test_a_plan_of_any_depth_is_cut_where_its_levels_are(depth, with_little_room):
    package = other_plan.plan(depth, money=depth == 4, text=True)
    _is_whole(package)
    text = " ".join(
        read(body).text for address, body in bodies(package) if address.startswith(("goals/", "sources/"))
    )
    assert not [word for word in other_plan.NOT_OF_THE_TOWN if word in text]
    assert {f"sources/{make.SOURCE_ID}/{part}/" for part in range(2, 6)} <= set(pages.of(package))
    assert addresses.source_line("a", 14, 30) == "sources/a/2/#L14"
    assert addresses.source_line("a", 14, 20) == "sources/a/#L14"


def test_a_node_with_the_name_of_another_page_is_refused(with_little_room):
    for name in ("sheet", "index"):
        tree = [*make.tree()[:2], make.policy(name, "measure", "tourism")]
        found = [make.initiative("a"), make.initiative("b", line=11)]
        rows = [make.listing("a", 10, name), make.listing("b", 11, name, position=2)]
        package = make.edition(policies=tree, initiatives=found, listings=rows)
        with pytest.raises(pages.UnsafeId, match=name):
            pages.of(package)


# -- an initiative -------------------------------------------------------------------------


def test_all_years_stand_in_one_table_with_targets_verdicts_and_reports(shown):
    table = shown["initiatives/art/"].with_class("years--all")[0]
    rows = {row.all("th")[0].text: _cells(row) for row in table.all("tr")[1:]}
    assert list(rows) == [f"{era}（{year}年度）" for era, year in _ERAS]
    assert rows["令和5年度（2023年度）"] == [
        "900",
        "1,300",
        "△目標未達 69.2%",
        "−300",
        "令和5年度の報告 30行目",
    ]
    assert rows["令和4年度（2022年度）"] == [
        "1,200 後で確定",
        "1,100",
        "◯目標達成 109.1% 令和4年度の報告では「報告の時点で集計中」",
        "+200",
        "実績：令和5年度の報告 30行目 目標：令和4年度の報告 20行目",
    ]
    assert rows["令和2年度（2020年度）"][:2] == ["9 改定あり", "欄なし"]
    assert rows["令和元年度（2019年度）"][0] == "集計中 資料の表記：調査中 取り下げ"


_ERAS = (
    ("令和元年度", 2019),
    ("令和2年度", 2020),
    ("令和3年度", 2021),
    ("令和4年度", 2022),
    ("令和5年度", 2023),
)


def test_what_a_later_report_changed_is_listed_with_both_lines(shown):
    found = shown["initiatives/art/"].with_class("revisions")[0]
    assert [item.text for item in found.all("li")] == [
        "令和元年度（2019年度）の実績：5 （令和4年度の報告 20行目） → 集計中 資料の表記：調査中 （令和5年度の報告 30行目） 取り下げ",
        "令和2年度（2020年度）の実績：7 （令和4年度の報告 20行目） → 9 （令和5年度の報告 30行目） 改められた",
        "令和3年度（2021年度）の実績：1000 （令和4年度の報告 20行目） → 1,000 （令和5年度の報告 30行目） 書き方だけ",
        "令和4年度（2022年度）の実績：集計中 （令和4年度の報告 20行目） → 1200 （令和5年度の報告 30行目） 確定した",
    ]
    assert links(found)[:2] == ["../../sources/r4/#L20", "../../sources/r5/#L30"]
    marks = [link.attributes["href"] for link in shown["initiatives/art/"].with_class("revised")]
    assert set(marks) == {"#revisions-1"} and len(marks) == 3, (
        "a value that is only worded otherwise is not marked"
    )


def test_settlements_and_activities_of_every_year_stay_the_newest_first(shown):
    text = shown["initiatives/art/"].text
    assert text.index("令和5年度（2023年度）：2,000千円") < text.index("令和4年度（2022年度）：1,000千円")
    assert shown["initiatives/art/"].by_id("activities-2023").tag == "h2"
    folded = shown["initiatives/art/"].all("details")
    assert any("前の年にしたこと" in item.text and item.by_id("activities-2022") for item in folded)
    assert not any("今年したこと" in item.text for item in folded)


def test_a_renamed_initiative_says_its_earlier_name(shown):
    assert "令和4年度の報告では「アート事業」という名前でした。" in shown["initiatives/art/"].text


def test_an_initiative_that_is_gone_says_when_why_and_what_follows_it(shown):
    page = shown["initiatives/walk/"]
    note = page.with_class("note")[0]
    assert note.text == (
        "令和4年度（2022年度）の報告まで載っていた事業です。 令和5年度の報告には載っていません。"
        "このサイトの読み取り：ほかの事業に引き継がれた（新アート事業）。同じ催しを続けている。"
    )
    assert "../art/" in links(note)
    assert "散歩事業を引き継いだ事業です（このサイトの読み取り）。" in shown["initiatives/art/"].text
    assert "../../reports/2022/fields/tourism/#r4-21" in links(page), (
        "its places are those of its last report"
    )
    assert not [href for href in links(page) if "?compare=" in href]


def test_an_end_that_was_printed_is_not_called_a_reading(shown):
    note = shown["initiatives/harvest/"].with_class("note")[0].text
    assert note == "令和4年度（2022年度）の報告まで載っていた事業です。 その後の報告には載っていません。"
    assert "(終了)" in shown["initiatives/harvest/"].text


def test_an_indicator_that_is_gone_keeps_its_section_after_the_others(shown):
    page = shown["initiatives/pair/"]
    names = [page.by_id(f"indicator-{number}").text for number in (1, 2, 3)]
    assert names == ["指標：一つめ", "指標：二つめ", "指標：古い指標"]
    assert "令和4年度（2022年度）の報告まで載っていた指標です。" in page.text
    assert len([item for item in page.with_class("quote")]) == 2, "each of its two rows is quoted"


def test_an_initiative_that_lost_its_only_indicator_is_not_judged_by_it_any_more():
    """Of the earlier report it is said what its indicator says, not what the initiative settled then."""
    lost = {
        name: tuple(
            row for row in getattr(BOTH, name) if (row.indicator_id, row.source_id) != ("art-1", "r5")
        )
        for name in ("indicators", "observations")
    }
    page = read(pages.initiative.body(replace(BOTH, **lost).newest, "art"))
    said = page.with_class("result")[0].text
    assert "令和4年度の目標は1,100人です" in said and "決算見込額" not in said
    assert "令和4年度（2022年度）の報告まで載っていた指標です。" in page.text
    assert "2,000千円" in page.text


# -- other pages -----------------------------------------------------------------------------


def test_the_page_of_a_report_has_all_its_initiatives_in_print_order(shown):
    table = shown["reports/2022/"].by_id("initiatives-table")
    rows = [row for row in shown["reports/2022/"].all("tr") if "initiatives/" in "".join(links(row))]
    assert table.text == "令和4年度の報告の全事業（資料の順）"
    assert [row.all("a")[0].text for row in rows] == ["アート事業", "散歩事業", "二つの事業", "収穫事業"]
    assert _cells(rows[0]) == ["…報告の時点で集計中", "1,000"]
    assert _cells(rows[1]) == ["△目標未達 80.0%", "1,000"]
    assert [(text, here) for text, _, here in _choice(pages.report.body(NEW, "2022"))] == [
        ("令和5年度（最新）", None),
        ("令和4年度", "page"),
        ("並べて見る", None),
    ]
    assert "fields/food/" in links(shown["reports/2022/"])
    assert "../../fields/tourism/" in links(shown["reports/2023/"])


def test_the_reports_stand_side_by_side(shown):
    page = shown["reports/"]
    rows = {row.all("th")[0].text: _cells(row) for row in page.with_class("reports")[0].all("tr")[1:]}
    assert rows["事業"] == ["4", "3"]
    assert rows["新しく載った事業"] == ["前の報告なし", "1"]
    assert rows["載らなくなった事業"] == ["前の報告なし", "2"]
    assert rows["後の報告で変わった値"] == ["前の報告なし", "4"]
    text = page.text
    assert "収穫事業：前の報告に「(終了)」と記載" in text
    assert (
        "散歩事業：ほかの事業に引き継がれた（新アート事業） このサイトの読み取り 同じ催しを続けている。"
        in text
    )
    assert "「アート事業」→「新アート事業」" in text
    assert "題tourism-2：基本施策2 → 基本施策1" in text
    assert "新アート事業 …報告の時点で集計中 → △目標未達" in text
    assert "改められた 1件、確定した 1件、取り下げ 1件、書き方だけ 1件" in text


def test_quality_lists_revisions_and_what_is_gone(shown):
    page = shown["quality/"]
    assert page.by_id("revisions-revised") and page.by_id("revisions-withdrawn")
    table = next(
        item for item in page.all("table") if item.all("caption")[0].attributes["id"] == "absences-table"
    )
    assert [row.all("th")[0].text for row in table.all("tr")[1:]] == ["散歩事業", "収穫事業"]


def test_the_lines_of_an_older_report_lead_to_its_own_edition(shown):
    page = shown["sources/r4/"]
    assert "../../reports/2022/fields/food/" in links(page.by_id("L8"))
    assert "../../initiatives/walk/" in links(page.by_id("L21"))


def test_a_grant_leads_to_an_initiative_that_is_gone():
    package = two_reports(
        sources=[*BOTH.sources, make.source("grants", report_fiscal_year=None)],
        grant_programmes=[make.programme(source_id="grants")],
        grants=[make.grant("g", source_id="grants")],
        initiative_grants=[make.grant_link("walk", "g")],
    ).newest
    for body in (pages.grant.body(package, "g"), pages.grants.body(package)):
        assert "散歩事業" in read(body).text


def test_search_finds_what_is_gone_by_name_but_not_the_same_area_twice():
    def found(address):
        body = dict(bodies(NEW))[address]
        return search_index.read_page(address, f"<article>{body}</article>")

    assert found("reports/2022/fields/tourism/") is None
    assert found("initiatives/walk/").kind == "事業（以前の報告）"
    assert found("initiatives/art/").kind == "事業"
    assert found("reports/2022/").kind == "報告"
    assert "散歩事業" not in found("reports/2022/").text


# -- hostile text -------------------------------------------------------------------------------


def _saying(text: str) -> Edition:
    """Both reports with ``text`` wherever a report, or a reader of it, can say something."""
    return two_reports(
        sources=[replace(item, title=text) for item in BOTH.sources],
        policies=[replace(item, title=text) for item in BOTH.policies],
        initiatives=[
            replace(item, name=f"{text}{item.source_id if item.initiative_id == 'art' else ''}")
            for item in BOTH.initiatives
        ],
        absences=[replace(item, reason=text) for item in BOTH.absences],
        indicators=[replace(item, name_printed=text, label=text, unit=text) for item in BOTH.indicators],
        observations=[
            replace(item, printed=f"{text}{item.source_id}") if item.fiscal_year == 2020 else item
            for item in BOTH.observations
        ],
        activities=[replace(item, text=text) for item in BOTH.activities],
    ).newest


def _tags(element: Element) -> list[str]:
    """Of a page and, without how often, of its drawings: a longer text takes more lines, each from the left."""
    tags = []
    for child in element.children:
        if isinstance(child, Element):
            below = _tags(child)
            tags += [child.tag, *(sorted({*below} - {"svg"}) if child.tag == "svg" else below)]
    return tags


def test_hostile_text_stands_exactly_and_adds_no_element():
    hostile, plain = _saying(" ".join(PAYLOADS)), _saying("文")
    for call in (
        pages.reports.body,
        pages.quality.body,
        lambda package: pages.report.body(package, "2022"),
        lambda package: pages.initiative.body(package, "art"),
        lambda package: pages.initiative.body(package, "walk"),
        lambda package: pages.area.body(package, "tourism"),
        lambda package: pages.area.body(package, "tourism", "2022"),
    ):
        found = read(call(hostile))
        assert _tags(found) == _tags(read(call(plain)))
        assert " ".join(" ".join(PAYLOADS).split()) in found.text


# -- downloads ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    folder = make.write(BOTH, tmp_path_factory.mktemp("package") / "project")
    out = tmp_path_factory.mktemp("docs")
    exports.write_exports(with_log(read_package(folder), folder).newest, folder, out)
    return out


def _csv(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_every_initiative_of_any_report_can_be_downloaded(downloads):
    everything = json.loads((downloads / "data/initiatives.json").read_text(encoding="utf-8"))
    told = {item["initiative_id"]: item["report_fiscal_year"] for item in everything}
    assert told == {"art": 2023, "new": 2023, "pair": 2023, "harvest": 2022, "walk": 2022}
    assert {path.parent.name for path in downloads.glob("initiatives/*/data.csv")} == set(told)


def test_an_initiative_carries_its_history(downloads):
    art = json.loads((downloads / "initiatives/art/data.json").read_text(encoding="utf-8"))
    assert [
        (item["report_fiscal_year"], item["name"], item["assessment"], item["settlement_thousand_yen"])
        for item in art["history"]
    ] == [(2022, "アート事業", "pending", 1000), (2023, "新アート事業", "not_achieved", 2000)]
    assert art["history"][1]["indicators"][0]["target"]["printed"] == "1300"
    assert [item["kind"] for item in art["revisions"]] == ["withdrawn", "revised", "reworded", "settled"]
    pair = json.loads((downloads / "initiatives/pair/data.json").read_text(encoding="utf-8"))
    assert [item["indicator_id"] for item in pair["former_indicators"]] == ["pair-old"]
    assert {row["indicator"] for row in _csv(downloads / "initiatives/pair/data.csv")} >= {
        "二つめ",
        "古い指標",
    }
    walk = json.loads((downloads / "initiatives/walk/data.json").read_text(encoding="utf-8"))
    assert walk["absence"]["successor_initiative_id"] == "art" and art["absence"] is None


def test_the_printed_table_of_every_report_is_kept(downloads):
    folder = downloads / "data"
    newest = (folder / "listings-printed.csv").read_bytes()
    assert newest == (folder / "listings-printed-r5.csv").read_bytes()
    assert [row["name"] for row in _csv(folder / "listings-printed-r4.csv")] == [
        "アート事業",
        "散歩事業",
        "二つの事業",
        "収穫事業",
    ]


def test_revisions_are_a_table_with_both_sides(downloads):
    rows = _csv(downloads / "data/revisions.csv")
    assert [(row["indicator_id"], row["fiscal_year"], row["kind"]) for row in rows] == [
        ("art-1", "2019", "withdrawn"),
        ("art-1", "2020", "revised"),
        ("art-1", "2021", "reworded"),
        ("art-1", "2022", "settled"),
    ]
    settled = rows[-1]
    assert (settled["old_value"], settled["old_status"], settled["old_printed"]) == ("", "pending", "集計中")
    assert (settled["new_value"], settled["new_source_id"], settled["new_source_line"]) == (
        "1200",
        "r5",
        "30",
    )
    assert "このサイトの計算" in next(
        line
        for line in (downloads / "data/README.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("revisions.csv")
    )


# -- the first report and the next one -------------------------------------------------------------


def test_with_next_years_report_no_page_nor_place_of_this_years_is_lost(package, with_next_report):
    logged = with_log(read_package(with_next_report), with_next_report)
    after = {address: read(body) for address, body in bodies(logged.newest)}
    for address, body in bodies(package):
        lost = ids_of(read(body)) - ids_of(after[address])
        assert {name for name in lost if not re.match(r"(chart-|notes-|readings-)", name)} == set(), address
    assert broken_links(after) == []
