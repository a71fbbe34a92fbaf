"""What a page may not contain by the HTML standard, as far as templates can get it wrong.

Stricter than a browser, which repairs silently: every element is closed where it was opened, stands where
it is allowed, and has a name only where a screen reader may say it. The reference checker (vnu) knows many
more rules but needs Java; what it found on these pages is among these.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

_VOID = set("area base br col embed hr img input link meta source track wbr".split())
_SVG = set("svg g path rect line circle text tspan title desc defs clippath use polyline polygon".split())
#: May hold text and what stands in a line of it, and nothing else.
_ONE_LINE = set("p h1 h2 h3 h4 h5 h6 span strong em b small code label button summary mark time".split())
_BLOCKS = set(
    "address article aside blockquote dl details div fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "main nav ol p pre section table ul".split()
)
_ONLY_IN = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "thead": {"table"},
    "tbody": {"table"},
    "caption": {"table"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "legend": {"fieldset"},
    "option": {"select", "optgroup", "datalist"},
}
_ONLY_HOLDS = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
}
_PRESSED = {"a", "button", "input", "select", "textarea", "label", "summary"}
#: Have no role of their own, so no screen reader says their name.
_NAMELESS = set("span div p b strong em small code dt dd li td".split())


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.problems: list[str] = []

    def _complain(self, problem: str) -> None:
        self.problems.append(f"line {self.getpos()[0]}: {problem}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check(tag, attrs)
        if tag not in _VOID | _SVG:
            self._complain(f"<{tag}/> is not closed by its slash")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self._complain(f"</{tag}> closes <{self.open[-1] if self.open else ''}>")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def _check(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for problem in self._of_place(tag):
            self._complain(problem)
        for problem in self._of_attributes(tag, attrs):
            self._complain(problem)

    def _of_place(self, tag: str) -> Iterator[str]:
        parent = self.open[-1] if self.open else ""
        if tag in _ONLY_IN and parent not in _ONLY_IN[tag] | {"template"}:
            yield f"<{tag}> in <{parent}>"
        if tag not in _ONLY_HOLDS.get(parent, {tag}):
            yield f"<{tag}> in <{parent}>"
        lines = [name for name in self.open if name in _ONE_LINE]
        heading = parent == "summary" and tag in ("h2", "h3", "h4")
        if tag in _BLOCKS and lines and not heading:
            yield f"<{tag}> in <{lines[-1]}>"
        if tag in _PRESSED - {"input", "select"} and set(self.open) & {"a", "button"}:
            yield f"<{tag}> in something that is pressed itself"

    def _of_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> Iterator[str]:
        names = [name for name, _ in attrs]
        values = dict(attrs)
        yield from (f"{name} twice on <{tag}>" for name in {name for name in names if names.count(name) > 1})
        if "id" in values:
            name = values["id"] or ""
            if not name or name.split() != [name]:
                yield f"id {name!r}"
            if name in self.ids:
                yield f"id {name!r} twice"
            self.ids.add(name)
        if {"aria-label", "aria-labelledby"} & set(names) and tag in _NAMELESS and "role" not in values:
            yield f"<{tag}> with a name but no role"
        if tag == "img" and "alt" not in values:
            yield "an image without alt"
        if (
            tag == "input"
            and values.get("type") in ("checkbox", "radio", "button")
            and "autocomplete" in values
        ):
            yield "autocomplete on something that is not typed into"
        if tag == "a" and "href" in values and not (values["href"] or "").strip():
            yield "a link to nowhere"


def broken(html: str) -> list[str]:
    """What is wrong with a page, with the lines."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    problems = checker.problems + [f"<{tag}> is never closed" for tag in checker.open]
    if not html.lstrip().lower().startswith("<!doctype html>"):
        problems.append("no doctype")
    return problems
