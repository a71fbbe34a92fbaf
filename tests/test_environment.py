"""Setting up says what is missing, in both languages, instead of failing in the middle."""

from __future__ import annotations

import os
import re

import pytest

import chromium
import environment


def test_an_old_python_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(environment, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(SystemExit, match=r"3\.11 以上が必要です.*\n.*or later is needed"):
        environment._create()


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_apart(monkeypatch, missing):
    """Debian's python3 comes without the package that makes environments."""
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: name != missing or None)
    monkeypatch.setattr(environment, "apt_install", lambda packages: False)
    with pytest.raises(SystemExit, match=r"sudo apt install python3\.\d+-venv"):
        environment._create()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", ".venv"), r"\.venv 読み書きできません.*\n.*disk full"),
        (KeyboardInterrupt(), "途中で止めました"),
        (ZeroDivisionError(), "Traceback|ZeroDivisionError"),
    ],
)
def test_what_the_machine_refuses_is_a_sentence(error, said, capsys):
    environment._end(type(error), error, None)
    err = capsys.readouterr().err
    assert re.search(said, err) and "No space" not in err


def test_setting_up_again_does_nothing(monkeypatch, tmp_path):
    stamp = tmp_path / "stamp"
    stamp.write_text(environment._digest(environment.TEST) + "\n")
    monkeypatch.setattr(environment, "_STAMP", stamp)
    monkeypatch.setattr(environment, "_create", lambda: pytest.fail("made anew"))
    monkeypatch.setattr(environment, "_install", lambda *_, **__: pytest.fail("installed again"))
    assert environment.prepare(environment.TEST).parent.parent == environment.VENV


def test_another_lock_makes_the_environment_anew(monkeypatch, tmp_path):
    stamp = tmp_path / "stamp"
    stamp.write_text("the digest of an older lock\n")
    done = []
    monkeypatch.setattr(environment, "_STAMP", stamp)
    monkeypatch.setattr(environment, "_create", lambda: done.append("created"))
    monkeypatch.setattr(environment, "_install", lambda command, total: done.append(command[-1]))
    environment.prepare(environment.SITE)
    assert done == ["created", str(environment.SITE), str(environment.ROOT)]
    assert stamp.read_text().split() == [environment._digest(environment.SITE)]


def _program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.process
@pytest.mark.skipif(os.name == "nt", reason="apt-get is Debian's")
def test_apt_first_learns_what_there_is(monkeypatch, tmp_path):
    """In a fresh container the lists of packages are empty."""
    _program(tmp_path / "apt-get", f'echo "$DEBIAN_FRONTEND $@" >> {tmp_path}/asked')
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    monkeypatch.setattr(environment.os, "geteuid", lambda: 0)
    assert environment.apt_install(["chromium"])
    update, install = (tmp_path / "asked").read_text().splitlines()
    assert update == "noninteractive -qq update"
    assert install == "noninteractive -qq install -y --no-install-recommends chromium"


@pytest.mark.process
@pytest.mark.skipif(os.name == "nt", reason="apt-get is Debian's")
def test_apt_never_waits_for_a_password(monkeypatch, tmp_path):
    _program(tmp_path / "apt-get", f"touch {tmp_path}/asked")
    _program(tmp_path / "sudo", '[ "$1" = -n ] && exit 1; sleep 60')
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    assert not environment.apt_install(["chromium"])
    assert not (tmp_path / "asked").exists()


@pytest.mark.process
@pytest.mark.skipif(os.name == "nt", reason="the programs of this test are shell scripts")
def test_a_browser_that_does_not_start_is_passed_over(monkeypatch, tmp_path):
    """Ubuntu's ``chromium-browser`` may be a note that there is none."""
    for name, code in (("chromium-browser", 1), ("google-chrome", 0)):
        _program(tmp_path / name, f"exit {code}")
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + "/bin")
    monkeypatch.setattr(chromium, "_NAMES", ("chromium-browser", "google-chrome"))
    assert chromium.find() == str(tmp_path / "google-chrome")


def test_without_a_browser_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda python: None)
    monkeypatch.setattr(chromium, "apt_install", lambda packages: False)
    monkeypatch.setattr(chromium.subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(chromium, "has_japanese_font", lambda: False)
    with pytest.raises(SystemExit, match=r"Chromium、日本語フォント\n.*apt install chromium"):
        chromium.provide("python")
