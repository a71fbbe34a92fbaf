"""The changes and versions of the data as an Atom feed (RFC 4287).

An entry is a group of changes, or a version; both keep their id for ever. Dates are those of the log, so
the same package is the same feed: changes that are in no version yet, and have no day, are of the newest version's. Links need the
address of the site; where it is not known there are none, and the content says what changed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from shinchoku import addresses
from shinchoku.changes import log
from shinchoku.changes.in_words import Teller, Told, in_order
from shinchoku.changes.log import Group
from shinchoku.package.descriptor import publishers
from shinchoku.package.editions import Edition
from shinchoku.package.records import Release

_NAMESPACE = "http://www.w3.org/2005/Atom"
#: Entries a reader may have missed; whoever wants more reads ``changes.csv``.
_ENTRIES = 50
_TOLD = 30
_LONGEST_TITLE = 100
#: What may not stand in XML, in whatever way it is written.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a feed says once. ``name`` is what it is identified by, ``content`` HTML."""

    name: str
    title: str
    day: date
    address: str
    content: str


def encode(edition: Edition, site_url: str = "") -> bytes:
    """The feed. Without a ``site_url`` that a browser can open, no links."""
    descriptor = edition.descriptor
    entries = sorted(_entries(edition), key=lambda entry: entry.day, reverse=True)[:_ENTRIES]
    known = site_url if addresses.is_on_the_web(site_url) else ""
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "ja"})
    _text(feed, "id", _id(descriptor, "feed"))
    _text(feed, "title", f"{descriptor['title']}：変更の記録")
    _text(feed, "updated", _moment(entries[0].day) if entries else descriptor["created"])
    author = SubElement(feed, "author")
    names = [item["title"] for item in publishers(descriptor) or descriptor["contributors"]]
    _text(author, "name", "、".join(names))
    _link(feed, "self", addresses.FEED, known)
    _link(feed, "alternate", addresses.CHANGES, known)
    for entry in entries:
        element = SubElement(feed, "entry")
        _text(element, "id", _id(descriptor, entry.name))
        _text(element, "title", entry.title)
        _text(element, "updated", _moment(entry.day))
        _link(element, "alternate", entry.address, known)
        _text(element, "content", entry.content).set("type", "html")
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = _NOT_XML.sub("\ufffd", text)
    return element


def _link(parent: Element, relation: str, address: str, site_url: str) -> None:
    if site_url:
        SubElement(parent, "link", {"rel": relation, "href": addresses.public(address, site_url)})


def _id(descriptor: Mapping[str, Any], name: str) -> str:
    """The same for the same thing wherever the site stands: no address is in it."""
    package_id = descriptor.get("id", descriptor["name"])
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{package_id}/changes/{name}").urn


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _entries(edition: Edition) -> Iterator[_Entry]:
    teller = Teller(edition)
    for release in reversed(edition.releases):
        yield _of_release(release)
    latest = [release.released_on for release in edition.releases]
    for group in log.groups(edition)[:_ENTRIES]:
        # There is no change before the first version.
        yield _of_group(teller, group, group.day or max(latest))


def _of_release(release: Release) -> _Entry:
    return _Entry(
        name=f"release-{release.version}",
        title=f"版 {release.version} を出しました",
        day=release.released_on,
        address=addresses.release(release.version),
        content=f"<p>{escape(release.summary)}</p>",
    )


def _of_group(teller: Teller, group: Group, day: date) -> _Entry:
    reason = group.title
    title = reason if len(reason) <= _LONGEST_TITLE else f"{reason[:_LONGEST_TITLE]}…"
    counts = "、".join(f"{table} {count:,}件" for table, count in teller.counts(group.entries).items())
    items = [teller.tell(change) for change in in_order(group.entries)[:_TOLD]]
    lines = "".join(f"<li>{escape(_line(item))}</li>" for item in items)
    more = len(group.entries) - len(items)
    rest = f"<p>ほか{more:,}件</p>" if more else ""
    return _Entry(
        name=group.name,
        title=f"{title}（{len(group.entries):,}件）",
        day=day,
        address=addresses.change(group.first_number),
        content=f"<p>{escape(reason)}</p><p>{escape(counts)}</p><ul>{lines}</ul>{rest}",
    )


def _line(item: Told) -> str:
    if item.is_whole_row:
        what = item.new or item.old
        change = f"{item.happened}{f'（{what}）' if what else ''}"
    else:
        change = f"{item.column}：{item.old or '空欄'} → {item.new or '空欄'}"
    return f"{item.table}「{item.name}」 {change}"
