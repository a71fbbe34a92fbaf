"""A review as one page of HTML that needs nothing else: no script, no file beside it, no network.

The template escapes every value; what it shows is told by ``phrases``.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from shinchoku import addresses
from shinchoku.review import phrases
from shinchoku.review.findings import Review
from shinchoku.text import visible

_ENVIRONMENT = Environment(
    loader=PackageLoader("shinchoku.review"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(visible=visible)


def render(review: Review, site_url: str = "") -> str:
    """The review as a document; pages are linked where the site's address is known."""

    def link(address: str | None) -> str:
        return addresses.public(address, site_url) if site_url and address is not None else ""

    return _ENVIRONMENT.get_template("review.html").render(review=review, say=phrases, link=link)
