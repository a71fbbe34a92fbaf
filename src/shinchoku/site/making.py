"""One page after the other: from its shell and its body to its file, and to what the search keeps of it.

No page needs another, so they are made on all cores, in whatever order; the bytes are the same on one.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shinchoku import addresses, pages
from shinchoku.charts import Preview
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import staged
from shinchoku.site import contents, minifying, search_index, shells
from shinchoku.site.shells import Shell
from shinchoku.site.staging import BuildError


@dataclass(frozen=True)
class Maker:
    """What pages are made of: the package, what the engine has built, and where they go.

    ``draw`` makes a picture of a preview; ``has_preview`` tells the addresses that get one, said of ``site``.
    """

    published: Edition
    engine: Path
    out: Path
    site: str
    draw: Callable[[Preview], bytes] | None
    with_preview: frozenset[str]

    @cached_property
    def _pages(self) -> dict[str, Page]:
        return pages.of(self.published)

    @cached_property
    def _shells(self) -> dict[str, Shell]:
        return {}

    def _shell(self, address: str) -> Shell:
        if address not in self._shells:
            html = (self.engine / address / "index.html").read_bytes().decode("utf-8")
            self._shells[address] = Shell.of(minifying.compacted(html), address)
        return self._shells[address]

    def filled(self, address: str) -> search_index.Page | None:
        """A page of the package that has a shell with others of its kind."""
        page = self._pages[address]
        said = self._drawn(page)
        shell = self._shell(shells.of_kind(page, has_preview=said is not None).address)
        return self._write(f"{address}index.html", shell.filled(page, page.html(self.published), said))

    def built(self, file: str) -> search_index.Page | None:
        """A page that the engine built for itself: by hand, or the only one of its kind."""
        html = (self.engine / file).read_bytes().decode("utf-8")
        if page := self._pages.get(file.removesuffix("index.html")):
            self._drawn(page)
        with staged.at(self.out):
            whole = shells.with_bodies(html, self._body)
        return self._write(file, minifying.compacted(whole))

    def _body(self, macro: str, ids: tuple[str, ...]) -> str:
        try:
            return pages.BODIES[macro](self.published, *ids)
        except KeyError as error:
            call = f"{macro}({', '.join(map(json.dumps, ids))})"
            raise BuildError(f"{{{{ {call} }}}} にあたるものが、データにありません（{error}）。") from None

    def said(self, page: Page) -> str | None:
        """What the preview of a page says, where it gets one."""
        return preview.said if (preview := self._preview(page)) else None

    def _preview(self, page: Page) -> Preview | None:
        if page.preview is None or page.address not in self.with_preview:
            return None
        return page.preview(self.published, *page.ids, site=self.site)

    def _drawn(self, page: Page) -> str | None:
        """Draws the preview of a page, where it gets one; what it says."""
        preview = self._preview(page)
        if preview is None or self.draw is None:
            return None
        path = self.out / addresses.preview(page.address)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.draw(preview))
        return preview.said

    def _write(self, file: str, html: str) -> search_index.Page | None:
        html = contents.with_contents(html)
        path = self.out / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(html.encode("utf-8"))
        if path.name != "index.html":
            return None
        return search_index.read_page(file.removesuffix("index.html"), html)


# -- on all cores ---------------------------------------------------------------


#: What a worker makes pages with: it has inherited it.
_maker: list[Maker] = []


class _Here(Executor):
    """Does what is submitted at once, where a process cannot inherit what others have read."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(task(*arguments, **named))
        return done


@contextmanager
def workers(maker: Maker) -> Iterator[Executor]:
    """As many as there are cores; tasks are functions of this module, or such as need no ``Maker``."""
    if "fork" not in multiprocessing.get_all_start_methods() or multiprocessing.get_start_method() == "spawn":
        _begin(maker)
        yield _Here()
        return
    pool = ProcessPoolExecutor(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        multiprocessing.get_context("fork"),
        _begin,
        (maker, os.getpid()),
    )
    with pool, warnings.catch_warnings():
        # Nothing that other threads may hold is used by a worker: they are those of libraries that calculate.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)  # who is still writing must not find its folder gone
            raise


def _begin(maker: Maker, parent: int | None = None) -> None:
    _maker[:] = [maker]
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """A worker whose parent was killed would wait for its next task for ever."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def fill(some: Sequence[str]) -> list[search_index.Page]:
    """Pages at addresses: what the search keeps of them."""
    return [found for address in some if (found := _maker[0].filled(address))]


def finish(files: Sequence[str]) -> list[search_index.Page]:
    """Pages that the engine built: what the search keeps of them."""
    return [found for file in files if (found := _maker[0].built(file))]
