"""A renderer's SVG made fit for a page: small, safe, described, the same bytes everywhere.

Only elements and attributes that draw are kept, so nothing that could run, be
fetched or clash with another chart's ids gets into a page. Must not know what
a chart shows, nor which renderer drew it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from xml.etree import ElementTree

#: Part of a cached chart's key: raise it when this module writes other bytes than before.
VERSION = 2

_SPACE = "{http://www.w3.org/2000/svg}"
_DRAWING = ("path", "line", "text")
_PLACING = ("d", "x", "y", "x2", "y2", "transform")
_INHERITED = (
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray"),
    *("text-anchor", "font-size", "font-weight"),
)
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-\d+")
_TRANSLATED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


class UnexpectedSvg(ValueError):
    """The renderer drew something that a chart of this project never asks for."""


def _rounded(text: str) -> str:
    """Coordinates to a hundredth: fewer bytes, and no digit that a processor might round otherwise."""
    return _NUMBER.sub(lambda match: f"{round(float(match[0]), 2) + 0.0:g}", text)


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    found = {
        name: _rounded(element.attrib[name]) for name in (*_PLACING, *_INHERITED) if name in element.attrib
    }
    if element.tag == f"{_SPACE}text":
        found["font-size"] = found["font-size"].removesuffix("px")
        found |= _placed(found.pop("transform"))
    return found


def _placed(transform: str) -> dict[str, str]:
    """``translate`` as ``x`` and ``y``, which is shorter; a turned text keeps its transform."""
    match = _TRANSLATED.fullmatch(transform)
    return {"transform": transform} if match is None else {"x": match[1], "y": match[2]}


def _written(tag: str, attributes: dict[str, str], content: str) -> str:
    pairs = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{pairs}>{content}</{tag}>" if content else f"<{tag}{pairs}/>"


def _group(marks: list[tuple[str, dict[str, str], str]]) -> str:
    """Marks of one kind; what all of them say, and can inherit, is said once."""
    if len(marks) == 1:
        return _written(*marks[0])
    shared = {
        name: value
        for name, value in marks[0][1].items()
        if name in _INHERITED and all(attributes.get(name) == value for _, attributes, _ in marks)
    }
    content = "".join(
        _written(tag, {name: value for name, value in attributes.items() if name not in shared}, text)
        for tag, attributes, text in marks
    )
    return _written("g", shared, content)


def _is_seen(element: ElementTree.Element) -> bool:
    """Not one of the empty frames a renderer puts around and before its marks."""
    return element.get("aria-hidden") != "true"


def _said(element: ElementTree.Element, texts: Sequence[str]) -> str:
    """What a text stands for; empty for a mark that is no text."""
    return texts[int(element.text)] if element.text else ""


def _body(element: ElementTree.Element, texts: Sequence[str]) -> str:
    parts: list[str] = []
    marks: list[tuple[str, dict[str, str], str]] = []
    for child in filter(_is_seen, element):
        tag = child.tag.removeprefix(_SPACE)
        if tag == "g":
            inner, moved = _body(child, texts), child.get("transform", "translate(0,0)")
            parts.append(inner if moved == "translate(0,0)" else f'<g transform="{moved}">{inner}</g>')
        elif tag in _DRAWING:
            marks.append((tag, _attributes(child), escape(_said(child, texts), quote=False)))
        else:
            raise UnexpectedSvg(f"<{tag}> in a chart")
    if marks:
        parts.append(_group(marks))
    return "".join(parts)


def finished(drawn: str, texts: Sequence[str], *, key: str, title: str, description: str) -> str:
    """``drawn`` for a page: its texts, drawn as their numbers in ``texts``; described; ids made of ``key``."""
    root = ElementTree.fromstring(drawn)
    name = f"chart-{key[:12]}"
    return (
        f'<svg class="chart__picture" viewBox="{root.attrib["viewBox"]}" role="img"'
        f' aria-labelledby="{name}-title" aria-describedby="{name}-description">'
        f'<title id="{name}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{name}-description">{escape(description, quote=False)}</desc>'
        f'<g fill="none">{_body(root, texts)}</g></svg>'
    )
