"""Where the site is published, as far as the environment tells: nowhere in the data stands an address.

``SHINCHOKU_SITE_URL`` is the address of the site, ``SHINCHOKU_REPOSITORY_URL``
that of the repository which takes reports. Either may be unknown.
"""

from __future__ import annotations

import os

from shinchoku import addresses

#: What the site is published from: .github/workflows/pages.yml.
_BRANCH = "main"


def public(page: str) -> str:
    """The public address of the page at address ``page``; empty where it is not known."""
    site_url = os.environ.get("SHINCHOKU_SITE_URL", "")
    return addresses.public(page, site_url) if site_url else ""


def repository() -> str:
    """The repository; empty where none is known that can be trusted with a link."""
    url = os.environ.get("SHINCHOKU_REPOSITORY_URL", "").rstrip("/")
    return url if url.startswith("https://") else ""


def file_view(file: str, first: int | None = None, last: int | None = None) -> str | None:
    """Where the repository shows a file as text, from line ``first`` to ``last``; ``None`` where it is not known."""
    lines = "" if first is None else f"#L{first}" if first == last else f"#L{first}-L{last}"
    return f"{root}/blob/{_BRANCH}/{file}?plain=1{lines}" if (root := repository()) else None


def file_edit(file: str) -> str | None:
    """Where a file is edited in the browser; ``None`` where the repository is not known."""
    return f"{root}/edit/{_BRANCH}/{file}" if (root := repository()) else None
