"""What holds for any right ``data/``, whatever is corrected in it and however many reports it has.

It is looked at as it is, with a value corrected, and with the next report besides. Nothing outside of ``city/`` may
look at it, and nothing here may know what it holds: what the guides teach must never fail a test.

The proof of completeness: the printed documents are in the CSVs, cell by cell. The source is read here with
nothing but ``split``: the importer's parser is what is being checked. Normalisation: markup removed, white space
collapsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest
from playwright.sync_api import expect

import next_report
from conftest import MakeOnce, Visit
from reading_html import broken_links, pages_of
from shinchoku import addresses, cli, fiscal_year, pages, paths, reports_compared, validation
from shinchoku.changes.log import with_log
from shinchoku.package import reprint
from shinchoku.package.descriptor import read_descriptor
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package
from shinchoku.package.releases import read_released, read_releases
from shinchoku.site import building, staging

STAR, RELISTED = "★", "【再掲】"


def normalised(text: str) -> str:
    return " ".join(re.sub(r"<[^<>]*>", " ", text).split())


def source_lines(data, package, source_id) -> list[str]:
    return (data / package.source[source_id].file).read_text(encoding="utf-8").split("\n")


def is_data_row(cells: list[str]) -> bool:
    """A table row with a name and numbers: not a header, a rule or a heading."""
    is_rule = all(set(cell) == {"-"} and len(cell) > 1 for cell in cells if cell)
    return len([c for c in cells if c]) > 4 and "指標" not in cells and "内容" not in cells and not is_rule


def printed_headings(package: Package, source_id: str) -> list[tuple[int, str]]:
    """(line number, text) of the title, label, contents and headings of a report.

    「再掲のため省略」 is left out: its line is the next one with text after the
    direction it belongs to, and not stored.
    """
    source = package.source[source_id]
    lines = [(source.title_line, source.title)]
    if source.label_printed and source.label_line:
        lines.append((source.label_line, source.label_printed))
    for node in package.document(source_id).policies:
        if node.heading_printed:
            lines.append((node.source_line, node.heading_printed))
        if node.toc_printed and node.toc_line:
            page = f" {node.toc_page}" if node.toc_page else ""
            lines.append((node.toc_line, f"{node.toc_printed}{page}"))
    return sorted(lines)


def _corrected(folder: Path) -> None:
    next_report.project_copy(paths.project(), folder)
    next_report.correct(folder)


def _followed(corrected: Path, folder: Path) -> None:
    """As the guide tells: the form of the following year, filled in and imported."""
    next_report.project_copy(corrected, folder)
    form, published = folder / "next-report.xlsx", read_package(folder)
    assert cli.main(["export", "workbook", str(folder), "--next", "--out", str(form)]) == 0
    assert next_report.fill_in(form, published) > 0
    source_id = f"progress-{fiscal_year.short(max(published.report_years) + 1).lower()}"
    assert cli.main(["import", "progress", str(form), str(folder), "--source-id", source_id]) == 0


@pytest.fixture(scope="module")
def corrected(made_once: MakeOnce) -> Path:
    """A copy of the data in which a value of the newest report is corrected."""
    return made_once("corrected", _corrected)


@pytest.fixture(scope="module")
def followed(corrected: Path, made_once: MakeOnce) -> Path:
    """The same with the report of the following year."""
    return made_once("followed", lambda folder: _followed(corrected, folder))


@pytest.fixture(scope="module", params=["as it is", "corrected", "followed"])
def data(request: pytest.FixtureRequest) -> Path:
    return paths.project() if request.param == "as it is" else request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def package(data: Path) -> Package:
    return read_package(data)


@pytest.fixture(scope="module")
def reports(package):
    return [source.source_id for source in package.sources if source.report_fiscal_year is not None]


# -- the package ----------------------------------------------------------------------


def test_it_is_right(data):
    assert [problem for problem in validation.validate(data) if problem.severity == "error"] == []
    assert frictionless.Package(str(data / paths.DESCRIPTOR)).validate().valid


def test_importing_again_changes_nothing(data, tmp_path, capsys):
    copy = next_report.project_copy(data, tmp_path / "copy")
    assert cli.main(["import", str(copy)]) == 0
    assert "何も書き換えていません" in capsys.readouterr().out


def test_every_version_is_as_it_was_made_and_the_newest_is_the_one_that_is_named(data):
    """Nothing in a version's folder may ever change: restore it from Git. A new one: ``shinchoku release``."""
    releases = read_releases(data)
    for item in releases:
        descriptor, _ = read_released(data, item)
        assert descriptor["version"] == item.version
        folder = data / paths.RELEASES / item.version
        assert {path.name for path in folder.iterdir()} == {item.archive, paths.RELEASE, paths.CHECKSUMS}
    assert [read_descriptor(data)["version"]] == [item.version for item in releases[-1:]]


# -- completeness -----------------------------------------------------------------------


def test_every_printed_cell_is_found_again(data, package, reports):
    for source_id in reports:
        printed = {}
        for number, line in enumerate(source_lines(data, package, source_id), 1):
            cells = [normalised(cell) for cell in line.split("\t")]
            if is_data_row(cells):
                printed[number] = cells
        rows = {row.pop("source_line"): row for row in reprint.printed_rows(package, source_id)}
        assert rows.keys() == printed.keys()
        for number, cells in printed.items():
            row = rows[number]
            flag = STAR if row["flagship"] else ""
            name = f"{RELISTED}{row['name']}" if row["relisted"] else row["name"]
            rest = [str(value) for value in list(row.values())[8:]]
            whole = [f"{flag} {name}".strip(), *rest]
            has_mark_before_name = cells[: len(whole)] == whole and set(cells[len(whole) :]) <= {""}
            assert has_mark_before_name or cells == [flag, name, *rest], (number, cells, whole)


def test_every_other_line_of_a_report_is_accounted_for(data, package, reports):
    for source_id in reports:
        lines = source_lines(data, package, source_id)
        rows = {row["source_line"] for row in reprint.printed_rows(package, source_id)}
        headings = dict(printed_headings(package, source_id))
        label = package.source[source_id].label_printed
        omissions = [p for p in package.policies if p.omission_printed and p.source_id == source_id]
        omitted = {}
        for policy in omissions:
            line = policy.source_line + 1
            while not lines[line - 1].strip():
                line += 1
            omitted[line] = policy.omission_printed
        for number, line in enumerate(lines, 1):
            text = normalised(line)
            if not text or number in rows or text in ("目次", label):
                continue
            cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
            is_header = cells[0] == "取組" or set(cells) <= {
                "実績(指標)",
                "内容",
                "決算見込額(千円)",
                "目標(指標)",
            }
            is_rule = set(text) <= {"-", " "}
            if is_header or is_rule:
                continue
            assert text == normalised(omitted.get(number) or headings.get(number, "")), number


def test_every_line_of_the_grants_documents_is_found_again(data, package, reports):
    others = [source.source_id for source in package.sources if source.source_id not in reports]
    assert others
    for source_id in others:
        printed = [
            (number, normalised(line))
            for number, line in enumerate(source_lines(data, package, source_id), 1)
            if line.strip()
        ]
        assert reprint.printed_lines(package, source_id) == printed


# -- the site --------------------------------------------------------------------------------


def test_every_page_and_every_download_is_made(data, tmp_path):
    published = staging.stage(data, tmp_path)
    for address, page in pages.of(published).items():
        assert page.html(published), address


@pytest.fixture(scope="module")
def site(followed: Path, made_once: MakeOnce) -> Path:
    """The whole site of the data with a correction and the next report."""

    def make(folder: Path) -> None:
        building.build(followed, folder, say=lambda _: None)

    return made_once("site-followed", make)


@pytest.mark.process
def test_next_years_site_is_whole_and_its_older_pages_are_not_searched(followed, site):
    built = pages_of(site)
    assert broken_links(built, site) == []
    package = with_log(read_package(followed), followed).newest
    assert {address for address in built if address.startswith(addresses.INITIATIVES)} == {
        addresses.INITIATIVES,
        *map(addresses.initiative, reports_compared.all_with(package, "initiative")),
    }
    searched = "".join(path.read_text(encoding="utf-8") for path in (site / "search").glob("pages-*.json"))
    for year in package.report_years[:-1]:
        older = [address for address in built if address.startswith(f"{addresses.report(year)}fields/")]
        assert f'"{addresses.report(year)}"' in searched
        assert [address for address in older if f'"{address}"' in searched] == []


def test_the_correction_and_the_new_year_are_seen(followed, site, visit: Callable[..., Visit], serve):
    package = read_package(followed)
    (item,) = [item for item in package.corrections if item.reason == next_report.REASON]
    _, indicator_id, *_ = item.record_key.split(":")
    guest = visit(serve(site))
    expect(guest.to(addresses.QUALITY).get_by_text(item.reason).first).to_be_visible()
    page = guest.to(addresses.initiative(package.newest.indicator[indicator_id].initiative_id))
    expect(page.get_by_text(f"{Decimal(item.published_value):,f}").first).to_be_visible()
    newest = package.report_years[-1]
    expect(guest.to("").get_by_text(fiscal_year.era(newest)).first).to_be_visible()
    expect(guest.to(addresses.report(newest)).get_by_role("heading", level=1)).to_be_visible()
    assert guest.problems == []
