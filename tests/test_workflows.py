"""The workflows are valid and safe. Both checkers run offline."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from shinchoku.pages import reports

PROJECT = Path(__file__).resolve().parents[1]
GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def test_zizmor_finds_nothing():
    zizmor = Path(sysconfig.get_path("scripts")) / "zizmor"
    command = [zizmor, "--offline", "--persona=auditor", "--format=json", "--no-progress", GITHUB]
    finished = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert json.loads(finished.stdout) == [], finished.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-forms", [GITHUB / "ISSUE_TEMPLATE" / reports.FORM]),
    ],
    ids=["workflows", "dependabot", "issue form"],
)
def test_the_form_is_that_of_the_schema(schema, files):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    finished = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert finished.returncode == 0, finished.stdout


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


def test_a_prepared_report_fills_in_fields_of_the_form(monkeypatch):
    """GitHub takes the fields of a form by their ids, and says nothing about those it does not know."""
    monkeypatch.setenv("SHINCHOKU_SITE_URL", "https://example.org/plan/")
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", "https://github.com/owner/repository/")
    prepared = reports.report("雪まつり & <花火>", "initiatives/a/", "進捗状況 50行目")
    address = urlsplit(prepared.url)
    assert address[:3] == ("https", "github.com", "/owner/repository/issues/new")
    fields = dict(parse_qsl(address.query, strict_parsing=True))
    assert fields.pop("template") == reports.FORM
    assert fields == {
        "title": "数字の誤り：雪まつり & <花火>",
        "page": "https://example.org/plan/initiatives/a/",
        "row": "進捗状況 50行目",
    }
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / reports.FORM).read_text(encoding="utf-8"))
    assert fields.keys() - {"title"} <= {item.get("id") for item in form["body"]}
    assert fields["title"].startswith(form["title"])


@pytest.mark.parametrize("repository", ["", "javascript:alert(1)", "http://example.org/r"])
def test_without_a_repository_a_report_is_a_text_to_send(monkeypatch, repository):
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", repository)
    prepared = reports.report("雪まつり", "initiatives/a/", "進捗状況 50行目")
    assert prepared.url is None
    for said in ("雪まつり", "initiatives/a/", "進捗状況 50行目", "正しいと思う数字："):
        assert said in prepared.text
