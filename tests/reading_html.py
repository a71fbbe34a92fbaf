"""What tests look at in a page: its links, tables, headings and text, read with the standard library."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Tag → the attribute in which it names a file or a page.
ADDRESS_ATTRIBUTES = {
    "a": "href",
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "use": "href",
}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NO_TEXT = {"script", "style"}


@dataclass
class Element:
    """An element with its attributes and what it holds, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """The elements below this one, of these tags or of any, in document order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    found.append(child)
                found += child.all(*tags)
        return found

    def with_class(self, name: str) -> list[Element]:
        return [item for item in self.all() if name in item.attributes.get("class", "").split()]

    def by_id(self, name: str) -> Element:
        return next(item for item in self.all() if item.attributes.get("id") == name)

    @property
    def text(self) -> str:
        """Every text below, runs of white space as one space."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> list[str]:
        texts: list[str] = []
        for child in self.children:
            if isinstance(child, str):
                texts.append(child)
            elif child.tag not in _NO_TEXT:
                texts += child._texts()
        return texts


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """The document as a tree; the root has no tag."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


def pages_of(site: Path) -> dict[str, Element]:
    """Address → page of a finished site, without the page for addresses that do not exist."""
    found = {}
    for path in sorted(site.rglob("index.html")):
        folder = path.parent.relative_to(site).as_posix()
        found["" if folder == "." else f"{folder}/"] = read(path.read_text(encoding="utf-8"))
    return found


def broken_links(documents: Mapping[str, Element], site: Path) -> list[tuple[str, str, str]]:
    """(address, link, what is wrong with it) of every link of a site that leads to no file or place in it."""
    ids = {
        address: {item.attributes["id"] for item in document.all() if "id" in item.attributes}
        for address, document in documents.items()
    }
    broken = []
    for address, document in documents.items():
        for element in document.all(*ADDRESS_ATTRIBUTES):
            link = element.attributes.get(ADDRESS_ATTRIBUTES[element.tag])
            parts = urlsplit(link) if link else None
            if parts is None or parts.scheme or parts.netloc:
                continue
            if parts.path.startswith("/"):
                broken.append((address, link, "not relative"))
                continue
            target = os.path.normpath(os.path.join("/", address, unquote(parts.path)))[1:]
            if parts.path.endswith(("/", ".", "..")) or not parts.path:
                target = f"{target}/" if target and not target.endswith("/") else target
                if target not in documents:
                    broken.append((address, link, "no page"))
                elif parts.fragment and unquote(parts.fragment) not in ids[target]:
                    broken.append((address, link, "no such place"))
            elif not (site / target).is_file():
                broken.append((address, link, "no file"))
    return broken
