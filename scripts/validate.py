"""Set up and check the data of this project."""

from __future__ import annotations

from environment import SITE, prepare, shinchoku


def main() -> None:
    prepare(SITE)
    shinchoku("validate")


if __name__ == "__main__":
    main()
