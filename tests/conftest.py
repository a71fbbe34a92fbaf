"""What several tests share: a package, the site built of it, a server and a browser.

The package is the first one published, frozen: only ``city/`` looks at this repository's own.

Tests may run in several processes at once (pytest-xdist). What takes long to make is made by one of
them for all: ask for ``made_once``.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

import chromium
import next_report
from frozen_project import SITE_URL, frozen_project
from reading_html import Element, pages_of
from shinchoku import cli
from shinchoku.exports import bundle, write_exports
from shinchoku.package.editions import Edition
from shinchoku.site import building

BROWSER_ARGUMENTS = [
    "--no-sandbox",  # containers and CI run as root, where Chromium's own sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Only the page under test may use the network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each window would load two pages of the address bar, which no test sees: half of what a visit takes.
    # This takes the place of Playwright's own list, of which the rest is what could disturb a test.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,"
    "OptimizationHints,PaintHolding,PreconnectToSearch",
]


MakeOnce = Callable[[str, Callable[[Path], None]], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures they ask for, so that none can be marked wrongly."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if {"built_site", "poison", "town_site"}.intersection(fixtures):
            item.add_marker(pytest.mark.site)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)


_started: list[str] = []
sys.addaudithook(lambda event, given: _started.append(str(given[0])) if event == "subprocess.Popen" else None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Forget the processes of the test before."""
    _started.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that starts a process says so: without the mark it would run where a quick answer is wanted."""
    yield
    if _started and not any(item.get_closest_marker(name) for name in ("process", "site", "browser")):
        pytest.fail(f"starts {_started[0]}: mark it with @pytest.mark.process", pytrace=False)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """``made_once(name, make)``: a folder that ``make(folder)`` fills, once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, complete = base / name, base / f"{name}.complete"
        with FileLock(base / f"{name}.lock"):
            if not complete.exists():  # or its maker has failed: then say why here, too
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                complete.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def project(made_once: MakeOnce) -> Path:
    """The project with the data of its first version; to be copied, not changed."""
    return made_once("frozen", frozen_project)


@pytest.fixture(scope="session", name="package")
def published_edition(project: Path) -> Edition:
    """What was published first, as pages show it. Tests cannot disturb each other through it."""
    return bundle.as_published(project)


@pytest.fixture(scope="session")
def downloads(project: Path, package: Edition, made_once: MakeOnce) -> Path:
    """All that is offered for download of it at ``SITE_URL``; to be copied, not changed."""
    return made_once("downloads", lambda folder: write_exports(package, project, folder, SITE_URL))


@pytest.fixture(scope="session")
def built_site(project: Path, made_once: MakeOnce) -> Path:
    """The whole site, built once for all tests; they only read it."""
    return made_once("site", lambda site: building.build(project, site))


@pytest.fixture(scope="session")
def with_next_report(project: Path, made_once: MakeOnce) -> Path:
    """The package with the report of the following year, as imported; to be copied, not changed.

    Beside it is the ``summary.md`` that the import wrote.
    """

    def make(folder: Path) -> None:
        target = next_report.project_copy(project, folder / "project")
        next_report.decide(target)
        summary = ["--summary", str(folder / "summary.md")]
        assert cli.main([*next_report.command(target), *summary]) == 0

    return made_once("next-year", make) / "project"


@pytest.fixture(scope="session")
def documents(built_site: Path) -> dict[str, Element]:
    """Address → page of the built site."""
    return pages_of(built_site)


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder below a path prefix, as GitHub Pages does below ``/repository/``."""

    def __init__(self, *arguments: object, prefix: str, **options: object) -> None:
        self.prefix = prefix
        super().__init__(*arguments, **options)

    def send_head(self):
        if not self.path.startswith(self.prefix):
            self.send_error(404)
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def log_message(self, *_: object) -> None:
        """Say nothing: pytest's output is for the tests."""


class _Server(ThreadingHTTPServer):
    # A page asks for all its files at once; with the usual 5 places in the queue some are turned away.
    request_queue_size = 128


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """``serve(folder, prefix="/")``: the address of a server of that folder, until the tests end."""
    servers: list[_Server] = []

    def start(folder: Path, prefix: str = "/") -> str:
        handler = partial(_Handler, directory=str(folder), prefix=prefix)
        server = _Server(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}{prefix}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Chromium's executable; without one the tests fail, they do not skip."""
    path = chromium.find()
    assert path, "no Chromium: run `python scripts/setup.py --test`, or set CHROMIUM_PATH"
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium with a new, empty profile; open pages in ``browser.new_context()``."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=BROWSER_ARGUMENTS)
        yield started
        started.close()


#: What a page is as long as nothing else is asked for.
USUAL = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}


class Tabs:
    """Pages that one test after the other looks at: to open one takes longer than most that is done on it."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.context = browser, browser.new_context()
        self.idle: list[Page] = []
        self.listening: dict[Page, list[tuple[str, Callable[..., Any]]]] = {}
        self.apart: list[BrowserContext] = []
        #: What a page's own policy has refused: nothing of ours may need it.
        self.refused: list[str] = []
        self.context.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def open(self, on: dict[str, Callable[..., Any]], viewport: Any = None, **options: Any) -> Page:
        """An empty page with listeners (``on``); what only a context of its own can be asked for, gets one."""
        emulated = {name: options.pop(name, usual) for name, usual in USUAL.items()}
        if options:
            self.apart.append(self.browser.new_context(**options))
            self.apart[-1].on("console", self._hear)
            page = self.apart[-1].new_page()
        else:
            page = self.idle.pop() if self.idle else self.context.new_page()
        page.emulate_media(media="null", **emulated)
        page.set_viewport_size(viewport or {"width": 1280, "height": 720})
        self.listening[page] = list(on.items())
        for event, listener in on.items():
            page.on(event, listener)
        return page

    def leave(self) -> None:
        """The test is over: what its pages have kept is forgotten."""
        for context in self.apart:
            context.close()
        for page, listening in self.listening.items():
            if page.context is not self.context or page.is_closed():
                continue
            for event, listener in listening:
                page.remove_listener(event, listener)
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.unroute_all()
            page.goto("about:blank")
            self.idle.append(page)
        for page in set(self.context.pages).difference(self.idle):
            page.close()
        self.context.set_offline(False)
        self.apart, self.listening = [], {}


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@pytest.fixture
def open_tab(tabs: Tabs) -> Iterator[Callable[..., Page]]:
    """``open_tab({event: listener}, **options of the browser's context)``: an empty page, until the test ends."""
    yield tabs.open
    tabs.leave()
    refused, tabs.refused = tabs.refused, []
    assert refused == []


class Visit:
    """A page that remembers what went wrong while it was read."""

    def __init__(self, open_tab: Callable[..., Page], root: str, **options: Any) -> None:
        self.root, self.problems = root, []
        listeners = {
            "console": lambda message: message.type == "error" and self.problems.append(message.text),
            "pageerror": lambda error: self.problems.append(str(error)),
            "requestfailed": lambda request: self._failed(request.url, request.failure),
            "response": lambda response: self._answered(response.status, response.url),
            "request": lambda request: self._asked(request.url),
        }
        self.page = open_tab(listeners, **options)

    def _failed(self, url: str, reason: str | None) -> None:
        if reason != "net::ERR_ABORTED":  # left, or saved as a file, before it was complete
            self.problems.append(f"{reason}: {url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.problems.append(f"{status}: {url}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.root, "data:", "blob:")):
            self.problems.append(f"third party: {url}")

    def to(self, address: str) -> Page:
        self.page.goto(self.root + address)
        return self.page


@pytest.fixture
def visit(open_tab: Callable[..., Page]) -> Callable[..., Visit]:
    """``visit(root, **options of the browser's context)``."""
    return partial(Visit, open_tab)
