"""A review as Markdown and as HTML. The templates escape every value; what they show is told by ``phrases``.

``as_html`` is one page that needs nothing else: no script, no file beside it, no network.

``as_markdown`` is GitHub's: the summary of a job, the text of a pull request. All of the data stands in blocks
of HTML, inside which Markdown means nothing, and every piece of text from a package in ``<code>`` besides, where
GitHub makes no mention, reference, emoji or link of it. A block of HTML ends at a blank line, so no line from a
package may be one: ``visible`` leaves no line ends. What was compared is not named: a pull request says it.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shinchoku import addresses
from shinchoku.review import phrases
from shinchoku.review.findings import Review
from shinchoku.text import visible

#: GitHub shows no summary of more than 1 MiB; some room is left for what else a job says.
LIMIT = 1_000_000

_ENVIRONMENT = Environment(
    loader=PackageLoader("shinchoku.review"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(visible=visible)


def as_html(review: Review, site_url: str = "") -> str:
    """The review as a document; pages are linked where the site's address is known."""

    def link(address: str | None) -> str:
        return addresses.public(address, site_url) if site_url and address is not None else ""

    return _ENVIRONMENT.get_template("review.html").render(review=review, say=phrases, link=link)


def as_markdown(review: Review, site_url: str = "", limit: int = LIMIT) -> str:
    """The blocks of the review that fit in ``limit`` bytes of UTF-8; what the others would tell is counted."""
    note = (
        "> **長いので、ここに載せていないものが{:,}行あります。** "
        "全部は `shinchoku diff --format html` で見られます。\n"
    )
    room = limit - len(note.format(10**9).encode("utf-8"))
    kept: list[str] = []
    left_out = 0

    def block(count: int = 1, *, caller: Callable[[], str]) -> str:
        """A piece that is shown or left out whole, and how many things it tells."""
        nonlocal room, left_out
        text = str(caller()).strip("\n")
        size = len(text.encode("utf-8")) + 2
        if size <= room:
            room -= size
            kept.append(text)
        else:
            left_out += count
        return ""

    def link(text: str, address: str | None) -> Markup:
        if address is None or not site_url:
            return _code(text)
        return Markup(f'<a href="{html.escape(addresses.public(address, site_url))}">{_code(text)}</a>')

    _ENVIRONMENT.get_template("summary.html").render(
        review=review, say=phrases, block=block, code=_code, link=link
    )
    return "\n\n".join(kept) + "\n" + (f"\n{note.format(left_out)}" if left_out else "")


def _code(text: str) -> Markup:
    """Text that is shown and does nothing, neither here nor in the log of a job (``##[``)."""
    return Markup(f"<code>{html.escape(visible(text)).replace('##[', '##&#91;')}</code>")


#: Format → what writes a review in it, given the public address of the site (may be empty).
FORMATS: dict[str, Callable[[Review, str], str]] = {"markdown": as_markdown, "html": as_html}
