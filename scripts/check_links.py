"""Set up and ask whether the addresses named in the data and the texts still answer."""

from __future__ import annotations

import sys

from environment import SITE, prepare, shinchoku


def main(arguments: list[str]) -> None:
    prepare(SITE)
    shinchoku("links", *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
