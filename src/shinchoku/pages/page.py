"""A page made from the package, and the Markdown file the site generator starts from.

What stands in that file is executed by the generator's template engine and then
read as YAML, Markdown and HTML. So text from the package stands only in the
front matter, escaped for all four, and the rest is one macro call with ids.
Must not render anything: bodies are made when the macro is called.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shinchoku import addresses
from shinchoku.charts import Preview
from shinchoku.package.editions import Edition
from shinchoku.text import one_line

#: Tables have a ``_`` in their names.
_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
#: What HTML, Jinja, Markdown or YAML might act on, as character references.
_REFERENCES = str.maketrans({character: f"&#{ord(character)};" for character in "&<>\"'{}%#`\\"})
_LITERALS = {ord(character): f"&#{ord(character)};" for character in string.punctuation}
#: What YAML takes for the end of a line, or does not take at all.
_NOT_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
#: Pages with a folder of their own, in which other pages or downloads stand.
_FOLDERS = {
    addresses.HOME,
    addresses.INITIATIVES,
    addresses.GRANTS,
    addresses.DATA,
    addresses.QUALITY,
    addresses.CHANGES,
    addresses.REPORTS,
}


class UnsafeId(ValueError):
    """An id that cannot be the name of a page's own file and a macro's argument."""


def references(text: str) -> str:
    """``text`` on one line, without anything that Jinja, HTML, Markdown or YAML might act on."""
    return one_line(text).translate(_REFERENCES)


def front_matter_text(text: str) -> str:
    """``text`` as a YAML string that neither Jinja nor HTML can run, on one line."""
    quoted = json.dumps(references(text), ensure_ascii=False)
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def literal(text: str) -> str:
    """``text`` in a page written as Markdown, as it stands."""
    return one_line(text).translate(_LITERALS)


@dataclass(frozen=True, slots=True)
class Page:
    """A page; its body is made from the package and the ids of what it shows. Raises ``UnsafeId``."""

    address: str
    title: str
    #: Or what makes it, where that takes more than what the page is called.
    description: str | Callable[[], str]
    body: Callable[..., str]
    ids: tuple[str, ...] = ()
    #: Makes the picture for those who share the page, from what ``body`` takes and the name of the site.
    preview: Callable[..., Preview] | None = None

    def __post_init__(self) -> None:
        for each in self.ids:
            if not _ID.fullmatch(each):
                raise UnsafeId(f"「{each}」はIDに使えません（英小文字・数字・ハイフン・下線だけです）。")

    def html(self, package: Edition) -> str:
        """The body, as ``package`` has it."""
        return self.body(package, *self.ids)

    @property
    def macro(self) -> str:
        """The name by which a page by hand calls for such a body: that of the module it is in."""
        return self.body.__module__.rpartition(".")[2]

    @property
    def described(self) -> str:
        """What is said of the page where others list it."""
        return self.description if isinstance(self.description, str) else self.description()

    @property
    def file(self) -> str:
        """The Markdown file that becomes the page, below the docs folder."""
        return f"{self.address}index.md" if self.address in _FOLDERS else f"{self.address.rstrip('/')}.md"

    def stub(self, preview: str | None = None) -> str:
        """The text of that file; ``preview`` is what the page's preview says, where that was drawn."""
        shown = (
            [f"preview: {addresses.preview(self.address)}", f"preview_says: {front_matter_text(preview)}"]
            if preview
            else []
        )
        return "\n".join(
            [
                "---",
                f"title: {front_matter_text(self.title)}",
                f"description: {front_matter_text(self.described)}",
                *shown,
                "hide: [navigation, toc]",
                "---",
                f"{{{{ {self.macro}({', '.join(map(json.dumps, self.ids))}) }}}}",
                "",
            ]
        )


def the_one(
    address: str, title: str, description: str, body: Callable[..., str]
) -> Callable[[Edition], Iterator[Page]]:
    """The ``pages`` of a kind that has one page, whatever the package holds."""
    return lambda package: iter([Page(address, title, description, body)])
