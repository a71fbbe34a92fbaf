"""Set up ``.venv`` for building the site; with ``--test``, all that the tests need too."""

from __future__ import annotations

import sys

import chromium
from environment import SITE, TEST, prepare, say


def main(arguments: list[str]) -> None:
    if "--test" in arguments:
        say(f"Chromium: {chromium.provide(prepare(TEST))}")
    else:
        prepare(SITE)
    say("準備ができました。")


if __name__ == "__main__":
    main(sys.argv[1:])
