"""The guides, followed word by word on a copy of the project: what they tell to type, and what they say happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import yaml

import next_report
from frozen_project import FROZEN
from reading_html import Element, read
from shinchoku import cli, pages, validation
from shinchoku.changes.log import with_log
from shinchoku.package.descriptor import primary_key, read_descriptor, resources
from shinchoku.package.reading import read_package
from shinchoku.package.writing import table_bytes

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / "src" / "shinchoku" / "site" / "docs" / "contribute"
PICTURES = FOLDER / "pictures"
GUIDES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
_FOUND_NOTHING = "問題は見つかりませんでした。"
_KB = 1024


def _blocks(guide: str) -> list[list[str]]:
    """The indented blocks of code of a guide, as their lines; one that stands in a list is indented twice."""
    found: list[list[str]] = []
    indent, previous = 0, ""
    for line in GUIDES[guide].splitlines():
        if line.startswith("    "):
            if not previous.startswith("    "):
                indent = len(line) - len(line.lstrip())
                found.append([])
            found[-1].append(line[indent:])
        previous = line
    return found


def _lines(guide: str, start: str) -> list[str]:
    return [line for block in _blocks(guide) for line in block if line.startswith(start)]


def _commands() -> list[str]:
    return [line for guide in GUIDES for line in _lines(guide, "shinchoku ")]


def _explained(guide: str, number: int) -> list[tuple[str, str]]:
    """The names and meanings in a list of a guide."""
    lists = re.findall(r"<dl.*?</dl>", GUIDES[guide], re.DOTALL)
    return re.findall(r"<dt><code>(\w+)</code></dt><dd>(.*?)</dd>", lists[number])


class Folder:
    """A copy of a project, as somebody has it who downloaded it, and the terminal in it."""

    def __init__(self, project: Path, root: Path) -> None:
        self.root = root
        shutil.copytree(PROJECT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("data", "releases"):
            shutil.copytree(project / name, root / name)
        for name in ("datapackage.json", "LICENSE-DATA.md", "mkdocs.yml"):
            shutil.copy(project / name, root)

    def type(self, line: str) -> tuple[int, str]:
        """The exit code of a command as it is written, and all that it says."""
        words = shlex.split(line)
        assert words[0] == "shinchoku"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root / "src"), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.returncode, done.stdout + done.stderr

    def table(self, name: str) -> Path:
        return self.root / "data" / f"{name}.csv"

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.table(name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.table(name).write_text(text.replace(old, new), encoding="utf-8")

    def append(self, name: str, line: str) -> None:
        with self.table(name).open("a", encoding="utf-8") as table:
            table.write(f"{line}\n")


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Folder:
    return Folder(project, tmp_path / "project")


def _correct(folder: Folder) -> None:
    """Steps 2 and 4 of 「数字を1つ直す」."""
    before, after = _lines("correct", "snow-festival-1,2022,actual,")
    folder.replace("observations", before, after)
    code, said = folder.type("shinchoku validate")
    assert code == 1 and "原資料の50行目の令和4年度実績は「175」です。" in said
    (row,) = _lines("correct", "observations,")
    offered = next(line.strip() for line in said.splitlines() if line.startswith("    observations,"))
    same = slice(0, 5), slice(7, None)  # all but the reason and the day
    assert [offered.split(",")[part] for part in same] == [row.split(",")[part] for part in same]
    folder.append("corrections", row)


# -- correct one number -----------------------------------------------------------


@pytest.mark.process
def test_one_number_is_corrected_as_written(project, folder):
    _correct(folder)
    assert folder.type("shinchoku validate") == (0, f"{_FOUND_NOTHING}\n")
    _, said = folder.type(f"shinchoku diff {shlex.quote(str(project))} .")
    assert "<td><code>175</code></td><td><code>176</code></td>" in said
    assert "値の変更 1件、行の追加 1行、行の削除 0行" in said


def test_the_row_of_a_correction_is_explained_column_by_column():
    terms = re.findall(r"<dt>(.*?)</dt>", GUIDES["correct"])
    names = [name for term in terms for name in re.findall(r"<code>(\w+)</code>", term)]
    assert names == table_bytes([], _resource("corrections")).decode().strip().split(",")


def test_the_keys_of_other_tables_are_as_the_guide_says(package):
    """「決算見込額のキーは…」"""
    said = r"`settlements`）のキーは <code[^>]*>([\w:-]+)</code>、列は `(\w+)`"
    key, column = re.search(said, GUIDES["correct"]).groups()
    source, initiative, year = key.split(":")
    row = next(item for item in package.settlements if item.initiative_id == initiative)
    assert (row.source_id, str(row.fiscal_year)) == (source, year) and hasattr(row, column)


def test_every_key_is_put_together_as_the_guide_says():
    """「`source_id` があれば初めに、ほかは列の順に」"""
    for resource in read_descriptor(FROZEN)["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        key = primary_key(resource)
        assert list(key) == sorted(
            key, key=lambda name, names=names: (name != "source_id", names.index(name))
        )


@pytest.mark.process
def test_what_excel_saves_is_refused_and_mended(folder):
    """As Excel writes 「CSV UTF-8」; the mended file is the one that was meant."""
    _correct(folder)
    meant = folder.table("observations").read_bytes()
    folder.table("observations").write_bytes(b"\xef\xbb\xbf" + meant.replace(b"\n", b"\r\n"))
    code, said = folder.type("shinchoku validate")
    assert code == 1 and "［bom］" in said and "［line-ending］" in said
    assert folder.type("shinchoku validate --fix")[0] == 0
    assert folder.table("observations").read_bytes() == meant


@pytest.mark.process
def test_a_slip_of_the_copy_is_mended_as_written(folder):
    before, _ = _lines("correct", "snow-festival-1,2022,actual,")
    both = before.replace("175", "176")
    folder.replace("observations", before, both)  # what does not do
    code, said = folder.type("shinchoku validate")
    assert (
        code == 1 and "「写し間違いを直す」" in said and '<h2 id="slip">写し間違いを直す' in GUIDES["correct"]
    )
    export, asking, answered = _lines("correct", "shinchoku ")
    assert folder.type(export)[0] == 0
    book = openpyxl.load_workbook(folder.root / "report.xlsx")
    row = next(row for row in book["報告"].iter_rows() if row[11].value == "snow-festival")
    next(cell for cell in row if cell.value == "175").value = "176"
    book.save(folder.root / "report.xlsx")
    assert folder.type(asking)[0] == 1
    assert folder.type(answered)[0] == 0
    assert both in folder.table("observations").read_text(encoding="utf-8")
    assert folder.type("shinchoku validate") == (0, f"{_FOUND_NOTHING}\n")


@pytest.mark.process
def test_after_a_version_the_change_is_shown_without_another_step(folder):
    assert folder.type("shinchoku release 2.1.0 --summary 次の版")[0] == 0
    _correct(folder)
    package = with_log(read_package(folder.root), folder.root)
    found = package.changes[package.releases[-1].last_change_number or 0 :]
    (correction,) = read_package(folder.root).corrections
    assert [(item.table_name, item.reason) for item in found] == [
        ("corrections", correction.reason),
        ("observations", correction.reason),
    ] or [item.table_name for item in found] == ["observations", "corrections"]


@pytest.mark.process
def test_a_version_is_made_as_written_and_is_not_to_be_touched(folder):
    _correct(folder)
    (release,) = _lines("undo", "shinchoku release")
    assert folder.type(release)[0] == 0
    next((folder.root / "releases" / "2.0.1").glob("*.zip")).write_bytes(b"")
    code, said = folder.type("shinchoku release 2.1.0 --summary 次の版")
    assert code == 1 and "元に戻してください" in said


# -- a note of doubt ------------------------------------------------------------------


@pytest.mark.process
def test_a_doubt_is_added_as_written(folder):
    (row,) = _lines("doubt", "progress-r4-")
    folder.append("source_notes", row)
    code, said = folder.type("shinchoku validate")
    assert code == 0 and "［row-order］" in said and said.count("［") == 1
    assert folder.type("shinchoku validate --fix")[0] == 0
    assert folder.type("shinchoku validate") == (0, f"{_FOUND_NOTHING}\n")
    published = read_package(folder.root)
    assert row.split(",")[0] in {note.note_id for note in published.notes_of_line["progress-r4", 50]}


@pytest.mark.process
def test_the_same_note_twice_and_words_that_are_not_printed_are_told_as_the_guide_says(folder):
    (row,) = _lines("doubt", "progress-r4-")
    folder.append("source_notes", row)
    folder.append("source_notes", row)
    assert "［duplicate-key］" in folder.type("shinchoku validate")[1]


def test_the_row_of_a_note_is_explained_column_by_column():
    names = [name for name, _ in _explained("doubt", 0)]
    assert names == [field["name"] for field in _resource("source_notes")["schema"]["fields"]]


def test_the_kinds_of_doubt_are_those_of_the_schema():
    fields = {field["name"]: field for field in _resource("source_notes")["schema"]["fields"]}
    declared = [(item["value"], item["label"]) for item in fields["category"]["categories"]]
    assert _explained("doubt", 2) == declared
    names = [name for name, _ in _explained("doubt", 1)]
    assert len(names) == 6
    of_cells = _resource("listing_differences")["schema"]["fields"]
    listing_differences = {field["name"]: field for field in of_cells}
    assert all(
        re.fullmatch(listing_differences["printed_column"]["constraints"]["pattern"], name) for name in names
    )


# -- next year's report --------------------------------------------------------------------


@pytest.mark.process
def test_the_next_report_as_text_is_imported_as_written(folder):
    shutil.copy(next_report.REPORT, folder.root)
    _, command = _lines("next-report", "shinchoku import progress")[:2]
    code, said = folder.type(command)
    assert code == 1 and "決めていただくことが" in said and "data/ は元のままです。" in said
    (question,) = [block for block in _blocks("next-report") if block[0].startswith("[3]")]
    assert "\n".join(question).removeprefix("[3] ") in said
    decisions = folder.root / "data" / "decisions"
    next_report.decide(folder.root)
    answers = [block for block in _blocks("next-report") if block[0].startswith("- id:")]
    written = {
        item["id"]: item for item in yaml.safe_load((decisions / "initiatives.yml").read_text("utf-8"))
    }
    for answer in answers:
        (item,) = yaml.safe_load("\n".join(answer))
        assert written[item["id"]] == item
    code, said = folder.type(command)
    assert code == 0 and "プルリクエストに貼るまとめを summary.md に書きました。" in said
    assert (folder.root / "summary.md").read_text(encoding="utf-8").startswith("## 令和5年度")
    assert folder.type("shinchoku validate") == (0, f"{_FOUND_NOTHING}\n")


@pytest.mark.process
def test_the_next_report_as_a_form_is_imported_as_written(folder):
    (export,) = _lines("next-report", "shinchoku export")
    assert folder.type(export)[0] == 0
    form = folder.root / "next-report.xlsx"
    assert next_report.fill_in(form, read_package(folder.root)) > 300
    command, _, asking, again = _lines("next-report", "shinchoku import progress")
    code, said = folder.type(command)
    assert code == 0, said
    assert folder.type("shinchoku validate") == (0, f"{_FOUND_NOTHING}\n")
    book = openpyxl.load_workbook(form)
    row = next(row for row in book["報告"].iter_rows() if row[11].value == "snow-festival")
    row[9].value, row[10].value = "190", None
    book.save(form)
    code, said = folder.type(asking)
    assert code == 1 and "変わります。印刷を見て、どちらかにしてください。" in said
    assert folder.type(again)[0] == 0
    assert "- 空欄：値と額の1か所" in (folder.root / "summary.md").read_text(encoding="utf-8")
    observation = read_package(folder.root).newest.observation["snow-festival-1", 2023, "actual"]
    assert observation.value == 190


# -- undo ---------------------------------------------------------------------------------


@pytest.mark.process
def test_git_brings_the_data_back(folder):
    (command,) = _lines("undo", "git restore")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(folder.root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)
    before = folder.table("observations").read_bytes()
    _correct(folder)
    subprocess.run([*git, *shlex.split(command)[1:]], check=True)
    assert folder.table("observations").read_bytes() == before


def test_what_the_guide_quotes_is_what_the_program_says():
    assert _FOUND_NOTHING in GUIDES["undo"]
    said = [path.read_text(encoding="utf-8") for path in (PROJECT / "src").rglob("*.py")]
    assert any(_FOUND_NOTHING in text for text in said)


# -- the messages -----------------------------------------------------------------------------


@pytest.mark.process
def test_the_example_of_a_message_is_one(folder):
    folder.replace("observations", "snow-festival-1,2022,actual,175,", "snow-festival-1,2022,actual,１７６,")
    (example,) = _lines("messages", "data/observations.csv")
    assert example in folder.type("shinchoku validate")[1].splitlines()


def test_every_rule_has_its_anchor_its_remedy_and_its_example(package):
    body = read(pages.pieces.check_rules(package))
    for rule in validation.RULES.values():
        told = body.by_id(rule.id).text
        for text in (rule.id, rule.text, rule.remedy, *rule.example, rule.mending.value):
            assert " ".join(text.split()) in told, rule.id


# -- all guides -----------------------------------------------------------------------------------


@pytest.mark.parametrize("line", sorted(set(_commands())))
def test_every_command_can_be_typed(line):
    words = shlex.split(line)[1:]
    if words[:2] in (["import", "progress"], ["export", "workbook"]):
        words[:2] = [" ".join(words[:2])]
    cli._parser().parse_args(words)


def test_every_script_and_file_that_is_named_exists():
    tables = {resource["path"] for resource in read_descriptor(FROZEN)["resources"]}
    for guide, text in GUIDES.items():
        for name in re.findall(r"(?:python |`)(scripts/\w+\.py)", text):
            assert (PROJECT / name).is_file(), (guide, name)
        for name in re.findall(r"`(?:data/)?(\w+\.csv)`", text):
            assert f"data/{name}" in tables, (guide, name)
        for name in re.findall(r'repository_file\("([^"]+)"\)', text):
            assert name in tables or (PROJECT / name).is_file(), (guide, name)


def test_what_is_said_of_a_pull_request_is_what_the_workflow_does():
    workflow = (PROJECT / ".github/workflows/pull-request.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(workflow)["jobs"]
    assert {"データの検査", "値の違い", "見本のサイト"} <= {job["name"] for job in jobs.values()}
    assert jobs["preview"]["needs"] == "data"
    assert "## 自動で直したファイル" in workflow


@pytest.mark.process
def test_the_mended_files_of_a_pull_request_are_those_that_were_meant(folder, tmp_path):
    """The step itself, run on a table as Excel saves it."""
    jobs = yaml.safe_load((PROJECT / ".github/workflows/pull-request.yml").read_text(encoding="utf-8"))[
        "jobs"
    ]
    (step,) = [step for step in jobs["data"]["steps"] if step.get("id") == "mended"]
    meant = folder.table("observations").read_bytes()
    folder.table("observations").write_bytes(b"\xef\xbb\xbf" + meant.replace(b"\n", b"\r\n"))
    outputs = tmp_path / "outputs"
    subprocess.run(
        ["bash", "-e", "-c", step["run"].replace(".venv/bin/shinchoku", f"{sys.executable} -m shinchoku")],
        cwd=folder.root,
        env={
            **os.environ,
            "PYTHONPATH": str(folder.root / "src"),
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_OUTPUT": str(outputs),
        },
        check=True,
    )
    assert outputs.read_text() == "some=true\n"
    mended = {path.name: path.read_bytes() for path in (folder.root / "mended").iterdir()}
    assert mended == {"observations.csv": meant}


# -- pictures -----------------------------------------------------------------------------------------


def _pictures() -> list[tuple[str, Element]]:
    found = []
    for guide, text in GUIDES.items():
        found += [(guide, item) for item in read(text).all("img")]
    return found


def _size(path: Path) -> tuple[int, int]:
    if path.suffix == ".svg":
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        return int(root.attrib["width"]), int(root.attrib["height"])
    return struct.unpack(">II", path.read_bytes()[16:24])


def test_pictures_are_small_have_words_and_their_own_size():
    shown = _pictures()
    assert len(shown) > 10
    for guide, picture in shown:
        path = PICTURES / picture.attributes["src"].rpartition("/")[2]
        assert path.stat().st_size <= 60 * _KB, path.name
        assert len(picture.attributes["alt"]) > 15, (guide, path.name)
        size = tuple(int(picture.attributes[name]) for name in ("width", "height"))
        assert size == _size(path), (guide, path.name)
        assert picture.attributes["loading"] == "lazy"


def test_every_picture_is_shown_and_sketches_say_that_they_are():
    names = {item.attributes["src"].rpartition("/")[2] for _, item in _pictures()}
    assert names == {path.name for path in PICTURES.iterdir()}
    for text in GUIDES.values():
        for src, caption in re.findall(r'src="([^"]+)".*?<figcaption>(.*?)</figcaption>', text):
            assert ("github-" in src) == caption.startswith("略図。"), src


def _resource(name: str) -> dict:
    return resources(read_descriptor(FROZEN))[name]
