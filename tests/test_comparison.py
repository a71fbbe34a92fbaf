"""Values by key, before and after: the schema may have changed in between."""

from __future__ import annotations

import json

import pytest

from shinchoku.changes.comparing import Kind, compare
from shinchoku.package.cells import Table, UnreadableTable, parse_table, read_cells
from shinchoku.package.descriptor import PackageError, primary_key, read_descriptor, resources


def table(text: str, *key: str) -> Table:
    return parse_table("".join(f"{line.strip()}\n" for line in text.split("/")), key or ("id",))


def only(old: Table | None, new: Table | None):
    """What is told of the one table there is."""
    (found,) = compare({"t": old} if old else {}, {"t": new} if new else {})
    return found


def told(old: Table | None, new: Table | None) -> list[tuple[str, str]]:
    return [(row.kind, ":".join(row.key)) for row in only(old, new).rows]


def test_equal_tables_tell_nothing_whatever_the_order_of_rows_and_columns():
    found = only(table("id,a / 1,x / 2,y"), table("a,id / y,2 / x,1"))
    assert not found.is_changed


def test_rows_and_cells_that_differ():
    old = table("id,a,b / 1,x, / 2,y,z / 3,,w")
    new = table("id,a,b / 1,x,v / 3,,w / 4,q,")
    assert [(row.kind, row.key, row.old, row.new, row.columns) for row in only(old, new).rows] == [
        (Kind.CHANGED, ("1",), {"id": "1", "a": "x", "b": ""}, {"id": "1", "a": "x", "b": "v"}, ("b",)),
        (Kind.ADDED, ("4",), {}, {"id": "4", "a": "q", "b": ""}, ("a",)),
        (Kind.REMOVED, ("2",), {"id": "2", "a": "y", "b": "z"}, {}, ("a", "b")),
    ]


def test_a_renamed_id_is_a_row_removed_and_a_row_added():
    assert told(table("id,a / 1,x"), table("id,a / 2,x")) == [("added", "2"), ("removed", "1")]


def test_a_row_of_nothing_but_its_key_is_told_too():
    found = only(table("id,a / 1,"), table("id,a"))
    assert [(row.kind, row.columns) for row in found.rows] == [(Kind.REMOVED, ())]


def test_columns_come_and_go_without_every_row_having_changed():
    found = only(table("id,a,b / 1,x,y"), table("id,b,c / 1,z,w"))
    assert (found.columns_added, found.columns_removed) == (("c",), ("a",))
    assert [row.columns for row in found.rows] == [("b",)]
    assert found.is_schema_changed


@pytest.mark.parametrize("is_added", [True, False])
def test_a_table_comes_or_goes(is_added):
    some = table("id,a / 1,x")
    found = only(None, some) if is_added else only(some, None)
    assert [row.kind for row in found.rows] == [Kind.ADDED if is_added else Kind.REMOVED]
    assert (found.before, found.after) == ((None, some) if is_added else (some, None))
    assert found.is_schema_changed and not found.columns_added and not found.columns_removed


def test_an_empty_table_that_comes_is_told():
    assert only(None, table("id,a")).is_changed


def test_a_wider_key_of_columns_that_were_there_compares_the_rows():
    old = table("id,source,a / 1,r4,x", "id")
    new = table("id,source,a / 1,r4,x / 1,r5,y", "id", "source")
    found = only(old, new)
    assert found.key == ("id", "source")
    assert told(old, new) == [("added", "1:r5")]


def test_a_key_of_a_new_column_gives_way_to_the_old_key_while_that_is_unique():
    old = table("id,a / 1,x / 2,y", "id")
    new = table("id,edition,a / 1,r4,x / 2,r4,z", "id", "edition")
    assert only(old, new).key == ("id",)
    assert told(old, new) == [("changed", "2")]


def test_rows_no_key_tells_apart_are_named_and_not_guessed():
    old = table("id,a / 1,x / 2,y", "id")
    new = table("id,edition,a / 1,r4,x / 1,r5,z / 2,r4,y", "id", "edition")
    found = only(old, new)
    assert (found.key, found.incomparable, found.rows) == (("id",), (("1",),), ())


def test_a_key_without_a_common_column_compares_nothing():
    found = only(table("id,a / 1,x", "id"), table("name,a / 1,x", "name"))
    assert (found.key, found.rows, len(found.before.rows), len(found.after.rows)) == ((), (), 1, 1)
    assert found.is_schema_changed


def test_the_same_double_rows_on_both_sides_are_no_change():
    assert not only(table("id,a / 1,x / 1,y"), table("id,a / 1,y / 1,x")).is_changed
    assert only(table("id,a / 1,x / 1,y"), table("id,a / 1,y")).incomparable == (("1",),)


def test_what_is_written_in_a_cell_is_kept_as_it_is():
    text = '\ufeffid,a\r\n1,"x ""y"",\r\nz"\r\n\r\n2, \u3000\n'
    assert [row["a"] for row in parse_table(text, ["id"]).rows] == ['x "y",\r\nz', " \u3000"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1行目"),
        ("id,id\n", "2回"),
        ("a\n", "主キーの列 id"),
        ("id,a\n1\n", "2行目"),
        ("id,a\n1,x,y\n", "2行目"),
        ('id,a\n1,"x\n', "CSVとして読めません"),
        ('id,a\n1,"x"y\n', "2行目"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(text, said):
    with pytest.raises(UnreadableTable, match=said):
        parse_table(text, ["id"])


def test_the_published_package_reads_as_cells_and_equals_itself(project):
    cells = read_cells(project)
    declared = resources(read_descriptor(project))
    assert {name: each.key for name, each in cells.items()} == {
        name: primary_key(resource) for name, resource in declared.items()
    }
    assert not any(found.is_changed for found in compare(cells, cells))


def test_a_table_outside_the_folder_is_not_read(tmp_path):
    (tmp_path / "outside.csv").write_text("id\n1\n")
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "datapackage.json").write_text(
        '{"resources": [{"name": "t", "path": "../outside.csv", "schema":'
        ' {"fields": [{"name": "id", "type": "string"}], "primaryKey": "id"}}]}'
    )
    with pytest.raises(PackageError, match="外"):
        read_cells(folder)


@pytest.mark.parametrize("schema", ["../t.json", "/etc/hostname", "data/link.json", "data/loop.json", "a\0b"])
def test_a_schema_outside_the_folder_is_not_read(tmp_path, schema):
    folder = tmp_path / "package"
    (folder / "data").mkdir(parents=True)
    (tmp_path / "t.json").write_text('{"fields": [], "primaryKey": "id"}')
    if schema.startswith("data/"):
        (folder / schema).symlink_to(folder / schema if "loop" in schema else tmp_path / "t.json")
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    with pytest.raises(PackageError, match="外"):
        read_descriptor(folder)


@pytest.mark.parametrize(
    ("content", "said"), [(None, "ありません"), ("<<<<<<< HEAD\n{}", "JSON"), ("[]", "定義")]
)
def test_a_schema_nobody_can_read_is_said_to_be_wrong(tmp_path, content, said):
    resource = {"name": "t", "path": "t.csv", "schema": "t.json"}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    if content is not None:
        (tmp_path / "t.json").write_text(content)
    with pytest.raises(PackageError, match=said):
        read_descriptor(tmp_path)


@pytest.mark.parametrize("descriptor", ["[]", "{}", '{"resources": [{}]}', '{"resources": [1]}'])
def test_a_descriptor_that_describes_no_tables_is_said_to_be_wrong(tmp_path, descriptor):
    (tmp_path / "datapackage.json").write_text(descriptor)
    with pytest.raises(PackageError, match="定義"):
        read_cells(tmp_path)
