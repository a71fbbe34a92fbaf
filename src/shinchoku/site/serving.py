"""The site on this machine: a page is made when somebody looks at it, from what the files of the project say by then.

So an edit costs what is looked at, however large the site is, and what is shown is, byte for byte, what a build
would write: both ask the same ``Maker``. Open pages reload by themselves once a change has been read.
"""

from __future__ import annotations

import mimetypes
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from shinchoku import addresses, exports, files, pages, paths
from shinchoku.package.descriptor import PackageError
from shinchoku.site import building, configuration, describing, engine, search_index
from shinchoku.site.building import Say
from shinchoku.site.making import Maker
from shinchoku.site.staging import BuildError, Project

#: Seconds between two looks at the files; and after which a page asks again whether there is something new.
_INTERVAL, _PATIENCE = 0.25, 20
_END = b"</body>"
_NEWS, _SCRIPT = "-/news", "-/reload.js"
#: Makes an open page reload. Without an answer the command has ended, and may be started again.
_RELOAD = """{
  const { reading } = document.currentScript.dataset
  const ask = async () => {
    const answer = await fetch(`/-/news?${reading}`).catch(() => new Promise((done) => setTimeout(done, 1000)))
    if (answer?.status === 205) location.reload()
    else ask()
  }
  ask()
}
"""


def serve(project: Path, port: int = 8000, say: Say = print) -> None:
    """Show the site on this machine until Ctrl-C; edits of data and texts appear by themselves."""
    with files.workshop() as workshop, _Server(("127.0.0.1", port), _Handler) as server:
        served = server.served = Served(project.resolve(), workshop)
        served.content("index.html")  # what cannot be shown is said now
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(served, stop, say), daemon=True)
        watcher.start()
        say(
            f"http://127.0.0.1:{server.server_port}/ をブラウザで開いてください。終わるには Ctrl-C を押します。"
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("終わりました。")
        finally:
            stop.set()
            watcher.join()


# -- what is served -------------------------------------------------------------


class Served:
    """A project as it was last read without a fault, and what has been made of that."""

    def __init__(self, folder: Path, workshop: Path) -> None:
        """Raises ``BuildError`` or ``PackageError``."""
        self.folder, self._workshop = folder, workshop
        #: How often the project was read; who waits on it hears of the next time.
        self.readings = 0
        self.news = threading.Condition()
        self._alone = threading.Lock()
        self._engine: _Engine | None = None
        self.update()

    def update(self) -> None:
        """Read the project again. Raises as at first, and goes on showing what it did before."""
        self._seen = _state(_watched(self.folder))
        project = Project.read(self.folder)
        with self._alone:
            self._now = _Reading(project, Maker(project, self._workshop, self._workshop / "site"))
        with self.news:
            self.readings += 1
            self.news.notify_all()

    def has_changed(self) -> bool:
        """Whether a file of the project has, since it was read."""
        return _state(_watched(self.folder)) != self._seen

    def content(self, file: str) -> bytes | None:
        """A file of the site, made now if need be; ``None`` where there is none. Raises ``BuildError``."""
        with self._alone:
            now, made = self._now, self._from_engine(file)
            if file.endswith(".html"):
                return now.page(file, made)
            if file in now.files:
                return now.files[file]
            if file == building.SITEMAP:
                return building.sitemap(now.project, made.pages).encode("utf-8")
            if file in made.files or file in now.downloads or file in now.index(made):
                return (now.maker.out / file).read_bytes()
            return None

    def _from_engine(self, file: str) -> _Engine:
        """What the engine has made, anew where that may differ: texts by hand say things of the package, too."""
        now, made = self._now, self._engine
        address = file.removesuffix("index.html")
        shows_texts = file.endswith(".html") and (
            address == addresses.HOME or address not in now.project.pages
        )
        shows_texts |= file.startswith(f"{search_index.FOLDER}/")
        is_current = made and made.started_from == now.engine_starts_from
        if not made or not is_current or (shows_texts and made.project is not now.project):
            self._engine = None
            with engine.running(now.project, self._workshop, now.stubs, forks=False) as finished:
                site = finished()
            moved = engine.move_files(site, now.maker.out)
            self._engine = made = _Engine(
                now.project, now.engine_starts_from, frozenset(engine.pages_of(site)), frozenset(moved)
            )
        return made


@dataclass(frozen=True, slots=True)
class _Engine:
    """What the engine made last: of which reading, from what, and which files."""

    project: Project
    started_from: Any
    pages: frozenset[str]
    files: frozenset[str]


class _Reading:
    """A project as it was read, and what is made of it, once, when somebody asks."""

    def __init__(self, project: Project, maker: Maker) -> None:
        self.project, self.maker = project, maker
        self._index: frozenset[str] | None = None

    @cached_property
    def stubs(self) -> dict[str, str]:
        return engine.stubs(self.project, {})

    @cached_property
    def engine_starts_from(self) -> Any:
        theme = _state([configuration.OF_EVERY_SITE / "theme"])
        return self.stubs, self.project.by_hand, self.project.configuration(has_bodies=False), theme

    @cached_property
    def files(self) -> dict[str, bytes]:
        return pages.files(self.project.published)

    @cached_property
    def downloads(self) -> frozenset[str]:
        project = self.project
        return frozenset(
            exports.write_exports(project.published, project.folder, self.maker.out, project.site_url)
        )

    @cached_property
    def _descriptions(self) -> dict[str, str]:
        return describing.descriptions(self.maker.out, self.project.published, self.project.site_url)

    def page(self, file: str, made: _Engine) -> bytes | None:
        address = file.removesuffix("index.html")
        shows_downloads = address.startswith(addresses.DATA) and bool(self.downloads)
        if file in made.pages:
            html = self.maker.built(file)
        elif address in self.project.pages:
            html = self.maker.filled(address)
        else:
            return None
        if shows_downloads and address in self._descriptions:
            html = describing.described(html, self._descriptions[address])
        return html.encode("utf-8")

    def index(self, made: _Engine) -> frozenset[str]:
        """The files that the search reads, once all pages have been looked through."""
        if self._index is None:
            out = self.maker.out
            shutil.rmtree(out / search_index.FOLDER, ignore_errors=True)
            every = {*made.pages, *(f"{address}index.html" for address in self.project.pages)}
            htmls = ((file, self.page(file, made)) for file in every if file.endswith("index.html"))
            found = (
                search_index.read_page(file.removesuffix("index.html"), html.decode("utf-8"))
                for file, html in htmls
                if html
            )
            search_index.write(out, filter(None, found), self.project.published.aliases)
            self._index = frozenset(
                f"{search_index.FOLDER}/{path.name}" for path in (out / search_index.FOLDER).iterdir()
            )
        return self._index


# -- the server -------------------------------------------------------------------


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    served: Served


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        served, address = self.server.served, urlsplit(self.path)
        file = unquote(address.path).removeprefix("/")
        if file == _NEWS:
            with served.news:
                is_new = served.news.wait_for(lambda: str(served.readings) != address.query, _PATIENCE)
            self._answer(HTTPStatus.RESET_CONTENT if is_new else HTTPStatus.NO_CONTENT)
        elif file == _SCRIPT:
            self._answer(HTTPStatus.OK, _RELOAD.encode("utf-8"), "text/javascript")
        else:
            self._answer_with(f"{file}index.html" if not file or file.endswith("/") else file)

    def _answer_with(self, file: str) -> None:
        served = self.server.served
        script = f'<script src="/{_SCRIPT}" data-reading="{served.readings}"></script>'.encode("ascii")
        try:
            content, status = served.content(file), HTTPStatus.OK
            if content is None and served.content(f"{file}/index.html") is not None:
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", f"/{quote(file)}/")
                self.end_headers()
                return
            if content is None:
                content, status, file = served.content("404.html") or b"", HTTPStatus.NOT_FOUND, "404.html"
        except (BuildError, PackageError, OSError) as error:
            said = f"<!doctype html><meta charset=utf-8><pre>{escape(_said(error))}</pre></body>"
            content, status, file = said.encode("utf-8"), HTTPStatus.INTERNAL_SERVER_ERROR, "error.html"
        kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
        if kind == "text/html":
            content = content.replace(_END, script + _END)
        self._answer(status, content, kind)

    def _answer(self, status: HTTPStatus, content: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        if content:
            is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with suppress(ConnectionError):  # the reader has gone on
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Who looks at what is nobody's business."""


# -- the files ----------------------------------------------------------------------


def watch(served: Served, stop: threading.Event, say: Say) -> None:
    """Read the project again whenever a file of it changes, until ``stop``."""
    while not stop.wait(_INTERVAL):
        if not served.has_changed():
            continue
        start = time.perf_counter()
        try:
            served.update()
            say(f"変更を読みました（{time.perf_counter() - start:.1f}秒）。")
        except (BuildError, PackageError, OSError) as error:
            say(f"まだ表示に反映できません：{_said(error)}")


def _said(error: Exception) -> str:
    return f"{error.filename}: {files.reason(error)}" if isinstance(error, OSError) else str(error)


def _watched(project: Path) -> Iterator[Path]:
    yield from (project / name for name in (paths.DESCRIPTOR, paths.SETTINGS))
    yield from (project / name for name in (paths.DATA, paths.RELEASES, paths.TEXTS))
    yield configuration.OF_EVERY_SITE


def _state(places: Iterable[Path]) -> dict[str, tuple[int, int]]:
    """What there is at some places, and in folders there, with its time and size."""
    found = {}
    for place in places:
        for path in (place, *place.rglob("*")):
            with suppress(FileNotFoundError):  # an editor replaced it between listing and looking
                stat = path.stat()
                found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found
