"""Resolve the dependencies anew and write the lock files in ``requirements/``.

One lock serves every Python from the oldest that pyproject.toml allows and
every system; packages are wheels only, so installing runs no foreign code.
"""

from __future__ import annotations

import os
from pathlib import Path

from environment import BENCHMARK, ROOT, SITE, TEST, TOOLS, prepare, run, say


def main() -> None:
    options = (
        "--universal --python-version 3.11 --generate-hashes --upgrade --only-binary :all: "
        "--emit-build-options --quiet"
    )
    compile_command: list[str | Path] = [prepare(TOOLS), "-m", "uv", "pip", "compile", *options.split()]
    # The header of the locks names the command people use.
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    # What several locks hold has one version, so one .venv serves them all.
    locks = {
        SITE: "pyproject.toml --group build",
        TEST: "pyproject.toml --group build --group test --constraint requirements/site.txt",
        TOOLS: "--group pyproject.toml:build --group pyproject.toml:tools --constraint requirements/test.txt",
        BENCHMARK: "--group pyproject.toml:benchmark --constraint requirements/tools.txt",
    }
    for lock, asked in locks.items():
        run([*compile_command, *asked.split(), "--output-file", lock], env=environment)
    say(f"書き直しました: {', '.join(str(lock.relative_to(ROOT)) for lock in locks)}")


if __name__ == "__main__":
    main()
