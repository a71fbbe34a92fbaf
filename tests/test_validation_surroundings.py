"""What the check says of links, of published versions and their ids, and of a package without decisions."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

import builders
from shinchoku import cli, validation
from shinchoku.package.descriptor import PackageError, read_descriptor
from shinchoku.paths import DECISIONS, DESCRIPTOR, RELEASES


@pytest.fixture
def copy(project, tmp_path) -> Path:
    """The published package with its versions."""
    folder = tmp_path / "copy"
    shutil.copytree(project / "data", folder / "data")
    builders.copy_descriptor(folder)
    shutil.copytree(project / RELEASES, folder / RELEASES)
    return folder


def rules(folder: Path) -> list[tuple[str, str]]:
    return [(problem.rule, problem.file) for problem in validation.validate(folder)]


# -- links ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *(
            "data/glossary.yml",
            "data/observations.csv",
            "data/decisions/sources.yml",
            "data/schemas/grants.json",
        ),
        *("data", "data/sources", "data/decisions", "data/new", RELEASES, DESCRIPTOR),
    ],
)
def test_a_link_to_outside_is_refused_everywhere_alike(name, copy, tmp_path, capsys):
    path, outside = copy / name, tmp_path / "outside"
    if path.exists():
        path.rename(outside)
    else:
        outside.mkdir()
    path.symlink_to(outside)
    assert rules(copy) == [("link-outside", name)]
    with pytest.raises(PackageError, match="リンク"):
        read_descriptor(copy)
    for command in (["build", "--no-validate"], ["build"], ["import"], ["reprint"], ["diff", str(copy)]):
        assert cli.main([*command, str(copy)]) == 1
        assert "フォルダの外を指すリンク" in "".join(capsys.readouterr())
    assert not (copy / "site").exists()


def test_a_link_in_the_folder_and_one_in_a_circle(copy):
    (copy / "data" / "glossary.yml").rename(copy / "words.txt")
    (copy / "data" / "glossary.yml").symlink_to(copy / "words.txt")
    assert rules(copy) == []
    (copy / "data" / "round").symlink_to(copy / "data" / "round")
    assert rules(copy) in ([], [("link-outside", "data/round")])


@pytest.mark.parametrize("path", ["../other.txt", "/etc/hosts", "data/sources/../../other.txt"])
def test_a_document_of_the_decisions_stays_inside(path, copy):
    file = copy / DECISIONS / "sources.yml"
    text = file.read_text(encoding="utf-8")
    named = next(line for line in text.splitlines() if "file: " in line)
    file.write_text(text.replace(named, f"  file: {path}", 1), encoding="utf-8")
    (problem,) = validation.validate(copy)
    assert (problem.file, problem.rule) == (f"{DECISIONS}/sources.yml", "document-readable")
    assert "data/sources/ の中のファイルではありません" in problem.message


@pytest.mark.parametrize(
    ("name", "rule"),
    [("policy.yml", "unknown-file"), ("policies.yaml", "misplaced-file"), ("policies.txt", "unknown-file")],
)
def test_decisions_that_nobody_reads(name, rule, copy):
    (copy / DECISIONS / name).write_text("[]\n", encoding="utf-8")
    assert rules(copy) == [(rule, f"{DECISIONS}/{name}")]


# -- published versions -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "rule"), [("0.9.0", "descriptor-version"), ("1.1.0", "release-unfinished")]
)
def test_the_version_is_the_newest_that_was_published(version, rule, copy):
    descriptor = json.loads((copy / DESCRIPTOR).read_text(encoding="utf-8"))
    text = json.dumps(descriptor | {"version": version}, ensure_ascii=False)
    (copy / DESCRIPTOR).write_text(text, encoding="utf-8")
    assert rules(copy) == [(rule, DESCRIPTOR)]


@pytest.mark.parametrize("left", ["1.0.0", ".writing-1.1.0"])
def test_a_version_that_was_deleted_or_never_finished(left, copy):
    (copy / RELEASES / "1.0.0").rename(copy / RELEASES / left)
    text = (copy / DESCRIPTOR).read_text(encoding="utf-8")
    (copy / DESCRIPTOR).write_text(text.replace('"version": "1.0.0"', '"version": "1.1.0"'), encoding="utf-8")
    assert rules(copy) == [("release-unfinished", DESCRIPTOR)]


def test_an_archive_that_was_edited(copy):
    (archive,) = (copy / RELEASES / "1.0.0").glob("*.zip")
    archive.write_bytes(archive.read_bytes() + b"x")
    assert rules(copy) == [("release-as-published", f"{RELEASES}/1.0.0")]


def test_an_archive_that_was_damaged_together_with_its_checksums(copy):
    folder = copy / RELEASES / "1.0.0"
    (archive,) = folder.glob("*.zip")
    content = archive.read_bytes()
    broken = content[:200] + bytes(300) + content[500:]  # within what the first file is packed to
    archive.write_bytes(broken)
    old, new = (hashlib.sha256(each).hexdigest() for each in (content, broken))
    stated = (folder / "release.json").read_bytes().replace(old.encode(), new.encode())
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8").replace(old, new)
    before = hashlib.sha256((folder / "release.json").read_bytes()).hexdigest()
    (folder / "release.json").write_bytes(stated)
    sums = sums.replace(before, hashlib.sha256(stated).hexdigest())
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
    assert rules(copy) == [("release-as-published", f"{RELEASES}/1.0.0")]


def test_a_published_id_that_is_another_everywhere(copy):
    for path in [*(copy / "data").glob("*.csv"), *(copy / DECISIONS).glob("*.yml")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("asia-market", "asian-market"), encoding="utf-8")
    assert rules(copy) == [("published-id", "data/grants.csv")]


# -- without the files of decisions ----------------------------------------------------------


def test_a_package_without_decisions_is_held_against_its_documents(copy):
    shutil.rmtree(copy / DECISIONS)
    assert rules(copy) == []
    file = copy / "data" / "settlements.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, row in enumerate(rows) if '"' in row)
    number = rows[at].split('"')[1]
    rows[at] = rows[at].replace(number, number[:-1] + ("1" if number[-1] != "1" else "2"), 1)
    file.write_text("".join([header, *rows]), encoding="utf-8")
    (problem,) = validation.validate(copy)
    assert (problem.rule, problem.line) == ("as-printed", at + 2) and f"「{number}」" in problem.message
