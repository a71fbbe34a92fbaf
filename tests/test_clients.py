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
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pandas as pd
import pytest
import sqlalchemy

from shinchoku.changes.log import with_log
from shinchoku.exports import write_exports
from shinchoku.package.reading import read_package

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "data-examples"
#: What a package is called here → the fixture that makes its project.
REPORTS = {"one-report": "project", "two-reports": "with_next_report"}
#: Type of a column → what DuckDB may take it for.
DUCKDB_TYPES = {
    "boolean": {"BOOLEAN"}, "date": {"DATE"}, "integer": {"BIGINT"}, "number": {"BIGINT", "DOUBLE"},
    "yearmonth": {"VARCHAR"},
}  # fmt: skip


@dataclass(frozen=True)
class Published:
    """The folder of the downloads."""

    reports: str
    folder: Path

    @property
    def descriptor(self) -> dict[str, Any]:
        return json.loads((self.folder / "datapackage.json").read_text(encoding="utf-8"))

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    @property
    def counts(self) -> dict[str, int]:
        """Table → its rows."""
        return {name: len(self.rows(name)) for name in self.resources}

    @property
    def foreign_keys(self) -> int:
        return sum(len(resource["schema"].get("foreignKeys", ())) for resource in self.resources.values())

    def path(self, name: str) -> Path:
        return self.folder / self.resources[name]["path"]

    def rows(self, name: str) -> list[dict[str, str]]:
        with self.path(name).open(encoding="utf-8", newline="") as table:
            return list(csv.DictReader(table))

    def one(self, pattern: str) -> Path:
        (path,) = self.folder.glob(pattern)
        return path


@pytest.fixture(scope="session", params=REPORTS)
def published(request: pytest.FixtureRequest, made_once: Callable[..., Path]) -> Published:
    project = request.getfixturevalue(REPORTS[request.param])

    def make(folder: Path) -> None:
        write_exports(with_log(read_package(project), project).newest, project, folder)

    return Published(request.param, made_once(f"downloads-{request.param}", make) / "data")


def _program(name: str) -> str:
    """The path of a program; without it the test is skipped."""
    return shutil.which(name) or pytest.skip(f"this machine has no {name}")


def _run(*command: str | Path, **options: Any) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- databases and readers of packages ----------------------------------------


def test_frictionless_finds_nothing_wrong(published):
    report = frictionless.Package(str(published.folder / "datapackage.json")).validate()
    assert report.flatten(["title", "type", "note"]) == []


@pytest.fixture
def enforced() -> Iterator[None]:
    """SQLite checks foreign keys only where it is asked to."""

    def ask(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA foreign_keys = ON")

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", ask)
    yield
    sqlalchemy.event.remove(sqlalchemy.Engine, "connect", ask)


def _publish(published: Published, url: str) -> dict[str, int]:
    """Give the package to a database; table → rows it has then."""
    package = frictionless.Package(str(published.folder / "datapackage.json"))
    engine = package.publish(url).context["engine"]
    try:
        with engine.connect() as connection:
            return {
                name: connection.scalar(sqlalchemy.text(f'SELECT count(*) FROM "{name}"'))
                for name in sqlalchemy.inspect(engine).get_table_names()
            }
    finally:
        engine.dispose()


def test_frictionless_loads_sqlite_with_foreign_keys_on(published, tmp_path, enforced):
    assert _publish(published, f"sqlite:///{tmp_path}/package.sqlite") == published.counts
    _holds_its_keys(tmp_path / "package.sqlite", published)


def test_the_published_database_holds_its_keys(published):
    _holds_its_keys(published.one("*.sqlite"), published)


def _holds_its_keys(database: Path, published: Published) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in published.resources
        }
        keys = {
            (name, key[0])
            for name in published.resources
            for key in connection.execute(f'PRAGMA foreign_key_list("{name}")')
        }
    assert counts == published.counts
    assert len(keys) == published.foreign_keys


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL with nothing in it."""
    found = [Path(path).parent for path in (shutil.which("initdb"), shutil.which("pg_ctl")) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # where Debian keeps them
    programs = next((folder for folder in reversed(found) if (folder / "initdb").exists()), None)
    if programs is None:
        pytest.skip("this machine has no PostgreSQL")
    # It refuses to run as root, whom nothing forbids to become another.
    owner = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as folder:  # its socket stands there, so the path has to be short
        if owner:
            shutil.chown(folder, **owner)
        command = [
            programs / "pg_ctl",
            "-D",
            f"{folder}/data",
            "--wait",
            "--silent",
            "--log",
            f"{folder}/log",
        ]
        _run(
            programs / "initdb",
            "-D",
            f"{folder}/data",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
            **owner,
        )
        _run(*command, "-o", f"-F -k {folder} -c listen_addresses=''", "start", **owner)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _run(*command, "-m", "immediate", "stop", **owner)


@pytest.mark.process
def test_frictionless_loads_postgresql(published, postgresql):
    assert _publish(published, postgresql) == published.counts
    engine = sqlalchemy.create_engine(postgresql)
    with engine.connect() as connection:
        found = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
        assert connection.scalar(sqlalchemy.text(found)) == published.foreign_keys
    engine.dispose()


def test_duckdb_reads_every_table_and_finds_the_types(published):
    with duckdb.connect() as connection:
        for name, resource in published.resources.items():
            table = connection.read_csv(str(published.path(name)))
            assert len(table.fetchall()) == published.counts[name], name
            types = dict(zip(table.columns, map(str, table.types), strict=True))
            filled = {column for row in published.rows(name) for column, cell in row.items() if cell}
            for field in resource["schema"]["fields"]:
                # What is text may look like something else where a table has few rows.
                if field["name"] in filled and field["type"] != "string":
                    assert types[field["name"]] in DUCKDB_TYPES[field["type"]], (name, field["name"])


def test_pandas_finds_a_row_by_its_key(published):
    for name, resource in published.resources.items():
        table = pd.read_csv(published.path(name))
        assert len(table) == published.counts[name], name
        assert not table.duplicated(resource["schema"]["primaryKey"]).any(), name


@pytest.mark.process
def test_npm_datapackage_reads_what_it_can_express(published):
    """It puts the row that a key names in the place of the key, and so has nothing left for a second one."""
    node = _program("node")
    if subprocess.run([node, "-e", "require('datapackage')"], capture_output=True).returncode:
        pytest.skip("this machine has no npm datapackage, or NODE_PATH does not lead to it")
    script = """
        require("datapackage").Package.load(process.argv[1]).then(async (found) => {
            const read = (resource) => resource.read({ relations: true }).then((rows) => rows.length, () => null);
            const all = found.resources.map(async (resource) => [resource.name, await read(resource)]);
            console.log(JSON.stringify({ errors: found.errors.length, rows: Object.fromEntries(await Promise.all(all)) }));
        });"""
    said = json.loads(_run(node, "-e", script, published.folder / "datapackage.json"))
    columns = {
        name: [column for key in resource["schema"].get("foreignKeys", ()) for column in key["fields"]]
        for name, resource in published.resources.items()
    }
    beyond = {name for name, used in columns.items() if len(set(used)) < len(used)}
    assert beyond == {"listings"}
    assert said == {
        "errors": 0,
        "rows": {name: None if name in beyond else count for name, count in published.counts.items()},
    }


@pytest.mark.process
def test_libreoffice_opens_the_workbook(published, tmp_path):
    office, book = _program("soffice"), published.one("*.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    _run(office, profile, "--headless", "--convert-to", every_sheet, "--outdir", tmp_path, book)
    sheets = openpyxl.load_workbook(book, read_only=True).sheetnames
    tables = [name for name, resource in published.resources.items() if resource["title"] in sheets]
    assert {"initiatives_wide", "initiatives_newest", "observations"} <= set(tables)
    for name in tables:
        title = published.resources[name]["title"]
        with (tmp_path / f"{book.stem}-{title}.csv").open(encoding="utf-8", newline="") as sheet:
            _, columns, *rows = csv.reader(sheet)
        assert columns == list(published.rows(name)[0]) if published.counts[name] else columns
        assert [_plain(row) for row in rows] == [_plain(row.values()) for row in published.rows(name)], name


def _plain(cells: Iterable[str]) -> list[str]:
    """What stands in cells, however a program writes numbers and truth."""
    return [cell.lower() if cell.lower() in ("true", "false") else cell for cell in cells]


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
    chosen, year, actual, target, _, area, money = re.findall(r"`(\w+)`", text)
    (key,) = re.findall(r"を置いて ([\w-]+) を選び", text)
    one = table[table[chosen] == key].pivot_table(index=year, values=[actual, target], aggfunc="sum")
    newest = table[table[year] == table[year].max()]
    return f"{one}\n{newest.pivot_table(index=area, values=money, aggfunc='sum')}\n"


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
    newest = [int(row["settlement_thousand_yen"] or 0) for row in published.rows("initiatives_newest")]
    assert sum(int(amount) for amount in re.findall(r"\b\d{5,}\b", said)) == sum(newest)
    if published.reports == "one-report":
        assert said.split() == _printed(name).read_text(encoding="utf-8").split(), said
