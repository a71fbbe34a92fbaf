"""The console command as people and scripts call it."""

import json
import shutil
import subprocess
import sys

import pytest

from shinchoku import cli, paths


def shinchoku(*arguments, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "shinchoku", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **options)


@pytest.fixture
def spoilt(project, tmp_path):
    """A copy of the package with one full-width number."""
    shutil.copytree(project / paths.DATA, tmp_path / paths.DATA)
    shutil.copy(project / paths.DESCRIPTOR, tmp_path)
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


def test_build_refuses_wrong_data_and_leaves_no_site(spoilt, tmp_path, capsys):
    site = tmp_path / "site"
    assert cli.main(["build", str(spoilt), "--site", str(site)]) == 1
    assert "４１２０１８" in capsys.readouterr().err
    assert not site.exists()


@pytest.mark.process
@pytest.mark.parametrize(
    "arguments",
    [[], ["publish"], ["validate", "--yaml"], ["validate", "no-such-folder"], ["build", "a", "b"]],
)
def test_wrong_usage_is_2(arguments):
    assert shinchoku(*arguments).returncode == 2


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
