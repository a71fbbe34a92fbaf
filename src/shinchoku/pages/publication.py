"""Where the site is published, as far as the environment tells: nowhere in the data stands an address.

``SHINCHOKU_SITE_URL`` is the address of the site, ``SHINCHOKU_REPOSITORY_URL``
that of the repository which takes reports. Either may be unknown.
"""

from __future__ import annotations

import os

from shinchoku import addresses


def public(page: str) -> str:
    """The public address of the page at address ``page``; empty where it is not known."""
    site_url = os.environ.get("SHINCHOKU_SITE_URL", "")
    return addresses.public(page, site_url) if site_url else ""


def repository() -> str:
    """The repository; empty where none is known that can be trusted with a link."""
    url = os.environ.get("SHINCHOKU_REPOSITORY_URL", "").rstrip("/")
    return url if url.startswith("https://") else ""
