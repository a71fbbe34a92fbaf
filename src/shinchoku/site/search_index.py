"""From the pages of a finished site to the files its search reads.

Japanese has no spaces, so what a reader types may begin and end inside any word a dictionary would cut. The index
therefore holds every pair of neighbouring characters and the pages it occurs on. A cell or sentence of very many
pages (「令和4年度（2022年度）」, 「記載なし」) is common: it is written once, and a page has one character for it.
``site/assets/search-engine.js`` takes the pages that have a common text with the query or all pairs of it, and looks
through the best of them. ``search/`` holds, with P for pages as ``_posting`` writes them:

``index.json``     the kind of each page and the length of its title, each one of ``DIGITS``; the first page of each shelf;
                   the common texts; which characters are alike; and what people type → the words that are meant by it
``pages-N.json``   a shelf: ``[address, title, trail, text, facts]`` of some pages, in the order of their numbers
``common-N.json``  P of each of some common texts, in their order
``pairs-N.json``   P, or ``P|P`` where the second have it in their title → the pairs on just these, one after another,
                   and whole numbers, each after a tab. ``_file`` says in which file a pair is.

No file but the first grows with the site, and that little, so a search fetches little of a large one.

A page takes part with its ``<article>``: the title is the ``<h1>``, the kind what
``data-search-kind`` says (else ページ), and ``data-search-facts`` what a result says at once (lines of a sign, a word and more);
``data-search="trail"`` marks where the page belongs, and ``data-search="no"`` what stands on other pages, too.
Navigation, drawings, lines to copy and what is hidden from screen readers are left out. Pages are read in any process
and order, and then written together. Must not know the generator that wrote them, nor anything else of this project.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import accumulate
from operator import add, sub
from pathlib import Path
from typing import Any

from shinchoku.text import ALIKE, normalise

FOLDER = "search"
#: Characters in a file, more or less. A query needs some files of pairs, but a shelf for almost every result.
FILE_SIZE = 30_000
SHELF_SIZE = 12_000

# -- reading a page -----------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """What is known of a page. Its text is lines, whose cells are parted by tabs, as are the steps of its trail."""

    address: str
    kind: str
    title: str
    trail: str
    text: str
    facts: str
    #: As it is searched, each on its lines: the title, the last part of the address, which is often English, and the text,
    #: where also a sentence ends its line.
    plain: str


_REST = r"""[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>"""
#: The start of an element whose text is not simply the page's.
_SPECIAL = re.compile(
    r"<(?:(h1|nav|svg|script|style|template|button|pre)\b"
    rf"""|(\w+)(?=[^>]*?\s(?:data-search=|aria-hidden=["']?true))){_REST}"""
)
_TRAIL = re.compile(r"""\sdata-search=["']?trail\b""")
_CURRENT = re.compile(rf"<(\w+)\b[^>]*\saria-current\b{_REST}.*?</\1>", re.DOTALL)
_NAMED = r"""<\w[^>]*\sdata-search-{}=("[^"]*"|'[^']*'|[^\s"'>]+)"""
_KIND, _FACTS = re.compile(_NAMED.format("kind")), re.compile(_NAMED.format("facts"))
_WITHIN_A_LINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|data|em|i|kbd|mark|q|s|small|span|strong|sub|sup|time|u|wbr)(?=[\s/>])"
    rf"{_REST}|<!--.*?-->",
    re.DOTALL,
)
_SPACE = re.compile(r"[\t\n\f\r][ \t\n\f\r]*| [ \t\n\f\r]+")  # but for a single space
_CELL = re.compile(rf"</?(?:td|th|dt|dd)(?=[\s/>]){_REST}")
_TAG = re.compile(rf"</?\w{_REST}")
_CELL_END = re.compile(r"[^\S\n]*\t[^\S\n]*")
_LINE_END = re.compile(r"\s*\n\s*")
#: Stand for common texts; those of a page itself (外字) come after the last of them.
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@cache
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}\b{_REST}")


def _end(html: str, name: str, start: int) -> tuple[int, int]:
    """Where the end tag of the element begins and ends whose content begins at ``start``."""
    depth = 1
    for tag in _tags(name).finditer(html, start):
        depth += -1 if tag[1] else not tag[0].endswith("/>")
        if not depth:
            return tag.span()
    return start, start  # it has no content


def _sort(html: str, purpose: str, found: dict[str, list[str]]) -> None:
    """Put what a reader sees of ``html`` to what it is for: "text", "title" or "trail"."""
    place = 0
    while special := _SPECIAL.search(html, place):
        found[purpose].append(html[place : special.end()])
        end, place = _end(html, special[1] or special[2], special.end())
        is_trail = _TRAIL.search(special[0])
        if special[1] == "h1" or is_trail:
            _sort(html[special.end() : end], "trail" if is_trail else "title", found)
    found[purpose].append(html[place:])


def _lines(html: str) -> list[str]:
    """Each line once: the heads of many tables are one."""
    text = _SPACE.sub(" ", _WITHIN_A_LINE.sub("", html))
    text = unescape(_TAG.sub("\n", _CELL.sub("\t", text)))
    text = _CELL_END.sub("\t", _LINE_END.sub("\n", text)).strip()
    return list(dict.fromkeys(text.split("\n"))) if text else []


def _marked(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    return unescape(found[1].strip("\"'")) if found else ""


def read_page(address: str, html: str) -> Page | None:
    """The page at ``address``, or ``None`` if it has nothing to find."""
    html = html[html.find("<article") : html.rfind("</article>")]  # most of a page is around it
    found: dict[str, list[str]] = defaultdict(list)
    _sort(html, "text", found)
    title = " ".join(_lines("".join(found["title"])))
    if not title:
        return None
    text = "\n".join(_lines("".join(found["text"])))
    trail = "\t".join(_lines(_CURRENT.sub("", "".join(found["trail"]))))
    plain = normalise("\n".join((title, address.rstrip("/").rpartition("/")[2], text.replace("。", "。\n"))))
    return Page(address, _marked(_KIND, html) or "ページ", title, trail, text, _marked(_FACTS, html), plain)


# -- what of it is looked for ---------------------------------------------------

_WORD_START = re.compile(r"(?<![a-z])[a-z]{1,2}")
_NUMBER = re.compile(r"[0-9]+")
_PIECES = re.compile(r"(?<=。)|[\t\n]")
_INSIDE_NUMBERS = {f"{one}{other}" for one in range(10) for other in range(10)}


def keys(plain: str) -> set[str]:
    """What a normalised text is found by: its pairs, the last of a cell with its end, and whole numbers.

    The beginning of a Latin word is in capitals: such words are found where they begin, and numbers as a whole.
    """
    marked = _WORD_START.sub(lambda start: start[0].upper(), plain.replace("\t", "\n"))
    found = set(map(add, marked, marked[1:] + "\n"))
    found.difference_update(_INSIDE_NUMBERS)
    return {key for key in found if key[0] != "\n"}.union(_NUMBER.findall(plain))


#: The most texts that can be common: each is one private character.
_MOST_COMMON = 6_399
_FIRST_CODE, _OWN = 0xE000, "\uf8ff"


def _common(pages: Sequence[Page]) -> dict[str, str]:
    """The cells, sentences and steps of trails on so many pages that each is worth a character → this character."""
    count: Counter[str] = Counter()
    for page in pages:
        count.update({*_PIECES.split(page.text), *page.trail.split("\t")})
    enough = max(8, len(pages) // 64)
    often = [(-number, text) for text, number in count.items() if number >= enough and len(text) > 2]
    return {text: chr(_FIRST_CODE + place) for place, (_, text) in enumerate(sorted(often)[:_MOST_COMMON])}


# -- writing the index ----------------------------------------------------------

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HIGHER = "!#$%&'()*+,-./:;<=>?@[]^_`{}"  # before a digit: by so many times 62 more
_AGAIN = re.compile(f"(?<![{re.escape(_HIGHER)}])1{{4,}}")


@cache
def _number(value: int) -> str:
    value, digit = divmod(value, len(DIGITS))
    higher = ""
    while value:
        value, place = divmod(value, len(_HIGHER))
        higher = _HIGHER[place] + higher
    return higher + DIGITS[digit]


def _posting(numbers: Sequence[int]) -> str:
    """Numbers of pages as distances, each from the one before; ``~`` and a number stand for so many times a 1."""
    distances = map(sub, numbers, [-1, *numbers])
    return _AGAIN.sub(lambda ones: f"~{_number(len(ones[0]))}", "".join(map(_number, distances)))


def _file(key: str, count: int) -> int:
    """Which of ``count`` files a pair or number is in; all that begin with one character are in few."""
    if key.isdigit() and key.isascii():
        return int(key[-4:]) % count
    return (ord(key[0]) * _spread(count) + ord(key[1]) % _spread(count)) % count


def _spread(count: int) -> int:
    return 1 + count // 32


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pairs(pages: Sequence[Page], common: Mapping[str, str]) -> tuple[list[dict[str, str]], list[str]]:
    """What stands in the files of pairs; and the posting of each common text."""
    found: dict[str, list[int]] = defaultdict(list)
    titled: dict[str, list[int]] = defaultdict(list)
    having: dict[str, list[int]] = {text: [] for text in common}
    for number, page in enumerate(pages):
        title, name, plain = page.plain.split("\n", 2)
        pieces = dict(zip(_PIECES.split(page.text), _PIECES.split(plain), strict=True))
        for text in having.keys() & pieces.keys():
            having[text].append(number)
            del pieces[text]
        for key in keys("\n".join((title, name, *pieces.values()))):
            found[key].append(number)
        for key in keys(title):
            titled[key].append(number)
    files = 1 + sum(map(len, found.values())) // FILE_SIZE
    sorted_keys: list[dict[str, list[str]]] = [defaultdict(list) for _ in range(files)]
    for key in sorted(found):
        posting = _posting(found.pop(key))
        if key in titled:
            posting += f"|{_posting(titled[key])}"
        sorted_keys[_file(key, files)][posting].append(key)
    return [{posting: _packed(on_these) for posting, on_these in file.items()} for file in sorted_keys], [
        _posting(numbers) for numbers in having.values()
    ]


def _packed(found: Iterable[str]) -> str:
    pairs = "".join(key for key in found if not _NUMBER.fullmatch(key))
    return "\t".join((pairs, *filter(_NUMBER.fullmatch, found)))


def _row(page: Page, common: Mapping[str, str]) -> list[str]:
    def written(text: str) -> str:
        return re.sub(r"[^\t\n。]+。?", lambda piece: common.get(piece[0]) or own(piece[0]), text)

    def own(piece: str) -> str:
        return _PRIVATE.sub(lambda found: _OWN + found[0], piece)

    return [page.address, page.title, written(page.trail), written(page.text), page.facts]


def _shelves(rows: Iterable[list[str]]) -> list[list[list[str]]]:
    """The pages in files of about ``SHELF_SIZE``."""
    shelves: list[list[list[str]]] = []
    room = 0
    for row in rows:
        if room <= 0:
            shelves.append([])
            room = SHELF_SIZE
        shelves[-1].append(row)
        room -= sum(map(len, row))
    return shelves


def _cut(values: Sequence[str]) -> list[Sequence[str]]:
    """In as many parts of as many values as make files of about ``FILE_SIZE``."""
    each = -(-len(values) // (1 + sum(map(len, values)) // FILE_SIZE)) or 1
    return [values[start : start + each] for start in range(0, len(values), each)]


def write(site: Path, pages: Iterable[Page], aliases: Mapping[str, Sequence[str]] | None = None) -> int:
    """Make the site in ``site`` searchable; how many pages take part. They may come in any order.

    ``aliases`` are what people type → the words of the pages that they mean by it.
    """
    pages = sorted(pages, key=lambda page: page.address)
    common = _common(pages)
    pairs, postings = _pairs(pages, common)
    shelves = _shelves(_row(page, common) for page in pages)
    kinds = sorted({page.kind for page in pages})
    lengths = [len(page.plain.partition("\n")[0]) for page in pages]
    cut = _cut(postings)
    written: dict[str, object] = {
        "index": {
            "kinds": kinds,
            "kind": "".join(DIGITS[min(kinds.index(page.kind), len(DIGITS) - 1)] for page in pages),
            "titles": "".join(DIGITS[min(length, len(DIGITS) - 1)] for length in lengths),
            "first": [0, *accumulate(map(len, shelves))][: max(1, len(shelves))],
            "common": list(common),
            "each": len(cut[0]) if cut else 1,
            "pairs": len(pairs),
            "alike": ALIKE,
            "aliases": aliases or {},
        }
    }
    for name, files in ("pages", shelves), ("common", cut), ("pairs", pairs):
        written |= {f"{name}-{number}": content for number, content in enumerate(files)}
    folder = site / FOLDER
    folder.mkdir(exist_ok=True)  # beside the page of the search
    for name, content in written.items():
        (folder / f"{name}.json").write_text(_json(content), encoding="utf-8", newline="\n")
    return len(pages)


def write_index(site: Path, aliases: Mapping[str, Sequence[str]] | None = None) -> int:
    """``read_page`` of every page of ``site``, and ``write``."""
    files = ((path.parent.relative_to(site).as_posix(), path) for path in site.rglob("index.html"))
    addresses = (("" if folder == "." else f"{folder}/", path) for folder, path in files)
    read = (read_page(address, path.read_text(encoding="utf-8")) for address, path in addresses)
    return write(site, filter(None, read), aliases)
