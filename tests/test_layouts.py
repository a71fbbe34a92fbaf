"""The form of a document as a file: reports of other plans, read by their layouts alone."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest

from shinchoku import importing, paths
from shinchoku.importing import ImportProblem, progress_report
from shinchoku.importing.layouts import Template, read_layout
from shinchoku.importing.source_text import SourceText
from shinchoku.package.descriptor import Level

TOWN = """\
kind: progress_report
issued: "{month} {publisher}"
headings:
  - {level: goal, printed: "基本目標{number} {title}"}
  - {level: measure, printed: "施策{number} {title}"}
columns:
  事業名: name
  担当課: {role: attribute, attribute: division}
  指標(KPI): indicator
  単位: unit
  基準値({year}): base
  "{year}": actual
  目標値: {role: target, year: R6}
  "{year}予算額(千円)": {role: budget, unit: 千円}
  "{year}決算額(円)": {role: settlement, unit: 円}
  備考: leave_out
marks: {relisted: （再掲）}
words:
  - {printed: 調査中止, status: not_surveyed, reason: 調査を中止した。}
"""
HEADER = "事業名\t担当課\t指標（ＫＰＩ）\t単位\t基準値(R1)\tR4\tR5\t目標値\tR5予算額(千円)\tR4決算額(円)\tR5決算額(円)\t備考"
REPORT = f"""\
町の総合戦略 進捗管理シート
R6.8 町企画課
基本目標１ しごと
町の魅力事業\t企画課\t社会増減数\t人\t-85\t-64\t集計中\t0\t0\t\t0\t省く
指標（KPI）\t単位\t基準値(R1)\tR4\tR5\t目標値
従業者数\t千人\t1.2\t1.3\t1.25\t2
事業所数\t\t100\t調査中止\t110\t120
施策1-1 農業
{HEADER}
スマート農業\t農林課\t経営体数\t経営体\t0\t2\t4\t10\t8,000\t7,000,000\t7,555,500\t
\t\t削減率\t%\t0\t4.125\t5.0\t12.5\t\t\t\t
町の魅力事業（再掲）\t商工課\t社会増減数\t人\t-85\t-64\t集計中\t0\t0\t\t0\t
"""
REPORT = REPORT.replace("基本目標１ しごと\n", f"基本目標１ しごと\n{HEADER}\n")
SOURCES = "- {id: r5, layout: town, file: data/sources/r5.txt, publisher: 町, terms: なし}\n"
DECISIONS = {
    "sources": SOURCES,
    "policies": "- {id: jobs, level: goal, title: しごと}\n",
    "initiatives": "".join(
        f"- {{id: {key}, name: {name}}}\n"
        for key, name in {"charm": "町の魅力事業", "smart": "スマート農業", "work": "しごと"}.items()
    ),
    "indicators": "work-2: {unit: {value: か所, reason: 事業所は所で数える。}}\n",
}


def level(name: str, *under: str | None, folder: str | None = None) -> Level:
    return Level(name, name, name, under, folder, False)


LEVELS = (level("goal", None, folder="goals"), level("measure", "goal"))


def town(folder: Path, report: str = REPORT, layout: str = TOWN) -> Path:
    for name, text in {"layouts/town.yml": layout, "sources/r5.txt": report}.items() | {
        (f"decisions/{name}.yml", text) for name, text in DECISIONS.items()
    }:
        path = folder / paths.DATA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def imported(folder: Path) -> importing.Tables:
    return importing.run_import(folder, dict.fromkeys(importing.EDITORIAL_TABLES, ()), {}, LEVELS)


def test_another_plan_is_read_by_its_layout(tmp_path):
    tables = imported(town(tmp_path))
    assert [(item.policy_id, item.number_printed) for item in tables["policies"]] == [
        ("jobs", "１"),
        ("jobs-m1", "1-1"),
    ]
    assert [(row.initiative_id, row.policy_id, row.indicator_position, row.is_relisted) for row in tables["listings"]] == [
        ("charm", "jobs", 1, False),
        ("work", "jobs", 1, False),
        ("work", "jobs", 2, False),
        ("smart", "jobs-m1", 1, False),
        ("smart", "jobs-m1", 2, False),
        ("charm", "jobs-m1", 1, True),
    ]  # fmt: skip
    assert {item.initiative_id for item in tables["initiatives"] if item.is_policy} == {"work"}
    assert {item.indicator_id: (item.unit, item.is_unit_printed) for item in tables["indicators"]} == {
        "charm-1": ("人", True),
        "work-1": ("千人", True),
        "work-2": ("か所", False),
        "smart-1": ("経営体", True),
        "smart-2": ("%", True),
    }
    values = {(row.indicator_id, row.role, row.fiscal_year): row.value for row in tables["observations"]}
    assert values["charm-1", "base", 2019] == -85 and values["smart-2", "actual", 2022] == Decimal("4.125")
    assert values["smart-1", "target", 2024] == 10
    assert {(row.printed, row.status) for row in tables["observations"] if row.value is None} == {
        ("集計中", "pending"),
        ("調査中止", "not_surveyed"),
    }
    amounts = [
        (row.initiative_id, row.fiscal_year, row.amount_thousand_yen, row.status)
        for name in ("budgets", "settlements")
        for row in tables[name]
        if row.initiative_id == "smart"
    ]
    assert amounts == [
        ("smart", 2023, 8000, "reported"),
        ("smart", 2022, 7000, "reported"),
        ("smart", 2023, Decimal("7555.5"), "reported"),
    ]
    assert [(row.initiative_id, row.attribute, row.text) for row in tables["attributes"]] == [
        ("charm", "division", "企画課"),
        ("smart", "division", "農林課"),
    ]
    assert [(row.printed_column, row.printed) for row in tables["listing_differences"]] == [
        ("attribute_division", "商工課")
    ]
    (source,) = tables["sources"]
    assert (source.issued_month, source.report_fiscal_year) == ("2024-08", 2023)


@pytest.mark.parametrize(
    ("find", "replace", "line", "message", "to_write"),
    [
        ("指標（ＫＰＩ）", "成果", 4, "見出し「成果」を知りません", '    "成果": leave_out'),
        ("基準値(R1)", "基準値", 4, "見出し「基準値」を知りません", '    "基準値": leave_out'),
        ("施策1-1 農業", "(1) 農業", 9, "「(1) 農業」は見出しでも", '    - {level: …, printed: "(1) 農業"}'),
        ("調査中止", "休止", 8, "令和4年度の実績の「休止」が、値なのか", '    - {printed: "休止", status: …'),
    ],
)
def test_what_the_layout_does_not_know_is_asked_with_the_line_to_write(
    tmp_path, find, replace, line, message, to_write
):
    with pytest.raises(ImportProblem) as caught:
        imported(town(tmp_path, REPORT.replace(find, replace, 1)))
    asked = next(each for each in caught.value.problems if message in each.message)
    assert asked.line == line and f"{paths.LAYOUTS}/town.yml" in asked.remedy and to_write in asked.answer


@pytest.mark.parametrize(
    ("find", "replace", "line", "message"),
    [
        ("施策{number} {title}", "施策{number} {name1}", 5, "{name1} を知りません"),
        ("施策{number} {title}", "施策{number}{circled}", 5, "同じ役目の {…} が2つ"),
        ("施策{number} {title}", "{any}策{any} {title}{any}", 5, "どんな字句でも合う {…} が4"),
        ("level: measure", "level: field", None, "階層「field」がありません"),
        ("事業名: name", "事業名: nam", 7, "使えない値があります"),
        ("unit: 千円", "unit: 人", 14, "が金額の単位ではありません"),
        ("year: R6", "year: 最終", 13, "の year の「最終」は年度として読めません"),
        ("調査を中止した。", "…", 19, "に理由が書かれていません"),
        ("kind: progress_report", "kind: x", 1, "kind が progress_report でも"),
    ],
)
def test_a_layout_that_is_wrong_is_told_where(tmp_path, find, replace, line, message):
    assert find in TOWN
    with pytest.raises(ImportProblem, match=re.escape(message)) as caught:
        imported(town(tmp_path, layout=TOWN.replace(find, replace)))
    assert (caught.value.file, caught.value.line) == (f"{paths.LAYOUTS}/town.yml", line)


def parsed(folder: Path, text: str, levels: tuple[Level, ...], headings: list[str]) -> progress_report.Report:
    forms = "".join(f'  - {{level: {each.name}, printed: "{form}"}}\n' for each, form in zip(levels, headings, strict=True))  # fmt: skip
    (folder / paths.LAYOUTS).mkdir(parents=True)
    layout = f"kind: progress_report\nheadings:\n{forms}columns: {{取組: name, 指標: indicator, '{{year}}': actual}}\n"
    (folder / paths.LAYOUTS / "x.yml").write_text(layout, encoding="utf-8")
    return progress_report.parse(SourceText("報告", tuple(text.split("\n")), ""), read_layout(folder, "x"), levels)  # fmt: skip


TABLE = "取組\t指標\tR5\n甲\t数\t1"


@pytest.mark.parametrize(
    ("headings", "lines", "tree"),
    [
        (["{number}.{title}"], f"１．道\n{TABLE}\n2.橋", {"道": None, "橋": None}),
        (
            ["第{kanji}章 {title}", "第{number}節 {title}", "({number}) {title}", "{kana} {title}"],
            f"第一章 街\n第1節 道\n(1) 駅\nア 東\n{TABLE}\n(2) 港\n第二章 森\n{TABLE}\n第１節 木",
            {"街": None, "道": "街", "駅": "道", "東": "駅", "港": "道", "森": None, "木": "森"},
        ),
        # Of one look: what stands deepest above tells which it is.
        (
            ["■{title}", "{circled}{title}", "{circled}{title}"],
            f"■街\n①道\n{TABLE}",
            {"街": None, "道": "街"},
        ),
    ],
)
def test_plans_of_any_depth(tmp_path, headings, lines, tree):
    names = "abcd"[: len(headings)]
    levels = tuple(level(name, names[at - 1] if at else None) for at, name in enumerate(names))
    report = parsed(tmp_path, f"表題\n{lines}", levels, headings)
    assert {node.title: node.parent and node.parent.title for node in report.nodes} == tree
    holders = [row.policy.title for row in report.rows]
    assert holders == {1: ["道"], 4: ["東", "森"], 3: ["道"]}[len(headings)]


def test_a_template_is_read_in_any_width_and_white_space():
    assert Template("施策{number}（{title}）").match("施策 １－２(道 の駅)") == {
        "number": "１－２",
        "title": "道 の駅",
    }
    assert Template("{year}決算").match("令和５年度 決算") == {"year": "令和５年度"}
    assert Template("{year}決算").match("昨年度決算") is None


def test_no_template_takes_long_to_be_found_unfitting():
    began = time.process_time()
    for text in (" " * 499, "＜" * 10000):
        assert Template("{any} {any} {title}終").match(text) is None
    assert time.process_time() - began < 5
