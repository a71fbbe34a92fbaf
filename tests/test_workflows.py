"""What the workflows may do and what they say. Their form and safety is for `make lint`."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from shinchoku.pages.parts import repository

PROJECT = Path(__file__).resolve().parents[1]
GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(path):
    uses = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    unpinned = [use for use in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)]
    assert uses
    assert unpinned == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_job_by_job(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert all("permissions" in job for job in workflow["jobs"].values())
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request_target" not in workflow[True]


def test_only_the_job_that_publishes_may_write():
    workflows = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in WORKFLOWS}
    writing = {
        (name, job): {right for right, level in settings["permissions"].items() if level == "write"}
        for name, workflow in workflows.items()
        for job, settings in workflow["jobs"].items()
        if "write" in settings["permissions"].values()
    }
    assert writing == {("pages.yml", "deploy"): {"pages", "id-token"}}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_foreign_code_finds_nothing_to_steal_and_leaves_nothing_behind(path):
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    if "pull_request" not in workflow[True]:
        return
    assert not re.search(r"secrets\.|secrets:|actions/cache|\bcache:", text)
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        checkout = next(step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))
        assert checkout["with"]["persist-credentials"] is False


def test_what_foreign_servers_answer_blocks_no_change(project):
    workflow = yaml.safe_load((GITHUB / "workflows" / "links.yml").read_text(encoding="utf-8"))
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    settings = workflow["jobs"]["links"]["steps"][-1]["with"]
    assert settings["fail"] is False
    globs = [
        word for word in shlex.split(settings["args"]) if word.endswith((".json", ".md", ".csv", ".yml"))
    ]
    assert len(globs) == 8
    assert [glob for glob in globs if not any([*PROJECT.glob(glob), *project.glob(glob)])] == []


def test_dependabot_looks_at_every_lock_and_at_the_actions():
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    watched = {(each["package-ecosystem"], each["directory"]) for each in updates}
    locks = {
        f"/{path.parent.relative_to(PROJECT).as_posix()}" for path in PROJECT.glob("requirements*/*.txt")
    }
    assert watched == {("github-actions", "/"), *(("pip", folder) for folder in locks)}


def test_code_owners_name_paths_that_exist_and_nobody_who_may_not():
    lines = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    in_force = [line for line in lines if line and not line.startswith("#")]
    assert not [line for line in in_force if "OWNER" in line], "put in an account, or leave the line out"
    prepared = re.findall(r"^(?:# )?(/\S+)\s+@", "\n".join(lines), re.MULTILINE)
    assert prepared
    assert [path for path in prepared if not (PROJECT / path.lstrip("/")).exists()] == []


# -- the steps for a pull request, run as GitHub runs them ---------------------------


def _steps(job: str) -> dict[str, str]:
    """Name → script of the steps of a job for pull requests."""
    workflow = yaml.safe_load((GITHUB / "workflows" / "pull-request.yml").read_text(encoding="utf-8"))
    return {step["name"]: step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step}


@pytest.fixture
def change(project, tmp_path) -> Callable[[str, str, str], Path]:
    """``change(table, old, new)``: a repository in which a pull request edits a CSV, as checked out to be merged."""

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
        subprocess.run(["git", "-C", repository, *identity, *arguments], check=True, capture_output=True)

    repository = tmp_path / "repository"

    def change(table: str, old: str, new: str) -> Path:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(PROJECT / "src", repository / "src", ignore=ignored)
        shutil.copytree(project / "data", repository / "data")
        for file in ("datapackage.json", "LICENSE-DATA.md", "mkdocs.yml"):
            shutil.copy(project / file, repository)
        git("init", "-q", "-b", "main")
        git("add", "-A")
        git("commit", "-q", "-m", "before")
        path = repository / "data" / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
        git("commit", "-q", "-a", "-m", "after")
        # Instead of `python scripts/setup.py`, which fetches what this environment has already.
        program = repository / ".venv" / "bin" / "shinchoku"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nPYTHONPATH=src exec "{sys.executable}" -m shinchoku "$@"\n')
        program.chmod(0o755)
        return repository

    return change


def _run(repository: Path, script: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, log and summary of a step."""
    summary = repository.parent / "summary.md"
    summary.write_text("", encoding="utf-8")
    finished = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=repository,
        env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    return finished.returncode, finished.stdout, summary.read_text(encoding="utf-8")


#: A doubt worded anew: a change that is right.
GOOD = (
    "source_notes",
    "どの値がどちらの指標のものか分けられない。",
    "どの値がどちらの指標のものか、決められない。",
)

needs_bash = pytest.mark.skipif(os.name == "nt", reason="these steps run on Linux")


@needs_bash
@pytest.mark.process
def test_a_good_change_is_shown_with_its_values_and_pages(change):
    repository = change(*GOOD)
    data, diff = _steps("data"), _steps("diff")
    code, log, _ = _run(repository, data["検査"])
    assert (code, "::error" in log) == (0, False), log
    code, _, summary = _run(repository, data["結果のまとめ"], OUTCOME="success")
    assert code == 0 and "公開できるデータです" in summary and "問題は見つかりませんでした" in summary
    code, log, summary = _run(repository, diff["値の違い"])
    assert code == 0, log
    assert "値の変更 1件" in summary and GOOD[2] in summary and "/quality/" in summary
    code, log, _ = _run(repository, diff["全部の違いを1つのページに"])
    assert code == 0, log
    assert GOOD[2] in (repository / "diff" / "index.html").read_text(encoding="utf-8")


@needs_bash
@pytest.mark.process
def test_a_wrong_value_is_said_at_its_line_and_the_diff_is_there_all_the_same(change):
    repository = change("settlements", ",412018,", ",４１２０１８,")
    data, diff = _steps("data"), _steps("diff")
    code, log, _ = _run(repository, data["検査"])
    assert code == 1
    assert re.search(r"^::error .*file=data/settlements.csv,.*line=\d+", log, re.MULTILINE), log
    code, _, summary = _run(repository, data["結果のまとめ"], OUTCOME="failure")
    assert code == 0 and "直すところがあります" in summary and "「412018」" in summary
    code, log, summary = _run(repository, diff["値の違い"])
    assert code == 0, log
    assert "４１２０１８" in summary and "検査でエラーになるデータ" in summary


@needs_bash
@pytest.mark.process
def test_a_file_that_is_no_table_is_said_to_be_mended_first(change):
    repository = change("settlements", ",412018,", ",412018,,,,")
    code, log, summary = _run(repository, _steps("diff")["値の違い"])
    assert code == 1 and "settlements.csv" in log
    assert "データの検査" in summary and "先に直してください" in summary


@pytest.mark.process
@needs_bash
def test_how_to_look_at_the_preview_is_said(tmp_path):
    (tmp_path / "repository").mkdir()
    address = "https://github.com/owner/repository/actions/runs/1/artifacts/2"
    code, _, summary = _run(tmp_path / "repository", _steps("preview")["見方"], ARTIFACT=address)
    assert code == 0
    assert f"]({address})" in summary and "\npython -m http.server 8000\n" in summary
    assert "`index.html`" in summary


def test_a_prepared_report_fills_in_fields_of_the_form(monkeypatch):
    """GitHub takes the fields of a form by their ids, and says nothing about those it does not know."""
    monkeypatch.setenv("SHINCHOKU_SITE_URL", "https://example.org/plan/")
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", "https://github.com/owner/repository/")
    prepared = repository.error_report("雪まつり & <花火>", "initiatives/a/", "進捗状況 50行目")
    address = urlsplit(prepared.url)
    assert address[:3] == ("https", "github.com", "/owner/repository/issues/new")
    fields = dict(parse_qsl(address.query, strict_parsing=True))
    assert fields.pop("template") == repository.FORM
    assert fields == {
        "title": "数字の誤り：雪まつり & <花火>",
        "page": "https://example.org/plan/initiatives/a/",
        "row": "進捗状況 50行目",
    }
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / repository.FORM).read_text(encoding="utf-8"))
    assert fields.keys() - {"title"} <= {item.get("id") for item in form["body"]}
    assert fields["title"].startswith(form["title"])


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "http://example.org/r"])
def test_without_a_repository_a_report_is_a_text_to_send(monkeypatch, address):
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", address)
    prepared = repository.error_report("雪まつり", "initiatives/a/", "進捗状況 50行目")
    assert prepared.url is None
    for said in ("雪まつり", "initiatives/a/", "進捗状況 50行目", "正しいと思う数字："):
        assert said in prepared.text
