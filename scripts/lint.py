"""Set up and check the style of the code; ``--fix`` mends what can be mended."""

from __future__ import annotations

import sys

from environment import TEST, prepare, run


def main(arguments: list[str]) -> None:
    ruff = [prepare(TEST), "-m", "ruff"]
    run([*ruff, "check", *(["--fix"] if "--fix" in arguments else [])])
    run([*ruff, "format", *([] if "--fix" in arguments else ["--check"])])


if __name__ == "__main__":
    main(sys.argv[1:])
