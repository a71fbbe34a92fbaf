"""What every page loads, in one file of each sort: the style sheets, with those of the engine's theme, and the scripts.

Those of a project that take the place of one are joined in its place. Must not know what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

#: In this order: of two rules that weigh the same the later one holds.
_STYLES = ("site.css", "search.css", "charts.css", "pages.css", "print.css")
_SCRIPTS = ("site.js", "search.js")
_FOR_PAPER = "print.css"
_OF_THE_THEME = ("main.*.min.css", "palette.*.min.css")


def joined(staged: dict[str, bytes]) -> dict[str, bytes]:
    """The same files below the docs folder, with ``assets/site.css`` and ``assets/site.js`` in the place of their parts."""
    rest = {
        name: content for name, content in staged.items() if name not in set(map(_asset, _STYLES + _SCRIPTS))
    }
    styles = [*_of_the_theme(), *(_style(name, staged[_asset(name)]) for name in _STYLES)]
    scripts = [staged[_asset(name)] for name in _SCRIPTS]
    return rest | {_asset("site.css"): b"\n".join(styles), _asset("site.js"): b"\n".join(scripts)}


def _asset(name: str) -> str:
    return f"assets/{name}"


def _style(name: str, content: bytes) -> bytes:
    return b"@media print {\n%s\n}" % content if name == _FOR_PAPER else content


def _of_the_theme() -> Iterator[bytes]:
    folder = files("material") / "templates" / "assets" / "stylesheets"
    for pattern in _OF_THE_THEME:
        (found,) = folder.glob(pattern)  # type: ignore[attr-defined]
        yield found.read_bytes()
