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
    for_site: list[str | Path] = ["pyproject.toml", "--group", "build"]
    run([*compile_command, *for_site, "--output-file", SITE], env=environment)
    # What several locks hold has one version, so one .venv serves them all.
    for_tests: list[str | Path] = [*for_site, "--group", "test", "--constraint", SITE]
    run([*compile_command, *for_tests, "--output-file", TEST], env=environment)
    for_tools: list[str | Path] = [
        "--group",
        "pyproject.toml:build",
        "--group",
        "pyproject.toml:tools",
        "--constraint",
        TEST,
    ]
    run([*compile_command, *for_tools, "--output-file", TOOLS], env=environment)
    for_benchmark: list[str | Path] = ["--group", "pyproject.toml:benchmark", "--constraint", TOOLS]
    run([*compile_command, *for_benchmark, "--output-file", BENCHMARK], env=environment)
    locks = (SITE, TEST, TOOLS, BENCHMARK)
    say(f"書き直しました: {', '.join(str(lock.relative_to(ROOT)) for lock in locks)}")


if __name__ == "__main__":
    main()
