"""The published package in the hands of those who take it: what it declares, their programs accept and enforce.

Of one report and of two, as the site has it in its folder of downloads. A program that is no library is tried
where the machine has it; a skip names what is missing. The examples of the page are files, which run here.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import pytest
import sqlalchemy

from frozen_project import FROZEN
from shinchoku.exports import bundle, write_exports

EXAMPLES = FROZEN / "docs" / "data-examples"
#: Type of a column → what DuckDB may take it for.
DUCKDB_TYPES = {
    "boolean": {"BOOLEAN"}, "date": {"DATE"}, "integer": {"BIGINT"}, "number": {"BIGINT", "DOUBLE"},
    "yearmonth": {"VARCHAR"},
}  # fmt: skip


class Published:
    """The folder of the downloads, and what its descriptor says of the tables in it."""

    def __init__(self, reports: str, folder: Path) -> None:
        self.reports, self.folder = reports, folder
        self.descriptor = folder / "datapackage.json"
        resources = json.loads(self.descriptor.read_text(encoding="utf-8"))["resources"]
        self.titles = {resource["name"]: resource["title"] for resource in resources}
        self.paths = {resource["name"]: folder / resource["path"] for resource in resources}
        self.schemas = {resource["name"]: resource["schema"] for resource in resources}
        self.rows = {name: self._rows(path) for name, path in self.paths.items()}
        self.counts = {name: len(rows) for name, rows in self.rows.items()}

    def _rows(self, path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as table:
            return list(csv.DictReader(table))

    def foreign_keys(self, name: str) -> list[list[str]]:
        """The columns of each."""
        found = [key["fields"] for key in self.schemas[name].get("foreignKeys", ())]
        return [[columns] if isinstance(columns, str) else columns for columns in found]

    @property
    def links(self) -> int:
        return sum(len(self.foreign_keys(name)) for name in self.schemas)

    def one(self, pattern: str) -> Path:
        (path,) = self.folder.glob(pattern)
        return path


@pytest.fixture(scope="session", params=["one report", "two reports"])
def published(request: pytest.FixtureRequest, made_once: Callable[..., Path]) -> Published:
    if request.param == "one report":
        return Published(request.param, request.getfixturevalue("downloads") / "data")
    project = request.getfixturevalue("with_next_report")

    def make(folder: Path) -> None:
        write_exports(bundle.as_published(project), project, folder)

    return Published(request.param, made_once("downloads-two", make) / "data")


def _program(name: str) -> str:
    """The path of a program; without it the test is skipped."""
    return shutil.which(name) or pytest.skip(f"this machine has no {name}")


def _run(*command: str | Path, **options: Any) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- readers of packages, databases, spreadsheets -------------------------------


def test_frictionless_finds_nothing_wrong(published):
    assert frictionless.Package(str(published.descriptor)).validate().flatten(["title", "type", "note"]) == []


@pytest.fixture
def enforced() -> Iterator[None]:
    """SQLite checks foreign keys only where it is asked to."""

    def ask(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA foreign_keys = ON")

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", ask)
    yield
    sqlalchemy.event.remove(sqlalchemy.Engine, "connect", ask)


def _loaded(published: Published, address: str, keys: str) -> tuple[dict[str, int], int]:
    """Give the package to a database: table → rows it has then, and how many foreign keys ``keys`` finds there."""
    engine = frictionless.Package(str(published.descriptor)).publish(address).context["engine"]
    with engine.connect() as connection:
        tables = sqlalchemy.inspect(connection).get_table_names()
        counts = {name: connection.scalar(sqlalchemy.text(f"SELECT count(*) FROM {name}")) for name in tables}
        found = connection.scalar(sqlalchemy.text(keys))
    engine.dispose()
    return counts, found


#: In SQLite: a key of two columns has two rows, of one number.
_SQLITE_KEYS = """
    SELECT count(*) FROM (SELECT DISTINCT name, id FROM sqlite_schema, pragma_foreign_key_list(name))
"""


def test_frictionless_loads_sqlite_with_foreign_keys_on(published, tmp_path, enforced):
    loaded = _loaded(published, f"sqlite:///{tmp_path}/package.sqlite", _SQLITE_KEYS)
    assert loaded == (published.counts, published.links)
    with closing(sqlite3.connect(tmp_path / "package.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL with nothing in it."""
    found = [
        Path(path)
        for path in (shutil.which("initdb"), *Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if path
    ]
    if not found or os.name == "nt":
        pytest.skip("this machine has no PostgreSQL, or not as this test knows it")
    # It refuses to run as root, who can be anybody else.
    owner = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as folder:  # its socket stands there, so the path has to be short
        if owner:
            shutil.chown(folder, **owner)
        command = [found[-1].with_name("pg_ctl"), "-D", f"{folder}/data", "-l", f"{folder}/log", "-s", "-w"]
        settings = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"]
        _run(found[-1], "-D", f"{folder}/data", *settings, **owner)
        _run(*command, "-o", f"-F -k {folder} -c listen_addresses=", "start", **owner)
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        _run(*command, "-m", "immediate", "stop", **owner)


@pytest.mark.process
def test_frictionless_loads_postgresql(published, postgresql):
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
    assert _loaded(published, postgresql, keys) == (published.counts, published.links)


def test_sqlite_finds_every_key_of_the_published_database_kept(published):
    with closing(sqlite3.connect(published.one("*.sqlite"))) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        # And more, of one column each: who shows a database makes links of those alone.
        assert database.execute(_SQLITE_KEYS).fetchone()[0] >= published.links
        for name, count in published.counts.items():
            assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (count,), name


def test_duckdb_reads_every_table_and_finds_the_types(published):
    with duckdb.connect() as connection:
        for name, schema in published.schemas.items():
            table = connection.read_csv(str(published.paths[name]))
            assert len(table) == published.counts[name], name
            types = dict(zip(table.columns, map(str, table.types), strict=True))
            filled = {column for row in published.rows[name] for column, cell in row.items() if cell}
            for field in schema["fields"]:
                # What is text may look like something else where a table has few rows.
                if field["name"] in filled and field["type"] != "string":
                    assert types[field["name"]] in DUCKDB_TYPES[field["type"]], (name, field["name"])


def test_pandas_finds_a_row_by_its_key(published):
    for name, schema in published.schemas.items():
        table = pd.read_csv(published.paths[name])
        assert len(table) == published.counts[name], name
        assert not table.duplicated(schema["primaryKey"]).any(), name


#: Table → its rows with those that its keys name, ``null`` where one is not found.
_RELATIONS = """
    require("datapackage").Package.load(process.argv[1]).then(async ({ errors, resources }) => {
        const read = (table) => table.read({ relations: true }).then((rows) => rows.length, () => null);
        const rows = await Promise.all(resources.map(async (table) => [table.name, await read(table)]));
        console.log(JSON.stringify({ errors, rows: Object.fromEntries(rows) }));
    });
"""


@pytest.mark.process
def test_npm_datapackage_reads_what_it_can_express(published):
    """It puts the row that a key names in the place of the key: nothing is left for another key of that column."""
    node = _program("node")
    if subprocess.run([node, "-e", "require('datapackage')"], capture_output=True).returncode:
        pytest.skip("this machine has no npm datapackage, or NODE_PATH does not lead to it")
    columns = {name: sum(published.foreign_keys(name), []) for name in published.schemas}
    beyond = {name for name, used in columns.items() if len(set(used)) < len(used)}
    assert beyond == {"listings"}
    assert json.loads(_run(node, "-e", _RELATIONS, published.descriptor)) == {
        "errors": [],
        "rows": {name: None if name in beyond else count for name, count in published.counts.items()},
    }


@pytest.mark.process
def test_libreoffice_opens_the_workbook(published, tmp_path):
    """A sheet of it, saved as CSV, says what the table says."""
    office, book = _program("soffice"), published.one("*.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    _run(office, profile, "--headless", "--convert-to", every_sheet, "--outdir", tmp_path, book)
    for name, title in published.titles.items():
        with (tmp_path / f"{book.stem}-{title}.csv").open(encoding="utf-8", newline="") as sheet:
            _, columns, *rows = csv.reader(sheet)
        types = {field["name"]: field["type"] for field in published.schemas[name]["fields"]}
        assert columns == list(types)
        saved = [dict(zip(columns, row, strict=True)) for row in rows]
        assert [_meant(row, types) for row in saved] == [
            _meant(row, types) for row in published.rows[name]
        ], name


def _meant(row: Mapping[str, str], types: Mapping[str, str]) -> dict[str, object]:
    """A row, however a program writes numbers and truth."""
    read = {"boolean": str.lower, "integer": float, "number": float}
    return {name: read.get(types[name], str)(cell) if cell else None for name, cell in row.items()}


# -- the examples of the page ---------------------------------------------------


def _python(published: Published, _: str) -> str:
    return _run(sys.executable, EXAMPLES / "python.py", cwd=published.folder)


def _r(published: Published, _: str) -> str:
    options = {"cwd": published.folder, "env": {**os.environ, "LC_ALL": "C.UTF-8"}}
    return _run(_program("Rscript"), EXAMPLES / "r.R", **options)


def _duckdb(published: Published, text: str) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{published.folder}'")
        asked = [item.query for item in connection.extract_statements(text)]
        connection.execute(asked[0])
        return "".join(f"{connection.sql(query)}\n" for query in asked[1:])


def _sqlite(published: Published, text: str) -> str:
    """As ``sqlite3 -header`` prints it."""
    lines = []
    with closing(sqlite3.connect(published.one("*.sqlite"))) as connection:
        for query in text.removesuffix(";\n").split(";"):
            answer = connection.execute(query)
            lines += [[column[0] for column in answer.description], *answer]
    return "".join("|".join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines)


def _javascript(published: Published, text: str, serve: Callable[..., str]) -> str:
    """As on the page, where a file has its whole address."""
    named = text.replace('"initiatives.json"', f'"{serve(published.folder)}initiatives.json"')
    return _run(_program("node"), "--input-type=module", "-", input=named)


def _excel(published: Published, text: str) -> str:
    """The two pivot tables that the steps make."""
    (sheet,) = re.findall(r"シート「(.+?)」", text)
    table = pd.read_excel(published.one("*.xlsx"), sheet_name=sheet, header=1)
    shown = []
    for column, key, row, value in re.findall(
        r"(\w+) をフィルターに\w+?て ?(\S+?) ?を選び、(\w+) を行に、(\w+) を値に", text
    ):
        last = table.loc[table[value].notna(), column].max() if key == "額のある最後の年度" else key
        chosen = table[table[column] == last]
        shown.append(chosen.groupby(row)[[value]].sum().astype(int).to_string())
    return "\n".join([*shown, ""])


#: Example → what runs it.
RUNNERS = {
    "duckdb.sql": _duckdb, "excel.txt": _excel, "javascript.mjs": _javascript, "python.py": _python, "r.R": _r,
    "sqlite.sql": _sqlite,
}  # fmt: skip
PRINTED = ".printed.txt"


def _printed(name: str) -> Path:
    return EXAMPLES / f"{name.partition('.')[0]}{PRINTED}"


def test_every_example_has_what_it_prints():
    files = {path.name for path in EXAMPLES.iterdir()}
    assert files == {*RUNNERS, *(_printed(name).name for name in RUNNERS)}


@pytest.mark.process
@pytest.mark.parametrize("name", RUNNERS)
def test_an_example_says_the_same_of_any_number_of_reports(name, published, serve):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    given = (published, text, serve) if name == "javascript.mjs" else (published, text)
    said = RUNNERS[name](*given)
    assert re.search(r"\b2019\b[^\n]*?\b235(\.0)?\b", said)
    # No amount is lost, and none is there twice.
    newest = [int(row["settlement_thousand_yen"] or 0) for row in published.rows["initiatives_newest"]]
    assert sum(int(amount) for amount in re.findall(r"\b\d{5,}\b", said)) == sum(newest)
    if published.reports == "one report":
        assert said.split() == _printed(name).read_text(encoding="utf-8").split(), said
