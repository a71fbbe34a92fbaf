"""Long pages with what leads to their headings: a button in the bar that stays in sight.

A body is one block of HTML, whose headings the generator does not see, and those of the texts
written by hand are seen by it alone: so this is done when both are pages. It needs no script; the
browser itself opens and closes it (``popover``). Must not know what the pages show.
"""

from __future__ import annotations

import re

#: Characters of text, about three and a half screens of a phone; and headings below which there is little to choose.
LONG = 3_000
FEW = 3

_PLACE = re.compile(r'<span id="contents" hidden>\s*</span>')
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
_HEADING = re.compile(r'<h2\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_NO_TEXT = re.compile(r"<(svg|script|style|template)\b.*?</\1>|<[^>]*>|\s", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_BUTTON = (
    '<button popovertarget="page-contents">目次</button>'
    '<nav class="page-contents" id="page-contents" aria-label="このページの目次" popover>'
    '<button popovertarget="page-contents">閉じる</button>'
    "<p>このページの目次</p><ul>{}</ul></nav>"
)


def with_contents(html: str) -> str:
    """The same page; with its contents, if it is long and has headings to choose from."""
    article = _ARTICLE.search(html)
    headings = _HEADING.findall(article[0]) if article else []
    if not article or len(headings) < FEW or len(_NO_TEXT.sub("", article[0])) < LONG:
        return _PLACE.sub("", html)
    items = "".join(
        f'<li><a href="#{place}">{_MARKUP.sub("", title).strip()}</a></li>' for place, title in headings
    )
    return _PLACE.sub(lambda _: _BUTTON.format(items), html)
