"""The links from a page to the lines of its rows: always the right line, or none."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import builders as make
from reading_html import read
from shinchoku import pages
from shinchoku.package.descriptor import resources
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package
from shinchoku.pages.parts import repository

REPOSITORY = "https://github.com/owner/repository"
_VIEW = re.compile(re.escape(REPOSITORY) + r"/blob/main/([\w./-]+)\?plain=1(?:#L(\d+)(?:-L(\d+))?)?")


@pytest.fixture(autouse=True)
def _repository(monkeypatch):
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", REPOSITORY)


def _links(body: str) -> list[str]:
    return [link.attributes.get("href", "") for link in read(body).all("a")]


def _linked_rows(body: str, project: Path) -> dict[str, list[dict[str, str]]]:
    """File → the rows at the lines a page leads to, read from the file as GitHub counts its lines."""
    found: dict[str, list[dict[str, str]]] = {}
    for match in filter(None, map(_VIEW.fullmatch, _links(body))):
        file, first, last = match[1], int(match[2]), int(match[3] or match[2])
        lines = (project / file).read_bytes().decode("utf-8").split("\n")
        rows = csv.DictReader([lines[0], *lines[first - 1 : last]])
        found.setdefault(file, []).extend(rows)
    return found


def _rows(project: Path, file: str) -> list[dict[str, str]]:
    with (project / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_an_initiative_leads_to_exactly_its_rows(project, package):
    package = package.newest
    for item in package.initiatives:
        key = item.initiative_id
        indicators = {row.indicator_id for row in package.indicators_of_initiative[key]}
        expected = {
            f"data/{name}.csv": [row for row in _rows(project, f"data/{name}.csv") if belongs(row)]
            for name, belongs in {
                "initiatives": lambda row, key=key: row["initiative_id"] == key,
                "indicators": lambda row, key=key: row["initiative_id"] == key,
                "observations": lambda row, ids=indicators: row["indicator_id"] in ids,
                "settlements": lambda row, key=key: row["initiative_id"] == key,
                "activities": lambda row, key=key: row["initiative_id"] == key,
            }.items()
        }
        newest = {source.source_id for source in package.reports_of(package.report_year)}
        found = _linked_rows(pages.initiative.body(package, key), project)
        for file, rows in found.items():
            assert all(row in expected[file] for row in rows), (key, file)
            assert [row for row in expected[file] if row["source_id"] in newest] == [
                row for row in rows if row["source_id"] in newest
            ], (key, file)


def test_an_area_leads_to_its_node_and_to_the_rows_below_it(project, package):
    package = package.newest
    for area in package.areas:
        found = _linked_rows(pages.area.body(package, area.policy_id), project)
        assert area.policy_id in {row["policy_id"] for row in found["data/policies.csv"]}
        titles = {row["title"] for row in found["data/policies.csv"]}
        below = {package.policy[row["policy_id"]].title for row in found["data/listings.csv"]}
        assert below <= titles
        listed = {row["initiative_id"] for row in found["data/listings.csv"]}
        body = read(pages.area.body(package, area.policy_id))
        assert listed == {
            link.attributes["href"].split("/")[-2] for link in body.with_class("row__name") if link.tag == "a"
        }


def test_a_grant_leads_to_its_rows(project, package):
    for item in package.grants:
        found = _linked_rows(pages.grant.body(package, item.grant_id), project)
        assert [row["grant_id"] for row in found.pop("data/grants.csv")] == [item.grant_id]
        assert {row["grant_id"] for rows in found.values() for row in rows} <= {item.grant_id}
        descriptions = package.descriptions_of_grant.get(item.grant_id, ())
        assert len(found.get("data/grant_descriptions.csv", [])) == len(descriptions)


def test_a_document_leads_to_its_row_and_its_notes(project, package):
    for item in package.sources:
        body = pages.source.body(package, item.source_id)
        found = _linked_rows(body, project)
        assert [row["source_id"] for row in found["data/sources.csv"]] == [item.source_id]
        assert {row["source_id"] for row in found["data/source_notes.csv"]} == {item.source_id}
        assert not any(item.file in link for link in _links(body) if "/edit/" in link), (
            "a text stays as printed"
        )


@pytest.mark.parametrize(
    "kind", "home initiatives grants spending data quality changes glossary reports".split()
)
def test_every_other_page_leads_to_the_files_it_is_made_of(project, package, kind):
    links = _links(getattr(pages, kind).body(package.newest))
    files = {match[1] for match in map(_VIEW.fullmatch, links) if match}
    assert files and all((project / file).is_file() for file in files)
    assert {f"{REPOSITORY}/edit/main/{file}" for file in files} <= set(links)


def test_without_a_repository_file_and_lines_are_named(project, package, monkeypatch):
    monkeypatch.delenv("SHINCHOKU_REPOSITORY_URL")
    item = package.newest.initiatives[0]
    body = pages.initiative.body(package.newest, item.initiative_id)
    assert not any("/blob/" in link for link in _links(body))
    lines = (project / "data/initiatives.csv").read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith(f"{item.initiative_id},"))
    assert f"data/initiatives.csv {number}行目" in read(body).text


# -- which line a row stands at -------------------------------------------------------


def _folder(tmp_path: Path) -> Path:
    initiatives = [make.initiative(name) for name in ("apple", "berry", "cherry")]
    return make.write(make.edition(initiatives=initiatives), tmp_path / "package")


def _lines(package: Package) -> dict[str, tuple[int, int] | None]:
    return {item.initiative_id: package.row_lines.get(item) for item in package.initiatives}


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    folder = _folder(tmp_path)
    file = folder / resources(make.descriptor())["initiatives"]["path"]
    header, apple, berry, cherry, _ = file.read_text(encoding="utf-8").split("\n")
    name = read_package(folder).initiative["berry"].name
    berry = berry.replace(name, f'"{name}\nの2行目"')
    file.write_text("\r\n".join([header, "", apple, berry, "", cherry, ""]), encoding="utf-8-sig", newline="")
    assert _lines(read_package(folder)) == {"apple": (3, 3), "berry": (4, 5), "cherry": (7, 7)}


def test_a_row_that_was_not_read_from_a_file_has_no_line():
    package = make.edition(initiatives=[make.initiative("apple")])
    (origin,) = repository.of_rows(package, initiatives=package.initiatives, settlements=())
    assert (origin.file, origin.runs) == ("data/initiatives.csv", ())


def test_a_line_of_spaces_is_no_row_and_counts_as_a_line(tmp_path):
    folder = _folder(tmp_path)
    file = folder / "data/initiatives.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_text("\n".join([*lines[:2], "  ", *lines[2:]]), encoding="utf-8")
    assert _lines(read_package(folder)) == {"apple": (2, 2), "berry": (4, 4), "cherry": (5, 5)}


def test_neighbouring_lines_are_one_place():
    runs = repository.of_file("data/x.csv", [(7, 7), (3, 4), (5, 5), (9, 10)]).runs
    assert [run.label for run in runs] == ["3〜5行目", "7行目", "9〜10行目"]
    assert runs[0].url == f"{REPOSITORY}/blob/main/data/x.csv?plain=1#L3-L5"
