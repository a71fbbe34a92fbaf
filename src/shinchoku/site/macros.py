"""The adapter to the site generator: one macro a page body, nothing else.

The only module that knows the generator. The package is kept here between
calls, because the successor engine calls ``define_env`` once for every page;
it is read again only when a file of it has changed. Where the bodies are made
elsewhere (``SHINCHOKU_SHELLS``), a macro leaves a call of them in the page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

from shinchoku import pages, paths
from shinchoku.exports import bundle
from shinchoku.package.editions import Edition
from shinchoku.site import shells

#: Folder, its files' times and sizes → the package read from them. Holds one entry.
_packages: dict[tuple[Any, ...], Edition] = {}

#: The package, where this process has inherited it.
given: Edition | None = None


def _package_dir() -> Path:
    return Path(os.environ.get("SHINCHOKU_PACKAGE_DIR") or paths.project())


def _state(directory: Path) -> tuple[Any, ...]:
    files = [
        directory / paths.DESCRIPTOR,
        directory / paths.GLOSSARY,
        *sorted((directory / paths.DATA).glob("*.csv")),
        *sorted((directory / paths.SCHEMAS).glob("*.json")),
        *sorted((directory / paths.SOURCES).glob("*.txt")),
        *sorted((directory / paths.RELEASES).glob(f"*/{paths.RELEASE}")),
    ]
    stats = [(path.name, path.stat()) for path in files if path.exists()]
    return (str(directory), *((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


def current_package() -> Edition:
    """The newest edition of the package the site is built from."""
    if given is not None:
        return given
    directory = _package_dir()
    state = _state(directory)
    if state not in _packages:
        package = bundle.as_published(directory)
        _packages.clear()
        _packages[state] = package
    return _packages[state]


def _macro(body: Callable[..., str | bool]) -> Callable[..., str | bool]:
    @wraps(body)
    def macro(*ids: str) -> str | bool:
        return body(current_package(), *ids)

    return macro


def define_env(env: Any) -> None:
    """Called by the generator: makes ``{{ initiative("…") }}`` and its like known."""
    has_bodies_left_out = bool(os.environ.get("SHINCHOKU_SHELLS"))
    for name, piece in pages.PIECES.items():
        env.macro(_macro(piece), name)
    for name, body in pages.BODIES.items():
        env.macro(partial(_called, name) if has_bodies_left_out else _macro(body), name)


def _called(name: str, *ids: str) -> str:
    return shells.call(name, ids)
