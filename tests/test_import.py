"""Import: the real documents, and documents with one thing wrong."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

import frozen_project
from frozen_project import copy_descriptor
from shinchoku import cli, fiscal_year, importing, paths
from shinchoku.changes import log
from shinchoku.importing import ImportProblem, grants_document, progress_report, report_years
from shinchoku.importing.source_text import SourceText
from shinchoku.package.reading import read_package, read_table

PROGRESS = "data/sources/industrial-vision-progress-r4.txt"
GRANTS = "data/sources/regional-revitalization-grants-h29.txt"
LAYOUT, GRANTS_LAYOUT = frozen_project.layout(), frozen_project.layout("grants")

REPORT = """\
【資料9】
まちの計画の進捗状況
目次
1. 重点分野
①みどり\t1
2. 横断的戦略
横断的戦略1 まちを支える人
①育成\t4
【資料9】
《重点分野》
重点分野1.みどり
基本施策1.木を植える
取組\t指標\tR5\tR6\t\t\t
\t\t実績(指標)\t内容\t決算見込額(千円)\t実績(指標)\t目標(指標)
① 木を植える取組
---\t---\t---\t---\t---\t---\t---
★\t植樹事業\t植えた木(本)\t10\t<ul style="x"> ・苗 ・土 \t1,200\t12\t15
\t公園事業\t公園の数\t集計中\t(令和5年度をもって終了)\t—\t—\t3
《横断的戦略1.人への支援》
柱1.育成
基本施策1.学ぶ
取組\t指標\tR5\tR6\t\t\t\t
\t\t実績(指標)\t内容\t決算見込額(千円)\t実績(指標)\t目標(指標)\t
①学ぶ取組\t\t\t\t\t\t\t
【再掲】植樹事業\t植えた木(本)\t10\t・苗 ・土\t1,200\t13\t15\t
②木を植える取組（再掲）
～再掲のため省略～"""


STANDARD = "actual_2022 activities settlement_2023_thousand_yen actual_2023 target_2023"
LATER = STANDARD.replace("target_2023", "target_2024")


def with_header(header: str, title: str = "まちの計画の進捗状況") -> str:
    """The report with another header over every table; ``|`` parts cells, ``/`` lines."""
    first, *more = header.replace("|", "\t").split("/")
    lines = "\n".join([f"取組\t指標\t{first}", *(f"\t\t{line}" for line in more)])
    old = REPORT[REPORT.index("取組\t指標") : REPORT.index("\n① 木を")]
    second = REPORT[REPORT.rindex("取組\t指標") : REPORT.index("\n①学ぶ取組")]
    return REPORT.replace(second, lines).replace(old, lines).replace("まちの計画の進捗状況", title)


def text_of(content: str) -> SourceText:
    return SourceText("報告.txt", tuple(content.split("\n")), "0" * 64)


def parsed(content: str, problems: list[ImportProblem] | None = None) -> progress_report.Report:
    return progress_report.parse(text_of(content), LAYOUT, frozen_project.LEVELS, problems)


def copy_project(project: Path, target: Path) -> Path:
    """What an import needs of the project, to be spoilt."""
    shutil.copytree(project / paths.DATA, target / paths.DATA)
    copy_descriptor(project, target)
    return target


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class TestReportForm:
    """A small report of other years: nothing in the parser knows the real one."""

    report = parsed(REPORT)

    def test_headers_give_the_years(self):
        assert self.report.fiscal_years == (2023, 2024)
        assert [column.key for column in self.report.rows[0].columns] == [
            *("name", "indicator", "actual_2023", "activities"),
            *("settlement_2024_thousand_yen", "actual_2024", "target_2024"),
        ]

    def test_tree(self):
        shown = [(n.level, n.number, n.title, n.toc_printed, n.toc_page) for n in self.report.nodes]
        assert shown == [
            ("part", "1", "重点分野", "1. 重点分野", None),
            ("field", "1", "みどり", "①みどり", 1),
            ("measure", "1", "木を植える", None, None),
            ("direction", "①", "木を植える取組", None, None),
            ("part", "2", "横断的戦略", "2. 横断的戦略", None),
            ("strategy", "1", "人への支援", "横断的戦略1 まちを支える人", None),
            ("pillar", "1", "育成", "①育成", 4),
            ("measure", "1", "学ぶ", None, None),
            ("direction", "①", "学ぶ取組", None, None),
            ("direction", "②", "木を植える取組（再掲）", None, None),
        ]
        assert [node.omission for node in self.report.nodes if node.omission] == ["～再掲のため省略～"]

    def test_rows(self):
        shown = [
            (r.line, r.name, r.has_mark, r.is_relisted, r.position, r.cells["activities"])
            for r in self.report.rows
        ]
        assert shown == [
            (17, "植樹事業", True, False, 1, "・苗 ・土"),
            (18, "公園事業", False, False, 2, "(令和5年度をもって終了)"),
            (25, "植樹事業", False, True, 1, "・苗 ・土"),
        ]

    @pytest.mark.parametrize(
        ("find", "replace", "line", "message"),
        [
            ("まちの計画の進捗状況", "まちの計画の進捗状況\t速報", 2, "表紙の「まちの計画の進捗状況\t速報」"),
            ("\t12\t15", "\t12", 17, "列が6個あります（見出しは7個）"),
            (
                "決算見込額(千円)\t実績(指標)\t目標(指標)\n①",
                "予算額\t実績(指標)\t目標(指標)\n①",
                14,
                "見出し「予算額」を知りません",
            ),
            ("\tR5\tR6\t\t\t\n", "\tR5\t来年\t\t\t\n", 13, "見出し「来年」を知りません"),
            ("取組\t指標\tR5\tR6\t\t\t\n", "取組\t指数\tR5\tR6\t\t\t\n", 13, "見出し「指数」を知りません"),
            ("植樹事業\t植えた木(本)\t10\t<ul", "植樹事業\t\t10\t<ul", 17, "事業名か指標が空です"),
            ("① 木を植える取組\n", "", 16, "表の行の前に取組の方向がありません"),
            ("基本施策1.木を植える\n", "", 14, "上に来るはずの見出し（基本施策）がありません"),
            ("重点分野1.みどり", "分野1.みどり", 11, "見出しでも表の行でもありません"),
            ("①育成\t4\n", "", 19, "見出し「育成」が目次にありません"),
            ("①育成\t4", "①育成\t4\n②研究\t5", 9, "「②研究」に当たる見出しが本文にありません"),
            (
                "まちの計画の進捗状況\n",
                "まちの計画の進捗状況\n余分な行\n",
                3,
                "「余分な行」が何の行か分かりません",
            ),
        ],
    )
    def test_a_broken_form_names_the_line(self, find, replace, line, message):
        broken = REPORT.replace(find, replace, 1)
        assert broken != REPORT
        with pytest.raises(ImportProblem, match=message.replace("(", r"\(").replace(")", r"\)")) as caught:
            parsed(broken)
        assert caught.value.line == line

    @pytest.mark.parametrize(
        ("header", "columns"),
        [
            ("R4|R5|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD),
            ("Ｒ４|Ｒ５|||/実績（指標）|内容|決算見込額（千円）|実績（指標）|目標（指標）", STANDARD),
            ("令和４年度|令和５年度|||/実績値|内容|決算見込額(千円)|実績値|目標値", STANDARD),
            ("R4年度|R5年度|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD),
            ("2022年度|2023年度|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD),
            ("FY2022|FY2023|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD),
            ("令和4年度(2022年度)|令和5年度(2023年度)|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD),
            ("令和4年度|令和5年度|||/(2022年度)|(2023年度)|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD),
            ("R4|R5|||/実績|内容|決算見込額(千円)|実績|目標|/", STANDARD),
            ("令和4年度実績|内容|決算見込額(千円)|令和5年度実績|令和5年度目標", STANDARD),
            ("R4の実績|R5の内容|R5の決算見込額(千円)|R5の実績|R5の目標", STANDARD),
            ("R4実績(指標)|内容(R5)|決算見込額(千円)(R5)|実績(R5)|目標(R5)", STANDARD),
            ("令和4年度実績||||/|R5内容|R5決算見込額(千円)|R5実績|R5目標", STANDARD),
            ("実績|内容|決算見込額(千円)|実績|目標/R4|R5|R5|R5|R5", STANDARD),
            ("R4実績|内容|決算見込額(千円)|R5||/|||実績|目標", STANDARD),
            ("R4|R5|||/実績|内容|決算見込額(千円)|実績|目標(R6)", LATER),
            ("R4|R5|||R6/実績|内容|決算見込額(千円)|実績|目標(指標)", LATER),
            ("R4|R5||||/実績|内容|決算見込額(千円)|実績|目標|目標(R6)", f"{STANDARD} target_2024"),
            ("H30年度|平成31年度|||/実績|内容|決算見込額(千円)|実績|目標", STANDARD.replace("2022", "2018").replace("2023", "2019")),
        ],
    )  # fmt: skip
    def test_years_and_columns_stand_together_or_one_below_the_other(self, header, columns):
        report = parsed(with_header(header), [])
        assert " ".join(column.key for column in report.columns) == f"name indicator {columns}"
        assert report.fiscal_year == (2019 if "2019" in columns else 2023)

    @pytest.mark.parametrize(
        ("header", "line", "message"),
        [
            *(
                (f"R4|{year}|||/実績|内容|決算見込額(千円)|実績|目標", 13, f"見出し「{year}」を知りません")
                for year in "来年 2023 23年度 令和五年度 R5.3 R5年 R5(2024) R5見込 R5② R0 R4・R5 基準値 最終年度".split()
            ),
            *(
                (f"R4|R5|||/実績|内容|{role}|実績|目標", 14, f"見出し「{role}」を知りません")
                for role in "予算額 決算見込額 決算見込額(円) 決算見込額(百万円) 実績見込 実績・目標 R5見込額 備考".split()
            ),
            ("R4|R5|||/実績|内容||実績|目標", 14, "5列目（空）の年度と"),
            ("R4|R5||R6|/実績|内容|決算見込額(千円)|実績(R5)|目標", 14, "6列目（R6・実績(R5)）の年度と"),
            ("R4目標|R5|||/実績|内容|決算見込額(千円)|実績|目標", 14, "3列目（R4目標・実績）の年度と"),
            ("R4|R5|||/実績|内容|決算見込額(千円)|実績|実績", 14, "と同じ欄（R5）が、前にもあります"),
            ("R4|R5|||/実績|内容|決算見込額(千円)|R4実績|目標", 14, "と同じ欄（R4）が、前にもあります"),
            ("R4|R5/実績|内容|決算見込額(千円)|実績|目標", 14, "（実績）に、年度がありません"),
            ("R4実績|内容|決算見込額(千円)|実績|目標", 13, "（実績）に、年度がありません"),
            ("内容|決算見込額(千円)|R4目標|R5目標|R6目標", 13, "（内容）に、年度がありません"),
        ],
    )  # fmt: skip
    def test_a_heading_that_is_not_certain_is_refused(self, header, line, message):
        with pytest.raises(ImportProblem, match=re.escape(message)) as caught:
            parsed(with_header(header))
        assert caught.value.line == line

    @pytest.mark.parametrize(
        ("header", "doubt"),
        [
            ("R3|R4|R5||/実績|実績|内容|決算見込額(千円)|実績", None),
            ("R3|R4|R10||/実績|実績|内容|決算見込額(千円)|実績", "1年ずつ続いていません。"),
            ("R2|R4|R5||/実績|実績|内容|決算見込額(千円)|実績", "（R2・R4・R5）は、1年ずつ続いていません"),
            ("R4|R3|R5||/実績|実績|内容|決算見込額(千円)|実績", "（R4・R3・R5）は、1年ずつ続いていません"),
            ("R5|R4|R3||/実績|実績|内容|決算見込額(千円)|実績", "内容か決算額の年度（R3）と合いません"),
            ("R4|R5|R6||/実績|実績|内容|決算見込額(千円)|実績", "次の年度（R5）で終わっていません。表題「"),
            ("R2|R3|R4||/実績|実績|内容|決算見込額(千円)|実績", "令和4年度の報告が2つあります（r4、r5）"),
            ("R1|R2|R3||/実績|実績|内容|決算見込額(千円)|実績", "次の年度（R5）で終わっていません"),
            ("R3|R4|R5||/実績|実績|内容|実績|目標", None),
            ("R3|R4|R5||/実績|実績|内容|R4決算見込額(千円)|実績", "内容か決算額の年度（R4・R5）と合いません"),
            ("R3|R4|R5|||R6/実績|実績|内容|決算見込額(千円)|実績|目標", None),
            ("R3|R4|R5|||R4/実績|実績|内容|決算見込額(千円)|実績|目標", "どの目標の年度（R4まで）よりも後の R5 を含みます"),
        ],
    )  # fmt: skip
    def test_years_that_cannot_be_are_asked(self, header, doubt):
        report = parsed(with_header(header, "令和5年度の進捗状況"), [])
        found = list(report_years.problems(report, "報告.txt", {"id": "r5"}, ("r4", 2022), "sources.yml"))
        assert doubt in found[0].message if doubt else not found
        confirmed = {
            "id": "r5",
            "years": [fiscal_year.short(c.fiscal_year) for c in report.columns if c.role == "actual"],
        }
        left = list(report_years.problems(report, "報告.txt", confirmed, ("r4", 2022), "sources.yml"))
        assert bool(left) == bool(doubt and "2つ" in doubt)

    def test_a_report_of_a_year_to_come_and_a_table_of_other_years_are_asked(self):
        header = "R80|R81|||/実績|内容|決算見込額(千円)|実績|目標"
        report = parsed(with_header(header))
        (found,) = report_years.problems(report, "報告.txt", {"id": "r81"}, None, "sources.yml")
        assert "まだ始まっていない R81 を含みます" in found.message
        text = with_header("R4|R5|||/実績|内容|決算見込額(千円)|実績|目標")
        start, _, end = text.rpartition("R5")
        report = parsed(f"{start}R10{end}")
        (found,) = report_years.problems(report, "報告.txt", {"id": "r5"}, None, "sources.yml")
        assert report.fiscal_year == 2023 and found.line == 22 and "ほかの表" in found.message

    def test_all_that_cannot_be_read_is_told_at_once(self):
        broken = REPORT
        for find, replace in (
            ("目次\n", "余分な行\n目次\n"),
            ("\t12\t15", "\t12"),
            ("\t集計中", "\t\t集計中"),
            ("柱1.育成", "柱1:育成"),
            ("②木を植える取組（再掲）\n", ""),
        ):
            assert find in broken
            broken = broken.replace(find, replace)
        with pytest.raises(ImportProblem) as caught:
            parsed(broken)
        assert [each.line for each in caught.value.problems] == [3, 18, 19, 21]

    def test_a_report_without_contents_or_rows_is_refused(self):
        for content in ("表題\n", REPORT.split("《")[0], REPORT.split("---")[0]):
            with pytest.raises(ImportProblem):
                parsed(content)


class TestGrantsForm:
    document = """\
 交付金の対象事業について
R5.6 まち市
R5 年度交付金＜1/2 国費＞【R5 年度から 3 年間実施】
加速化交付金＜全額国費＞【R5 年度実施（単年度）】
木の事業＜道と共同申請＞  ※単年度
国費 1,500 千円（北海道 20 千円）
 木を植え、
育てる。
川の事業＜単独申請＞
国費 10 千円
参考資料 7"""

    def test_lines_become_programmes_and_projects(self):
        parsed = grants_document.parse(text_of(self.document), GRANTS_LAYOUT)
        assert (parsed.title, parsed.issued_month, parsed.label) == (
            "交付金の対象事業について",
            "2023-06",
            "参考資料 7",
        )
        assert [(p.name, p.first_fiscal_year, p.period_years) for p in parsed.programmes] == [
            ("R5 年度交付金", 2023, 3),
            ("加速化交付金", 2023, 1),
        ]
        tree, river = parsed.projects
        assert (tree.amount, tree.partner_amount, tree.applicant_type, tree.remark) == (
            1500,
            20,
            "joint_with_hokkaido",
            "※単年度",
        )
        assert tree.description == [(7, "木を植え、"), (8, "育てる。")]
        assert (river.amount, river.partner_amount, river.applicant_type) == (10, None, "city_alone")

    @pytest.mark.parametrize(
        ("issued", "month"),
        [
            *(
                ("R5.6", "2023-06"),
                ("Ｒ５.6", "2023-06"),
                ("令和5年6月", "2023-06"),
                ("令和元年12月1日", "2019-12"),
            ),
            *(("2023年6月", "2023-06"), ("平成31年03月", "2019-03"), ("H29. 11", "2017-11")),
            *(("R5.13", None), ("令和5年", None), ("5年6月", None), ("R0.6", None), ("令和某年6月", None)),
        ],
    )
    def test_the_month_of_issue_in_either_calendar(self, issued, month):
        document = self.document.replace("R5.6", issued).replace("R5 年度から", "令和5年度から")
        if month is None:
            with pytest.raises(ImportProblem):
                grants_document.parse(text_of(document), GRANTS_LAYOUT)
        else:
            parsed = grants_document.parse(text_of(document), GRANTS_LAYOUT)
            assert (parsed.issued_month, parsed.programmes[0].first_fiscal_year) == (month, 2023)

    @pytest.mark.parametrize(
        ("find", "replace", "line"),
        [
            ("R5 年度から", "R0 年度から", 3),
            ("国費 1,500 千円（北海道 20 千円）\n", "", 5),
            ("国費 10 千円\n参考資料 7", "", 9),
            ("国費 1,500 千円", "国費 1,50 千円", 5),
            ("道と共同申請", "三者共同申請", 5),
            ("R5 年度から 3 年間実施", "当分の間", 3),
            ("R5.6 まち市", "まち市", 2),
        ],
    )
    def test_a_broken_form_names_the_line(self, find, replace, line):
        with pytest.raises(ImportProblem) as caught:
            grants_document.parse(text_of(self.document.replace(find, replace)), GRANTS_LAYOUT)
        assert caught.value.line == line


class TestRealDocuments:
    def test_the_tables_are_those_of_the_release(self, project):
        """Cell by cell, but for columns that have been added or renamed since."""
        with frozen_project.archive() as released:
            for table in (project / paths.DATA).glob("*.csv"):
                old, new = (
                    list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))
                    for text in (released.read(f"{paths.DATA}/{table.name}"), table.read_bytes())
                )
                renamed = log.renamed(table.stem)
                today = {key: renamed.get(key, key) for row in old[:1] for key in row}
                assert [{key: row[name] for key, name in today.items()} for row in new] == old, table.name

    def test_the_tables_have_the_size_of_the_documents(self, package):
        """Counted by hand in the documents, once."""
        assert len(package.listings) == 157
        assert len(package.initiatives) == 104
        assert sum(listing.is_relisted for listing in package.listings) == 53
        assert sum(initiative.has_mark for initiative in package.initiatives) == 8
        levels = [policy.level for policy in package.policies]
        counted = {
            level: levels.count(level)
            for level in ("part", "field", "strategy", "pillar", "measure", "direction")
        }
        assert counted == {"part": 2, "field": 5, "strategy": 3, "pillar": 9, "measure": 43, "direction": 87}
        assert sum(policy.omission_printed is not None for policy in package.policies) == 6
        assert (len(package.grant_programmes), len(package.grants), len(package.initiative_grants)) == (
            4,
            11,
            17,
        )

    def test_import_again_gives_the_same_bytes(self, project, tmp_path, capsys):
        copy = copy_project(project, tmp_path)
        before = files_of(copy)
        assert cli.main(["import", str(copy)]) == 0
        assert files_of(copy) == before
        assert "何も書き換えていません" in capsys.readouterr().out

    def test_import_makes_lost_tables_again(self, project, tmp_path):
        copy = copy_project(project, tmp_path)
        for table in (copy / paths.DATA).glob("*.csv"):
            if table.stem not in importing.EDITORIAL_TABLES:
                table.unlink()
        assert cli.main(["import", str(copy)]) == 0
        assert files_of(copy) == files_of(copy_project(project, tmp_path / "fresh"))

    @pytest.mark.parametrize(
        ("file", "find", "replace", "expected"),
        [
            (PROGRESS, "\t412,018\t175\t300", "\t412,018\t175", "50行目: 列が9個あります"),
            (PROGRESS, "決算見込額(千円)", "予算額(千円)", "46行目: 表の見出し「予算額(千円)」を知りません"),
            (PROGRESS, "【再掲】国内観光振興事業", "【再掲】国内旅行振興事業", "119行目: 「国内旅行振興事業」がどの事業か決まりません"),
            (PROGRESS, "\nさっぽろ雪まつり事業", "\n札幌雪まつり事業", "50行目: 「札幌雪まつり事業」がどの事業か決まりません"),
            (PROGRESS, "\t42,300\t90\t270", "\t42,30", "768行目: 列が8個あります"),
            (PROGRESS, "\t42,300\t90\t270", "\t42,300\t9約", "768行目: 列が9個あります"),
            (PROGRESS, "\t42,300\t90\t270", "\t42,300\t90\t27", "768行目: 中身が、data/decisions/sources.yml に記録されたものと違います"),
            (PROGRESS, "412,018", "約412", "50行目: 決算額の「約412」を読めません"),
            (PROGRESS, "【再掲】食品認証取得支援事業", "食品認証取得支援事業", "139行目: 「食品認証取得支援事業」は135行目にもあります"),
            (PROGRESS, "\nさっぽろ雪まつり事業", "\n【再掲】さっぽろ雪まつり事業", "50行目: 再掲の「さっぽろ雪まつり事業」の、再掲でない行がありません"),
            (GRANTS, "国費 29,710 千円", "国費 29,710 円", "23行目: 「先端技術導入"),
            (GRANTS, "なでしこ応援", "さくら応援", "150行目: 交付金事業「さくら応援・女性の活躍推進事業」のIDか制度が決まっていません"),
            ("data/decisions/indicators.yml", "\ncity-jazz-1:\n  unit:", "\ncity-jass-1:\n  unit:", "53行目: 指標「サッポロ・シティ・ジャズの年間観客数」の単位が"),
            ("data/decisions/initiatives.yml", "- id: snow-festival\n", "- id: snow-festival\n  nmae: x\n", "行目: 「さっぽろ雪まつり事業 › nmae」は知らない項目です。「name」でしょうか"),
            ("data/decisions/initiatives.yml", "- id: snow-festival\n", "- id: [snow\n", "行目: YAMLとして読めません"),
            ("data/decisions/initiatives.yml", "name: IT活用ビジネス拡大事業", "name: IT活用事業", "389行目: 「IT活用ビジネス拡大事業」がどの事業か決まりません"),
            ("data/decisions/initiatives.yml", "    - name: IT活用ビジネス拡大事業", "    - {name: IT事業, reason: x}\n    - name: IT活用ビジネス拡大事業", "relisted_as の「IT事業」と印刷された再掲の行がありません"),
            ("data/decisions/sources.yml", "layout: grants", "layout: industrial-vision", "「目次」の行がありません"),
            ("data/decisions/omissions.yml", "refers_to: food-m3-d2", "refers_to: food-m9", "483行目: 省略された「商品開発から"),
            ("data/initiative_grants.csv", ",asia-market,", ",asian-market,", "行目: 「asian-market」は原資料にありません"),
            ("data/source_notes.csv", "progress-r4,293,", "progress-r4,294,", "data/source_notes.csv 54行目: 注記の印刷「札幌市情報通信業の"),
        ],
    )  # fmt: skip
    def test_one_defect_gives_one_message_and_leaves_data_as_it_was(
        self, project, tmp_path, capsys, file, find, replace, expected
    ):
        copy = copy_project(project, tmp_path)
        content = (copy / file).read_text(encoding="utf-8")
        assert find in content
        (copy / file).write_text(content.replace(find, replace, 1), encoding="utf-8")
        before = files_of(copy)
        assert cli.main(["import", str(copy)]) == 1
        message = capsys.readouterr().err
        assert expected in message
        assert (
            len([line for line in message.strip().splitlines() if line[0] != " "]) == 1
        )  # but what to paste
        assert files_of(copy) == before

    def test_a_document_in_another_encoding_names_the_line(self, project, tmp_path, capsys):
        copy = copy_project(project, tmp_path)
        content = (copy / PROGRESS).read_text(encoding="utf-8").replace("₂", "2").replace("—", "-")
        (copy / PROGRESS).write_bytes(content.encode("cp932", errors="replace"))
        assert cli.main(["import", str(copy)]) == 1
        assert f"{PROGRESS} 3行目: UTF-8の文字として読めません。" in capsys.readouterr().err

    def test_windows_newlines_and_a_bom_read_the_same(self, project, tmp_path):
        copy = copy_project(project, tmp_path)
        content = (copy / PROGRESS).read_bytes()
        (copy / PROGRESS).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
        decisions = copy / "data/decisions/sources.yml"
        decisions.write_text(
            re.sub(r" +sha256: .*\n", "", decisions.read_text(encoding="utf-8")), encoding="utf-8"
        )
        editorial = {name: read_table(project, name) for name in importing.EDITORIAL_TABLES}
        theirs, ours = (
            importing.run_import(folder, editorial, {}, frozen_project.LEVELS) for folder in (copy, project)
        )
        assert theirs.keys() == ours.keys()
        for name in theirs.keys() - {"sources"}:
            assert theirs[name] == ours[name]


class TestCorrections:
    row = "observations,progress-r4:snow-festival-1:2022:actual,value,175,176,試験のための訂正。,2026-01-02,progress-r4,50\n"

    def corrected(self, project, tmp_path, find="", replace=""):
        copy = copy_project(project, tmp_path)
        table = copy / "data/corrections.csv"  # without those of today, which may be of the same value
        header = table.read_text(encoding="utf-8").partition("\n")[0]
        table.write_text(f"{header}\n{self.row.replace(find, replace)}", encoding="utf-8")
        return copy

    def test_a_correction_changes_the_value_and_keeps_the_print(self, project, tmp_path):
        copy = self.corrected(project, tmp_path)
        assert cli.main(["import", str(copy)]) == 0
        published = read_package(copy)
        observation = published.observation["snow-festival-1", 2022, "actual"]
        assert (observation.value, observation.printed) == (176, "175")
        assert [(c.source_value, c.published_value) for c in published.corrections] == [("175", "176")]
        assert cli.main(["validate", str(copy)]) == 0

    @pytest.mark.parametrize(
        ("find", "replace", "message"),
        [
            (",175,", ",174,", "の原資料の値は「175」で、「174」ではありません"),
            (
                "snow-festival-1:",
                "snow-festival-9:",
                "訂正の場所（observations の progress-r4:snow-festival-9",
            ),
            (",176,", ",多い,", "訂正の値「多い」は value に書けません"),
            (",value,", ",values,", "がありません"),
            ("observations,", "observation,", "がありません"),
        ],
    )
    def test_a_correction_that_does_not_fit_is_refused(
        self, project, tmp_path, capsys, find, replace, message
    ):
        copy = self.corrected(project, tmp_path, find, replace)
        before = files_of(copy)
        assert cli.main(["import", str(copy)]) == 1
        assert message in capsys.readouterr().err
        assert files_of(copy) == before
