"""The console command as people and scripts call it."""

import argparse
import errno
import inspect
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from frozen_project import copy_descriptor
from shinchoku import cli, files, paths, review, validation
from small_project import small_package


def shinchoku(*arguments, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "shinchoku", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **options)


@pytest.fixture
def spoilt(project, tmp_path):
    """A copy of the package with one full-width number."""
    shutil.copytree(project / paths.DATA, tmp_path / paths.DATA)
    copy_descriptor(project, tmp_path)
    table = tmp_path / "data" / "settlements.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace(",412018,", ",４１２０１８,"), encoding="utf-8"
    )
    return tmp_path


def test_validate_says_what_is_right(project, capsys):
    assert cli.main(["validate", str(project)]) == 0
    assert capsys.readouterr().out == "問題は見つかりませんでした。\n"


def test_validate_says_what_is_wrong_as_text_and_as_data(spoilt, capsys):
    assert cli.main(["validate", str(spoilt)]) == 1
    text = capsys.readouterr().out
    assert "data/settlements.csv" in text and "「４１２０１８」" in text and "「412018」" in text
    assert cli.main(["validate", str(spoilt), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["file"], problem["column"]) == ("data/settlements.csv", "amount_thousand_yen")


@pytest.mark.process
def test_build_refuses_wrong_data_and_leaves_no_site(spoilt, tmp_path, capsys):
    site = tmp_path / "site"
    assert cli.main(["build", str(spoilt), "--site", str(site)]) == 1
    assert "４１２０１８" in capsys.readouterr().err
    assert not site.exists()


@pytest.mark.process
@pytest.mark.parametrize("command", ["validate", "import", "reprint", "build"])
def test_a_folder_without_a_package_is_1_and_no_traceback(command, tmp_path):
    done = shinchoku(command, tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "ありません" in done.stdout + done.stderr


@pytest.mark.process
def test_reprint_writes_every_row(project):
    done = shinchoku("reprint", project)
    assert done.returncode == 0
    assert sum(line.startswith("source_line,part,") for line in done.stdout.splitlines()) == 1
    assert "68,重点分野,観光" in done.stdout
    assert "150\tなでしこ応援・女性の活躍推進事業＜道との共同申請＞" in done.stdout


@pytest.mark.process
def test_a_reader_that_stops_reading_is_no_error(project):
    writer = subprocess.Popen(
        [sys.executable, "-m", "shinchoku", "reprint", project],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer.stdout.readline()
    writer.stdout.close()
    errors = writer.stderr.read()
    writer.stderr.close()
    assert writer.wait() == 0
    assert errors == b""


# -- wrong usage ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "エラー: 足りない引数があります: コマンド"),
        ("publish", "エラー: コマンド: 「publish」はありません（選べるもの: "),
        ("validate --yaml", "エラー: 知らない引数です: --yaml"),
        ("validate --format pdf", "エラー: --format: 「pdf」はありません（選べるもの: "),
        ("validate no-such-folder", "エラー: DIR: 「no-such-folder」というフォルダがありません"),
        ("build . b", "エラー: 知らない引数です: b"),
        ("build --no-validate=1", "エラー: --no-validate: 値は付けられません: '1'"),
        ("build --site", "エラー: --site: 値を1つ書いてください"),
        ("serve --port x", "エラー: --port: 「x」は1から65535までの数ではありません"),
        ("serve --port 99999", "1から65535まで"),
        ("export workbook --out a.xlsx --s x --n --fo --o b.xlsx . more", "エラー: 知らない引数です: more"),
        ("diff . --format html", "エラー: 足りない引数があります: NEW"),
        ("release --date 2024-01-02", "エラー: 足りない引数があります: VERSION, --summary"),
        ("validate -x", "エラー: 知らない引数です: -x"),
        ("import progress a.txt --source-id a --s b", "どれか決まりません"),
        ("import progress", "エラー: 足りない引数があります: FILE, --source-id"),
        ("export workbook --out a.csv", "エラー: --out: 「a.csv」の終わりを .xlsx にしてください"),
        ("export workbook --out no/a.xlsx", "no」というフォルダがありません"),
        ("diff . . --site-url here", "エラー: --site-url: 「here」は https:// か http:// で"),
        (
            "release 1.0.0 --s s --date 1/2/24",
            "エラー: --date: 「1/2/24」は YYYY-MM-DD の形の日付ではありません",
        ),
    ],
)
def test_wrong_usage_is_answered_in_japanese(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words.split())
    assert ended.value.code == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith("使い方: shinchoku") and said in error


#: Said to who writes a parser, not to who uses it.
TO_PROGRAMMERS = re.compile(
    "conflicting|conflict_resolution|callable|__call__|mutually exclusive|dest=|cannot |mode|unexpected option"
    "|invalid option string|is an invalid argument|can't open"
)


def test_every_word_of_argparse_has_a_translation():
    """Also of the Python that runs this test: newer ones have more of them."""
    source = inspect.getsource(argparse)
    words = re.findall(r"""\b_\(\s*(?:'([^'\n]+)'|"([^"\n]+)")""", source)
    asked = {(one or other).encode().decode("unicode_escape") for one, other in words}
    asked |= {word for pair in re.findall(r"ngettext\('([^']+)',\s*'([^']+)'", source) for word in pair}
    assert len(asked) > 20
    assert {word for word in asked if not TO_PROGRAMMERS.search(word)} <= set(cli.JAPANESE)


@pytest.mark.parametrize(
    ("words", "formats"), [("validate . --format", validation.FORMATS), ("diff . . --format", review.FORMATS)]
)
def test_the_formats_offered_are_those_there_are(words, formats, capsys):
    for format in formats:
        assert cli._parser().parse_args([*words.split(), format]).format == format
    with pytest.raises(SystemExit):
        cli.main([*words.split(), "no-format"])
    offered = re.search(r"選べるもの: (.*)）", capsys.readouterr().err)
    assert len(offered[1].split(", ")) == len(formats)


# -- streams --------------------------------------------------------------------------


@pytest.mark.process
@pytest.mark.parametrize(
    ("encoding", "meant"),
    [("ascii", "「ä」".encode()), ("cp1252", "「ä」".encode()), ("cp932", "「\\xe4」".encode("cp932"))],
)
def test_output_that_lacks_a_letter(encoding, meant):
    """``cp932`` is the Windows of Japan, which has no ``ä``: it is escaped. What has no Japanese gets UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "shinchoku", "validate", "ä"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert done.returncode == 2
    assert meant in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.process
@pytest.mark.parametrize("command", [["--help"], ["reprint"]])
def test_output_to_nobody_is_no_traceback(command):
    """Neither when the reader has gone before the first word, nor when there is no stream at all."""
    call = " ".join([sys.executable, "-m", "shinchoku", *command])
    for shell in (f"{call} | true; exit ${{PIPESTATUS[0]}}", f"{call} >&-"):
        done = subprocess.run(["bash", "-c", shell], capture_output=True)
        assert done.returncode == 0
        assert b"Traceback" not in done.stderr and b"ignored" not in done.stderr


@pytest.mark.process
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full, on Linux")
def test_a_full_disk_is_said():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "shinchoku", "reprint"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert done.stderr.decode("utf-8").startswith("エラー: ") and b"Traceback" not in done.stderr


# -- what the machine refuses ---------------------------------------------------------

#: Read or write the small package at P; OUT is a file beside it.
READING = ("validate P", "reprint P", "diff P P", "export workbook P --out OUT", "build P --site OUT")
WRITING = (
    "validate P --fix",
    "export workbook P --out OUT",
    "diff P P --output OUT",
    "release 1.0.0 P --summary s",
)
ENGLISH = re.compile(r"Errno|Traceback|denied|No |space|/output|system|Too many|Bad|directory")


def _package(folder: Path) -> Path:
    package = small_package(folder / "package")
    for name in ("observations", "settlements"):  # something to mend in two files
        table = package / "data" / f"{name}.csv"
        table.write_bytes(table.read_bytes() + b"\n")
    return package


def _run(command: str, package: Path) -> int:
    places = {"P": str(package), "OUT": str(package.parent / "out.xlsx")}
    return cli.main([places.get(word, word) for word in command.split()])


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("code", ["EACCES", "EIO", "ENOSPC", "EROFS", "ELOOP", "EMFILE", "EBADMSG"])
@pytest.mark.parametrize("command", READING)
def test_what_cannot_be_read_is_one_sentence(command, code, tmp_path, monkeypatch, capsys):
    package = _package(tmp_path)
    before = _files(tmp_path)
    number = getattr(errno, code)

    def read(path: Path, read=Path.read_bytes) -> bytes:
        if path.name == "observations.csv":
            raise OSError(number, os.strerror(number), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    assert _run(command, package) == 1
    monkeypatch.undo()
    error = capsys.readouterr().err
    assert "observations.csv: " in error and "エラー: " in error and not ENGLISH.search(error)
    assert _files(tmp_path) == before


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("code", ["EACCES", "ENOSPC", "EROFS", "EIO"])
@pytest.mark.parametrize("command", WRITING)
def test_what_cannot_be_written_leaves_all_as_it_was(command, code, step, tmp_path, monkeypatch, capsys):
    """At the second file, where there are two."""
    package = _package(tmp_path)
    if command.startswith("release"):
        assert _run("validate P --fix", package) == 0
        capsys.readouterr()
    before = _files(tmp_path)
    number, does = getattr(errno, code), getattr(os, step)
    count = itertools.count(0 if "--fix" in command else 1)

    def refused(*arguments: object) -> None:
        if next(count) == 1:
            raise OSError(number, os.strerror(number))
        does(*arguments)

    monkeypatch.setattr(os, step, refused)
    assert _run(command, package) == 1
    monkeypatch.undo()
    error = capsys.readouterr().err
    name = "settlements.csv" if "--fix" in command else "datapackage.json" if "release" in command else "out."
    assert name in error and error.startswith("エラー: ") and not ENGLISH.search(error)
    assert _files(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
@pytest.mark.parametrize("kind", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to(path)])
@pytest.mark.parametrize("name", ["datapackage.json", "data/observations.csv", "data/glossary.yml"])
@pytest.mark.parametrize("command", ["validate P", "reprint P", "diff P P"])
def test_what_is_no_file_is_not_waited_for(command, name, kind, tmp_path, capsys):
    package = small_package(tmp_path / "package")
    (package / name).unlink()
    kind(package / name)
    code = _run(command, package)
    said = "".join(capsys.readouterr())
    assert not ENGLISH.search(said)
    assert code == 1 and Path(name).name in said or command.startswith("diff") and code == 0


def test_output_is_not_waited_for_where_nobody_reads_it(tmp_path, capsys):
    package = small_package(tmp_path / "package")
    os.mkfifo(tmp_path / "out.xlsx")
    assert _run("diff P P --output OUT", package) == 1
    assert "out.xlsx: ファイルとして使えません" in capsys.readouterr().err


def test_every_reason_of_the_system_is_one(monkeypatch):
    names = " ".join(files._REASONS).split()
    assert len(names) == len(set(names))
    for number in errno.errorcode:
        assert re.fullmatch("([^。A-Z]|Excel)+。([^。]+。)?", files.reason(OSError(number, "")))


def test_a_port_that_is_taken_is_said_before_anything_is_made(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(paths, "project", lambda: tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert cli.main(["serve", "--port", str(taken.getsockname()[1])]) == 1
    assert "別の番号を --port で" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_interruption_is_130(project, monkeypatch, capsys):
    def interrupted(directory: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(validation, "validate", interrupted)
    assert cli.main(["validate", str(project)]) == 130
    assert capsys.readouterr().err == "途中で止めました。\n"


@pytest.mark.process
def test_a_revision_needs_git_and_its_history(tmp_path, monkeypatch, capsys):
    package = small_package(tmp_path / "package")
    assert cli.main(["diff", "main", str(package)]) == 2
    assert "Gitで開けません" in capsys.readouterr().err
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.jp")
    for words in (["init", "-q"], *[["commit", "-q", "--allow-empty", "-m", "x"]] * 2):
        subprocess.run([*git, *words], check=True)
    clone = ["clone", "-q", "--depth", "1", tmp_path.as_uri(), tmp_path / "shallow"]
    subprocess.run(["git", *clone], check=True)
    shallow = small_package(tmp_path / "shallow" / "package")
    assert cli.main(["diff", "HEAD~1", str(shallow)]) == 1
    assert "git fetch --unshallow" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["diff", "main", str(package)]) == 1
    assert "git が入っていない" in capsys.readouterr().err


# -- what a command waits for ---------------------------------------------------------

HEAVY = {"frictionless", "jinja2", "jsonschema", "openpyxl", "pandas", "xlsxwriter", "yaml"}


@pytest.mark.process
@pytest.mark.parametrize(
    ("command", "needed"),
    [("--help", set()), ("reprint", {"jsonschema", "yaml"}), ("export workbook --out X", HEAVY)],
)
def test_a_command_imports_the_libraries_it_needs(command, needed, tmp_path):
    out = str(tmp_path / "out.xlsx")
    words = [out if word == "X" else word for word in command.split()]
    program = (
        "import sys, shinchoku.cli as cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, encoding="utf-8"
    )
    assert HEAVY & set(done.stderr.split()) <= needed
