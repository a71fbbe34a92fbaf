"""Set up and check the data of this project; ``--fix`` mends what needs no judgement, ``--format`` as the command."""

from __future__ import annotations

import sys

from environment import SITE, prepare, shinchoku


def main(arguments: list[str]) -> None:
    prepare(SITE)
    shinchoku("validate", *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
