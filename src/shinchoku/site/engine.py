"""The site generator, which runs as a program of its own: what it starts from, and what it leaves.

It makes the pages by hand, and shells of all others (``shells``). Must not import it, nor make a body.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import runpy
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatch
from multiprocessing.process import BaseProcess
from pathlib import Path
from posixpath import dirname, join, normpath

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.site import configuration, macros, minifying, shells
from shinchoku.site.staging import BuildError, Project, remove_others

#: Where it puts what it makes, in the workshop.
SITE = "engine"
_ARGUMENTS = ["mkdocs", "build", "--strict", "--site-dir", SITE]

_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t]+.*\n)*", re.MULTILINE)
_LINK = re.compile(r"\]\(\s*<?([^()\s#?]+\.md)\b(?:#([^()\s>]+))?")
_MACRO = re.compile(r"\{\{.*?\}\}")


# -- what it starts from ----------------------------------------------------------


def _linked(by_hand: Mapping[str, bytes]) -> set[tuple[str, str, str]]:
    """(Text by hand, file that it links to, place there); the file is a pattern where a macro says which."""
    return {
        (file, normpath(join(dirname(file), target)), place)
        for file, content in by_hand.items()
        if file.endswith(".md")
        for target, place in _LINK.findall(_MACRO.sub("*", content.decode("utf-8", "replace")))
    }


def check_places(project: Project, site: Path) -> None:
    """The generator knows the pages that texts link to, but not what stands in the bodies. Raises ``BuildError``."""
    of_file = {page.file: address for address, page in project.pages.items()}
    for text, file, place in sorted(_linked(project.by_hand)):
        if place and file in of_file and place[0] != "*":
            html = (site / of_file[file] / "index.html").read_text(encoding="utf-8")
            if f'id="{place}"' not in html:
                raise BuildError(f"docs/{text} のリンクの先 {file} に、場所「#{place}」がありません。")


def stubs(project: Project, said: Mapping[str, str]) -> dict[str, str]:
    """What the generator makes: pages that stand alone, and of the others one for all of their kind in a folder.

    ``said`` are the addresses of pages with a preview, and what it says.
    """
    linked = {file for _, file, _ in _linked(project.by_hand)}
    found: dict[str, str] = {}
    for address, page in project.pages.items():
        if address == addresses.HOME:  # whose text is written by hand
            continue
        if not page.ids or address in project.in_navigation:
            found[page.file] = page.stub(said.get(address))
            continue
        shell = shells.of_kind(page, has_preview=address in said)
        if shell.file not in found:
            found[shell.file] = shells.stub(shell, has_preview=address in said)
        if any(fnmatch(page.file, pattern) for pattern in linked):
            found[page.file] = page.stub(said.get(address))
    return found


# -- running it ---------------------------------------------------------------------


def generator_environment(project: Path, workshop: Path, published: Edition) -> dict[str, str]:
    """What the macros read, and a clock that stands still between builds."""
    created = datetime.fromisoformat(published.descriptor["created"])
    return {
        **os.environ,
        "SHINCHOKU_DOCS_DIR": str(workshop.resolve() / configuration.DOCS),
        "SHINCHOKU_PACKAGE_DIR": str(project.resolve()),
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", str(int(created.timestamp()))),
        "PYTHONUTF8": "1",
        "NO_MKDOCS_2_WARNING": "1",
    }


def can_fork() -> bool:
    """Whether a process can inherit what this one has read."""
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def _as_program(workshop: Path, environment: Mapping[str, str], said: Path) -> subprocess.Popen[bytes]:
    with said.open("wb") as output:
        command = [sys.executable, "-m", *_ARGUMENTS]
        return subprocess.Popen(
            command, cwd=workshop, env=environment, stdout=output, stderr=subprocess.STDOUT
        )


def _forked(workshop: Path, environment: Mapping[str, str], said: Path, published: Edition) -> BaseProcess:
    def generate() -> None:
        os.chdir(workshop)
        os.environ.update(environment)
        sys.argv = _ARGUMENTS
        sys.stdout = sys.stderr = said.open("w", encoding="utf-8")
        warnings.resetwarnings()
        macros.given = published
        runpy.run_module(sys.argv[0], run_name="__main__")

    process = multiprocessing.get_context("fork").Process(target=generate)
    process.start()
    return process


@contextmanager
def running(
    project: Project,
    workshop: Path,
    stubs: Mapping[str, str],
    *,
    has_picture: bool = False,
    forks: bool = True,
) -> Iterator[Callable[[], Path]]:
    """Have it make pages from ``stubs``, with calls of bodies in them, beside the block.

    What the block is given waits for it, and says where these pages and all other files are; that raises
    ``BuildError`` or ``OSError``. A fork inherits the package, of which a large one is better read once; a process
    that has threads must not.
    """
    staged = project.stage(workshop, stubs, has_bodies=False, has_picture=has_picture)
    remove_others(workshop / configuration.DOCS, staged)
    environment = generator_environment(project.folder, workshop, project.published) | {
        "SHINCHOKU_SHELLS": "1"
    }
    site, said = workshop / SITE, workshop / "said.txt"
    process: BaseProcess | subprocess.Popen[bytes]
    if forks and can_fork():
        process = _forked(workshop, environment, said, project.published)
    else:
        process = _as_program(workshop, environment, said)

    def ended() -> int:
        if isinstance(process, subprocess.Popen):
            return process.wait()
        process.join()
        return process.exitcode or 0

    def finished() -> Path:
        if ended() != 0:
            raise _refused(said.read_text(encoding="utf-8"), site)
        minifying.compact(site)
        return site

    try:
        yield finished
    finally:
        process.kill()  # Ctrl-C, or another trouble
        ended()  # before what it writes is cleared away


def _refused(said: str, site: Path) -> Exception:
    lines = [line for line in said.splitlines(keepends=True) if not line.startswith(("INFO", "DEBUG"))]
    said = _TRACEBACK.sub("", "".join(lines)).strip()
    if refused := re.search(r"^\w*Error: \[Errno (\d+)\]", said, re.MULTILINE):
        return OSError(int(refused[1]), os.strerror(int(refused[1])), str(site))
    return BuildError("ページを組み立てられませんでした。\n" + "\n".join(said.splitlines()[-20:]))


# -- what it leaves -------------------------------------------------------------------


def pages_of(site: Path) -> list[str]:
    """The pages that it made whole, but for the bodies."""
    found = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [file for file in found if shells.PLACE not in file]


def move_files(site: Path, out: Path) -> list[str]:
    """Put what it made besides (pictures, styles, scripts) where it belongs; which files these are."""
    moved = []
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and path.suffix != ".html" and not name.startswith("sitemap.xml"):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, out / name)
            moved.append(name)
    return moved
