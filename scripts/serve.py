"""Set up and show the site on this machine; it reloads when a CSV or a page changes."""

from __future__ import annotations

from environment import SITE, prepare, shinchoku


def main() -> None:
    prepare(SITE)
    shinchoku("serve")


if __name__ == "__main__":
    main()
