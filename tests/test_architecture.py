"""Who may know whom, and other rules of the code that a reader should be able to rely on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "src" / "shinchoku"
SCRIPTS = PROJECT / "scripts"

#: A module may import those of the lines above its own, and nothing else of this project.
LAYERS = (
    {"paths", "files", "fiscal_year", "text"},
    {"schemas"},
    {"package"},
    {"addresses", "calculated"},
    {"changes", "importing"},
    {"metrics", "validation"},
    {"reports_compared"},
    {"words"},
    {"derived"},
    {"exports", "charts"},
    {"pages"},
    {"adding", "review", "site"},
    {"cli"},
    {"__main__"},
)

#: Who may know a library; so a change of it stays in one place.
KNOWN_BY = {
    "frictionless": {"validation"},
    "jinja2": {"pages", "review"},
    "jsonschema": {"schemas"},
    "mkdocs": set(),  # site runs it as a program and is called by it
    "noto_cjk_sans_jp_bold": {"site"},
    "openpyxl": {"importing"},
    "pandas": {"derived"},
    "resvg_py": {"site"},
    "xlsxwriter": {"exports"},
    "yaml": {"schemas"},
    "zensical": set(),
}
#: Everything else returns what it found, and lets these say it.
MAY_PRINT = {"cli", "site"}

#: Scripts that are more than a verb, and why.
MORE_THAN_A_VERB = {
    "environment.py": "makes the .venv before anything of this project can be imported",
    "chromium.py": "finds a browser, which is no part of the product",
    "take_guide_pictures.py": "drives a browser and a spreadsheet, which are no part of the product",
}


def _modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def _part(path: Path) -> str:
    """The part of the project a file belongs to: its module, or its package as a whole."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    """Dotted names of what a file imports, wherever in it: ``shinchoku.paths``, ``json``."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write imports in full, so that this test can read them"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _own(path: Path) -> set[str]:
    """The other parts of this project that a file imports."""
    names = {name.split(".")[1] for name in _imports(path) if name.startswith("shinchoku.")}
    return names - {_part(path)}


def _allowed(part: str) -> set[str]:
    below: set[str] = set()
    for layer in LAYERS:
        if part in layer:
            break
        below |= layer
    return below


def test_every_part_has_its_place():
    placed = set().union(*LAYERS, {"__init__"})
    assert {_part(path) for path in _modules()} == placed


def test_hacking_draws_the_layers_as_they_are():
    text = (PROJECT / "HACKING.md").read_text(encoding="utf-8")
    drawn = re.search(r"## Layers.*?```\n(.*?)```", text, re.DOTALL)[1]
    lines = re.sub(r" {2,}\(.*?\)", "", drawn).splitlines()
    assert [set(line.split()) for line in reversed(lines)] == list(LAYERS[:-1])


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path):
    assert _own(path) <= _allowed(_part(path))


def test_what_reads_documents_knows_the_rows_of_tables_and_not_how_a_package_is_read():
    files = sorted((SOURCE / "importing").glob("*.py"))
    of_package = {name for path in files for name in _imports(path) if name.startswith("shinchoku.package")}
    assert {name.split(".")[2] for name in of_package} == {"records"}


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_libraries_stay_where_they_are_known(path):
    known = {name.split(".")[0] for name in _imports(path)} & set(KNOWN_BY)
    assert {library for library in known if _part(path) not in KNOWN_BY[library]} == set()


def test_only_the_edges_print():
    printing = {
        _part(path)
        for path in _modules()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Name) and node.id == "print"
    }
    assert printing <= MAY_PRINT


def _undocumented(path: Path) -> Iterator[str]:
    tree = _tree(path)
    name = str(path.relative_to(SOURCE))
    if ast.get_docstring(tree) is None:
        yield name
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        # What a record is says the schema of its table.
        is_record = any(ast.unparse(each).startswith("_table(") for each in node.decorator_list)
        if ast.get_docstring(node) is None and not is_record:
            yield f"{name}: {node.name}"


def test_modules_and_what_they_offer_say_what_they_do():
    assert [found for path in _modules() for found in _undocumented(path)] == []


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.py")), ids=lambda path: path.name)
def test_scripts_are_thin(path):
    if path.name in MORE_THAN_A_VERB:
        return
    tree = _tree(path)
    definitions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert definitions == ["main"]
    assert len(tree.body[-2].body) <= 12, "move what it does to src/shinchoku/"


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.py")), ids=lambda path: path.name)
def test_scripts_run_before_anything_is_installed(path):
    siblings = {sibling.stem for sibling in SCRIPTS.glob("*.py")}
    used = {name.split(".")[0] for name in _imports(path)}
    assert used <= set(sys.stdlib_module_names) | siblings


def _committed() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout
    files = (PROJECT / name for name in listed.decode("utf-8").split("\0") if name)
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()]


@pytest.mark.process
def test_nothing_committed_depends_on_one_machine():
    """No path of somebody's disk, and no package registry: where packages come from is the user's setting."""
    machine = re.compile(
        r"(?<![\w.:/}])/(?:work|root|home|Users|opt|tmp)/[\w.]|\b[C-Z]:\\Users\\"
        + "|pypi" + r"\.org|python" + r"hosted|index-url|registry\.npm" + "js",
    )  # fmt: skip
    found = [
        (str(path.relative_to(PROJECT)), number, match[0])
        for path in _committed()
        # What others have made stands as they published it.
        if path != Path(__file__) and not (path.suffix == ".js" and "vendor" in path.parts)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        for match in machine.finditer(line)
    ]
    assert found == []


def test_no_file_holds_the_marks_of_an_unfinished_merge():
    files = (
        path
        for folder in ("src", "docs", "data", "tests", "scripts")
        for path in (PROJECT / folder).rglob("*")
    )
    text = [
        path
        for path in files
        if path.suffix in {".py", ".css", ".js", ".html", ".md", ".yml", ".csv", ".json", ".txt"}
    ]
    assert len(text) > 200
    assert [path for path in text if re.search(rb"(?m)^(<{7}|>{7}) ", path.read_bytes())] == []
