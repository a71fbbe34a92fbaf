"""Set up and measure how the cost of each stage grows with the number of initiatives, beside Hugo and bare Jinja.

``--large`` goes to a hundredfold, ``--no-phone`` leaves out what a browser measures.
"""

from __future__ import annotations

import os
import sys

import chromium
from environment import BENCHMARK, ROOT, TEST, prepare, run


def main(arguments: list[str]) -> None:
    python = prepare(TEST)
    prepare(BENCHMARK)
    found = {} if "--no-phone" in arguments else {"CHROMIUM_PATH": chromium.provide(python)}
    run([python, ROOT / "tests" / "growth.py", *arguments], env={**os.environ, **found})


if __name__ == "__main__":
    main(sys.argv[1:])
