"""The report of the following year: found again what is known, asked what is not, lost nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml

import frozen_project
import next_report
from next_report import SOURCE_ID, command
from shinchoku import (
    charts,
    cli,
    exports,
    importing,
    metrics,
    pages,
    paths,
    reports_compared,
    validation,
)
from shinchoku.adding import summary
from shinchoku.changes.log import with_log
from shinchoku.importing import progress_report, replacing, source_text
from shinchoku.metrics import Assessment
from shinchoku.package import reprint
from shinchoku.package.reading import read_package
from shinchoku.reports_compared import RevisionKind

LAYOUT = frozen_project.layout()


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def adopted(with_next_report, tmp_path_factory) -> Path:
    """A project folder with both reports."""
    return shutil.copytree(with_next_report, tmp_path_factory.mktemp("adopted") / "project")


@pytest.fixture(scope="module")
def both(adopted):
    return read_package(adopted)


class TestQuestions:
    def test_everything_undecided_is_asked_at_once_and_nothing_is_written(self, project, tmp_path, capsys):
        folder = next_report.project_copy(project, tmp_path)
        before = files_of(folder)
        assert cli.main(command(folder)) == 1
        said = capsys.readouterr().err
        assert "決めていただくことが5件あります" in said
        for expected in (
            "progress-r5.txt 73行目: 「アートなど新しい資源による都心の回遊促進」のIDが決まっていません",
            "75行目: 「都心アート回遊事業」がどの事業か決まりません",
            "101行目: 「観光情報発信・魅力発信事業」がどの事業か決まりません",
            "「観光情報発信事業」（tourism-information）の名前が変わったものなら",
            "「ICTを活用した観光マーケティング推進事業」（ict-tourism-marketing）が載っていません",
            "109行目: 指標「おもてなし満足度(%)」が、前の報告の",
        ):
            assert expected in said
        assert files_of(folder) == before

    def test_what_is_wrong_and_what_is_undecided_is_told_in_one_run(self, project, tmp_path, capsys):
        folder, wrong = next_report.project_copy(project, tmp_path / "package"), tmp_path / "wrong.txt"
        text = next_report.REPORT.read_text(encoding="utf-8")
        years = next(line for line in text.split("\n") if line.startswith("取組\t"))
        changes = {years: years.replace("R5", "R10"), "\t15,956\t": "\t15,956→16,000\t"}
        for find, replace in changes.items():
            assert find in text
            text = text.replace(find, replace, 1)
        wrong.write_text(text + "\n余分な行\n", encoding="utf-8")
        (folder / "data/sources/regional-revitalization-grants-h29.txt").write_text(
            "表題\n", encoding="utf-8"
        )
        assert cli.main(command(folder, file=wrong)) == 1
        said = capsys.readouterr().err
        for expected in (
            "regional-revitalization-grants-h29.txt: 交付金の制度か事業の見出しがありません",
            "「余分な行」は見出しでも表の行でもありません",
            "wrong.txt 45行目: 表の見出し（R1実績・R2実績・R3実績・R4実績・R10内容・R10決算額・R10実績・R10目標）が、ほかの表",
            "15,956→16,000",
            "「都心アート回遊事業」がどの事業か決まりません",
        ):
            assert expected in said

    def test_the_form_is_that_of_the_report_before_unless_told(self, project, tmp_path, capsys):
        folder = next_report.project_copy(project, tmp_path)
        before = files_of(folder)
        assert cli.main(command(folder, "--layout", "other")) == 1
        assert "data/layouts/other.yml: ファイルがありません" in capsys.readouterr().err
        again = ["--source-id", "progress-r4", "--replace", "--layout", "other"]
        assert cli.main(command(folder, *again)) == 1
        assert "取り込んだ報告の形は、--layout では変わりません" in capsys.readouterr().err
        assert files_of(folder) == before

    @pytest.mark.parametrize(("year", "confirmed"), [("R6", True), ("R10", False)])
    def test_a_report_of_another_year_than_the_next_is_asked(
        self, project, tmp_path, capsys, year, confirmed
    ):
        folder, other = next_report.project_copy(project, tmp_path / "package"), tmp_path / "other.txt"
        next_report.decide(folder)
        text = next_report.REPORT.read_text(encoding="utf-8").replace("\tR5\t", f"\t{year}\t")
        other.write_text(text, encoding="utf-8")
        before = files_of(folder)
        assert cli.main(command(folder, file=other)) == 1
        said = capsys.readouterr().err
        assert (
            f"実績の年度（R1・R2・R3・R4・{year}）は、1年ずつ続いていません。前の報告（progress-r4、R4）の次の年度"
            in said
        )
        assert f"--years R1,R2,R3,R4,{year} を付けてください" in said
        assert files_of(folder) == before
        if confirmed:
            assert cli.main(command(folder, "--years", f"R1,R2,R3,R4,{year}", file=other)) == 0
            assert read_package(folder).report_years == (2022, 2024)

    @pytest.mark.parametrize(
        ("find", "replace", "expected"),
        [
            ("into: tourism-statistics, ", "", "into」がありません"),
            ("source: progress-r5, outcome: merged", "source: progress-r6, outcome: merged", "が載っていません"),
            ("name: 観光情報発信・魅力発信事業", "name: 観光情報魅力事業", "がどの事業か決まりません"),
            ("tourism-m1-d4, level", "tourism-m1-d1, level", "のID tourism-m1-d1 は"),
            ("name: 都心アート回遊事業", "name: 都心アート散歩事業", "「都心アート回遊事業」がどの事業か"),
            ("hospitality-1:\n  printed_as", "hospitality:\n  printed_as", "「hospitality」は指標のIDではありません"),
        ],
    )  # fmt: skip
    def test_a_decision_that_does_not_fit_is_refused(
        self, project, tmp_path, capsys, find, replace, expected
    ):
        folder = next_report.project_copy(project, tmp_path)
        next_report.decide(folder)
        files = list((folder / paths.DECISIONS).glob("*.yml"))
        (file,) = [path for path in files if find in path.read_text(encoding="utf-8")]
        file.write_text(file.read_text(encoding="utf-8").replace(find, replace), encoding="utf-8")
        before = files_of(folder)
        assert cli.main(command(folder)) == 1
        assert expected in capsys.readouterr().err
        assert files_of(folder) == before


#: The indicator of さっぽろ雪まつり事業, in 千人 from the report on.
IN_THOUSANDS = (
    "年間来場者数(万人)\t202\t0\t0\t175\t・さっぽろ雪まつり実行委員会への補助金\t453,220\t193\t300",
    "年間来場者数(千人)\t2,020\t0\t0\t1,750\t・さっぽろ雪まつり実行委員会への補助金\t453,220\t1,930\t3,000",
)
JAZZ = "\t11,961\t83,250\t245,000"


class TestCells:
    """What a cell of a new report may bring: read, or asked."""

    def imported(self, project, tmp_path, *edits, decisions=""):
        folder = next_report.project_copy(project, tmp_path / "package")  # makes the folders above it
        next_report.decide(folder)
        for name, text in decisions.items() if decisions else ():
            with (folder / paths.DATA / f"{name}.yml").open("a", encoding="utf-8") as file:
                file.write(text)
        return folder, cli.main(command(folder, file=next_report.edited(tmp_path / "report.txt", *edits)))

    @pytest.mark.parametrize(
        ("find", "replace", "expected"),
        [
            (JAZZ, "\t11,961\t83千人\t245,000", "単位が1つに決まりません（千人・印刷なし）"),
            (JAZZ, "\t11,961\t83千人\t245,000人", "単位が1つに決まりません（人・千人）"),
            (JAZZ, "\t11,961\t83,250公演\t245,000", "「公演」が単位なら、data/decisions/indicators.yml に：\n    city-jazz-1:"),
            (JAZZ, "\t11,961\t83,250\t250以下", "の目標は「250以下」ですが、大きいほど良い指標と読んでいます"),
            (JAZZ, "\t11,961\t検討\t245,000", "の欄に、数と言葉が混じっています"),
            (JAZZ, "\t11,961\t中止\t中止", '「中止」が、値なのか、値のない理由なのか決まりません'),
            (JAZZ, "\t11,961\t8万3,250\t245,000", '- {printed: "8万3,250", status: reported, value: …, reason: "…"}'),
            (JAZZ, "\t約11,961\t83,250\t245,000", "決算額の「約11,961」を読めません"),
            ("\t12,500\t3,480\t3,000", "\t12,500\t3,480\t3千人", "単位が1つに決まりません（人・千人）"),
            ("参加者数(人)\t—", "参加者数\t3千人", "どの欄も同じ単位なら、data/decisions/indicators.yml に：\n    downtown-art-walk-1:"),
            (*IN_THOUSANDS, "同じなら、単位が「万人」から「千人」に変わり"),
        ],
    )  # fmt: skip
    def test_what_is_not_certain_is_asked(self, project, tmp_path, capsys, find, replace, expected):
        folder, status = self.imported(project, tmp_path, (find, replace))
        said = capsys.readouterr().err
        assert status == 1 and expected in said and "cells.py" not in said
        assert not (folder / f"{paths.SOURCES}/{SOURCE_ID}.txt").exists()

    def test_all_cells_are_asked_about_at_once_and_each_word_once(self, project, tmp_path, capsys):
        edits = [
            (JAZZ, "\t11,961\t中止\t未実施"),
            ("\t36,300\t175\t250", "\t36,300\t中止\t20→30"),
            IN_THOUSANDS,
        ]
        assert self.imported(project, tmp_path, *edits)[1] == 1
        assert "決めていただくことが4件あります" in capsys.readouterr().err

    def test_what_is_decided_is_read_and_says_why(self, project, tmp_path):
        words = """
  - {printed: 中止, status: not_surveyed, reason: 催しがなかった。}
  - {printed: "2万4,500", status: reported, value: 24500, reason: 万と一の位を足した。}
"""
        folder, status = self.imported(
            project,
            tmp_path,
            (JAZZ, "\t11,961\t中止\t2万4,500"),
            decisions={"layouts/industrial-vision": words},
        )
        assert status == 0
        assert validation.validate(folder) == []
        package = read_package(folder)
        actual, target = (
            package.newest.observation["city-jazz-1", 2023, role] for role in ("actual", "target")
        )
        assert (actual.status, actual.value, actual.text, actual.printed) == (
            "not_surveyed",
            None,
            None,
            "中止",
        )
        assert (target.value, target.printed) == (24500, "2万4,500")
        readings = {(item.record_key, item.column_name): item.reason for item in package.readings}
        assert readings[f"{SOURCE_ID}:city-jazz-1:2023:actual", "status"] == "催しがなかった。"
        assert readings[f"{SOURCE_ID}:city-jazz-1:2023:target", "value"] == "万と一の位を足した。"

    def test_a_unit_that_changes_ends_the_series(self, project, tmp_path, capsys):
        decided = "snow-festival-1:\n  printed_as: [{name: 年間来場者数(千人), reason: 同じ来場者数。}]\n"
        folder, status = self.imported(
            project, tmp_path / "asked", IN_THOUSANDS, decisions={"decisions/indicators": decided}
        )
        assert status == 1
        said = "の単位が、前の報告の「万人」から「千人」に変わっています"
        assert said in capsys.readouterr().err
        decided += "  unit_changed: [{unit: 千人, reason: 千人で印刷されている。}]\n"
        folder, status = self.imported(
            project, tmp_path, IN_THOUSANDS, decisions={"decisions/indicators": decided}
        )
        assert status == 0
        (warned,) = validation.validate(folder)
        assert (warned.rule, warned.severity) == ("unit-of-report", "warning")
        edition = read_package(folder).newest
        assert "`万人` → `千人`（snow-festival-1）" in summary.summary_of_report(edition.package, SOURCE_ID)
        kinds = {item.kind for item in reports_compared.revisions_of(edition, "snow-festival-1")}
        assert kinds == {RevisionKind.UNIT_CHANGED}
        assert metrics.result(edition, "snow-festival-1", 2022).assessment == Assessment.NO_ACTUAL
        chart = charts.indicator_chart(edition, "snow-festival-1")
        assert [row[1:] for row in chart.table.rows][0] == ("274万人", "欄なし")
        assert "最初の値は令和元年度の2,020千人" in chart.description
        page = pages.initiative.body(edition, "snow-festival")
        assert '>274<span class="unit">万人</span>' in page
        assert "前年度と単位が違う" in page
        units = {
            (row["fiscal_year"], row["role"]): row["unit"]
            for cells in exports.initiatives.csv_rows(edition, edition.initiative["snow-festival"])
            for row in [dict(zip(exports.initiatives.csv_columns(edition), cells, strict=True))]
        }
        assert (units[2018, "actual"], units[2019, "actual"], units[2022, "target"]) == (
            "万人",
            "千人",
            "万人",
        )


class TestTables:
    def test_the_package_is_sound_and_importing_again_changes_nothing(self, adopted, capsys):
        assert [problem for problem in validation.validate(adopted) if problem.severity == "error"] == []
        before = files_of(adopted)
        assert cli.main(["import", str(adopted)]) == 0
        assert cli.main(command(adopted)) == 0
        assert files_of(adopted) == before

    def test_nothing_that_was_published_is_lost(self, project, adopted):
        for table in sorted((project / paths.DATA).glob("*.csv")):
            old, new = (
                list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
                for path in (table, adopted / paths.DATA / table.name)
            )
            held = set(map(tuple, new))
            assert [row for row in old if tuple(row) not in held] == [], table.name

    def test_both_reports_can_be_printed_again(self, both, adopted):
        for source in ("progress-r4", SOURCE_ID):
            lines = (adopted / both.source[source].file).read_text(encoding="utf-8").split("\n")
            text = importing.source_text.SourceText("報告", tuple(lines), "")
            printed = {row["source_line"]: row for row in reprint.printed_rows(both, source)}
            parsed = progress_report.parse(text, LAYOUT, frozen_project.LEVELS).rows
            assert len(printed) == len(parsed)
            for row in parsed:
                shown = printed[row.line]
                assert {key: shown[key] for key in row.cells} == row.cells

    def test_years_come_from_the_headers(self, both):
        assert both.report_years == (2022, 2023)
        assert both.document(SOURCE_ID).actual_years == (2019, 2020, 2021, 2022, 2023)
        assert both.newest.actual_years == (2018, 2019, 2020, 2021, 2022, 2023)
        assert both.newest.target_years == (2022, 2023)
        assert both.newest.settlement_years == (2022, 2023)

    def test_policies_keep_their_ids_where_the_order_changed(self, both):
        order = {
            year: [node.policy_id for node in both.edition(year).policy_children["tourism"]]
            for year in both.report_years
        }
        assert order == {
            2022: ["tourism-m1", "tourism-m2", "tourism-m3"],
            2023: ["tourism-m1", "tourism-m3", "tourism-m2"],
        }

    def test_an_initiative_may_have_two_indicators(self, both):
        first, second = both.newest.indicators_of_initiative["jozankei-appeal"]
        assert (first.indicator_id, second.indicator_id) == ("jozankei-appeal-1", "jozankei-appeal-2")
        assert metrics.result(both.newest, second.indicator_id).assessment == Assessment.ACHIEVED
        lines = [row for row in both.document(SOURCE_ID).listings if row.initiative_id == "jozankei-appeal"]
        assert [(row.indicator_position, row.is_relisted) for row in lines][:2] == [(1, False), (2, False)]
        assert len(both.newest.listings_of_initiative["jozankei-appeal"]) == len(
            both.edition(2022).listings_of_initiative["jozankei-appeal"]
        )

    def test_the_descriptor_names_the_document(self, adopted):
        descriptor = json.loads((adopted / "datapackage.json").read_text(encoding="utf-8"))
        assert descriptor["sources"][-1] == {
            "title": "札幌市産業振興ビジョン改定版の各種取組の進捗状況（令和5年度の報告、札幌市）",
            "path": "data/sources/progress-r5.txt",
        }
        assert descriptor["disruption"] == frozen_project.DISRUPTION

    def test_comments_of_the_decisions_stay(self, project, adopted):
        old, new = (
            (folder / paths.DECISIONS / "sources.yml").read_text(encoding="utf-8")
            for folder in (project, adopted)
        )
        assert new.startswith(old)
        assert [entry["id"] for entry in yaml.safe_load(new)] == ["progress-r4", "grants-h29", SOURCE_ID]


class TestEditions:
    def test_an_edition_of_the_first_report_is_what_was_published_before(self, both, project):
        alone, first = read_package(project).newest, both.edition(2022)
        assert metrics.count_assessments(first) == metrics.count_assessments(alone)
        assert metrics.settled(first, 2022) == metrics.settled(alone, 2022)
        assert first.observations == alone.observations

    def test_a_value_is_the_one_of_the_latest_report(self, both):
        key = ("city-jazz-1", 2021, "actual")
        assert (both.edition(2022).observation[key].value, both.newest.observation[key].value) == (
            15965,
            15956,
        )

    def test_revisions_name_both_statements(self, both):
        found = {
            (item.before.indicator_id, item.kind): (
                item.before.printed,
                item.before.source_id,
                item.after.printed,
                item.after.source_id,
            )
            for item in reports_compared.revisions(both.newest)
        }
        assert found["city-jazz-1", RevisionKind.REVISED] == ("15,965", "progress-r4", "15,956", SOURCE_ID)
        assert found["wide-area-tourism-1", RevisionKind.SETTLED] == (
            "集計中",
            "progress-r4",
            "512",
            SOURCE_ID,
        )
        assert len(found) == 5
        assert reports_compared.revisions(both.edition(2022)) == ()

    def test_the_history_keeps_every_report_s_target_and_assessment(self, both):
        assert [
            (year, result.fiscal_year, str(result.target.value), result.assessment)
            for year, result in reports_compared.results_by_report(both.newest, "city-jazz-1")
        ] == [
            (2022, 2022, "245000", Assessment.NOT_ACHIEVED),
            (2023, 2023, "245000", Assessment.NOT_ACHIEVED),
        ]

    def test_the_step_says_what_is_new_gone_renamed_and_moved(self, both):
        step = reports_compared.step(both, 2023)
        assert step.initiatives.new == ("downtown-art-walk",)
        assert set(step.initiatives.gone) == {
            "tourism-resource-development",
            "ict-tourism-marketing",
            "sightseeing-transport",
        }
        assert {key: item.outcome for key, item in step.absences.items()} == {
            "ict-tourism-marketing": "merged"
        }
        assert {item.id for item in step.initiatives.renamed} == {"mice-promotion", "tourism-information"}
        assert step.indicators.new == ("jozankei-appeal-2", "downtown-art-walk-1")
        assert [item.id for item in step.indicators.renamed] == ["hospitality-1"]
        assert step.policies.new == ("tourism-m1-d4",)
        assert set(step.moved_policies) == {"tourism-m2", "tourism-m3"}
        assert reports_compared.step(both, 2022) is None

    def test_what_has_ended_stays_known(self, both):
        assert both.package.last_report_year["ict-tourism-marketing"] == 2022
        assert "ict-tourism-marketing" not in both.newest.initiative
        assert both.newest.initiative["snow-resort"].lifecycle == "ended"
        assert both.newest.initiative["night-view-tourism"].merged_into_initiative_id == (
            "visitor-reception-environment"
        )


class TestCorrections:
    def corrected(self, project, folder: Path, published: str) -> Path:
        """A project in which a value of the first report is corrected, and the next one decided."""
        next_report.project_copy(project, folder)
        row = f"observations,progress-r4:city-jazz-1:2021:actual,value,15965,{published},誤植。,2026-12-01,progress-r4,53"
        with (folder / "data/corrections.csv").open("a", encoding="utf-8") as table:
            table.write(f"{row}\n")
        assert cli.main(["import", str(folder)]) == 0
        next_report.decide(folder)
        return folder

    def test_a_later_report_that_prints_the_corrected_value_is_a_change_of_the_print(self, project, tmp_path):
        folder = self.corrected(project, tmp_path, "15956")
        assert cli.main(command(folder)) == 0
        (found,) = reports_compared.revisions_of(read_package(folder).newest, "city-jazz-1")
        assert (found.kind, found.before.printed, found.after.printed) == (
            RevisionKind.REVISED, "15,965", "15,956"
        )  # fmt: skip

    def test_a_later_report_that_repeats_the_misprint_does_not_undo_the_correction(
        self, project, tmp_path, capsys
    ):
        folder = self.corrected(project, tmp_path / "package", "15960")
        repeated = tmp_path / "repeated.txt"
        text = next_report.REPORT.read_text(encoding="utf-8").replace("15,956", "15,965")
        repeated.write_text(text, encoding="utf-8")
        before = files_of(folder)
        assert cli.main(command(folder, file=repeated)) == 1
        assert "訂正した値「15965」が、progress-r5 の53行目にまた印刷されています" in capsys.readouterr().err
        assert files_of(folder) == before


class TestCommand:
    def test_the_summary_is_ready_for_the_pull_request(self, with_next_report):
        summary = (with_next_report.parent / "summary.md").read_text(encoding="utf-8")
        assert summary.startswith("## 令和5年度（2023年度）の報告\n")
        assert "### 前の報告と違う過去の値（5件）" in summary
        assert "`15,965`（progress-r4 53行目） → `15,956`（progress-r5 53行目）、改められた" in summary
        assert "### 新しい事業（1件）\n\n- `都心アート回遊事業`（downtown-art-walk）" in summary

    def test_the_report_is_one_change_that_counts_its_rows(self, project, tmp_path):
        """Not one for each of more than 1,500 rows; on the page, in the feed and in the table."""
        folder = next_report.project_copy(project, tmp_path)
        next_report.decide(folder)
        assert cli.main(command(folder)) == 0
        logged = with_log(read_package(folder), folder)
        # A value may stand in a column that the first version did not have.
        (found,) = [each for each in logged.changes if each.column_name is None]
        assert (found.kind, found.record_key) == ("imported", SOURCE_ID)
        counted = json.loads(found.new_value)
        assert sum(counted.values()) > 1500
        assert counted["observations"] == len(logged.document(SOURCE_ID).observations)
        assert f"実績と目標 {counted['observations']}行" in pages.changes.body(logged.newest)
        exports.write_exports(logged.newest, folder, tmp_path / "out")
        assert (tmp_path / "out/data/changes.csv").read_bytes().count(b"\n") == 1 + len(logged.changes)
        assert (tmp_path / "out/changes/feed.atom").read_text(encoding="utf-8").count("<entry>") == 3

    def test_printed_text_does_nothing_in_the_summary(self):
        assert summary._code("a` @team [x](y)") == "`` a` @team [x](y) ``"

    def test_another_text_under_a_known_id_needs_the_word(self, adopted, tmp_path, capsys):
        other = tmp_path / "other.txt"
        other.write_text(next_report.REPORT.read_text(encoding="utf-8").replace("15,956", "15,957"))
        before = files_of(adopted)
        assert cli.main(command(adopted, file=other)) == 1
        assert "--replace を付けてください" in capsys.readouterr().err
        assert files_of(adopted) == before

    def test_a_replacement_changes_what_differs_and_nothing_else(self, adopted, tmp_path):
        folder = next_report.project_copy(adopted, tmp_path)
        other = tmp_path / "other.txt"
        other.write_text(next_report.REPORT.read_text(encoding="utf-8").replace("15,956", "15,957"))
        before = files_of(folder)
        assert cli.main(command(folder, "--replace", "--as-printed", file=other)) == 0
        after = files_of(folder)
        assert {name for name in after if after[name] != before.get(name)} == {
            *("data/sources/progress-r5.txt", "data/decisions/sources.yml"),
            *("data/sources.csv", "data/observations.csv"),
        }

    @pytest.mark.parametrize("write", [next_report.as_workbook, next_report.as_csv])
    def test_a_spreadsheet_of_the_same_table_makes_the_same_tables(self, project, adopted, tmp_path, write):
        folder = next_report.project_copy(project, tmp_path / "package")
        next_report.decide(folder)
        suffix = write.__name__.removeprefix("as_").replace("workbook", "xlsx")
        assert cli.main(command(folder, file=write(tmp_path / f"report.{suffix}"))) == 0
        tables = {name: content for name, content in _tables(folder).items() if "sources" not in name}
        assert tables == {
            name: content for name, content in _tables(adopted).items() if "sources" not in name
        }

    def test_the_form_sent_back_unchanged_changes_nothing(self, adopted, tmp_path):
        folder, form = next_report.project_copy(adopted, tmp_path / "package"), tmp_path / "form.xlsx"
        before = files_of(folder)
        for source_id in ("progress-r4", SOURCE_ID):
            export = ["export", "workbook", str(folder), "--source-id", source_id, "--force"]
            assert cli.main([*export, "--out", str(form)]) == 0
            back = ["import", "progress", str(form), str(folder), "--source-id", source_id]
            assert cli.main(back) == 0
        assert files_of(folder) == before

    def test_a_cell_filled_in_in_the_form_is_the_only_change(self, project, tmp_path):
        folder, form = next_report.project_copy(project, tmp_path / "package"), tmp_path / "form.xlsx"
        before = files_of(folder)
        assert cli.main(["export", "workbook", str(folder), "--out", str(form)]) == 0
        book = openpyxl.load_workbook(form)
        (cell,) = [cell for cell in book["報告"][67] if cell.value == "集計中"]
        cell.value = 512
        book.save(form)
        back = ["import", "progress", str(form), str(folder), "--source-id", "progress-r4", "--replace"]
        assert cli.main(back) == 1
        assert files_of(folder) == before
        back += ["--as-printed"]
        assert cli.main(back) == 0
        after = files_of(folder)
        changed = {name for name in after if after[name] != before[name]}
        document = "data/sources/industrial-vision-progress-r4.txt"
        assert changed == {
            *("data/sources.csv", "data/observations.csv", "data/decisions/sources.yml", document)
        }
        for name in ("data/observations.csv", document):
            old, new = (files[name].decode("utf-8").split("\n") for files in (before, after))
            ((old_line, new_line),) = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
            assert ("集計中" in old_line, "512" in new_line) == (True, True)

    def test_a_value_changed_after_the_print_is_a_correction_and_the_document_stays(
        self, project, tmp_path, capsys
    ):
        folder, form = next_report.project_copy(project, tmp_path / "package"), tmp_path / "form.xlsx"
        assert cli.main(["export", "workbook", str(folder), "--out", str(form)]) == 0
        book = openpyxl.load_workbook(form)
        changed = {"J50": "176", "J67": "512", "C50": "年間来場者数(延べ)(万人)"}
        for place, text in changed.items():
            book["報告"][place] = text
        book.save(form)
        before = files_of(folder)
        back = ["import", "progress", str(form), str(folder), "--source-id", "progress-r4", "--replace"]
        assert cli.main(back) == 1
        said = capsys.readouterr().err
        assert "決めていただくことが3件あります" in said
        assert "「さっぽろ雪まつり事業」の令和4年度の実績の「175」が「176」に変わります" in said
        key, day = "observations,progress-r4:snow-festival-1:2022:actual", date.today()
        assert f"    {key},value,175,176,理由を書いてください,{day},progress-r4,50\n" in said
        for change in ("value,,512", "status,pending,reported"):
            assert f"observations,progress-r4:wide-area-tourism-1:2022:actual,{change}," in said
        assert files_of(folder) == before
        with (folder / "data/corrections.csv").open("a", encoding="utf-8") as file:
            file.write(f"{key},value,175,176,市が改めたため。,{day},progress-r4,50\n")
        assert cli.main(back) == 1
        said = capsys.readouterr().err
        assert "決めていただくことが2件あります" in said and "176" not in said
        assert cli.main([*back, "--as-printed"]) == 0
        said = capsys.readouterr().out
        assert "### 印刷のとおりに直した、写しの字句（2件）" in said
        assert "### 写しは変えず、訂正として載せる値（1件）" in said
        assert "令和4年度の実績：「175」→「176」" in said
        published = read_package(folder)
        line = published.source_lines["progress-r4"][49]
        assert "\t175\t" in line and "延べ" in line
        (item,) = [item for item in published.observations if item.source_line == 50 and item.value == 176]
        assert item.printed == "175"
        assert [problem for problem in validation.validate(folder) if problem.severity == "error"] == []

    def test_rows_and_headings_that_change_are_changes_too(self):
        text = next_report.REPORT.read_text(encoding="utf-8")
        at = text.split("\n").index(next(line for line in text.split("\n") if "都心アート回遊事業" in line))
        lines = text.split("\n")
        lines[at - 2] += "（改）"
        del lines[at]
        lines[0] += " "
        before, after = (source_text.of("報告", each) for each in (text, "\n".join(lines)))
        gone, heading = sorted(
            replacing.changes(before, after, LAYOUT, frozen_project.LEVELS), key=lambda change: change.after
        )
        assert (gone.line, gone.line_before, gone.place) == (None, at + 1, "「都心アート回遊事業」の行")
        assert (heading.line, heading.after) == (at - 1, f"{heading.before}（改）")
        assert replacing.changes(before, before, LAYOUT, frozen_project.LEVELS) == []

    @pytest.mark.parametrize("source_id", ["../x", "R5", "progress r5", ""])
    def test_an_id_is_an_id(self, adopted, source_id, capsys):
        arguments = command(adopted)
        arguments[arguments.index(SOURCE_ID)] = source_id
        assert cli.main(arguments) == 1
        assert "はIDに使えません" in capsys.readouterr().err

    def test_a_report_of_a_year_that_is_there_is_refused(self, adopted, capsys):
        arguments = command(adopted)
        arguments[arguments.index(SOURCE_ID)] = "progress-r5-again"
        assert cli.main(arguments) == 1
        assert "令和5年度の報告が2つあります" in capsys.readouterr().err

    def test_a_document_that_is_no_report_is_not_replaced(self, adopted, capsys):
        before = files_of(adopted)
        arguments = command(adopted, "--replace")
        arguments[arguments.index(SOURCE_ID)] = "grants-h29"
        assert cli.main(arguments) == 1
        assert "「grants-h29」は進捗の報告ではありません" in capsys.readouterr().err
        assert files_of(adopted) == before

    def test_a_missing_file_is_said(self, adopted, capsys):
        assert cli.main(command(adopted, file=Path("nowhere.xlsx"))) == 1
        assert "nowhere.xlsx" in capsys.readouterr().err


@pytest.mark.process
def test_a_killed_import_leaves_the_old_package_or_the_new_one(project, adopted, tmp_path):
    """At random moments; and the same command finishes what was under way."""
    old = next_report.project_copy(project, tmp_path / "old")
    next_report.decide(old)
    old_tables, new_tables = (
        {name: content for name, content in files_of(folder).items() if name.endswith(".csv")}
        for folder in (old, adopted)
    )
    folder = next_report.project_copy(old, tmp_path / "killed")
    start = time.perf_counter()
    subprocess.run(_process(folder), check=True, capture_output=True)
    whole = time.perf_counter() - start
    assert _tables(folder) == new_tables
    moments = random.Random(4)
    for number in range(8):
        folder = next_report.project_copy(old, tmp_path / str(number))
        with subprocess.Popen(
            _process(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(whole * moments.uniform(0.5, 1.05))
            os.kill(process.pid, signal.SIGKILL)
        tables = _tables(folder)
        assert tables.keys() == new_tables.keys()
        assert all(content in (old_tables[name], new_tables[name]) for name, content in tables.items())
        assert cli.main(command(folder)) == 0
        assert files_of(folder) == files_of(adopted)


@pytest.mark.parametrize("is_last", [True, False])
def test_an_import_killed_between_two_files_is_finished_by_the_same_command(
    project, adopted, tmp_path, monkeypatch, is_last
):
    """The document is there and the decision that names it is not, or a table is the only new file."""
    folder = next_report.project_copy(project, tmp_path / "killed")
    next_report.decide(folder)
    replace, moves = os.replace, []

    def killed(source, target):
        if target.is_relative_to(folder):  # and not in the copy on which it is tried
            moves.append(target.name)
        if moves[-1:] == ["sources.yml"] if is_last else len(moves) == 3:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        assert cli.main(command(folder)) == 130
    assert files_of(folder) != files_of(adopted)
    assert cli.main(command(folder)) == 0
    assert files_of(folder) == files_of(adopted)


def _process(folder: Path) -> list[str]:
    return [sys.executable, "-m", "shinchoku", *command(folder)]


def _tables(folder: Path) -> dict[str, bytes]:
    """Those in their places: what was being written stands beside, hidden, and the same command takes it away."""
    return {
        name: content for name, content in files_of(folder).items() if re.search(r"/[^./][^/]*\.csv$", name)
    }


def test_of_a_long_text_all_that_is_the_same_is_kept():
    rows = [f"事業{number}\t{number % 7}" for number in range(1_500)]
    kept = [f"<p>{row.replace(chr(9), '</p>' + chr(9))}" for row in rows]
    rows[700:701] = kept[700:701] = ["事業700\t変わった", "新しい事業\t1"]
    before = "".join(f"<p>{row.replace(chr(9), '</p>' + chr(9))}\n\n" for row in rows if "しい" not in row)
    before = before.replace("変わった", "0")
    after = "".join(f"{row}\n\n" for row in rows)
    assert source_text.kept_where_same(before, after) == "".join(f"{row}\n\n" for row in kept)
