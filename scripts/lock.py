"""Resolve the dependencies anew and write the lock files in ``requirements/``.

One lock serves every Python from the oldest that pyproject.toml allows and
every system; packages are wheels only, so installing runs no foreign code.
"""

from __future__ import annotations

import os

from environment import ROOT, SITE, TEST, prepare, run


def main() -> None:
    python = prepare(TEST)
    compile_command = [
        python, "-m", "uv", "pip", "compile", "pyproject.toml",
        "--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade",
        "--only-binary", ":all:", "--emit-build-options", "--quiet",
    ]  # fmt: skip
    # The header of the locks names the command people use.
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    run([*compile_command, "--group", "build", "--output-file", SITE], env=environment)
    # What both locks hold has one version, so one .venv serves the site and the tests.
    run(
        [*compile_command, "--group", "build", "--group", "test", "--constraint", SITE, "--output-file", TEST],
        env=environment,
    )
    print(f"書き直しました: {SITE.relative_to(ROOT)}, {TEST.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
