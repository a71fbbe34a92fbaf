"""What readers see of the changes: the page, and the feed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pytest

import builders as make
from hostile import PAYLOADS
from html_rules import broken
from reading_html import Element, read
from shinchoku import addresses, pages
from shinchoku.changes import feed
from shinchoku.changes.log import IMPORTED, row_text
from shinchoku.changes.versions import MEANINGS
from shinchoku.package.editions import Edition
from shinchoku.package.records import LogEntry, Release

ATOM = "{http://www.w3.org/2005/Atom}"
SITE_URL = "https://data.example/progress/"
KEY = f"{make.SOURCE_ID}:jazz-1:2022:actual"


def change(number: int, day: str = "2027-01-05", reason: str = "転記の誤り", **values: object) -> LogEntry:
    filled: dict[str, object] = {
        "table_name": "observations",
        "record_key": KEY,
        "column_name": "value",
        "kind": "changed",
        "old_value": "175",
        "new_value": "180",
        "source_id": make.SOURCE_ID,
        "source_line": 10,
    }
    dated = {"changed_on": date.fromisoformat(day), "reason": reason}
    return LogEntry(change_number=number, **{**dated, **filled, **values})


def row(number: int, kind: str, table: str, key: str, cells: dict[str, str], **values: object) -> LogEntry:
    text = row_text(cells)
    old, new = (None, text) if kind == "added" else (text, None)
    place = {} if kind == "added" else {"source_id": None, "source_line": None}
    return change(
        number, table_name=table, record_key=key, column_name=None, kind=kind, old_value=old, new_value=new,
        **(place | values),
    )  # fmt: skip


def release(version: str = "1.0.0", last: int | None = None, **values: object) -> Release:
    filled: dict[str, object] = {
        "released_on": date(2026, 11, 22),
        "summary": "最初の版です。",
        "archive": f"data-{version}.zip",
        "bytes": 12345,
        "sha256": "0123456789abcdef" * 4,
    }
    return Release(version=version, last_change_number=last, **{**filled, **values})


def package(*changes: LogEntry, releases: tuple[Release, ...] = (release(),)) -> Edition:
    made = make.edition(
        source_lines={make.SOURCE_ID: ("",) * 100},
        initiatives=[make.initiative("jazz", "シティジャズ事業")],
        indicators=[make.indicator("jazz-1", "jazz", "来場者数", "人")],
        observations=[make.observation("jazz-1", 2022, "actual", "180")],
    )
    return replace(made, changes=changes, releases=releases)


def mistakes(body: str) -> list[str]:
    return broken(f"<!doctype html>{body}")


def page(*changes: LogEntry, releases: tuple[Release, ...] = (release(),)) -> Element:
    html = pages.changes.body(package(*changes, releases=releases))
    assert mistakes(html) == []
    return read(html)


def cells(table: Element) -> list[list[str]]:
    return [[cell.text for cell in line.all("th", "td")] for line in table.all("tbody")[0].all("tr")]


# -- the page ---------------------------------------------------------------------


def test_before_the_first_version_it_says_so():
    text = page(releases=()).text
    assert "まだ最初の版を出していません" in text and "変更はありません" in text
    assert page(releases=()).all("table") == []


def test_before_the_first_change_it_says_since_when():
    text = page().text
    assert "最初の版 1.0.0（2026年11月22日）を出してから、変えた値は1つもありません。" in text


def test_a_change_says_what_from_to_why_and_where_it_is_printed():
    shown = page(change(7))
    assert "2027年1月5日 転記の誤り" in shown.by_id("change-7").text
    (table,) = [item for item in shown.all("table") if "changes" in item.attributes["class"]]
    assert table.all("caption")[0].text == "2027年1月5日の変更：転記の誤り"
    assert [item.attributes["scope"] for item in table.all("thead")[0].all("th")] == ["col"] * 4
    ((where, old, new, printed),) = cells(table)
    assert where == "シティジャズ事業 › 来場者数（人） › 令和4年度（2022年度） › 実績 実績と目標の「値」"
    assert (old, new, printed) == ("175", "180", "10行目 進捗状況")
    links = [item.attributes["href"] for item in table.all("a")]
    assert links == ["../initiatives/jazz/", f"../sources/{make.SOURCE_ID}/#L10"]


def test_codes_are_words_and_nothing_is_blank():
    shown = page(
        change(1, column_name="status", old_value="pending", new_value="reported"),
        change(2, column_name="remark", old_value=None, new_value="速報", source_id=None, source_line=None),
    )
    found = cells(shown.all("table")[0])
    assert [line[1:] for line in found] == [
        ["報告の時点で集計中", "値あり", "10行目 進捗状況"],
        ["空欄", "速報", "なし"],
    ]


def test_a_row_that_came_and_one_that_went():
    note = {
        "note_id": "n-1",
        "source_id": "report",
        "source_line": "10",
        "category": "misprint",
        "printed": "ギー",
    }
    shown = page(
        row(1, "removed", "initiatives", "report:rock", {"source_id": "report", "initiative_id": "rock", "name": "ロック事業"}),
        row(2, "added", "source_notes", "n-1", note),
        change(3),
    )  # fmt: skip
    found = cells(shown.all("table")[0])
    assert [line[0].split(" ")[0] for line in found] == ["シティジャズ事業", "ロック事業", "進捗状況"], (
        "values first"
    )
    assert found[1][2] == "行なし" and "（行を除きました）" in found[1][0]
    assert found[2][1] == "行なし" and found[2][2] == "種類 誤字・脱字の疑い、資料の表記 ギー"
    assert "rock" not in "".join(item.attributes["href"] for item in shown.all("a")), (
        "there is no such page any more"
    )


def test_a_page_that_came_and_went_is_not_led_to():
    rock = {"source_id": "report", "initiative_id": "rock", "name": "ロック事業"}
    jazz = {"source_id": "report", "initiative_id": "jazz", "name": "シティジャズ事業"}
    shown = page(
        row(1, "added", "initiatives", "report:rock", rock),
        row(2, "added", "initiatives", "report:jazz", jazz),
        row(3, "removed", "initiatives", "report:rock", rock),
    )
    links = [
        item.attributes["href"]
        for item in shown.all("table")[0].all("a")
        if "initiatives" in item.attributes["href"]
    ]
    assert links == ["../initiatives/jazz/"]


def test_a_report_that_came_is_one_line_that_counts_its_rows():
    counts = json.dumps({"sources": 1, "observations": 1234})
    values = {"table_name": "sources", "record_key": make.SOURCE_ID, "column_name": None, "old_value": None}
    shown = page(change(1, kind=IMPORTED, new_value=counts, source_line=None, **values))
    ((where, old, new, printed),) = cells(shown.all("table")[0])
    assert where == "進捗状況 原資料（取り込みました）"
    assert (old, new, printed) == ("行なし", "原資料 1行、実績と目標 1234行", "なし")
    assert f"../sources/{make.SOURCE_ID}/" in [item.attributes["href"] for item in shown.all("a")]


def test_what_is_in_no_version_has_no_day_and_is_said_to_be_so():
    shown = page(change(1, changed_on=None, reason=None))
    assert shown.by_id("change-1").text == "まだ版に入っていない変更"
    (entry, _) = atom(package(change(1, changed_on=None, reason=None))).findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}updated").text == "2026-11-22T00:00:00Z"


def test_what_nobody_knows_any_more_is_told_by_its_key():
    shown = page(
        change(1, table_name="gone", record_key="x:1", column_name="y", source_id="old-report"),
        row(2, "added", "gone", "x:2", {"z": "1"}, source_id="old-report"),
    )
    assert [line[0] for line in cells(shown.all("table")[0])] == ["x:1 goneの「y」", "gone（行を加えました）"]


def test_groups_say_in_which_version_they_are():
    shown = page(
        change(1),
        change(2, "2027-02-01", "報告"),
        change(3, "2027-03-01", "読み取り"),
        releases=(release(), release("1.0.1", 1), release("1.1.0", 2)),
    )
    titles = [item.text for item in shown.all("h3")]
    assert titles == ["2027年3月1日 読み取り", "2027年2月1日 報告", "2027年1月5日 転記の誤り"]
    said = [item.text for item in shown.all("p") if item.text.startswith("1件：")]
    assert [text.split("。")[1] for text in said] == [
        "まだどの版にも入っていません", "版 1.1.0 から入っています", "版 1.0.1 から入っています",
    ]  # fmt: skip
    assert "このうち1件は、いちばん新しい版 1.1.0" in shown.text


def test_a_long_group_is_folded_and_says_how_much_is_not_there():
    shown = page(*(change(number) for number in range(1, 12)))
    assert shown.all("summary")[0].text == "11件すべてを見る"
    shown = page(*(change(number) for number in range(1, 1501)))
    assert shown.all("summary")[0].text == "はじめの50件を見る"
    assert len(shown.all("table")[0].all("tr")) == 1 + 50
    assert "1,500件：実績と目標 1,500件" in shown.text
    assert "ほかの1,450件は、長くなるので表 changes.csv だけに載せています。" in shown.text


def test_many_groups_stay_one_page_of_bearable_size():
    changes = [
        change(
            number,
            f"{2027 + number // 360}-{1 + number // 30 % 12:02}-{1 + number % 28:02}",
            f"理由{number % 150}" * 20,
        )
        for number in range(1, 3000)
    ]
    html = pages.changes.body(package(*changes))
    assert len(html) < 400_000
    assert "これより前の変更は" in html and mistakes(html) == []


def test_long_values_show_where_they_differ():
    same = "長い文。" * 500
    ((_, old, new, _),) = cells(
        page(change(1, column_name="remark", old_value=f"{same}前", new_value=f"{same}後")).all("table")[0]
    )
    assert old.endswith("前（全2,001文字）") and new.endswith("後（全2,001文字）") and len(old) < 400


def test_versions_are_listed_newest_first_with_what_proves_them():
    shown = page(
        releases=(release(), release("1.1.0", 3, summary="報告を加えました。", released_on=date(2027, 1, 5)))
    )
    table, _ = shown.all("table")
    assert [line[:2] for line in cells(table)] == [
        ["1.1.0 2027年1月5日", "報告を加えました。"],
        ["1.0.0 2026年11月22日", "最初の版です。"],
    ]
    assert cells(table)[1][2:] == ["一式（zip） 12,345バイト", f"{'0123456789abcdef' * 4} SHA256SUMS"]
    assert [item.attributes["href"] for item in table.all("a")][2:] == [
        "../data/releases/1.0.0/data-1.0.0.zip",
        "../data/releases/1.0.0/SHA256SUMS",
    ]
    assert shown.by_id("release-1.1.0")


def test_what_a_version_means_is_said():
    text = page().text
    assert all(meaning in text for meaning in MEANINGS.values())


#: Texts that would do something if they were not shown as text, some together: a page or a feed for each part.
_HOSTILE = [
    *PAYLOADS,
    "\u202eabc\u200b",
    "a" * 5000,
    "]]>",
    "\x00\x08\x0b\x1f\ufffe\uffff",
    "😀",
    "長" * 5000,
]
PARTS = [_HOSTILE[start::5] for start in range(5)]


def hostile(texts: list[str]) -> Edition:
    """Three changes and a version of each text."""
    changes = []
    for number, text in enumerate(texts):
        cells = {"note_id": text, "reason": text}
        changes += [
            change(3 * number + 1, reason=text, old_value=text, new_value=f"{text}！"),
            change(
                3 * number + 2,
                reason=text,
                table_name=text,
                record_key=text,
                column_name=text,
                source_id=text,
            ),
            row(3 * number + 3, "added", "source_notes", text, cells, reason=text),
        ]
    return package(
        *changes, releases=tuple(release(f"1.0.{n}", summary=text) for n, text in enumerate(texts))
    )


@pytest.mark.parametrize("texts", PARTS)
def test_whatever_a_change_says_is_shown_as_text(texts):
    html = pages.changes.body(hostile(texts))
    assert mistakes(html) == []
    shown = read(html)
    assert {element.tag for element in shown.all()} & {"script", "img", "svg", "b", "style"} == set()
    for number, text in enumerate(texts):
        assert " ".join(text.split()) in shown.by_id(f"change-{3 * number + 1}").text
        assert " ".join(text.split()) in shown.by_id(f"release-1.0.{number}").text
    assert all(not item.attributes["href"].startswith(("javascript", "http")) for item in shown.all("a"))


# -- the feed ---------------------------------------------------------------------


def atom(data: Edition, site_url: str = "") -> ElementTree.Element:
    return ElementTree.fromstring(feed.encode(data, site_url))


def check(root: ElementTree.Element) -> None:
    """What RFC 4287 asks of a feed and of its entries."""
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name").text
    ids = []
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1 and element.find(f"{ATOM}{name}").text
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.find(f"{ATOM}id").text)
        assert moment.fullmatch(element.find(f"{ATOM}updated").text)
        ids.append(element.find(f"{ATOM}id").text)
        links = element.findall(f"{ATOM}link")
        assert all(link.get("href").startswith("https://") for link in links)
        assert len({link.get("rel") for link in links}) == len(links)
        if element is not root:
            assert element.find(f"{ATOM}content").get("type") == "html"
    assert len(set(ids)) == len(ids)


def test_a_feed_without_changes_is_a_feed():
    root = atom(package(releases=()))
    check(root)
    assert root.find(f"{ATOM}updated").text == make.descriptor()["created"]
    assert root.findall(f"{ATOM}entry") == [] and root.findall(f"{ATOM}link") == []


def test_an_entry_is_a_group_or_a_version_newest_first():
    data = package(
        change(1),
        change(2),
        change(3, "2026-12-01", "報告"),
        releases=(release(), release("1.0.1", 3, released_on=date(2027, 2, 1))),
    )
    root = atom(data, SITE_URL)
    check(root)
    entries = root.findall(f"{ATOM}entry")
    assert [item.find(f"{ATOM}title").text for item in entries] == [
        "版 1.0.1 を出しました",
        "転記の誤り（2件）",
        "報告（1件）",
        "版 1.0.0 を出しました",
    ]
    assert [item.find(f"{ATOM}link").get("href") for item in entries[:2]] == [
        f"{SITE_URL}changes/#release-1.0.1",
        f"{SITE_URL}changes/#change-1",
    ]
    assert root.find(f"{ATOM}updated").text == "2027-02-01T00:00:00Z"
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "self": f"{SITE_URL}changes/feed.atom",
        "alternate": f"{SITE_URL}changes/",
    }
    ids = {item.attributes.get("id") for item in read(pages.changes.body(data)).all()}
    assert all(item.find(f"{ATOM}link").get("href").partition("#")[2] in ids for item in entries)
    content = entries[1].find(f"{ATOM}content").text
    assert "値：175 → 180" in content and "シティジャズ事業" in content


def test_an_entry_keeps_its_id_when_changes_join_it_and_wherever_the_site_is():
    first, later = (
        atom(package(change(1))),
        atom(package(change(1), change(2), change(3, "2027-03-01", "報告")), SITE_URL),
    )
    assert (
        first.findall(f"{ATOM}entry")[0].find(f"{ATOM}id").text
        == later.findall(f"{ATOM}entry")[1].find(f"{ATOM}id").text
    )
    assert first.find(f"{ATOM}id").text == later.find(f"{ATOM}id").text


def test_the_same_package_is_the_same_feed():
    assert feed.encode(package(change(1)), SITE_URL) == feed.encode(package(change(1)), SITE_URL)


@pytest.mark.parametrize("site_url", ["", "javascript:alert(1)", "/progress/", "ftp://x/"])
def test_without_an_address_a_browser_opens_there_are_no_links(site_url):
    root = atom(package(change(1)), site_url)
    check(root)
    assert root.findall(f".//{ATOM}link") == []


def test_a_big_import_is_one_short_entry():
    root = atom(package(*(change(number) for number in range(1, 1501))))
    content = root.find(f"{ATOM}entry/{ATOM}content").text
    assert content.count("<li>") == 30 and "ほか1,470件" in content


def test_old_entries_go_when_there_are_many():
    days = [
        change(number, f"2027-{number // 28 + 1:02}-{number % 28 + 1:02}", f"理由{number}")
        for number in range(1, 200)
    ]
    root = atom(package(*days))
    check(root)
    assert len(root.findall(f"{ATOM}entry")) == 50


@pytest.mark.parametrize("texts", PARTS)
def test_whatever_a_change_says_stays_text_in_the_feed(texts):
    data = hostile(texts)
    described = json.loads(json.dumps(data.descriptor))
    described["contributors"][0]["title"] = described["title"] = "".join(texts)
    root = atom(replace(data, descriptor=described))
    check(root)
    contents = [unescape(content.text) for content in root.iter(f"{ATOM}content")]
    for content in root.iter(f"{ATOM}content"):
        shown = read(f"<div>{content.text}</div>")
        assert {element.tag for element in shown.all()} <= {"div", "p", "ul", "li"}
    for text in texts:
        kept = re.sub("[\x00-\x08\x0b\x1f\ufffe\uffff]", "\ufffd", text)
        assert any(kept in content for content in contents)


# -- the site ----------------------------------------------------------------------


def test_every_page_leads_to_the_changes_and_to_the_feed(documents, built_site):
    assert addresses.CHANGES in documents
    check(ElementTree.fromstring((built_site / addresses.FEED).read_bytes()))
    for address, document in documents.items():
        links = [item.attributes.get("href") for item in document.all("a", "link")]
        assert addresses.relative(addresses.CHANGES, address) in links
        assert addresses.relative(addresses.FEED, address) in links
