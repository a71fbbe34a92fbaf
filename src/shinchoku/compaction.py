"""Pages without what only the generator's templates needed: indentation and empty lines.

White space with a line end in it becomes that line end, which a browser shows
as the same space; where white space counts, it stays. Half of a small page is
such white space. Must not know what the pages show.
"""

from __future__ import annotations

import re
from pathlib import Path

_WHERE_IT_COUNTS = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL | re.IGNORECASE)
_LINE_END = re.compile(r"[ \t\r\n]*\n[ \t\r\n]*")


def compacted(html: str) -> str:
    """The same page in fewer bytes."""
    parts = _WHERE_IT_COUNTS.split(html)
    # The expression has two groups, so every third part is text between, and the one after it is kept.
    return "".join(
        _LINE_END.sub("\n", between) + kept
        for between, kept in zip(parts[::3], [*parts[1::3], ""], strict=True)
    ).lstrip()


def compact(site: Path) -> None:
    """Every page of a finished site."""
    for path in site.rglob("*.html"):
        path.write_bytes(compacted(path.read_bytes().decode("utf-8")).encode("utf-8"))
