"""Set up and measure how the time of each stage grows with the number of initiatives.

``--build`` also builds the whole site at each size, ``--large`` goes to a hundredfold.
"""

from __future__ import annotations

import sys

from environment import ROOT, SITE, prepare, run


def main(arguments: list[str]) -> None:
    run([prepare(SITE), ROOT / "tests" / "growth.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
