"""The pages of the data and of its tables with the description that search engines of data read.

It names the size and the hash of every file, so it is added when all of them are there. What it says is for
``exports.catalogue``. Must not know what the pages show.
"""

from __future__ import annotations

from pathlib import Path

from shinchoku import addresses, exports
from shinchoku.exports import bundle, catalogue
from shinchoku.exports.index import Made
from shinchoku.package.editions import Edition
from shinchoku.paths import DATA, DESCRIPTOR
from shinchoku.schemas.reading import read_json

_END = b"</body>"


def add(site: Path, published: Edition, site_url: str) -> None:
    """To the pages of a finished site."""
    folder = site / addresses.DATA
    listed = read_json(folder / exports.INDEX)[1]["files"]
    files = {
        bundle.below(each["path"], DATA): Made(each["bytes"], each["sha256"], each["rows"]) for each in listed
    }
    descriptor = read_json(folder / DESCRIPTOR)[1]
    for address, description in catalogue.descriptions(published, descriptor, files, site_url).items():
        path = site / address / "index.html"
        block = catalogue.in_html(description).encode("utf-8")
        content, end, after = path.read_bytes().rpartition(_END)
        if not end:
            raise ValueError(f"{path} has no {_END.decode()}")
        path.write_bytes(content + block + end + after)
