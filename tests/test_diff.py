"""What a change of the data means, in two formats: found, named, calculated, and harmless to show."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from markdown_it import MarkdownIt

import builders
from frozen_project import copy_descriptor
from hostile import PAYLOADS
from reading_html import Element, read
from shinchoku import cli, pages, paths, review
from shinchoku.changes.row_names import RowNames
from shinchoku.metrics import Assessment
from shinchoku.package.cells import read_cells
from shinchoku.package.descriptor import read_descriptor, resources
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package
from shinchoku.package.writing import csv_bytes, write_tables
from shinchoku.review import formats, touched
from shinchoku.review.findings import Review
from shinchoku.text import LONGEST, likeness, pair, visible

TERMINAL = "\x1b]0;x\x07\x1b[31m \x9b31m \u202eabc \u2066x\u2069 \u200b \x00".replace("\x00", "")
COMMANDS = ("::error::x", "x\n::error file=a::x", "a ##[error]x", "x\r\n\r\n<script>alert(1)</script>")
MENTIONS = (
    "@octocat and @org/team",
    "#1 GH-2 owner/repo#3",
    "0123456789abcdef0123456789abcdef01234567",
    ":+1:",
)
HOSTILE = (*PAYLOADS, TERMINAL, *COMMANDS, *MENTIONS, "</code></td></table>", "a\n\n# b", "`" * 5, "長" * 500)


def small() -> Package:
    """Two initiatives: one whose indicator is still being counted, one that spent money."""
    return builders.package(
        initiatives=[builders.initiative("a", "雪まつり"), builders.initiative("b", "観光案内", line=11)],
        indicators=[builders.indicator("a-1", "a"), builders.indicator("b-1", "b", "案内件数", "件")],
        observations=[
            builders.observation("a-1", 2022, "actual", status="pending", printed="集計中"),
            builders.observation("a-1", 2022, "target", "300"),
            builders.observation("b-1", 2022, "actual", "5"),
            builders.observation("b-1", 2022, "target", "10"),
        ],
        settlements=[builders.settlement("a", 2022, 1000), builders.settlement("b", 2022, 50)],
    )


@pytest.fixture
def old(tmp_path) -> Path:
    return builders.write(small(), tmp_path / "old")


@pytest.fixture
def new(old, tmp_path) -> Path:
    return Path(shutil.copytree(old, tmp_path / "new"))


def edit(folder: Path, table: str, where: dict[str, str], **values: str) -> None:
    """Set cells of the rows of a CSV that say ``where``."""
    path = folder / paths.DATA / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    found = [row for row in rows if all(row[name] == cell for name, cell in where.items())]
    assert found, f"no row of {table} says {where}"
    for row in found:
        row.update(values)
    path.write_bytes(csv_bytes(rows[0], (row.values() for row in rows)))


def drop_column(folder: Path, table: str, column: str) -> None:
    """As if the table had never had it."""
    path = folder / paths.DATA / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for row in rows:
        del row[column]
    path.write_bytes(csv_bytes(rows[0], (row.values() for row in rows)))
    descriptor = read_descriptor(folder)
    schema = resources(descriptor)[table]["schema"]
    schema["fields"] = [field for field in schema["fields"] if field["name"] != column]
    builders.write_descriptor(folder, descriptor)


def count_what_was_pending(folder: Path) -> None:
    edit(
        folder,
        "observations",
        {"indicator_id": "a-1", "role": "actual"},
        value="306",
        status="reported",
        printed="306",
    )


def only(found: Review, table: str):
    return next(each for each in found.tables if each.name == table)


def verdicts(change) -> tuple[Assessment | None, ...]:
    return tuple(each and each.assessment for each in (change.before, change.after))


# -- what is found ----------------------------------------------------------------


@pytest.mark.parametrize("name", review.FORMATS)
def test_equal_packages_differ_in_nothing(old, new, name):
    found = review.review(old, new)
    assert not found.is_changed and found.pages == () and found.remarks == ()
    assert "違いはありません。" in review.FORMATS[name](found, "")


def test_a_value_that_was_pending_changes_the_assessment_and_the_counts(old, new):
    count_what_was_pending(new)
    found = review.review(old, new)
    (record,) = only(found, "observations").records
    assert record.name == "雪まつり › 来場者数（人） › 令和4年度（2022年度） › 実績"
    assert (record.address, record.printed_at) == ("initiatives/a/", "進捗状況 10行目")
    assert [(cell.column, cell.old, cell.new) for cell in record.cells] == [
        ("value", "", "306"),
        ("status", "pending", "reported"),
        ("printed", "集計中", "306"),
    ]
    (change,) = found.outcome.assessments
    assert change.name == "雪まつり › 来場者数（人）"
    assert verdicts(change) == (Assessment.PENDING, Assessment.ACHIEVED)
    assert (change.before.achievement_rate, str(change.after.achievement_rate)) == (None, "102.0")
    assert {(each.name, each.before, each.after) for each in found.outcome.totals} == {
        ("判定「目標達成」", 0, 1),
        ("判定「報告の時点で集計中」", 1, 0),
    }


def test_a_settled_amount_changes_the_totals_with_and_without_the_loan_fund(old, new):
    for folder in (old, new):
        edit(folder, "initiatives", {"initiative_id": "a"}, is_loan_fund="true")
    edit(new, "settlements", {"initiative_id": "b"}, amount_thousand_yen="70", printed="70")
    totals = {each.name: (each.before, each.after) for each in review.review(old, new).outcome.totals}
    assert totals == {
        "令和4年度（2022年度）の決算見込額の合計（貸付資金を含む）": (1050, 1070),
        "令和4年度（2022年度）の決算見込額の合計（貸付資金を除く）": (50, 70),
    }


def test_a_renamed_id_is_one_record_gone_and_one_come(old, new):
    edit(new, "initiatives", {"initiative_id": "b"}, initiative_id="c")
    for table in ("listings", "indicators", "settlements"):
        edit(new, table, {"initiative_id": "b"}, initiative_id="c")
    found = review.review(old, new)
    assert [(record.kind, record.key, record.name) for record in only(found, "initiatives").records] == [
        ("added", ("report", "c"), "観光案内"),
        ("removed", ("report", "b"), "観光案内"),
    ]
    # What only refers to it is the same row with another value.
    assert [record.kind for record in only(found, "indicators").records] == ["changed"]


def test_an_indicator_that_comes_or_goes_is_assessed_on_one_side_only(old, new):
    data = small()
    added = builders.package(
        initiatives=data.initiatives,
        indicators=[*data.indicators, builders.indicator("b-2", "b", "満足度", "%", position=2)],
        observations=data.observations,
        settlements=data.settlements,
    )
    write_tables(new, {"indicators": added.indicators})
    (change,) = review.review(old, new).outcome.assessments
    assert (*verdicts(change), change.name) == (None, Assessment.NONE, "観光案内 › 満足度（%）")
    (change,) = review.review(new, old).outcome.assessments
    assert verdicts(change) == (Assessment.NONE, None)


def next_report(data: Package) -> Package:
    """The same plan a year later: what was pending is counted, one initiative spent more."""
    again = {
        name: [replace(row, source_id="next") for row in getattr(data, name)]
        for name in ("policies", "initiatives", "listings", "indicators")
    }
    observations = [
        builders.observation("a-1", 2022, "actual", "306", source_id="next"),
        builders.observation("a-1", 2023, "actual", "100", source_id="next"),
        builders.observation("a-1", 2023, "target", "300", source_id="next"),
    ]
    both = {name: [*getattr(data, name), *rows] for name, rows in again.items()}
    return builders.package(
        sources=[*data.sources, builders.source("next", title="翌年の報告", report_fiscal_year=2023)],
        observations=[*data.observations, *observations],
        settlements=[*data.settlements, builders.settlement("b", 2023, 80, source_id="next")],
        **both,
    )


def test_a_new_report_is_held_against_the_newest_before_and_leaves_the_earlier_as_it_was(old, tmp_path):
    new = builders.write(next_report(small()), tmp_path / "next")
    found = review.review(old, new)
    newest = "最も新しい報告（令和4年度（2022年度） → 令和5年度（2023年度））"
    assert {each.edition for each in found.outcome.assessments} == {newest}
    assert {each.edition for each in found.outcome.totals} == {newest}
    change = next(each for each in found.outcome.assessments if each.name.startswith("雪まつり"))
    assert verdicts(change) == (Assessment.PENDING, Assessment.NOT_ACHIEVED)
    assert (change.before.fiscal_year, change.after.fiscal_year) == (2022, 2023)
    for shown in (write(found, "") for write in review.FORMATS.values()):
        assert "最も新しい報告" in shown


def test_a_value_of_an_earlier_report_is_told_of_that_report(tmp_path):
    old = builders.write(next_report(small()), tmp_path / "old")
    new = Path(shutil.copytree(old, tmp_path / "new"))
    edit(new, "settlements", {"source_id": "report", "initiative_id": "b"}, amount_thousand_yen="70")
    totals = review.review(old, new).outcome.totals
    assert {(each.edition, each.after - each.before) for each in totals} == {
        ("令和4年度（2022年度）の報告", 20),
        ("令和5年度（2023年度）の報告", 20),
    }


def test_other_files_of_the_package_are_named(old, new):
    (new / paths.GLOSSARY).write_text("[]\n", encoding="utf-8")
    found = review.review(old, new)
    assert found.is_changed and found.files == (paths.GLOSSARY,)
    assert all(paths.GLOSSARY in write(found, "") for write in review.FORMATS.values())


# -- names and pages ----------------------------------------------------------------


def test_every_published_row_has_a_name_and_a_page_that_exists(project, package):
    records = RowNames(package.descriptor, cells := read_cells(project))
    known = set(pages.of(package))
    for name, table in cells.items():
        for row in table.rows:
            called = records.name(name, row)
            assert called and not called.endswith("› "), (name, row)
            place = records.place(name, row)
            assert place is not None and place.title and place.page in known, (name, row, place)


def test_the_pages_named_are_those_whose_html_differs(old, new):
    """Made from both packages: the one initiative, its area, the lists; not the other initiative."""
    count_what_was_pending(new)
    found = touched.pages_that_differ(read_package(old), read_package(new))
    named = {page.address for page in found}
    assert {"", "initiatives/", "initiatives/a/", "fields/tourism/", "quality/"} <= named
    assert not {"initiatives/b/", "grants/"} & named
    assert all(page.title and page.kind == "changed" for page in found)


def test_pages_come_and_go(old, new):
    edit(new, "initiatives", {"initiative_id": "b"}, initiative_id="c")
    for table in ("listings", "indicators", "settlements"):
        edit(new, table, {"initiative_id": "b"}, initiative_id="c")
    found = touched.pages_that_differ(read_package(old), read_package(new))
    kinds = {page.address: page.kind for page in found}
    assert (kinds["initiatives/b/"], kinds["initiatives/c/"]) == ("removed", "added")


def test_pages_are_made_of_a_package_that_passes_the_check(project, tmp_path):
    for name in ("old", "new"):
        shutil.copytree(project / paths.DATA, tmp_path / name / paths.DATA)
        copy_descriptor(project, tmp_path / name)
    edit(tmp_path / "new", "source_notes", {"source_line": "12"}, reason="ほかの理由。")
    found = review.review(tmp_path / "old", tmp_path / "new")
    assert found.are_pages_made and found.remarks == ()
    assert "quality/" in {page.address for page in found.pages}
    assert "spending/" not in {page.address for page in found.pages}


def test_of_a_large_package_only_the_pages_of_the_rows_are_named_and_it_is_said(old, new, monkeypatch):
    monkeypatch.setattr(touched, "MOST_PAGES", 1)
    count_what_was_pending(new)
    found = review.review(old, new)
    assert [page.address for page in found.pages] == ["initiatives/a/"]
    assert not found.are_pages_made and "調べていません" in found.remarks[0]


# -- packages that are older, or wrong ------------------------------------------------


def test_an_older_schema_is_compared_by_value_and_the_rest_is_said_to_be_missing(old, new):
    drop_column(old, "observations", "remark")
    count_what_was_pending(new)
    found = review.review(old, new)
    table = only(found, "observations")
    assert len(table.records) == 1
    assert "加わった列：添え書き（remark）" in table.remarks
    assert found.outcome is None and not found.are_pages_made
    assert found.remarks[0].startswith("前のデータをこの版の形式で読めない")
    assert found.files == (f"{paths.SCHEMAS}/observations.json",)


def test_another_primary_key_is_told_and_the_rows_are_still_matched(old, new):
    descriptor = read_descriptor(old)
    schema = resources(descriptor)["settlements"]["schema"]
    schema["primaryKey"] = ["initiative_id", "fiscal_year"]
    builders.write_descriptor(old, descriptor)
    edit(new, "settlements", {"initiative_id": "b"}, amount_thousand_yen="70", printed="70")
    table = only(review.review(old, new), "settlements")
    assert [record.name for record in table.records] == ["観光案内 › 令和4年度（2022年度）"]
    assert table.remarks[0].startswith("行を1つに決める列（主キー）が変わりました：")


def test_double_keys_are_named_and_not_guessed(old, new):
    path = new / paths.DATA / "settlements.csv"
    path.write_text(path.read_text(encoding="utf-8") + "b,2022,70,reported,70,report,10\n", encoding="utf-8")
    table = only(review.review(old, new), "settlements")
    assert table.records == () and "「report:b:2022」" in table.remarks[0]


def test_a_value_that_is_no_number_is_still_a_difference(old, new):
    edit(new, "settlements", {"initiative_id": "b"}, amount_thousand_yen="五十")
    found = review.review(old, new)
    assert [cell.new for cell in only(found, "settlements").records[0].cells] == ["五十"]
    assert found.outcome is None and "後のデータ" in found.remarks[0]


def test_a_plan_that_goes_round_in_circles_stops_nothing(old, new):
    """Metrics look at what they need; pages are made of packages that pass the check only."""
    edit(new, "policies", {"policy_id": "tourism-1"}, parent_policy_id="tourism-1-1")
    found = review.review(old, new)
    assert found.outcome is not None and not found.are_pages_made
    assert "検査でエラー" in found.remarks[0]


@pytest.mark.parametrize("table", ["initiatives", "indicators", "observations", "settlements", "listings"])
def test_a_row_that_points_at_nothing_leaves_the_values(old, new, table):
    edit(new, table, {}, source_id="nowhere")
    found = review.review(old, new)
    assert found.tables and (found.outcome is not None or "nowhere" in found.remarks[0])


@pytest.mark.parametrize("year", ["1", "1900", "999999"])
def test_a_year_before_every_era_is_shown_as_it_is(old, new, year):
    edit(new, "settlements", {"initiative_id": "b"}, fiscal_year=year)
    assert f"{year}年度" in review.FORMATS["markdown"](review.review(old, new), "")


# -- cells are text, whatever they hold ------------------------------------------------


@pytest.fixture
def poisoned(old, new) -> Review:
    """Every text a reader would see, hostile, in rows added, removed and changed."""
    data = small()
    tables = {
        "initiatives": [replace(item, name=f"{item.name} {''.join(PAYLOADS)}") for item in data.initiatives],
        "indicators": [replace(item, label=f"{TERMINAL}@octocat{item.label}") for item in data.indicators],
        "activities": [
            builders.activity("a", text, position=number) for number, text in enumerate(HOSTILE, 1)
        ],
        "source_notes": [
            builders.note(f"n-{number}", suspected=text, reason=text)
            for number, text in enumerate(HOSTILE, 1)
        ],
    }
    write_tables(new, tables)
    write_tables(old, {"source_notes": [replace(each, reason="前") for each in tables["source_notes"]]})
    descriptor = read_descriptor(new)
    resources(descriptor)["activities"]["title"] = HOSTILE[1] + HOSTILE[5]
    builders.write_descriptor(new, descriptor)
    return review.review(old, new, "main@octocat", "<b>new</b>")


def is_harmless(text: str) -> bool:
    """Whether no character steers a terminal or hides."""
    return not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]", text)


def markdown_as_html(text: str) -> Element:
    return read(MarkdownIt("commonmark").enable("table").render(text))


def test_markdown_shows_every_cell_as_code_and_makes_nothing_of_it(poisoned):
    shown = review.FORMATS["markdown"](poisoned, "https://example.org/plan")
    assert is_harmless(shown) and "##[" not in shown
    document = markdown_as_html(shown)
    assert {element.tag for element in document.all()} <= {
        *("h2", "p", "strong", "b", "i", "ul", "li", "code", "a", "br"),
        *("details", "summary", "table", "tr", "th", "td", "blockquote"),
    }
    links = [element.attributes["href"] for element in document.all("a")]
    assert links and all(link.startswith("https://example.org/plan/") for link in links)
    codes = [element.text for element in document.all("code")]
    for text in HOSTILE:
        if len(text) <= LONGEST:
            assert any(" ".join(visible(text).split()) in code for code in codes), text
    # GitHub looks for mentions and references in every text that is not code.
    for element in document.all("code"):
        element.children.clear()
    assert not re.search(r"[@#]|octocat|https?://|www\.", document.text)


def test_html_shows_every_cell_as_text(poisoned):
    shown = review.FORMATS["html"](poisoned, "https://example.org/plan")
    assert is_harmless(shown)
    document = read(shown)
    tags = {element.tag for element in document.all()}
    assert not tags & {"script", "img", "svg", "iframe", "form", "object", "link"}
    assert all(
        element.attributes["href"].startswith(("#", "https://example.org/plan/"))
        for element in document.all("a")
    )
    assert not [name for element in document.all() for name in element.attributes if name.startswith("on")]
    for text in HOSTILE:
        if len(text) <= LONGEST:
            assert " ".join(visible(text).split()) in document.text, text


def test_the_page_shows_and_runs_nothing_in_a_browser(poisoned, browser, tmp_path):
    path = tmp_path / "diff.html"
    path.write_text(review.FORMATS["html"](poisoned, ""), encoding="utf-8")
    for width in (390, 1366):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda request, seen=requests: seen.append(request.url))
        page.goto(path.as_uri())
        assert requests == [path.as_uri()]
        assert page.evaluate("window.attacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(poisoned, browser, tmp_path, scheme):
    path = tmp_path / "diff.html"
    path.write_text(review.FORMATS["html"](poisoned, "https://example.org/plan"), encoding="utf-8")
    # The page's own policy would keep axe out.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    context.close()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("雪まつり", "雪まつり"),
        ("a b　c", "a b　c"),
        (" a\u3000", "␣a□"),
        ("a\r\nb\nc\td", "a⏎b⏎c\\u0009d"),
        ("\x1b[31m\u202e\u200b\u00a0", "\\u001b[31m\\u202e\\u200b\\u00a0"),
        ("\U000e0041\u3164\u2800", "\\U000e0041\\u3164\\u2800"),
        ("葛󠄀 ガ 🏔", "葛󠄀 ガ 🏔"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text, shown):
    assert visible(text) == shown


def test_of_long_values_the_place_that_differs_is_shown():
    old, new = pair("あ" * 900 + "前" + "い" * 900, "あ" * 900 + "後" + "い" * 900)
    assert "前" in old and "後" in new and len(new) < 350
    assert old.startswith("…あ") and "（全1,801文字）" in old


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("１２", "12", "空白や文字の幅などだけの違い"),
        ("a", "a ", "空白や文字の幅などだけの違い"),
        ("12", "12.0", "同じ数の、別の書き方"),
        ("12", "13", ""),
        ("NaN", "nan", ""),
    ],
)
def test_values_that_look_alike_are_told_so(old, new, told):
    assert likeness(old, new) == told


# -- Markdown for GitHub ------------------------------------------------------------------


def test_markdown_stays_below_githubs_limit_and_says_what_is_left_out(old, new):
    write_tables(
        new,
        {"activities": [builders.activity("a", "内容" * 40, position=number) for number in range(1, 2001)]},
    )
    found = review.review(old, new)
    whole = formats.as_markdown(found)
    assert len(whole.encode("utf-8")) <= formats.LIMIT
    cut = formats.as_markdown(found, limit=300_000)
    assert 150_000 < len(cut.encode("utf-8")) <= 300_000
    left_out = int(re.search(r"載せていないものが([\d,]+)行", cut)[1].replace(",", ""))
    assert left_out + cut.count("<td>追加</td>") == 2000
    assert "<b>変わった行のページ" in cut, "what comes after a long table has its place all the same"
    assert all(
        f"<{tag}" not in cut or cut.count(f"<{tag}") == cut.count(f"</{tag}>") for tag in ("table", "tr")
    )


def test_a_long_table_is_folded_and_a_short_one_open(old, new):
    count_what_was_pending(new)
    write_tables(
        new, {"activities": [builders.activity("a", "内容", position=number) for number in range(1, 30)]}
    )
    summaries = re.findall(
        r"<details( open)?><summary>.*?<code>(\w+)</code>：", formats.as_markdown(review.review(old, new))
    )
    assert dict((name, opened) for opened, name in summaries) == {"observations": " open", "activities": ""}


# -- the command ----------------------------------------------------------------------------


def test_the_command_writes_a_file_whole_and_says_nothing(old, new, tmp_path, capsys):
    count_what_was_pending(new)
    target = tmp_path / "diff.html"
    arguments = ["diff", str(old), str(new), "--format", "html", "--output", str(target)]
    assert cli.main([*arguments, "--site-url", "https://example.org/plan/"]) == 0
    assert capsys.readouterr().out == ""
    assert "https://example.org/plan/initiatives/a/" in target.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_cannot_be_read_is_1_and_leaves_the_file_as_it_was(old, new, tmp_path, capsys):
    (new / paths.DATA / "settlements.csv").write_text("a,b\n1\n", encoding="utf-8")
    target = tmp_path / "diff.md"
    target.write_text("前の結果", encoding="utf-8")
    assert cli.main(["diff", str(old), str(new), "--output", str(target)]) == 1
    assert target.read_text(encoding="utf-8") == "前の結果"
    said = capsys.readouterr().err
    assert "settlements.csv" in said and "Traceback" not in said


@pytest.mark.parametrize(
    "descriptor",
    ["{}", "[]", '{"resources": [{"name": "t", "path": "t.csv", "schema": {"primaryKey": "id"}}]}'],
)
def test_a_descriptor_nobody_can_read_is_1(old, new, capsys, descriptor):
    (new / paths.DESCRIPTOR).write_text(descriptor, encoding="utf-8")
    (new / "t.csv").write_text("id\n", encoding="utf-8")
    assert cli.main(["diff", str(old), str(new)]) == 1
    assert "エラー" in capsys.readouterr().err


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.mark.process
@pytest.mark.parametrize("below", ["", "plans/one"])
def test_a_revision_of_git_can_be_the_old_package(old, tmp_path, capsys, below):
    repository = tmp_path / "repository"
    folder = repository / below
    shutil.copytree(old, folder)
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "before")
    count_what_was_pending(folder)
    assert cli.main(["diff", "HEAD", str(folder)]) == 0
    assert "値の変更 3件、行の追加 0行、行の削除 0行" in capsys.readouterr().out


@pytest.mark.process
@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x"])
def test_neither_a_folder_nor_a_revision_is_wrong_usage(new, capsys, revision):
    assert cli.main(["diff", "--", revision, str(new)]) == 2
    assert "見つかりません" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--format", "text"], ["--site-url", "javascript:alert(1)"]])
def test_wrong_usage_is_2(old, new, arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["diff", str(old), str(new), *arguments])
    assert stopped.value.code == 2
