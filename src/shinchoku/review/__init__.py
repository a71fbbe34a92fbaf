"""What a change of the data means: for whoever looks at a pull request, or at next year's data.

``changes`` finds the values that differ. Here they get the names, pages and printed lines that
it knows of them; what is calculated from them is compared (``outcome``), and so are the pages
that are made of them (``touched``); ``findings`` puts it together. Two formats show the same
``Review``: ``as_markdown`` and ``as_html``. Values of an older or of a
faulty package are compared too; what cannot be calculated from such a package is said to be
missing, never guessed.

Must not print; must not know the site generator.
"""

from __future__ import annotations

from collections.abc import Callable

from shinchoku.review import as_html, as_markdown
from shinchoku.review.findings import Review, review
from shinchoku.review.revisions import NoHistory, UnknownRevision, extract

#: Format → what writes a review in it, given the public address of the site (may be empty).
FORMATS: dict[str, Callable[[Review, str], str]] = {
    "markdown": as_markdown.render,
    "html": as_html.render,
}

__all__ = ["FORMATS", "NoHistory", "Review", "UnknownRevision", "extract", "review"]
