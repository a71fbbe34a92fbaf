"""What codes are called stands in the Table Schemas alone: one that is added there is known everywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from builders import descriptor
from reading_html import read
from shinchoku import exports, pages, validation, words
from shinchoku.metrics import Assessment, ListingMatch
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.reading import read_package
from shinchoku.reports_compared import RevisionKind
from shinchoku.validation.problems import ERROR
from small_project import small_package

LOST = {
    "value": "lost",
    "label": "資料が失われた",
    "label_en": "Records lost",
    "short": "資料なし",
    "meaning": "「資料なし」など、もとの資料が残っていないと印刷されています。",
    "meaning_en": "The document says that the records no longer exist.",
}
QUARTERLY = {"value": "quarterly", "label": "四半期", "label_en": "Per quarter"}
#: (table, column) → the code, and the cells that use it.
CODES = {
    ("observations", "status"): (LOST, [(",pending,,,,集計中,", ",lost,,,,散逸により不明,")]),
    ("settlements", "status"): (LOST, [(",not_stated,—,", ",lost,散逸により不明,")]),
    ("indicators", "accumulation"): (
        QUARTERLY,
        [("年間来場者数,万人,true,annual", "年間来場者数,万人,true,quarterly")],
    ),
}


def _add(folder: Path, table: str, column: str) -> None:
    path = folder / "data" / "schemas" / f"{table}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    field = next(field for field in schema["fields"] if field["name"] == column)
    code, cells = CODES[table, column]
    field["categories"].append(code)
    field["constraints"]["enum"].append(code["value"])
    path.write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
    rows = folder / "data" / f"{table}.csv"
    text = rows.read_text(encoding="utf-8")
    for old, new in cells:
        assert old in text
        text = text.replace(old, new)
    rows.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The small package with a code more in three columns, and rows that have them."""
    folder = small_package(tmp_path_factory.mktemp("codes") / "package")
    for table, column in CODES:
        _add(folder, table, column)
    return folder


@pytest.fixture(scope="module")
def package(folder) -> Edition:
    return read_package(folder).newest


def test_a_code_is_added_in_one_place(folder):
    errors = [problem for problem in validation.validate(folder) if problem.severity == ERROR]
    assert {problem.rule for problem in errors} == {"as-printed"}  # no document prints what has them


def test_every_page_is_made_with_codes_nobody_knew(package):
    bodies = {address: read(page.html(package)).text for address, page in pages.of(package).items()}
    for address in ("", "quality/", "initiatives/", "initiatives/night-view/"):
        assert "資料なし" in bodies[address], address
    assert "資料なし 資料の表記：散逸により不明" in bodies["initiatives/night-view/"]
    assert "資料なし" in bodies["initiatives/information-desk/"] and "資料なし" in bodies["spending/"]
    assert "資料が失われた" in bodies["quality/"]
    assert "資料が失われた" in bodies["data/tables/observations/"]
    assert "四半期" in bodies["initiatives/"] and "四半期の値です" in bodies["initiatives/snow-festival/"]


def test_the_legend_explains_a_code_nobody_knew(package):
    rows = read(pages.pieces.status_legend(package)).all("tr")
    assert f"資料なし{LOST['meaning']}" in [row.text for row in rows]


def test_what_is_published_has_the_words_for_a_code(package, folder, tmp_path):
    exports.write_exports(package, folder, tmp_path)
    published = json.loads((tmp_path / "data" / "datapackage.json").read_text(encoding="utf-8"))
    fields = {
        (resource["name"], field["name"]): field
        for resource in published["resources"]
        for field in resource["schema"]["fields"]
    }
    for place, (code, _) in CODES.items():
        assert fields[place]["categories"][-1] == code
    assert '"status":"lost"' in (tmp_path / "data" / "initiatives.json").read_text(encoding="utf-8")
    (workbook,) = (tmp_path / "data").glob("*.xlsx")
    readme = openpyxl.load_workbook(workbook).worksheets[0]
    said = "".join(str(cell) for row in readme.iter_rows(values_only=True) for cell in row if cell)
    assert "lost＝資料が失われた" in said and "quarterly＝四半期" in said


def test_a_word_that_is_not_the_code_is_still_told_with_those_allowed(folder, tmp_path):
    broken = shutil.copytree(folder, tmp_path / "broken")
    rows = broken / "data" / "observations.csv"
    rows.write_text(rows.read_text(encoding="utf-8").replace(",lost,", ",資料が失われた,"), encoding="utf-8")
    remedies = [problem.remedy for problem in validation.validate(broken)]
    assert any("「lost」でしょうか" in remedy for remedy in remedies)


# -- the words there are ------------------------------------------------------------


def _columns():
    for resource in descriptor()["resources"]:
        for field in resource["schema"]["fields"]:
            if "categories" in field:
                yield field["name"], dictionary.codes_of(field).values()


def test_every_code_is_called_something_in_both_languages():
    for _, codes in _columns():
        assert all(
            code.label and code.label_en and bool(code.meaning) == bool(code.meaning_en) for code in codes
        )
    for derived, kind in (
        (words.ASSESSMENTS, Assessment),
        (words.MATCHES, ListingMatch),
        (words.REVISIONS, RevisionKind),
    ):
        assert list(derived) == list(kind)
        assert all(code.value == value and code.label and code.label_en for value, code in derived.items())


def test_a_reason_is_called_the_same_in_every_table():
    said: dict[str, dictionary.Code] = {}
    for name, codes in _columns():
        for code in codes if name == "status" else ():
            assert said.setdefault(code.value, code) == code
    assert all(code.meaning for value, code in said.items() if value != "reported")
