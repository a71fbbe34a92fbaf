"""Published versions: made whole, never changed again, and handed on byte for byte."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest

import builders
from killing import run_and_kill
from shinchoku import cli, exports, paths, validation
from shinchoku.changes import releasing
from shinchoku.changes.log import with_log
from shinchoku.changes.releasing import ReleaseError
from shinchoku.exports import bundle
from shinchoku.package.descriptor import IDENTITIES, PackageError
from shinchoku.package.reading import read_package
from shinchoku.package.records import Release
from shinchoku.package.releases import checksums, read_released, read_releases

FIXTURE = Path(__file__).parent / "fixtures" / "small-package"
DAY = date(2026, 11, 22)
LATER = date(2027, 1, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny package without a version."""
    made = tmp_path / "package"
    shutil.copytree(FIXTURE, made)
    builders.copy_descriptor(made)
    return made


@pytest.fixture
def released(folder: Path) -> Path:
    """The same with its first version, 1.0.0."""
    release(folder, "1.0.0", "最初の版です。", DAY)
    return folder


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def release(folder: Path, version: str, summary: str, day: date) -> Release:
    return releasing.release(folder, version, summary, day, bundle.archive)


def edit_note(folder: Path) -> None:
    edit(folder / "data/source_notes.csv", "最初の掲載では175。", "最初の掲載の行では175。")


# -- making one -----------------------------------------------------------------


def test_a_version_is_the_package_its_record_and_its_checksums(folder):
    before = files(folder)
    made = release(folder, "7.0.0", " 最初の版です。 ", DAY)
    assert read_releases(folder) == (made,)
    assert (made.version, made.released_on, made.summary) == ("7.0.0", DAY, "最初の版です。")

    here = folder / "releases/7.0.0"
    archive = here / made.archive
    assert {path.name for path in here.iterdir()} == {made.archive, "release.json", "SHA256SUMS"}
    assert (archive.stat().st_size, hashlib.sha256(archive.read_bytes()).hexdigest()) == (
        made.bytes,
        made.sha256,
    )
    sums = dict(line.split("  ")[::-1] for line in (here / "SHA256SUMS").read_text().splitlines())
    assert sums == {
        name: hashlib.sha256((here / name).read_bytes()).hexdigest()
        for name in (made.archive, "release.json")
    }

    after = files(folder)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "datapackage.json",
        "CITATION.cff",
        *(f"releases/7.0.0/{name}" for name in (*sums, "SHA256SUMS")),
    }


def test_the_archive_is_a_package_that_can_be_used_by_itself(released, tmp_path):
    (made,) = read_releases(released)
    with zipfile.ZipFile(released / "releases/1.0.0" / made.archive) as archive:
        archive.extractall(tmp_path / "again")
    assert validation.validate(tmp_path / "again") == []
    held = files(tmp_path / "again")
    of_package = {
        name: content
        for name, content in files(released).items()
        if name.startswith("data/") and not name.startswith(paths.SCHEMAS)  # they are in the descriptor
    }
    assert {name: held[name] for name in of_package} == of_package
    assert held.keys() - of_package.keys() == {
        "README.txt",
        "LICENSE.txt",
        "CITATION.cff",
        "datapackage.json",
        "data/changes.csv",
        *(f"data/{name}.csv" for name in (*IDENTITIES, "initiatives-wide", "initiatives-newest")),
    }
    assert json.loads(held["datapackage.json"])["version"] == "1.0.0"


def test_the_same_data_is_the_same_archive(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    first = release(folder, "1.0.0", "最初の版です。", DAY)
    assert release(tmp_path / "copy", "1.0.0", "最初の版です。", DAY) == first


def test_of_the_descriptor_only_the_version_and_its_date_change(folder):
    descriptor = folder / paths.DESCRIPTOR
    text = descriptor.read_text(encoding="utf-8")
    # A property of that name further up, other spaces, and a line end of another system.
    nested = '"custom": {"version": "7"},\r\n  "name"'
    text = text.replace('"version": "', '"version"  :"', 1).replace('"name"', nested, 1)
    descriptor.write_bytes(text.encode("utf-8"))
    release(folder, "3.1.4", "最初の版です。", DAY)
    was, now = (
        text.split('"version"  :"', 1),
        descriptor.read_bytes().decode("utf-8").split('"version": "3.1.4"'),
    )
    was[1] = re.sub(r'"created": "[^"]*"', f'"created": "{DAY.isoformat()}T00:00:00Z"', was[1], count=1)
    assert now == [was[0], was[1].split('"', 1)[1]]


@pytest.mark.parametrize(
    "version", ["", "1", "1.0", "v1.0.0", "1.0.0-rc", "01.0.0", "1.0.0 ", "../1.0.0", "1.0.0\n", "１.0.0"]
)
def test_what_is_no_version_is_refused(folder, version):
    before = files(folder)
    with pytest.raises(ReleaseError, match="版の番号ではありません"):
        release(folder, version, "説明", DAY)
    assert files(folder) == before


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "0.10.0"])
def test_a_version_that_is_not_newer_is_refused(released, version):
    before = files(released)
    with pytest.raises(ReleaseError, match="より新しい番号ではありません"):
        release(released, version, "説明", DAY)
    assert files(released) == before


@pytest.mark.parametrize("summary", ["", " \n", "=1+1", "長" * 601])
def test_a_version_says_what_it_is(folder, summary):
    """And in such words as may be the reason of a change."""
    with pytest.raises(ReleaseError, match="--summary"):
        release(folder, "1.0.0", summary, DAY)


def test_rows_that_another_key_does_not_tell_apart_are_refused(released):
    schema = released / paths.SCHEMAS / "settlements.json"
    described = json.loads(schema.read_text(encoding="utf-8")) | {"primaryKey": ["fiscal_year"]}
    schema.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(ReleaseError, match="主キー"):
        release(released, "1.0.1", "説明", LATER)


def test_versions_follow_each_other_and_the_old_ones_stay(released):
    first = files(released / "releases/1.0.0")
    edit_note(released)
    release(released, "1.0.1", "言い方の訂正", LATER)
    edit_note_again = released / "data/source_notes.csv"
    edit(edit_note_again, "最初の掲載の行では175。", "初めの行では175。")
    release(released, "1.10.0", "短くした。", LATER)
    release(released, "1.11.0", "変わりなし", LATER)
    assert [(item.version, item.last_change_number) for item in read_releases(released)] == [
        ("1.0.0", None),
        ("1.0.1", 1),
        ("1.10.0", 2),
        ("1.11.0", 2),
    ]
    assert files(released / "releases/1.0.0") == first
    assert [item.reason for item in with_log(read_package(released), released).changes] == [
        "言い方の訂正",
        "短くした。",
    ]


def test_a_step_that_is_too_small_is_refused_and_told(released):
    with (released / "data/activities.csv").open("a", encoding="utf-8") as file:
        file.write("snow-festival,2022,3,・,会場の清掃,marker,progress,15\n")
    with pytest.raises(ReleaseError, match=r"表 activities に1行が加わりました。1\.1\.0 以上に"):
        release(released, "1.0.1", "説明", LATER)
    release(released, "1.1.0", "説明", LATER)

    for name in ("grants", "grant_descriptions", "initiative_grants"):
        edit(released / f"data/{name}.csv", "night-view-trail,", "night-trail,")
    with pytest.raises(ReleaseError, match=r"表 grants から1行のIDがなくなりました。2\.0\.0 以上に"):
        release(released, "1.2.0", "説明", LATER)
    release(released, "2.0.0", "説明", LATER)


def test_the_command_refuses_wrong_data(folder, capsys):
    edit(folder / "data/settlements.csv", ",reported,", ",reportd,")
    before = files(folder)
    assert cli.main(["release", "1.0.0", str(folder), "--summary", "最初の版です。"]) == 1
    assert "reportd" in capsys.readouterr().err
    assert files(folder) == before


def test_the_command_says_what_it_made_and_what_it_refuses(folder, capsys):
    command = ["release", "1.0.0", str(folder), "--summary", "最初の版です。", "--date", "2026-11-22"]
    assert cli.main(command) == 0
    assert "版 1.0.0 を" in capsys.readouterr().out
    assert cli.main(command) == 1
    assert "出した版は変えられません" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["1.0.0"], ["1.0.0", "--summary", "説明", "--date", "2026-13-01"]])
def test_wrong_usage_is_2(arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(["release", *arguments])
    assert ended.value.code == 2


#: Publishes a version and takes it away again, the latter by two steps that cannot be interrupted.
RELEASE_AGAIN_AND_AGAIN = """
import os, shutil
from datetime import date
from pathlib import Path
from shinchoku.changes import releasing
from shinchoku.exports import bundle
here, number = Path("."), 0
shutil.copy("datapackage.json", "before")
print("ready", flush=True)
while True:
    releasing.release(here, "1.0.1", "訂正", date(2027, 1, 5), bundle.archive)
    number += 1
    os.rename("releases/1.0.1", f"away-{number}")
    shutil.copy("before", "again")
    os.replace("again", "datapackage.json")
"""


@pytest.mark.process
@pytest.mark.parametrize("seconds", [0.0, 0.013, 0.029, 0.071, 0.113, 0.171])
def test_killed_while_it_is_made_a_version_is_whole_or_not_there(released, seconds):
    edit_note(released)
    first = files(released / "releases/1.0.0")
    run_and_kill(RELEASE_AGAIN_AND_AGAIN, released, seconds)

    assert read_package(released).descriptor["version"] in ("1.0.0", "1.0.1")
    assert {item.version for item in read_releases(released)} <= {"1.0.0", "1.0.1"}
    for item in read_releases(released):
        read_released(released, item)
    if len(read_releases(released)) == 1:
        release(released, "1.0.1", "訂正", LATER)
    assert read_package(released).descriptor["version"] == "1.0.1"
    assert {path.name for path in (released / "releases").iterdir()} <= {"1.0.0", "1.0.1"}
    assert files(released / "releases/1.0.0") == first


@pytest.mark.parametrize("version", ["1.0.0", "1.0.1"])
def test_killed_before_its_last_step_a_version_is_seen_and_the_same_command_makes_it(
    folder, monkeypatch, capsys, version
):
    """The first, and one after another: the descriptor names it already, and its folder is not in place."""
    if version != "1.0.0":
        release(folder, "1.0.0", "最初の版です。", DAY)
    with monkeypatch.context() as killed:
        killed.setattr(releasing.files.shutil, "rmtree", lambda *_, **__: None)
        killed.setattr(releasing.files, "replace", _then_killed(releasing.files.replace))
        with pytest.raises(SystemExit):
            release(folder, version, "訂正", LATER)
    assert read_package(folder).descriptor["version"] == version
    errors = [problem for problem in validation.validate(folder) if problem.severity == "error"]
    assert [problem.rule for problem in errors] == ["release-unfinished"]
    assert cli.main(["release", version, str(folder), "--summary", "訂正"]) == 0
    assert validation.validate(folder) == []
    assert {path.name for path in (folder / "releases").iterdir()} == {"1.0.0", version}


def _then_killed(replace):
    """Write what is to be written, and nothing more: not even back."""
    calls = iter([replace])

    def written(contents):
        if replace := next(calls, None):
            replace(contents)
            raise SystemExit

    return written


# -- handing it on ----------------------------------------------------------------


def test_the_site_offers_every_version_byte_for_byte(released, tmp_path):
    edit_note(released)
    release(released, "1.0.1", "訂正", LATER)
    written = exports.write_exports(
        with_log(read_package(released), released).newest, released, tmp_path / "docs"
    )
    kept = files(released / "releases")
    assert len(kept) == 6
    assert {name: (tmp_path / "docs/data/releases" / name).read_bytes() for name in kept} == kept
    sums = (tmp_path / "docs/data/SHA256SUMS").read_text(encoding="utf-8")
    for name, content in kept.items():
        assert f"data/releases/{name}" in written
        assert f"{hashlib.sha256(content).hexdigest()}  releases/{name}\n" in sums
    assert "releases/  これまでに出した版" in (tmp_path / "docs/data/README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["archive", "release.json", "SHA256SUMS"])
@pytest.mark.parametrize("spoil", ["change", "remove"])
def test_a_version_that_is_not_as_it_was_is_refused(released, tmp_path, name, spoil):
    data = read_package(released)
    path = released / "releases/1.0.0" / (data.releases[0].archive if name == "archive" else name)
    if spoil == "remove":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(PackageError, match="元に戻してください"):
        exports.write_exports(with_log(data, released).newest, released, tmp_path / "docs")
    with pytest.raises(PackageError, match="元に戻してください"):
        read_released(released, data.releases[0])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", "1.0.1"),
        ("version", None),
        ("archive", "../../secret.zip"),
        ("archive", ".zip"),
        ("archive", 1),
        ("released_on", "きのう"),
        ("released_on", 20261122),
        ("summary", ["x"]),
        ("bytes", "20"),
        ("bytes", True),
        ("sha256", None),
        ("last_change_number", "3"),
    ],
)
def test_a_record_that_is_none_is_refused(released, key, value):
    path = released / "releases/1.0.0/release.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")
    with pytest.raises(PackageError, match="版の記録として読めません"):
        read_package(released)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 99999, "\ufeff{}"])
def test_a_record_that_is_no_object_is_refused(released, text):
    (released / "releases/1.0.0/release.json").write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match="版の記録として読めません"):
        read_package(released)


def test_what_is_in_the_folder_and_no_version_is_refused_unless_it_is_hidden(released):
    (released / "releases/.DS_Store").write_bytes(b"")
    assert len(read_releases(released)) == 1
    (released / "releases/1.0.1").mkdir()
    with pytest.raises(PackageError, match="ファイルがありません"):
        read_releases(released)


def test_an_archive_that_is_none_is_refused(released):
    (made,) = read_releases(released)
    content = b"PK not a zip"
    here = released / "releases/1.0.0"
    (here / made.archive).write_bytes(content)
    record = json.loads((here / "release.json").read_text(encoding="utf-8"))
    record |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (here / "release.json").write_text(json.dumps(record), encoding="utf-8")
    others = {name: (here / name).read_bytes() for name in (made.archive, "release.json")}
    (here / "SHA256SUMS").write_bytes(checksums(others))
    with pytest.raises(PackageError, match="版を取り出せません"):
        read_released(released, read_releases(released)[0])
