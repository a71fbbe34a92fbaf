"""The package as an SQLite database: tables with their keys, an index for each, and views of the newest report.

No table is known by name. A foreign key is one to the whole key of a table.
A table of which columns hang on a part of its key stands in the file as a view of its parts, so that nothing in it
is there for every row; what another table has by the same key stands only there.
Keys begin with what tells rows apart, and the document (``source_id``) comes last: so most are their own index.
Where a column is part of a longer key, or names a row of an identity table, it gets a link of its own, too: who
shows a database follows links of one column only.

The same package gives the same bytes with any build of SQLite that lays out its pages alike: what tells the
library apart stands in the header, and is made the same. Must not know where rows come from.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

from shinchoku import derived
from shinchoku.derived import Part
from shinchoku.exports import terms
from shinchoku.package.descriptor import (
    ForeignKey,
    TabularResource,
    fields,
    foreign_keys,
    primary_key,
    resources,
)
from shinchoku.package.dictionary import codes_of
from shinchoku.package.editions import OF_ONE_REPORT, STATED_AGAIN, View
from shinchoku.text import one_line

#: Type in a Table Schema → that of a column. ``REAL``, so that a quotient of two values is none of whole numbers.
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "DATE"}
#: The column that says where a row is printed.
_DOCUMENT = "source_id"
#: Place in the header → what stands there: the number of changes, the same again, and the library's version.
_HEADER = {24: 1, 92: 1, 96: 3_037_000}


def of_package(package: View, published: Collection[TabularResource], homepage: str) -> bytes:
    """Everything that is ``published`` of a package."""
    said = {
        key: package.descriptor[key]
        for key in ("title", "title_en", "description", "description_en", "version", "created")
    }
    said |= {"homepage": homepage} if homepage else {}
    said |= {
        "licence": terms.licence(package),
        "citation": terms.citation(package, homepage, package.sources),
        "calculations": terms.calculation_note(package),
    }
    about = [_about("about", ("item", "text"), 1, said.items()), *_dictionary(published)]
    tables, views = {table.name: table for table in published}, {}
    for name, parts in derived.parts(package.descriptor).items():
        if name in tables:
            whole = tables.pop(name)
            divided, views[name] = _divided(whole, parts, tables)
            tables |= divided
    return encode([*about, *tables.values()], views | current_views(resources(package.descriptor)))


def encode(tables: Collection[TabularResource], views: Mapping[str, str]) -> bytes:
    """The bytes of a database with these tables and, by their names, these views."""
    declared = {table.name: table.resource for table in tables}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")  # both are what most builds do unasked
        database.execute("PRAGMA auto_vacuum = NONE")
        database.execute("PRAGMA ignore_check_constraints = ON")  # the rows are known to be right
        for table in tables:
            keys = _foreign_keys(table.resource, declared)
            database.execute(_create(table.resource, keys))
            places = ", ".join("?" * len(fields(table.resource)))
            database.executemany(
                f"INSERT INTO {_name(table.name)} VALUES ({places})",
                (
                    [value if value.__class__ in _AS_IT_IS else _stored(value) for value in row]
                    for row in table.rows
                ),
            )
            for index in _indexes(table.resource, keys):
                database.execute(index)
        for name, select in views.items():
            database.execute(f"CREATE VIEW {_name(name)} AS\n{select}")
        database.execute("VACUUM")
        serialized = database.serialize()
    content = bytearray(serialized)
    for place, number in _HEADER.items():
        content[place : place + 4] = number.to_bytes(4, "big")
    return bytes(content)


# -- what a table is ------------------------------------------------------------


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_name, names))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _remark(text: str) -> str:
    return f"-- {one_line(text)}".replace("\0", "")


#: Most values are of these classes: no call for them.
_AS_IT_IS = frozenset((str, int, type(None)))


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")  # the column makes the number of it
    if isinstance(value, date):
        return value.isoformat()
    return value


def _key(resource: Mapping[str, Any]) -> tuple[str, ...]:
    return primary_key(resource) if "primaryKey" in resource["schema"] else ()


def _foreign_keys(resource: Mapping[str, Any], declared: Mapping[str, Mapping[str, Any]]) -> list[ForeignKey]:
    """Its own, and for each column the link of its own that it has or its model in another table has."""
    links = (link for column in fields(resource) if (link := _link(resource, column, declared)))
    return list(dict.fromkeys([*foreign_keys(resource), *links]))


def _link(
    resource: Mapping[str, Any], column: str, declared: Mapping[str, Mapping[str, Any]]
) -> ForeignKey | None:
    identity = fields(resource)[column].get("identity", "")
    if identity in declared and resource["name"] != identity:
        return ForeignKey((column,), identity, _key(declared[identity]))
    for key in foreign_keys(resource):
        if column not in key.columns or key.table not in declared:
            continue
        referenced = key.referenced[key.columns.index(column)]
        if _key(declared[key.table]) == (referenced,):
            return ForeignKey((column,), key.table, (referenced,))
        others = {name: each for name, each in declared.items() if name != resource["name"]}
        if key.table in others and (link := _link(others[key.table], referenced, others)):
            return link._replace(columns=(column,))
    return None


def _create(resource: Mapping[str, Any], keys: Iterable[ForeignKey]) -> str:
    """The statement, with titles for those who read it; a remark ends with its line."""
    lines = [(_column(column, field), field.get("title", "")) for column, field in fields(resource).items()]
    own_key = _in_order(_key(resource))
    constraints = [f"PRIMARY KEY ({_names(own_key)})"] if own_key else []
    constraints += [
        f"FOREIGN KEY ({_names(key.columns)}) REFERENCES {_name(key.table)} ({_names(key.referenced)})"
        for key in keys
    ]
    lines += [(constraint, "") for constraint in constraints]
    last = len(lines) - 1
    body = "".join(
        f"\n  {said}{',' if place < last else ''}{'  ' + _remark(title) if title else ''}"
        for place, (said, title) in enumerate(lines)
    )
    # Its rows stand in its key: there is no second copy of that.
    end = ") WITHOUT ROWID" if own_key else ")"
    return f"CREATE TABLE {_name(resource['name'])} (  {_remark(resource['title'])}{body}\n{end}"


def _in_order(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns of a key, that of the document last: many rows have the same one."""
    return tuple(sorted(columns, key=lambda column: column == _DOCUMENT))


def _column(name: str, field: Mapping[str, Any]) -> str:
    constraints = field.get("constraints", {})
    allowed = constraints.get("enum", ())
    if field["type"] == "boolean":
        check = f" CHECK ({_name(name)} IN (0, 1))"
    elif field["type"] == "string" and allowed:
        check = f" CHECK ({_name(name)} IN ({', '.join(map(_text, allowed))}))"
    else:
        check = ""
    required = " NOT NULL" if constraints.get("required") else ""
    return f"{_name(name)} {_TYPES.get(field['type'], 'TEXT')}{required}{check}"


def _indexes(resource: Mapping[str, Any], keys: Iterable[ForeignKey]) -> Iterator[str]:
    """One for each foreign key, but where a longer one, or that of the primary key, begins with its columns.

    None has the document: among the rows of one there is no need to look for those of another.
    """
    known = [_in_order(_key(resource))]
    found = {tuple(column for column in key.columns if column != _DOCUMENT) for key in keys}
    for columns in sorted(found - {()}, key=lambda columns: (-len(columns), columns)):
        if not any(columns == other[: len(columns)] for other in known):
            known.append(columns)
            index = "_".join([resource["name"], *columns])
            yield f"CREATE INDEX {_name(index)} ON {_name(resource['name'])} ({_names(columns)})"


# -- a table in its parts ---------------------------------------------------------


def _divided(
    whole: TabularResource, parts: Iterable[Part], others: Mapping[str, TabularResource]
) -> tuple[dict[str, TabularResource], str]:
    """The tables that hold the parts of one, and the view that is the whole of them."""
    place = {column: each for each, column in enumerate(fields(whole.resource))}
    held: dict[str, str] = {}  # column → the table that has it
    joined, made = "", {}
    for key, columns in parts:
        table = next((name for name, each in others.items() if _holds(each, key, columns)), "")
        if not table:
            table = f"{whole.name}_by_{key[-1]}"
            made[table] = _part(whole, table, key, columns)
        held |= dict.fromkeys(columns, table)
        joined += f"\nJOIN {_name(table)} USING ({_names(key)})"
    rest = [column for column in place if column not in held]
    first = f"{whole.name}_rows"
    made[first] = _part(whole, first, _key(whole.resource), rest)
    selected = ",\n  ".join(f"{_name(held.get(column, first))}.{_name(column)}" for column in place)
    return made, f"SELECT\n  {selected}\nFROM {_name(first)}{joined}"


def _holds(table: TabularResource, key: tuple[str, ...], columns: Iterable[str]) -> bool:
    return _key(table.resource) == key and fields(table.resource).keys() >= {*columns}


def _part(whole: TabularResource, name: str, key: tuple[str, ...], columns: Iterable[str]) -> TabularResource:
    """Of the columns of a table some, with a row for each value of a key."""
    declared = fields(whole.resource)
    names = tuple(dict.fromkeys((*key, *columns)))
    schema = {
        "fields": [declared[column] for column in names],
        "primaryKey": list(key),
        "foreignKeys": [
            each for each in whole.resource["schema"].get("foreignKeys", ()) if each["fields"] in names
        ],
    }
    places = [[*declared].index(column) for column in names]
    found = {
        tuple(row[at] for at in places[: len(key)]): tuple(row[at] for at in places) for row in whole.rows
    }
    resource = {"name": name, "title": f"{whole.resource['title']}の一部", "schema": schema}
    return TabularResource(resource, list(found.values()))


# -- what the file says of itself --------------------------------------------------


def _about(
    name: str, columns: Iterable[str], key_length: int, rows: Iterable[Sequence[Any]]
) -> TabularResource:
    """A table of texts, of which the first columns are the key."""
    names = list(columns)
    schema = {
        "fields": [{"name": each, "type": "string"} for each in names],
        "primaryKey": names[:key_length],
    }
    return TabularResource({"name": name, "title": _ABOUT[name], "schema": schema}, list(rows))


_ABOUT = {
    "about": "このデータについて",
    "about_columns": "表と列の説明",
    "about_codes": "コードの意味",
}


def _dictionary(tables: Iterable[TabularResource]) -> Iterator[TabularResource]:
    said = ("title", "title_en", "unit", "description", "description_en")
    columns = [
        (table.name, name, *map(field.get, said))
        for table in tables
        for name, field in fields(table.resource).items()
    ]
    names = ("table_name", "column_name", *said)
    yield _about("about_columns", names, 2, columns)
    codes = [
        (
            table.name,
            name,
            code.value,
            code.label,
            code.label_en,
            code.meaning or None,
            code.meaning_en or None,
        )
        for table in tables
        for name, field in fields(table.resource).items()
        if field["type"] == "string"
        for code in codes_of(field).values()
    ]
    names = ("table_name", "column_name", "code", "label", "label_en", "meaning", "meaning_en")
    yield _about("about_codes", names, 3, codes)


# -- the newest report ----------------------------------------------------------


def current_views(declared: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """``current_{table}`` → the rows that the edition of the newest report has of it (``editions``)."""
    newest = (
        "SELECT source_id FROM sources\n"
        "WHERE report_fiscal_year IS (SELECT max(report_fiscal_year) FROM sources)"
    )
    views = {
        f"current_{table}": f"SELECT * FROM {table} WHERE source_id IN ({newest})"
        for table in OF_ONE_REPORT
        if table in declared
    }
    for table, key in STATED_AGAIN.items():
        if table not in declared:
            continue
        parent = next(each.table for each in foreign_keys(declared[table]) if key[0] in each.columns)
        same = " AND ".join(f"other.{column} = stated.{column}" for column in key)
        views[f"current_{table}"] = (
            f"SELECT stated.* FROM {table} AS stated JOIN sources USING (source_id)\n"
            f"WHERE stated.{key[0]} IN (SELECT {key[0]} FROM current_{parent})\n"
            f"AND report_fiscal_year IS (\n"
            f"  SELECT max(report_fiscal_year) FROM {table} AS other JOIN sources USING (source_id) WHERE {same}\n)"
        )
    return views
