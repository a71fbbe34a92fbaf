"""Pages without what only the generator needed: indentation, empty lines.
Style sheets and scripts without what only who changes them reads, but for licences (``/*!``).

White space with a line end in it becomes that line end, which a browser shows
as the same space; where white space counts, it stays. Half of a small page is
such white space. Must not know what the pages show.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

#: What others have made is published as they made it.
_VENDOR = "vendor"
#: The theme's program and style sheets, its search and their maps: no page asks for them, and they outweigh all pages.
_OF_THE_THEME = (Path("assets", "javascripts"), Path("assets", "stylesheets"))
_WHERE_IT_COUNTS = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL | re.IGNORECASE)
_REMARKS = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
#: Of a script only what fills whole lines: within one, a text may look like a remark.
_REMARKS_OF_A_SCRIPT = re.compile(r"^[ \t]*(?://.*|/\*(?!!)(?:(?!\*/)[\s\S])*\*/[ \t]*)$", re.MULTILINE)
_LINE_END = re.compile(r"[ \t\r\n]*\n[ \t\r\n]*")


def compacted(html: str) -> str:
    """The same page in fewer bytes."""
    parts = _WHERE_IT_COUNTS.split(html)
    # The expression has two groups, so every third part is text between, and the one after it is kept.
    return "".join(
        _LINE_END.sub("\n", between) + kept
        for between, kept in zip(parts[::3], [*parts[1::3], ""], strict=True)
    ).lstrip()


def compacted_style(css: str) -> str:
    """The same style sheet in fewer bytes."""
    return _LINE_END.sub("\n", _REMARKS.sub("", css)).lstrip()


def compacted_script(script: str) -> str:
    """The same script in fewer bytes; none of its texts may go over a line's end."""
    return _LINE_END.sub("\n", _REMARKS_OF_A_SCRIPT.sub("", script)).lstrip()


def compact(site: Path) -> None:
    """Every style sheet and script of a site, whose pages need none of the theme's own."""
    for folder in _OF_THE_THEME:
        shutil.rmtree(site / folder, ignore_errors=True)
    for ending, smaller in (("css", compacted_style), ("js", compacted_script)):
        for path in site.rglob(f"*.{ending}"):
            if _VENDOR in path.relative_to(site).parts:
                continue
            path.write_bytes(smaller(path.read_bytes().decode("utf-8")).encode("utf-8"))
