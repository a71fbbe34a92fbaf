"""Pages as the engine makes them once for all that differ in little, to be filled with what tells them apart.

The engine builds every page by hand, every page of the package that stands alone or in the navigation, and one
for each kind with many pages in a folder: a shell. Where it would put a body it leaves a call instead
(``site.macros``), where it would put the words of one page their names; all of them are filled here. An engine
that is not told to leave calls builds the same pages from the same stubs, only slower.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape, unescape

from shinchoku.pages.page import Page, references

#: What stands in a shell for the words of a page, and for the last part of its address.
PLACE = "shell-of-page"
_TITLE, _DESCRIPTION, _PREVIEW, _BODY = (
    f"shell-of-{name}" for name in ("title", "description", "preview", "body")
)
_FILLED = re.compile(f"({'|'.join((PLACE, _TITLE, _DESCRIPTION, _PREVIEW, _BODY))})")
_CALL = re.compile(r'<div data-body="([^"]*)"><h1></h1></div>')

Body = Callable[[str, tuple[str, ...]], str]


def call(macro: str, ids: Iterable[str]) -> str:
    """What a page holds in the place of a body, for ``with_bodies``: a block with a heading, as a body is."""
    return f'<div data-body="{escape(json.dumps([macro, *ids]))}"><h1></h1></div>'


def with_bodies(html: str, body: Body) -> str:
    """A page of the engine with the body of each call in it."""

    def called(match: re.Match[str]) -> str:
        macro, *ids = json.loads(unescape(match[1]))
        return body(macro, tuple(ids))

    return _CALL.sub(called, html)


def of_kind(page: Page, *, has_preview: bool) -> Page:
    """The shell of a page: pages with the same one differ only in what is filled."""
    folder = page.address.rstrip("/").rpartition("/")[0]
    return replace(
        page,
        address=f"{folder}/{page.macro}{'-preview' if has_preview else ''}-{PLACE}/",
        title=_TITLE,
        description=_DESCRIPTION,
        ids=(PLACE,) * len(page.ids),
    )


def stub(shell: Page, *, has_preview: bool) -> str:
    """What the engine makes it from."""
    return shell.stub(_PREVIEW if has_preview else None)


@dataclass(frozen=True, slots=True)
class Shell:
    """A page of the engine, cut where something is filled in: texts, and between them what that is."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, html: str, address: str) -> Shell:
        """From what the engine built of the stub at an address."""
        file = address.rstrip("/").rpartition("/")[2]
        return cls(tuple(_FILLED.split(_CALL.sub(_BODY, html.replace(file, PLACE)))))

    def filled(self, page: Page, body: str, preview: str | None = None) -> str:
        """The page; ``preview`` is what its preview says, where it has one."""
        words = {
            _BODY: body,
            _TITLE: references(page.title),
            _DESCRIPTION: references(page.described),
            _PREVIEW: references(preview or ""),
            PLACE: page.address.rstrip("/").rpartition("/")[2],
        }
        return "".join(words[part] if at % 2 else part for at, part in enumerate(self.parts))
