"""Pieces for the guides: every rule of the validator, and the way into the repository where it is known."""

from __future__ import annotations

from shinchoku import addresses, validation
from shinchoku.package.editions import Edition
from shinchoku.pages import origins, publication
from shinchoku.pages.rendering import render


def check_rules(package: Edition) -> str:
    """Every rule with what it means and how to mend it, each at an anchor of its own."""
    return render("rules.html", addresses.MESSAGES, package=package, stages=validation.rules_by_stage())


def repository_file(package: Edition, file: str) -> str:
    """A file of the repository by name, in a sentence."""
    return _in_repository(package, origins.of_file(file).view_url, file)


def repository_home(package: Edition) -> str:
    """The repository by its address, in a sentence."""
    address = publication.repository()
    return _in_repository(package, address, address)


def _in_repository(package: Edition, url: str | None, text: str) -> str:
    return render("in_repository.html", addresses.CONTRIBUTE, package=package, url=url, text=text).strip()
