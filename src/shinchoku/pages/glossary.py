"""``/glossary/``: what words mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts.rendering import render


def pages(package: Edition) -> Iterator[Page]:
    """The one page."""
    yield Page(
        addresses.GLOSSARY,
        "用語",
        "このサイトと原資料に出てくる言葉の意味を、やさしい言葉で説明します。",
        body,
    )


def body(package: Edition) -> str:
    """The terms, by group."""
    groups = [(title, list(terms)) for title, terms in groupby(package.glossary, key=lambda term: term.group)]
    return render("glossary.html", addresses.GLOSSARY, package=package, groups=groups)
