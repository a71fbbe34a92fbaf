"""Resolve the dependencies anew and write the lock files in ``requirements/``.

One lock serves every Python from the oldest that pyproject.toml allows and
every system; packages are wheels only, so installing runs no foreign code.
"""

from __future__ import annotations

import os

from environment import ROOT, SITE, TEST, prepare, run, say


def main() -> None:
    python = prepare(TEST)
    options = (
        "--universal --python-version 3.11 --generate-hashes --upgrade --only-binary :all: "
        "--emit-build-options --quiet --group build"
    )
    compile_command = [python, "-m", "uv", "pip", "compile", "pyproject.toml", *options.split()]
    # The header of the locks names the command people use.
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    run([*compile_command, "--output-file", SITE], env=environment)
    # What both locks hold has one version, so one .venv serves the site and the tests.
    for_tests = ["--group", "test", "--constraint", SITE, "--output-file", TEST]
    run([*compile_command, *for_tests], env=environment)
    say(f"書き直しました: {SITE.relative_to(ROOT)}, {TEST.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
