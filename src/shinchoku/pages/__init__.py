"""The pages of the site: a stub on disk for each, and its body as one block of HTML.

A body function takes the package (and the id of what the page shows) and
returns finished, escaped HTML. It knows the address of its own page, so every
link is relative and the site works wherever it is put. Must not import the
site generator, nor read files.
"""

from __future__ import annotations

from collections.abc import Callable

from shinchoku.pages.areas import area
from shinchoku.pages.datasets import data
from shinchoku.pages.explorer import initiative_list
from shinchoku.pages.grants import grant, grant_list
from shinchoku.pages.initiatives import initiative
from shinchoku.pages.legends import status_legend, verdict_legend
from shinchoku.pages.overview import home
from shinchoku.pages.reliability import quality
from shinchoku.pages.stubs import UnsafeId, stubs

#: Macro name → body function, for the adapter to the generator.
BODIES: dict[str, Callable[..., str]] = {
    "home": home,
    "area": area,
    "initiative_list": initiative_list,
    "initiative": initiative,
    "grant_list": grant_list,
    "grant": grant,
    "data": data,
    "quality": quality,
    "status_legend": status_legend,
    "verdict_legend": verdict_legend,
}

__all__ = [
    "BODIES",
    "UnsafeId",
    "area",
    "data",
    "grant",
    "grant_list",
    "home",
    "initiative",
    "initiative_list",
    "quality",
    "status_legend",
    "stubs",
    "verdict_legend",
]
