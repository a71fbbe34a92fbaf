"""The pages of the data and of its tables with the description that search engines of data read.

It names the size and the hash of every file, so it is added when all of them are there. What it says is for
``exports.catalogue``. Must not know what the pages show.
"""

from __future__ import annotations

from pathlib import Path

from shinchoku import addresses
from shinchoku.exports import catalogue
from shinchoku.package.editions import Edition

_END = "</body>"


def descriptions(site: Path, published: Edition, site_url: str) -> dict[str, str]:
    """Address → what is added to its page, of a site whose downloads are there."""
    folder = site / addresses.DATA
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    found = catalogue.descriptions(published, files, site_url)
    return {address: catalogue.in_html(description) for address, description in found.items()}


def described(html: str, block: str) -> str:
    """A page with what is added. Raises ``ValueError`` for what is no page."""
    content, end, after = html.rpartition(_END)
    if not end:
        raise ValueError(f"no {_END}")
    return content + block + end + after


def add(site: Path, published: Edition, site_url: str) -> None:
    """To the pages of a finished site."""
    for address, block in descriptions(site, published, site_url).items():
        path = site / address / "index.html"
        path.write_bytes(described(path.read_bytes().decode("utf-8"), block).encode("utf-8"))
