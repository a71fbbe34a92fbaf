"""The ``.venv`` of this project, set up from a lock file with nothing but Python itself.

No verb: the verbs beside it use it. It runs before anything is installed, so
it may import the standard library only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
SITE = ROOT / "requirements" / "site.txt"
TEST = ROOT / "requirements" / "test.txt"
TOOLS = ROOT / "requirements" / "tools.txt"
BENCHMARK = ROOT / "requirements" / "benchmark.txt"
OLDEST_PYTHON = (3, 11)

_PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
_STAMP = VENV / "installed-locks.txt"

# Japanese must print on a Windows console and in a pipe alike, in child processes too.
os.environ["PYTHONUTF8"] = "1"
# Many programs are started here: what one has compiled, the next need not, whatever an image says of files.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
for _stream in (sys.stdout, sys.stderr):
    if hasattr(_stream, "reconfigure"):
        _stream.reconfigure(encoding="utf-8")


def _end(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """What ends a script is a sentence where it is the machine's, and a traceback where it is ours."""
    if issubclass(kind, KeyboardInterrupt):
        print("途中で止めました。 / Interrupted.", file=sys.stderr)
    elif isinstance(error, OSError):
        print(
            f"エラー: {error.filename or ''} 読み書きできません。ディスクの空きと権限をお確かめください。\n"
            "Cannot read or write; is the disk full, or the folder somebody else's?",
            file=sys.stderr,
        )
    else:
        sys.__excepthook__(kind, error, traceback)


sys.excepthook = _end


def say(message: str) -> None:
    """Tell the user at once, before a long step and not after it."""
    print(message, flush=True)


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
    """Run a command in the project; when it fails, end with its exit code."""
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            code = process.wait()  # Ctrl-C reached the command too; it ends in its own way
    if code:
        raise SystemExit(code)


def shinchoku(*arguments: str) -> None:
    """Run the console command of this project."""
    run([_PROGRAMS / "shinchoku", *arguments])


def prepare(lock: Path) -> Path:
    """Make ``.venv`` hold what ``lock`` pins, and this project; returns its Python.

    Does nothing when that is so already. What the other locks of today pin may be there too; an
    environment of older ones, another Python or another folder is made anew, so nothing stale stays in it.
    """
    python = _PROGRAMS / "python"
    installed = set(_STAMP.read_text().split()) if _STAMP.exists() else set()
    installed &= {_digest(SITE), _digest(TEST), _digest(TOOLS), _digest(BENCHMARK)}
    if _digest(lock) in installed:
        return python
    if not installed:
        _create()
    say(f"準備 2/3: 必要なライブラリを入れています（{lock.relative_to(ROOT)}。初回は1〜3分かかります）")
    # Half the time would go into compiling what is never imported; the rest is compiled when it is.
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    _install([*pip, "--require-hashes", "-r", str(lock)], total=_pinned(lock))
    say("準備 3/3: このプロジェクトを入れています")
    _install([*pip, "--no-build-isolation", "--no-deps", "-e", str(ROOT)], total=1)
    # The stamp comes last, so a setup that was broken off is done again.
    # The lock for tests holds all of the lock for the site (tests/test_lock.py).
    now = installed | {_digest(lock)} | ({_digest(SITE)} if lock == TEST else set())
    _STAMP.write_text("\n".join(sorted(now)) + "\n")
    return python


def _digest(lock: Path) -> str:
    parts = (
        lock.read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
        str(ROOT).encode(),
        sys.version.encode(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _pinned(lock: Path) -> int:
    return len(set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)))


def _create() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(
            f"Python {sys.version.split()[0]} では動きません。3.11 以上が必要です。"
            "別の Python は make site PYTHON=python3.12 のように指定できます。\n"
            "Python 3.11 or later is needed; name another one with PYTHON=python3.12."
        )
    # Debian and Ubuntu deliver Python without the part that makes environments.
    package = f"python3.{sys.version_info.minor}-venv"
    is_there = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
    if not is_there and not apt_install([package]):
        raise SystemExit(
            f"仮想環境を作る部品がありません。次の命令のあと、もう一度お試しください: sudo apt install {package}\n"
            f"This Python cannot make virtual environments; run: sudo apt install {package}"
        )
    import venv  # not before: it may have come just now

    say("準備 1/3: 仮想環境 .venv を作っています")
    venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")


def _install(command: Sequence[str], total: int) -> None:
    """Run pip with one line of progress; show all it said only when it fails."""
    live = sys.stdout is not None and sys.stdout.isatty()
    output = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        count = 0
        for line in process.stdout or ():
            output.append(line)
            if not line.startswith(("Collecting ", "Processing ")):
                continue
            count += 1
            if live:
                print(f"\r      {count}/{total}", end="", flush=True)
            elif count % 20 == 0:
                say(f"      {count}/{total}")
    if live:
        print("\r" + " " * 20 + "\r", end="", flush=True)
    if process.returncode:
        say("".join(output))
        raise SystemExit(
            "ライブラリを入れられませんでした。上の表示とネットワークの接続をお確かめください。\n"
            "Installing failed; see pip's output above."
        )


def apt_install(packages: Sequence[str]) -> bool:
    """Install system packages where apt-get may be used without asking for a password."""
    if shutil.which("apt-get") is None:
        return False
    as_root: list[str] = []
    if os.geteuid() != 0:
        as_root = ["sudo", "-n"]
        if shutil.which("sudo") is None or subprocess.run([*as_root, "true"], capture_output=True).returncode:
            return False
    say(f"apt-get で {' '.join(packages)} を入れています（数分かかることがあります）")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    steps = ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages])
    return all(subprocess.run(step, stdout=subprocess.DEVNULL, check=False).returncode == 0 for step in steps)
