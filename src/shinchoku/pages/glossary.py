"""``/glossary/``: what words mean."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.package.records import group_by
from shinchoku.pages.page import Page
from shinchoku.pages.parts.rendering import render


def body(package: Edition) -> str:
    """The terms, by group."""
    return render(
        "glossary.html", addresses.GLOSSARY, package=package, groups=group_by(package.glossary, "group")
    )


def pages(package: Edition) -> Iterator[Page]:
    """One, where words are explained."""
    if package.glossary:
        says = "このサイトと原資料に出てくる言葉の意味を、やさしい言葉で説明します。"
        yield Page(addresses.GLOSSARY, "用語", says, body)
