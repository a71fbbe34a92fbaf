"""The Chromium and the Japanese fonts that the browser tests need: found, or installed.

No verb: ``setup.py``, ``test.py`` and the tests use it. Like ``environment``
it may import the standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import apt_install, say

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
)
_ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)
_MISSING = """\
ブラウザのテストには Chromium（または Google Chrome）と日本語フォントが必要ですが、用意できませんでした: {missing}
  Debian・Ubuntu: sudo apt install chromium fontconfig fonts-noto-cjk
  その他: Google Chrome を入れるか、実行ファイルの場所を環境変数 CHROMIUM_PATH に書いてください。
The browser tests need Chromium (or Google Chrome) and a Japanese font. Install them as above, or set CHROMIUM_PATH."""


def find(python: Path | str = sys.executable) -> str | None:
    """``CHROMIUM_PATH``, else an installed Chromium, else the one that ``python``'s Playwright fetched."""
    if chosen := os.environ.get("CHROMIUM_PATH"):
        return chosen
    installed = [shutil.which(name) for name in _NAMES] + [os.path.expandvars(place) for place in _PLACES]
    return next((path for path in installed if path and _starts(path)), None) or _of_playwright(python)


def _starts(path: str) -> bool:
    """Whether this is a browser; on Ubuntu ``chromium-browser`` may be a note that there is none."""
    if os.name == "nt":  # there ``--version`` opens a window
        return Path(path).exists()
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _of_playwright(python: Path | str) -> str | None:
    asked = subprocess.run([python, "-c", _ASK_PLAYWRIGHT], capture_output=True, text=True, encoding="utf-8")
    path = asked.stdout.strip()
    return path if path and Path(path).exists() else None


def has_japanese_font() -> bool:
    """Whether Chromium can draw Japanese; only Linux comes without such fonts."""
    if not sys.platform.startswith("linux"):
        return True
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=ja"], capture_output=True).stdout.strip())


def provide(python: Path) -> str:
    """The path of Chromium, installed if need be; where that cannot be done, ends and says what to do."""
    if not has_japanese_font():
        apt_install(["fontconfig", "fonts-noto-cjk"])
    path = find(python)
    if path is None and apt_install(["chromium"]):
        path = find(python)
    if path is None:
        say("Playwright の Chromium を取り寄せています")
        subprocess.run([python, "-m", "playwright", "install", "chromium"], check=False)
        path = find(python)
    missing = [
        name for name, there in (("Chromium", path), ("日本語フォント", has_japanese_font())) if not there
    ]
    if path is None or missing:
        raise SystemExit(_MISSING.format(missing="、".join(missing)))
    return path
