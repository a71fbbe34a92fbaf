"""The page that says what words mean."""

from __future__ import annotations

from itertools import groupby

from shinchoku import addresses
from shinchoku.package.editions import Edition
from shinchoku.pages.rendering import render


def glossary(package: Edition) -> str:
    """The body of ``/glossary/``."""
    groups = [(title, list(terms)) for title, terms in groupby(package.glossary, key=lambda term: term.group)]
    return render("glossary.html", addresses.GLOSSARY, package=package, groups=groups)
