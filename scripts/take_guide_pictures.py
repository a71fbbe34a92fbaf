"""Take the pictures of the guides of the guides that show real programs.

To be run when what they show has changed; the pictures are committed. Needs, beside Chromium, LibreOffice in
Japanese, Xvfb, xdotool and ImageMagick (Debian: libreoffice-calc libreoffice-l10n-ja xvfb xdotool imagemagick).
Nobody sees its windows: they open on a screen of their own. What stands where in them is that of LibreOffice 7.4.
The sketches of GitHub's screens (``github-*.svg``) are drawn by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import chromium
from environment import ROOT, TEST, prepare, run

PICTURES = ROOT / "src" / "shinchoku" / "site" / "docs" / "contribute" / "pictures"
SCREEN = ":93"
HIDDEN = {**os.environ, "DISPLAY": SCREEN}
#: A place that is nobody's, so that the pictures name none.
REPOSITORY = "https://github.com/example/example"
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale" oor:op="fuse"><value>ja</value>
</prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>7.4</value>
</prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value>
</prop></item>
</oor:items>
"""
#: The row and the value of 「数字を1つ直す」.
CELL, OLD, NEW = "D510", "snow-festival-1,2022,actual,175,", "snow-festival-1,2022,actual,176,"
PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 16px; width: 400px }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #d0d7de; padding: 4px 8px; text-align: left }}
code {{ background: #eff1f3; border-radius: 4px; font-size: 13px; padding: 1px 4px }} pre code {{ display: block }}
h2 {{ border-bottom: 1px solid #d0d7de; font-size: 20px; margin: 0 }} summary {{ margin: 8px 0 }}
</style>{body}</html>
"""
FRAME = """<!doctype html><body style="margin: -480px 0 0"><iframe src="{page}#provenance"
 style="border: 0; height: 900px; width: 560px"></iframe>"""


def main() -> None:
    python = prepare(TEST)
    browser = chromium.provide(python)
    with tempfile.TemporaryDirectory(prefix="shinchoku-pictures-") as name:
        folder = Path(name)
        take_site(python, browser, folder)
        take_summary(python, browser, folder)
        screen = subprocess.Popen(["Xvfb", SCREEN, "-screen", "0", "1000x700x24", "-noreset"])
        try:
            wait_for_screen()
            take_spreadsheet(folder)
            take_workbook(python, folder)
        finally:
            screen.terminate()
            screen.wait()
    for picture in PICTURES.glob("*.png"):
        run(["convert", picture, "-strip", "+dither", "-colors", "32", f"PNG8:{picture}"])


def wait_for_screen() -> None:
    for _ in range(60):
        asked = subprocess.run(["xdotool", "getdisplaygeometry"], env=HIDDEN, capture_output=True)
        if asked.returncode == 0:
            return
        time.sleep(1)
    raise SystemExit("Xvfb does not start")


def take_site(python: Path, browser: str, folder: Path) -> None:
    """The end of a page of this site, where the way to its rows stands."""
    environment = {**os.environ, "SHINCHOKU_REPOSITORY_URL": REPOSITORY}
    command = (python, "-m", "shinchoku", "build", "--no-validate", "--site", folder / "site")
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
    page = (folder / "site/initiatives/snow-festival/index.html").as_uri()
    frame = folder / "frame.html"  # in a frame, because a picture of a page begins at its top
    frame.write_text(FRAME.format(page=page), encoding="utf-8")
    shoot(browser, frame.as_uri(), "site-end-of-page", "560,310")


def take_summary(python: Path, browser: str, folder: Path) -> None:
    """What the check of a pull request says of the change, as the command really puts it."""
    after = folder / "after"
    shutil.copytree(ROOT / "data", after / "data")
    shutil.copy(ROOT / "datapackage.json", after)
    observations = after / "data/observations.csv"
    text = observations.read_text(encoding="utf-8")
    observations.write_text(text.replace(OLD, NEW), encoding="utf-8")
    (folder / "now").symlink_to(ROOT)
    diff = (python, "-m", "shinchoku", "diff", folder / "now", after, "--format", "markdown")
    markdown = subprocess.run(diff, capture_output=True, text=True, check=True).stdout
    drawn = subprocess.run(
        [python, "-m", "markdown"], input=markdown, capture_output=True, text=True, check=True
    )
    page = folder / "summary.html"
    page.write_text(PAGE.format(body=drawn.stdout), encoding="utf-8")
    shoot(browser, page.as_uri(), "summary", "432,600")


def take_spreadsheet(folder: Path) -> None:
    """The guide's own steps: everything as text, one cell, saved as CSV; what is saved is compared."""
    table = folder / "observations.csv"
    shutil.copy(ROOT / "data/observations.csv", table)
    with spreadsheet(folder, table):
        for x, y in ((245, 245), (439, 245), (239, 430)):  # no tab, no semicolon; every column
            act("mousemove", x, y, "click", 1)
        act("mousemove", 397, 404, "click", 1)  # the kind of the columns
        act("key", "Down")
        act("key", "Return")
        grab("spreadsheet-open", "586x564+207+68")
        act("mousemove", 725, 603, "click", 1)  # OK
        time.sleep(6)
        go_to(CELL)
        act("type", "176")
        act("key", "Return")
        act("key", "Up")
        grab("spreadsheet-cell", "510x310+0+85")
        act("key", "ctrl+s")
        grab("spreadsheet-save", "570x190+215+255")
        act("mousemove", 657, 400, "click", 1)  # as CSV
        time.sleep(3)
    before = (ROOT / "data/observations.csv").read_bytes()
    if table.read_bytes() != before.replace(OLD.encode(), NEW.encode()):
        raise SystemExit("the spreadsheet changed more than one cell, or not that one")


def take_workbook(python: Path, folder: Path) -> None:
    """The form of the next report where the first rows are filled in."""
    form = folder / "next.xlsx"
    run([python, "-m", "shinchoku", "export", "workbook", "--next", "--out", form])
    with spreadsheet(folder, form):
        time.sleep(4)
        go_to("J50")
        grab("workbook", "830x370+0+75")


class spreadsheet:
    """LibreOffice with a file open, on the hidden screen."""

    def __init__(self, folder: Path, file: Path) -> None:
        user = folder / f"profile-{file.stem}" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        self.command = ["soffice", "--norestore", "--nologo", f"-env:UserInstallation={user.parent.as_uri()}"]
        self.command += ["--calc", str(file)]

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, env=HIDDEN, start_new_session=True)
        time.sleep(20)

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, 15)
        self.process.wait()


def act(*words: object) -> None:
    """Move, click or type on the hidden screen, as a person would: not too fast."""
    run(["xdotool", *map(str, words)], env=HIDDEN)
    time.sleep(1.5)


def go_to(cell: str) -> None:
    act("key", "ctrl+shift+t")
    act("key", "ctrl+a")
    act("type", cell)
    act("key", "Return")


def grab(name: str, place: str) -> None:
    command = ("import", "-window", "root", "-crop", place, "+repage", PICTURES / f"{name}.png")
    run(command, env=HIDDEN)


def shoot(browser: str, address: str, name: str, size: str) -> None:
    shot = [f"--window-size={size}", f"--screenshot={PICTURES / name}.png", "--hide-scrollbars"]
    run([browser, "--headless", "--no-sandbox", "--virtual-time-budget=3000", *shot, address])


if __name__ == "__main__":
    main()
