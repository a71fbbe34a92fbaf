"""One page after the other: from its shell and its body to its file, and to what the search keeps of it.

No page needs another, so they are made on all cores, in whatever order; the bytes are the same on one.
"""

from __future__ import annotations

import gc
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

from shinchoku import addresses, exports, pages
from shinchoku.charts import Preview
from shinchoku.pages.parts import staged
from shinchoku.site import contents, engine, minifying, search_index, shells
from shinchoku.site.shells import Shell
from shinchoku.site.staging import BuildError, Project


@dataclass(frozen=True)
class Maker:
    """What pages are made of: what was read of the project, and what the engine has built in the workshop.

    ``draw`` makes a picture of a preview for the pages ``with_preview``; all goes to ``out``.
    """

    project: Project
    workshop: Path
    out: Path
    draw: Callable[[Preview], bytes] | None = None
    with_preview: frozenset[str] = frozenset()

    @cached_property
    def _shells(self) -> dict[str, Shell]:
        return {}

    def _shell(self, address: str) -> Shell:
        if address not in self._shells:
            html = self._engine(f"{address}index.html")
            self._shells[address] = Shell.of(minifying.compacted(html), address)
        return self._shells[address]

    def _engine(self, file: str) -> str:
        return (self.workshop / engine.SITE / file).read_bytes().decode("utf-8")

    def filled(self, address: str) -> str:
        """A page of the package that has a shell with others of its kind."""
        page = self.project.pages[address]
        shell = self._shell(shells.of_kind(page, has_preview=address in self.said).address)
        return contents.with_contents(
            shell.filled(page, page.html(self.project.published), self.said.get(address))
        )

    def built(self, file: str) -> str:
        """A page that the engine built for itself: by hand, or the only one of its kind."""
        with staged.at(self.out):
            whole = shells.with_bodies(self._engine(file), self._body)
        return contents.with_contents(minifying.compacted(whole))

    def _body(self, macro: str, ids: tuple[str, ...]) -> str:
        try:
            return pages.BODIES[macro](self.project.published, *ids)
        except KeyError as error:
            call = f"{macro}({', '.join(map(json.dumps, ids))})"
            raise BuildError(f"{{{{ {call} }}}} にあたるものが、データにありません（{error}）。") from None

    @cached_property
    def previews(self) -> dict[str, Preview]:
        """Address → the picture of a page for those who share it."""
        name = self.project.settings.name_and_mark
        return {
            address: page.preview(self.project.published, *page.ids, site=name)
            for address in sorted(self.with_preview)
            if (page := self.project.pages[address]).preview
        }

    @cached_property
    def said(self) -> dict[str, str]:
        """Address → what its preview says."""
        return {address: preview.said for address, preview in self.previews.items()}

    def write(self, address_or_file: str, html: str) -> search_index.Page | None:
        """Put a page in its place, with its preview; what the search keeps of it."""
        file = address_or_file if address_or_file.endswith(".html") else f"{address_or_file}index.html"
        path = self.out / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(html.encode("utf-8"))
        if path.name != "index.html":
            return None
        address = file.removesuffix("index.html")
        if self.draw and address in self.previews:
            (self.out / addresses.preview(address)).write_bytes(self.draw(self.previews[address]))
        return search_index.read_page(address, html)


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
    if not engine.can_fork():
        _begin(maker)
        yield _Here()
        return
    pool = ProcessPoolExecutor(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        multiprocessing.get_context("fork"),
        _begin,
        (maker, os.getpid()),
    )
    gc.freeze()  # what they inherit is looked through by none of them, and so stays shared
    with pool, warnings.catch_warnings():
        # Nothing that other threads may hold is used by a worker: they are those of libraries that calculate.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)  # who is still writing must not find its folder gone
            raise
        finally:
            gc.unfreeze()


def _begin(maker: Maker, parent: int | None = None) -> None:
    _maker[:] = [maker]
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """A worker whose parent was killed would wait for its next task for ever."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def export() -> None:
    """Writes the downloads."""
    project = _maker[0].project
    exports.write_exports(project.published, project.folder, _maker[0].out, project.site_url)


def fill(some: Sequence[str]) -> list[search_index.Page]:
    """Pages at addresses: what the search keeps of them."""
    maker = _maker[0]
    found = (maker.write(address, maker.filled(address)) for address in some)
    return [page for page in found if page]


def finish(files: Sequence[str]) -> list[search_index.Page]:
    """Pages that the engine built: what the search keeps of them."""
    maker = _maker[0]
    found = (maker.write(file, maker.built(file)) for file in files)
    return [page for page in found if page]
