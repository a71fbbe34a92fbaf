"""Pieces for pages written by hand: what words mean, and where data is from."""

from __future__ import annotations

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.pages import origins, words
from shinchoku.pages.rendering import render


def verdict_legend(package: Edition) -> str:
    """Every assessment with its meaning."""
    return render(
        "legend.html",
        addresses.ABOUT,
        package=package,
        id="verdict-legend",
        caption="判定の表示と意味",
        rows={code: verdict.meaning for code, verdict in words.VERDICTS.items()},
        verdicts=True,
    )


def status_legend(package: Edition) -> str:
    """Every reason for which a cell has no value."""
    return render(
        "legend.html",
        addresses.ABOUT,
        package=package,
        id="status-legend",
        caption="値がない欄の表示と理由",
        rows=words.STATUS_MEANINGS,
        verdicts=False,
    )


def colophon(package: Edition, page: str, title: str, file: str = "") -> str:
    """The end of a page written by hand: what the site is made from, on what terms, how to object.

    ``file`` is its text below ``docs/``, where that has not the name of the page.
    """
    text = origins.of_file(f"docs/{file or page.rstrip('/') + '.md'}")
    return render(
        "colophon.html", page, package=package, title=title, sources=package.sources, origins=[text]
    )
