"""Set up and write the CSVs anew from the printed texts and the decisions."""

from __future__ import annotations

from environment import SITE, prepare, shinchoku


def main() -> None:
    prepare(SITE)
    shinchoku("import")


if __name__ == "__main__":
    main()
