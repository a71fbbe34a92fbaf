"""Set up and check what can be said without running it: style, types, workflows; ``--fix`` mends the style.

``--code`` leaves out the workflows: what a commit should not wait for.
"""

from __future__ import annotations

import sys

from environment import ROOT, SITE, TOOLS, prepare, run

GITHUB = ROOT / ".github"
#: The schema that is built into check-jsonschema → the files that follow it.
FORMS = {
    "github-workflows": "workflows/*.yml",
    "dependabot": "dependabot.yml",
    "github-issue-forms": "ISSUE_TEMPLATE/*.yml",
}


def main(arguments: list[str]) -> None:
    prepare(SITE)  # mypy looks at the libraries, too
    python = prepare(TOOLS)
    run([python, "-m", "ruff", "check", *(["--fix"] if "--fix" in arguments else [])])
    run([python, "-m", "ruff", "format", *([] if "--fix" in arguments else ["--check"])])
    run([python, "-m", "mypy"])
    if "--code" not in arguments:
        run([python.with_name("zizmor"), "--offline", "--persona=auditor", "--no-progress", GITHUB])
        for schema, files in FORMS.items():
            checker = (python, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}")
            run([*checker, *sorted(GITHUB.glob(files))])


if __name__ == "__main__":
    main(sys.argv[1:])
