"""What this city's repository says of itself beside its data: its documents, the version it cites, its own texts."""

from __future__ import annotations

import re
import zipfile

import pytest
import yaml

from frozen_project import FROZEN, PROJECT
from shinchoku.package.releases import read_releases
from shinchoku.paths import CITATION, RELEASES, TEXTS
from test_readme import DOCUMENTS

#: Made by commands, so not there in a fresh clone.
MADE = {".venv", "build", "site", "build/"}


def test_it_cites_the_newest_version():
    """``shinchoku release`` writes it; it is what stands in the archive."""
    newest = read_releases(PROJECT)[-1]
    with zipfile.ZipFile(PROJECT / RELEASES / newest.version / newest.archive) as archive:
        held = archive.read(CITATION) if CITATION in archive.namelist() else None
    cited = (PROJECT / CITATION).read_bytes()
    assert cited == held if held else yaml.safe_load(cited)["version"] == newest.version


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document):
    folder, text = (PROJECT / document).parent, (PROJECT / document).read_text(encoding="utf-8")
    links = re.findall(r"(?<!\\)\]\((?!https?:)([^)#]+)\)", text)
    places = re.findall(r"`((?:data|src|docs|scripts|requirements|tests|\.github)/[\w./-]*)`", text)
    missing = [link for link in links if not (folder / link).exists()]
    missing += [place for place in places if place not in MADE and not (PROJECT / place).exists()]
    assert missing == []


@pytest.mark.parametrize("document", ["README.md", "LICENSE-DATA.md"])
def test_the_terms_are_told_in_both_languages(document):
    """Nobody may think that the city licensed its documents, or that all of this is CC BY."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    assert re.search(r"利用条件(が|の)印刷(されていません|がありません)", text)
    assert re.search(r"documents print no licence", text)
    assert "CC BY 4.0" in text and "札幌市" in text and "City of Sapporo" in text


def test_its_texts_are_those_that_are_tested():
    """Its pages and examples are looked at where they are frozen: ``python tests/frozen_project.py``."""
    frozen = [path for path in (FROZEN / TEXTS).rglob("*") if path.is_file()]
    assert {path.relative_to(FROZEN): path.read_bytes() for path in frozen} == {
        path.relative_to(PROJECT): path.read_bytes()
        for path in (PROJECT / TEXTS).rglob("*")
        if path.is_file() and path.name != "screenshot.png"
    }
