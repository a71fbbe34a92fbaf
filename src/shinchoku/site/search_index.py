"""From the pages of a finished site to the files its search reads.

Japanese has no spaces, so what a reader types may begin and end inside any word
a dictionary would cut. The index therefore holds every pair of neighbouring
characters and the pages it occurs on. ``site/assets/search.js`` fetches the pages
that have all pairs of a query and looks through them, so a page is found exactly
if it contains what was typed. ``search/`` then holds:

``index.json``     how many pages and files there are, which characters are alike, and what people type → the
                   words that are meant by it
``pages-N.json``   ``[address, kind, title, trail, text, facts]`` of some pages, in the order of their numbers
``pairs-N.json``   pages → the pairs on just these, one after another, of the pairs whose first character's
                   code is ``N`` modulo the number of these files. A page is written as its distance from the
                   one before, doubled, plus one if the pair stands in its title.

No file grows with the site, only their number, so a search fetches little of a large one.

A page takes part with its ``<article>``: the title is the ``<h1>``, the kind what
``data-search-kind`` says (else ページ), and ``data-search-facts`` what a result says at once (lines of a sign, a word and more);
``data-search="trail"`` marks where the page belongs, and ``data-search="no"`` sentences that stand on every page. Navigation, drawings, lines to
copy and what is hidden from screen readers are left out. Must not know the generator that wrote the
pages, nor anything else of this project.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from typing import Any

from shinchoku.text import ALIKE, normalise

FOLDER = "search"
#: Characters in a file, more or less; about a third as many bytes travel.
FILE_SIZE = 60_000

# -- reading a page -----------------------------------------------------------


@dataclass
class Page:
    """What is known of a page. Its text is lines, whose cells are parted by tabs."""

    address: str
    kind: str
    title: str
    trail: str
    text: str
    facts: str


_VOID = set("area base br col embed hr img input link meta source track wbr".split())
_WITHIN_A_LINE = set(
    "a abbr b bdi cite code data em i kbd mark q s small span strong sub sup time u wbr".split()
)
_CELLS = set("td th dt dd".split())
_LEFT_OUT = set("nav svg script style template button pre".split())


class _Reader(HTMLParser):
    """Sorts the texts of a page by what they are for: "text", "title", "trail", or "" for nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kind = "ページ"
        self.facts = ""
        self.texts: dict[str, list[str]] = defaultdict(list)
        self._open = [("", "")]  # elements whose end has not come, and what their text is for

    def lines(self, purpose: str) -> list[str]:
        lines = "".join(self.texts[purpose]).split("\n")
        cells = ([cell.strip() for cell in line.split("\t")] for line in lines)
        return [line for line in ("\t".join(filter(None, found)) for found in cells) if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._part(tag)
        if tag not in _VOID:
            self._open.append((tag, self._purpose(tag, dict(attrs))))

    def handle_endtag(self, tag: str) -> None:
        tags = [name for name, _ in self._open]
        if tag in tags:
            del self._open[len(tags) - 1 - tags[::-1].index(tag) :]
        self._part(tag)

    def handle_data(self, data: str) -> None:
        self.texts[self._open[-1][1]].append(re.sub(r"[ \t\n\f\r]+", " ", data))

    def _part(self, tag: str) -> None:
        if tag not in _WITHIN_A_LINE:
            self.texts[self._open[-1][1]].append("\t" if tag in _CELLS else "\n")

    def _purpose(self, tag: str, attributes: dict[str, str | None]) -> str:
        around = self._open[-1][1]
        self.kind = attributes.get("data-search-kind") or self.kind
        self.facts = attributes.get("data-search-facts") or self.facts
        if tag == "article":
            return "text"
        if attributes.get("data-search") == "trail" and around == "text":
            return "trail"
        is_last_of_trail = around == "trail" and "aria-current" in attributes
        if tag in _LEFT_OUT or attributes.get("data-search") == "no" or is_last_of_trail:
            return ""
        if attributes.get("aria-hidden") == "true":
            return ""
        return "title" if tag == "h1" and around == "text" else around


def read_page(address: str, html: str) -> Page | None:
    """The page at ``address``, or ``None`` if it has nothing to find.

    The last part of its address, often English, is found as if it stood at the end of the text.
    """
    reader = _Reader()
    reader.feed(html[html.find("<article") : html.rfind("</article>")])  # most of a page is around it
    reader.close()
    title = " ".join(reader.lines("title"))
    if not title:
        return None
    name = address.rstrip("/").rpartition("/")[2]
    text = "\n".join([title, *reader.lines("text"), *filter(None, [name])])
    return Page(address, reader.kind, title, " › ".join(reader.lines("trail")), text, reader.facts)


# -- writing the index ----------------------------------------------------------


def pairs(text: str) -> set[str]:
    """Every character of ``text``, as it is compared, with the one after it; after the last of a cell its end."""
    cells = re.split(r"[\t\n]", normalise(text))
    return {cell[place : place + 2].ljust(2, "\n") for cell in cells for place in range(len(cell))}


def _occurrences(pages: list[Page]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    last: dict[str, int] = defaultdict(int)
    for number, page in enumerate(pages):
        in_title = pairs(page.title)
        for pair in pairs(page.text):
            found[pair].append((number - last[pair]) * 2 + (pair in in_title))
            last[pair] = number
    return dict(sorted(found.items()))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _shelves(pages: list[Page]) -> list[list[Page]]:
    """The pages in files of about ``FILE_SIZE``."""
    shelves: list[list[Page]] = []
    room = 0
    for page in pages:
        if room <= 0:
            shelves.append([])
            room = FILE_SIZE
        shelves[-1].append(page)
        room -= len(page.text)
    return shelves


def _by_first_character(occurrences: dict[str, list[int]]) -> list[dict[str, str]]:
    count = 1 + len(_json(occurrences)) // FILE_SIZE
    files: list[dict[str, str]] = [{} for _ in range(count)]
    for pair, numbers in occurrences.items():
        file, pages = files[ord(pair[0]) % count], ",".join(map(str, numbers))
        file[pages] = file.get(pages, "") + pair
    return files


def _address(site: Path, path: Path) -> str:
    folder = path.parent.relative_to(site).as_posix()
    return "" if folder == "." else f"{folder}/"


def write_index(site: Path, aliases: Mapping[str, Sequence[str]] | None = None) -> int:
    """Make the site in ``site`` searchable; how many pages take part.

    ``aliases`` are what people type → the words of the pages that they mean by it.
    """
    files = {_address(site, path): path for path in site.rglob("index.html")}
    read = (read_page(address, path.read_text(encoding="utf-8")) for address, path in files.items())
    return write(site, (page for page in read if page), aliases)


def write(site: Path, found: Iterable[Page], aliases: Mapping[str, Sequence[str]] | None = None) -> int:
    """The same from pages that were read; in whatever order they come, the files are the same."""
    pages = sorted(found, key=lambda page: page.address)
    shelves = _shelves(pages)
    by_character = _by_first_character(_occurrences(pages))
    first = [0, *accumulate(map(len, shelves))][: max(1, len(shelves))]
    written: dict[str, object] = {
        "index": {
            "pages": len(pages),
            "first": first,
            "pairs": len(by_character),
            "alike": ALIKE,
            "aliases": aliases or {},
        }
    }
    written |= {f"pages-{number}": [astuple(page) for page in shelf] for number, shelf in enumerate(shelves)}
    written |= {f"pairs-{number}": content for number, content in enumerate(by_character)}
    folder = site / FOLDER
    folder.mkdir(exist_ok=True)  # beside the page of the search
    for name, content in written.items():
        (folder / f"{name}.json").write_text(_json(content), encoding="utf-8", newline="\n")
    return len(pages)
