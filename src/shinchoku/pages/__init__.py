"""The pages of the site: a stub on disk for each, and its body as one block of HTML.

A body function takes the package (and the id of what the page shows) and
returns finished, escaped HTML. It knows the address of its own page, so every
link is relative and the site works wherever it is put. Must not import the
site generator, nor read what the package does not hold, except where a module
is there for it: ``publication`` asks the environment where the site is published.
"""

from __future__ import annotations

from collections.abc import Callable

from shinchoku.pages.areas import area
from shinchoku.pages.changes import changes
from shinchoku.pages.datasets import data
from shinchoku.pages.explanations import glossary
from shinchoku.pages.explorer import initiative_list
from shinchoku.pages.grants import grant, grant_list
from shinchoku.pages.guides import check_rules, repository_file, repository_home
from shinchoku.pages.initiatives import initiative
from shinchoku.pages.legends import colophon, status_legend, verdict_legend
from shinchoku.pages.overview import home
from shinchoku.pages.reliability import quality
from shinchoku.pages.sources import source
from shinchoku.pages.spending import spending
from shinchoku.pages.stubs import UnsafeId, stubs
from shinchoku.pages.yearly import report, report_list

#: Macro name → body function, for the adapter to the generator.
BODIES: dict[str, Callable[..., str]] = {
    "home": home,
    "area": area,
    "initiative_list": initiative_list,
    "initiative": initiative,
    "grant_list": grant_list,
    "grant": grant,
    "spending": spending,
    "report_list": report_list,
    "report": report,
    "data": data,
    "quality": quality,
    "changes": changes,
    "glossary": glossary,
    "source": source,
    "check_rules": check_rules,
    "repository_file": repository_file,
    "repository_home": repository_home,
    "colophon": colophon,
    "status_legend": status_legend,
    "verdict_legend": verdict_legend,
}

__all__ = [
    "BODIES",
    "UnsafeId",
    "area",
    "changes",
    "colophon",
    "data",
    "glossary",
    "grant",
    "grant_list",
    "home",
    "initiative",
    "initiative_list",
    "quality",
    "report",
    "report_list",
    "source",
    "spending",
    "status_legend",
    "stubs",
    "verdict_legend",
]
