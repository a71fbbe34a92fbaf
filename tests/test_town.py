"""Another plan, from the text of its report to a site that is looked at: a made-up town in ``examples/midorino``.

It has other levels, years, columns and words than the plan that this program was first written for, and no grants.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from axe import RULES, Axe
from frozen_project import PROJECT
from shinchoku import metrics, paths, validation
from shinchoku.adding import add_report, drafting, founding, import_all
from shinchoku.importing import ImportProblem, SeveralProblems
from shinchoku.package.editions import Edition
from shinchoku.package.reading import read_package
from shinchoku.site import building

EXAMPLE = PROJECT / "examples" / "midorino"
REPORT = EXAMPLE / "data" / "sources" / "progress-r5.txt"
PLAN = founding.Plan(
    "みどり野町", "Midorino", "999999", "まち・ひと・しごと創生総合戦略", "Comprehensive Strategy"
)
SOURCE = "progress-r5"


@pytest.fixture(scope="module")
def town(made_once) -> Path:
    """The town's project, made as ``contribute/your-city`` says; to be copied, not changed."""

    def make(folder: Path) -> None:
        project = folder / "midorino"
        founding.found(project, PLAN)
        assert validation.validate(project) == []
        draft = drafting.draft(REPORT, project)
        layout = draft.text.replace("reason: …", "reason: 調査を行わなかった年。")
        drafting.path_of(project, "report").parent.mkdir()
        drafting.path_of(project, "report").write_text(layout, encoding="utf-8")
        with pytest.raises(SeveralProblems) as asked:
            add_report(project, REPORT, SOURCE, layout="report")
        assert {file: len(lines) for file, lines in asked.value.entries.items()} == {
            "data/decisions/policies.yml": 3,
            "data/decisions/initiatives.yml": 12,
        }
        for name in ("policies", "initiatives", "indicators"):  # of an indicator: that fewer is better
            shutil.copy(EXAMPLE / paths.DECISIONS / f"{name}.yml", project / paths.DECISIONS)
        add_report(project, REPORT, SOURCE, layout="report")

    return made_once("town", make) / "midorino"


@pytest.fixture(scope="module")
def package(town: Path) -> Edition:
    return read_package(town).newest


@pytest.fixture(scope="module")
def town_site(town: Path, made_once) -> Path:
    return made_once("town-site", lambda site: building.build(town, site))


def test_the_example_is_what_the_documented_way_makes(town):
    for made in sorted(
        path for path in (town / paths.DATA).rglob("*") if path.suffix in (".csv", ".json", ".txt")
    ):
        kept = EXAMPLE / made.relative_to(town)
        assert kept.read_bytes() == made.read_bytes(), kept
    made, kept = (
        json.loads((folder / paths.DESCRIPTOR).read_text(encoding="utf-8")) for folder in (town, EXAMPLE)
    )
    assert kept | {"created": ""} == made | {"created": ""}
    assert validation.validate(EXAMPLE) == []


def test_a_column_that_no_line_of_the_layout_knows_is_asked_once(town, tmp_path):
    shutil.copytree(town, tmp_path, dirs_exist_ok=True)
    layout = drafting.path_of(tmp_path, "report")
    layout.write_text(re.sub("\n  担当課: .*", "", layout.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ImportProblem) as asked:
        import_all(tmp_path)
    assert asked.value.problems == [asked.value] and asked.value.line == 5
    assert asked.value.entry == ("data/layouts/report.yml", '"担当課": leave_out')


def test_every_printed_cell_is_read(package):
    """Counted by hand in the report, once."""
    assert [policy.level for policy in package.policies].count("measure") == 6
    assert (len(package.initiatives), len(package.indicators), len(package.observations)) == (12, 13, 78)
    assert sum(row.amount_thousand_yen or 0 for row in package.budgets) == 196_000
    assert metrics.settled(package, 2023).total == 191_430
    assert {row.text for row in package.attributes if row.attribute == "grade"} == set("ABCD")
    values = {
        (row.fiscal_year, row.role): (row.value and str(row.value), row.status)
        for row in package.observations_of_indicator["net-migration-1"]
    }
    assert values[2019, "base"] == ("-85", "reported") and values[2023, "actual"] == ("-51", "reported")
    statuses = {row.printed: row.status for row in package.observations if row.status != "reported"}
    assert statuses == {"調査中止": "not_surveyed", "集計中": "pending"}
    assert package.settlement["net-migration", 2023].status == "blank"


def test_the_way_from_the_base_to_a_target_of_a_later_year(package):
    found = metrics.result(package, "net-migration-1")
    assert (found.fiscal_year, found.target, found.assessment) == (2023, None, metrics.Assessment.NOT_DUE)
    assert str(found.progress) == "40.0", "(-51 - -85) / (0 - -85)"
    counted = metrics.count_assessments(package)
    assert counted[metrics.Assessment.NOT_DUE] == 12


def test_no_page_or_file_speaks_of_the_first_plan(town_site):
    words = re.compile(
        "札幌|北海道|地方創生|重点分野|横断的戦略|基本施策|取組の方向|柱|★|sapporo|hokkaido",
        re.IGNORECASE,
    )
    found = {
        path.relative_to(town_site).as_posix(): said[0]
        for path in town_site.rglob("*")
        if path.suffix in (".html", ".json", ".csv", ".txt", ".atom", ".xml", ".js", ".css", ".jsonld")
        and (said := words.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}


PAGES = [
    "",
    "areas/work/",
    "areas/work/sheet/",
    "initiatives/",
    "initiatives/smart-farming/",
    "spending/",
    "data/",
    "about/",
]


def test_the_site_in_a_browser(visit, town_site, serve: Callable[..., str]):
    guest, axe, found = visit(serve(town_site), reduced_motion="reduce"), Axe(), []
    for address in PAGES:
        page = guest.to(address)
        for width in (320, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            room = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert room == 0, (address, width)
        found += [(address, *violation) for violation in axe.violations(page, RULES)]
    assert found == []
    page = guest.to("initiatives/smart-farming/")
    for said in ("導入経営体数", "評価", "このサイトの計算", "8,000"):
        expect(page.get_by_text(said).first).to_be_attached()
    assert guest.problems == []
