"""The page for SQL: its examples give what the data say, on one report and on two; in a browser it is theirs to use."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from shinchoku import addresses
from shinchoku.exports import bundle, database
from shinchoku.metrics import count_assessments
from shinchoku.pages.sql import Example, examples
from shinchoku.site import configuration
from two_reports import two_reports

GOLDEN = Path(__file__).parent / "golden" / "sql-examples.txt"
VENDOR = Path("assets", "vendor", "sqljs")


@pytest.fixture(scope="module", name="known")
def known_examples(package) -> dict[str, Example]:
    return {example.name: example for example in examples(package)}


# -- the examples -----------------------------------------------------------------


def _opened(package) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database.of_package(package, list(bundle.tables(package)), ""))
    return connection


@pytest.fixture(scope="module")
def one(package) -> Iterator[sqlite3.Connection]:
    with closing(_opened(package)) as connection:
        yield connection


@pytest.fixture(scope="module")
def two() -> Iterator[sqlite3.Connection]:
    with closing(_opened(two_reports().newest)) as connection:
        yield connection


def _told(connection: sqlite3.Connection, example: Example, most: int = 4) -> str:
    cursor = connection.execute(example.query)
    columns, rows = [each[0] for each in cursor.description], cursor.fetchall()
    lines = [
        f"{example.name}: {len(rows)}",
        *(json.dumps(row, ensure_ascii=False) for row in [columns, *rows[:most]]),
    ]
    return "\n".join(lines)


def test_golden(one, two, known):
    """Looked at before it was kept; after a change that is meant, write what is told here into the file."""
    told = "\n\n".join(_told(each, example) for each in (one, two) for example in known.values())
    assert f"{told}\n" == GOLDEN.read_text(encoding="utf-8")


def test_examples_agree_with_the_metrics(one, package, known):
    def column(name, index):
        return [row[index] for row in one.execute(known[name].query)]

    assert len(column("not-achieved", 0)) == count_assessments(package)["not_achieved"]
    assert sum(column("areas-and-verdicts", 2)) == len(package.initiatives)
    assert sum(column("money-by-area", 2)) == 93_198_101
    assert sum(column("missing", 2)) == sum(row.status != "reported" for row in package.observations)
    assert len(column("doubts", 0)) == len(package.source_notes)
    assert (235, 2_350_000) in list(zip(column("units", 3), column("units", 5), strict=True))


def test_what_runs_in_the_browser_is_as_its_makers_published_it(built_site, project):
    for folder in (configuration.OF_EVERY_SITE, built_site):
        lines = (folder / VENDOR / "ORIGIN.txt").read_text(encoding="utf-8").splitlines()
        stated = dict(reversed(line.split("  ")) for line in lines if line[:64].isalnum() and len(line) > 64)
        found = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (folder / VENDOR).iterdir()
            if path.name != "ORIGIN.txt"
        }
        assert len(found) == 3 and found == stated


# -- in a browser -----------------------------------------------------------------


@pytest.fixture
def opened(visit, serve: Callable[..., str], built_site: Path) -> Iterator[Callable[..., Page]]:
    """``opened(query)``: the page, as it is before anything is run."""
    visits = []

    def start(query: str = "", at: Path = built_site, **options: object) -> Page:
        visits.append(visit(serve(at), viewport={"width": 390, "height": 844}, **options))
        return visits[-1].to(addresses.SQL + query)

    yield start
    # At a new address the browser asks for the site's icon again, also where it is offline.
    offline = re.compile(r"Failed to load resource: net::ERR_INTERNET_DISCONNECTED|.*/favicon\.(png|svg)")
    problems = [problem for each in visits for problem in each.problems]
    assert [problem for problem in problems if not offline.fullmatch(problem)] == []


def _run(page: Page, sql: str, said: str) -> None:
    page.get_by_label("SQL", exact=True).fill(sql)
    page.get_by_role("button", name="実行", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(said)


def _rows(page: Page) -> list[list[str]]:
    rows = page.locator(".query__result tbody tr")
    return rows.evaluate_all("all => all.map(row => [...row.cells].map(cell => cell.textContent))")


def test_a_reader_runs_an_example_shares_it_and_saves_it_and_needs_no_network_any_more(opened, one, known):
    page = opened()
    late = ("sql-wasm-browser.js", "sql-wasm-browser.wasm", "sql-worker.js", ".sqlite")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    already = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert not [url for url in already if url.endswith(late)]
    page.get_by_text("分野・戦略ごとの決算見込額").click()
    page.locator("#money-by-area").get_by_role("link", name="この例を実行").click()
    expect(page.get_by_role("status")).to_contain_text("8行の結果です")
    assert len([url for url in asked if url.endswith(late)]) == 4
    expected = one.execute(known["money-by-area"].query).fetchall()
    assert _rows(page) == [[str(cell) for cell in row] for row in expected]
    assert page.get_by_role("table", name="問い合わせの結果").get_by_role("columnheader").count() == 5
    assert parse_qs(urlsplit(page.url).query)["q"] == [known["money-by-area"].query]

    with page.expect_download() as saved:
        page.get_by_role("button", name="CSVで保存").click()
    text = Path(saved.value.path()).read_bytes().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [[str(cell) for cell in row] for row in expected]

    page.context.set_offline(True)
    _run(page, "SELECT count(*) AS n FROM current_initiatives", "1行の結果です")
    assert _rows(page) == [[str(len(one.execute("SELECT * FROM current_initiatives").fetchall()))]]
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("8行の結果です")
    assert page.get_by_label("SQL", exact=True).input_value() == known["money-by-area"].query


def test_a_query_that_does_not_end_is_stopped_and_the_next_one_runs(opened):
    page = opened()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    _run(page, "SELECT 1", "1行の結果です")  # now all is loaded, and it is the query that takes long
    _run(page, endless, "実行しています")
    page.get_by_role("button", name="止める").click()
    expect(page.get_by_role("status")).to_have_text("止めました。")
    expect(page.get_by_role("button", name="実行", exact=True)).to_be_focused()
    page.context.set_offline(True)
    _run(page, "SELECT 1", "1行の結果です")
    _run(page, endless.replace("count(*)", "i"), "10,000行まで読みました")
    assert len(_rows(page)) == 500
    expect(page.locator(".query__result th").first).to_be_in_viewport()
    expect(page.get_by_role("status")).to_contain_text("はじめの500行を表示しています")


def test_by_keyboard_a_shared_query_runs_only_when_asked_and_errors_are_said_plainly(opened):
    page = opened(addresses.sql("SELECT nme FROM initiatives").removeprefix(addresses.SQL))
    expect(page.get_by_role("status")).to_contain_text("「実行」を押すと")
    field = page.get_by_label("SQL", exact=True)
    assert field.input_value() == "SELECT nme FROM initiatives"
    field.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "実行"
    field.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("「nme」という列はありません。")
    expect(page.get_by_role("status")).to_contain_text("no such column: nme")
    for sql, said in [
        ("SELEC 1", "「SELEC」のあたりの書き方"),
        ("SELECT (1", "文が途中で終わっています"),
        ("SELECT * FROM nowhere", "「nowhere」という表はありません"),
        ("DELETE FROM changes", "読むだけです"),
        (" ", "SQLを入れてください"),
        ("PRAGMA query_only = 0; DELETE FROM initiatives_newest", "実行しました"),
    ]:
        _run(page, sql, said)
    _run(page, "SELECT count(*) > 1 AS there FROM initiatives_newest", "1行の結果です")
    assert _rows(page) == [["1"]]  # the next query finds what is published
    field.fill("SELECT 2")
    page.get_by_role("link", name="上へ").click()  # an entry of the history, too
    page.wait_for_url("**#top")
    assert (field.input_value(), _rows(page)) == ("SELECT 2", [["1"]])


def test_what_a_cell_says_stays_text_and_nothing_is_blank(opened):
    page = opened()
    attack = "<img src=x onerror=document.title=1>"
    _run(page, f"SELECT '{attack}' AS '{attack}', NULL AS a, '' AS b, 1.5 AS c, '-1+1' AS d", "1行")
    assert _rows(page) == [[attack, "NULL", "空の文字", "1.5", "-1+1"]]
    assert page.locator(".query__result th").first.text_content() == attack
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSVで保存").click()
    assert Path(saved.value.path()).read_text("utf-8-sig").splitlines()[1] == f"{attack},,,1.5,'-1+1"


def test_what_cannot_be_fetched_is_said_and_fetched_again_the_next_time(opened):
    page, database = opened(), "**/*.sqlite"
    page.route(database, lambda route: route.fulfill(status=200, body="no database"))
    _run(
        page, "SELECT 1 FROM about", "このSQLは実行できませんでした。（SQLiteの言葉：file is not a database）"
    )
    page.unroute(database)
    _run(page, "SELECT 1 FROM about LIMIT 1", "1行の結果です")


def test_without_scripts_the_examples_and_the_database_are_offered(opened, known):
    page = opened(java_script_enabled=False)
    assert not page.get_by_role("button", name="実行").is_visible()
    expect(page.get_by_text("ここで実行するには JavaScript が必要です。")).to_be_visible()
    page.get_by_text(known["not-achieved"].title).click()
    expect(page.locator("#not-achieved pre")).to_be_visible()
    assert page.locator("#not-achieved pre").inner_text() == known["not-achieved"].query
