"""Set up and run every test; ``--fast`` leaves out those that build the site, open a browser or start processes.

The tests run on all cores; ``-n 0`` runs them in one process, which ``--pdb`` needs. Further arguments
go to pytest: ``python scripts/test.py --fast -k fiscal_year``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import chromium
from environment import TEST, prepare, run

FAST = "not site and not browser and not process"
#: Neighbours stay in one process, with what they share, until the other has nothing left to do.
ON_ALL_CORES = ["-n", "auto", "--dist", "worksteal"]


def main(arguments: list[str]) -> None:
    python = prepare(TEST)
    pytest: list[str | Path] = [python, "-m", "pytest", *ON_ALL_CORES]
    if "--fast" in arguments:
        rest = [argument for argument in arguments if argument != "--fast"]
        run([*pytest, "-m", FAST, *rest])
    else:
        run([*pytest, *arguments], env={**os.environ, "CHROMIUM_PATH": chromium.provide(python)})


if __name__ == "__main__":
    main(sys.argv[1:])
