"""``/data/`` and the page of each table: what is read there is what is published."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import openpyxl
import pytest

import builders as make
from frozen_project import SITE_URL
from reading_html import read
from shinchoku import addresses, pages
from shinchoku.exports import uniform_rules
from shinchoku.pages.parts import published


@pytest.fixture
def data_page(package, downloads, monkeypatch):
    monkeypatch.setenv("SHINCHOKU_DOCS_DIR", str(downloads))
    monkeypatch.setenv("SHINCHOKU_SITE_URL", SITE_URL)
    return read(pages.data.body(package))


def test_every_tool_has_a_line_that_reads_from_the_address(data_page):
    lines = [line.text for line in data_page.with_class("tools")[0].all("code") if "id" in line.attributes]
    assert len(data_page.with_class("tools")[0].all("h3")) == 6
    assert all(SITE_URL in line for line in lines)
    assert f'import pandas as pd; df = pd.read_csv("{SITE_URL}data/initiatives-wide.csv")' in lines
    assert any("header=1" in line for line in lines), "the second row has the names of the columns"


def test_without_an_address_files_are_named_and_the_page_says_why(package):
    page = read(pages.data.body(package))
    assert 'import pandas as pd; df = pd.read_csv("initiatives-wide.csv")' in page.text
    assert "アドレスがまだ決まっていない" in page.text


def test_downloads_are_told_with_their_size_and_checksum(data_page, downloads, package):
    files = [link.attributes["href"] for link in data_page.with_class("downloads")[0].all("a")]
    assert len(files) == 7
    for file in files:
        content = (downloads / "data" / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() in data_page.with_class("checksums")[0].text
    rows = {
        row.all("a")[0].attributes["href"]: row.text
        for row in data_page.with_class("downloads")[0].all("tr")[1:]
    }
    count = len(published.tables(package)["initiatives_wide"].rows)
    assert f" {count} " in rows["initiatives-wide.csv"]


def test_every_table_is_offered_and_an_old_address_leads_to_its_row(data_page, package):
    for name, table in published.tables(package).items():
        row = data_page.by_id(name)
        assert row.text.startswith(f"{table.doc.title} {name}")
        assert [link.attributes["href"] for link in row.all("a")] == [f"tables/{name}/", table.file]
        assert ("このサイトの計算" in row.text) == table.is_derived
    assert data_page.by_id("dictionary") and data_page.by_id("terms")


def _table(package, name: str):
    return read(pages.table.body(package, name))


def test_a_table_says_its_columns_in_both_languages_and_how_often_each_code_occurs():
    package = make.edition(
        initiatives=[make.initiative("a")],
        indicators=[make.indicator("a-1", "a")],
        observations=[
            make.observation("a-1", 2021, "actual", "1"),
            make.observation("a-1", 2022, "actual", status="pending", printed="集計中"),
            make.observation("a-1", 2022, "target", status="no_target"),
        ],
    )
    page = _table(package, "observations")
    status = page.by_id("status")
    assert "状態" in status.text and "Whether there is a value" in status.text
    (codes,) = (
        table for table in page.with_class("codes-table") if table.all("caption")[0].text.startswith("status")
    )
    counts = {
        row.all("code")[0].text: row.with_class("num")[0].text
        for row in codes.all("tr")[1:]
        if row.all("code")
    }
    assert [counts[code] for code in ("reported", "pending", "no_target", "blank")] == ["1", "1", "1", "0"]
    header, *rows = page.with_class("example-rows")[0].all("tr")
    assert [cell.text for cell in header.all("th")] == ["列", "1行目", "2行目", "3行目"]
    (printed,) = (row for row in rows if row.all("th")[0].text == "printed")
    assert printed.all("td")[1].text == "集計中"
    assert "いまは1行もありません" in _table(package, "corrections").text


def test_what_refers_to_what_stands_on_both_pages_and_in_the_picture(package):
    shown = {name: _table(package, name) for name in published.tables(package)}
    for reference in published.references(package):
        here, there = shown[reference.table], shown[reference.key.table]
        said = "・".join(reference.key.columns)
        assert said in here.text and reference.table in there.text
        assert published.tables(package)[reference.key.table].doc.title in "".join(
            text.text for text in here.all("text")
        ).replace(" ", "")


def test_a_table_that_is_computed_says_so_and_is_edited_nowhere(package):
    page = _table(package, "initiatives_wide")
    assert "このサイトの計算" in page.with_class("hero")[0].text
    assert "もとのデータを直す" not in page.text
    assert "data/observations.csv" in _table(package, "observations").with_class("colophon")[0].text


# -- 統一ルール ---------------------------------------------------------------------


def _results(folder: Path) -> dict[str, bool | None]:
    return {check.number: check.is_met for check in uniform_rules.checks(folder / "data")}


def test_the_uniform_rules_are_counted_in_the_published_files(downloads, data_page):
    results = _results(downloads)
    assert len(results) == 15 and False not in results.values()
    assert {number for number, is_met in results.items() if is_met is None} == {"1-2", "1-9", "1-10", "1-12"}
    (table,) = (each for each in data_page.all("table") if "統一ルール" in each.all("caption")[0].text)
    rows = table.all("tr")[1:]
    assert len(rows) == 15 and all(row.text.startswith("1-") for row in rows)


def test_a_file_that_breaks_a_uniform_rule_is_told(downloads, tmp_path):
    shutil.copytree(downloads / "data", tmp_path / "data")
    table = tmp_path / "data" / "settlements.csv"
    lines = table.read_text(encoding="utf-8").split("\n")
    first = next(i for i, line in enumerate(lines) if ",reported," in line)
    amount = lines[first].split(",")[2]
    table.write_text(
        "\n".join([*lines[:first], lines[first].replace(amount, f"{amount}千円"), "", *lines[first + 1 :]])
    )
    ids = tmp_path / "data" / "absences.csv"
    ids.write_text(ids.read_text(encoding="utf-8") + "progress-r4,snow-festival、city-jazz,ended,,終了\n")
    (path,) = (tmp_path / "data").glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    book.worksheets[1].merge_cells("A3:A4")
    book.worksheets[1]["C3"] = "=1+1"
    book.save(path)
    broken = {number for number, is_met in _results(tmp_path).items() if is_met is False}
    assert {"1-2", "1-3", "1-4", "1-7", "1-13", "1-14"} <= broken


# -- in a browser -------------------------------------------------------------------


def test_a_line_is_copied_and_said_to_be(built_site, serve, browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(serve(built_site) + addresses.DATA)
    line = page.locator("#line-r")
    button = page.get_by_role("button", name="コピー").and_(page.locator("[data-copy=line-r]"))
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".copy:has(#line-r) [role=status]", has_text="コピーしました").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == line.text_content()
    context.close()
