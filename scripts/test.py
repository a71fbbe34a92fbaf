"""Set up and run every test; ``--fast`` leaves out those that build the site or open a browser.

Further arguments go to pytest: ``python scripts/test.py --fast -k fiscal_year``.
"""

from __future__ import annotations

import os
import sys

import chromium
from environment import TEST, prepare, run


def main(arguments: list[str]) -> None:
    python = prepare(TEST)
    if "--fast" in arguments:
        rest = [argument for argument in arguments if argument != "--fast"]
        run([python, "-m", "pytest", "-m", "not site and not browser", *rest])
    else:
        run(
            [python, "-m", "pytest", *arguments],
            env={**os.environ, "CHROMIUM_PATH": chromium.provide(python)},
        )


if __name__ == "__main__":
    main(sys.argv[1:])
