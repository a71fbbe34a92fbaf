"""The log of changes: computed, it tells every change since the first version, and nothing else."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import builders
from hostile import PAYLOADS
from shinchoku.changes import log, releasing, versions
from shinchoku.changes.comparing import compare
from shinchoku.changes.log import entries_between, object_of, row_text
from shinchoku.changes.versions import Step
from shinchoku.exports import bundle
from shinchoku.package.cells import Table, parse_table
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package
from shinchoku.package.records import LOG, LogEntry, Release
from shinchoku.package.writing import csv_bytes

FIXTURE = Path(__file__).parent / "fixtures" / "small-package"
DAY = date(2027, 1, 5)
KEYS = {"corrections": ("table_name", "record_key", "column_name")}


def table(text: str, *key: str) -> Table:
    return parse_table("".join(f"{line.strip()}\n" for line in text.split("/")), key)


def state(values: str, **others: Table) -> dict[str, Table]:
    return {"values": table(values, "id", "year"), **others}


def told(released: dict[str, Table], current: dict[str, Table]) -> list[tuple[str, ...]]:
    return [
        (item.record_key, item.column_name or "", item.kind, item.old_value or "", item.new_value or "")
        for item in entries_between(released, current)
    ]


OLD = "id,year,value,note / a,2021,1,x / a,2022,2, / b,2022,3,y"


# -- what differs -----------------------------------------------------------


def test_nothing_changed_and_nothing_to_tell():
    assert entries_between(state(OLD), state(OLD)) == []


def test_each_changed_cell_and_each_row_that_came_or_went_is_told():
    new = "id,year,value,note / a,2021,5, / a,2022,2, / c,2022,,新しい"
    assert told(state(OLD), state(new)) == [
        ("a:2021", "value", "changed", "1", "5"),
        ("a:2021", "note", "changed", "x", ""),
        ("c:2022", "", "added", "", '{"id": "c", "year": "2022", "note": "新しい"}'),
        ("b:2022", "", "removed", '{"id": "b", "year": "2022", "value": "3", "note": "y"}', ""),
    ]


def test_the_log_is_no_table_whose_changes_are_told():
    some = {LOG: table("change_number / 1", "change_number")}
    assert entries_between(state(OLD, **some), state(OLD)) == []
    assert entries_between(state(OLD), state(OLD, **some)) == []


def test_a_table_that_came_is_told_row_by_row_and_one_that_went_too():
    people = {"people": table("id,name / p,花子", "id")}
    assert told(state(OLD), state(OLD, **people)) == [("p", "", "added", "", '{"id": "p", "name": "花子"}')]
    assert told(state(OLD, **people), state(OLD)) == [("p", "", "removed", '{"id": "p", "name": "花子"}', "")]


def test_a_new_column_is_a_change_only_where_it_says_something():
    new = "id,year,value,note,unit / a,2021,1,x, / a,2022,2,,人 / b,2022,3,y,"
    assert told(state(OLD), state(new)) == [("a:2022", "unit", "changed", "", "人")]


def test_a_longer_key_alone_changes_no_value():
    released = {"values": table("id,year,value / a,2021,1 / a,2022,2", "id", "year")}
    current = {"values": table("id,year,value / a,2021,1 / a,2022,3", "year", "id")}
    assert told(released, current) == [("2022:a", "value", "changed", "2", "3")]


def test_a_key_of_a_new_column_alone_changes_no_value():
    released = {"values": table("id,value / a,1 / b,2", "id")}
    current = {"values": table("source,id,value / r,a,1 / r,b,3", "source", "id")}
    assert told(released, current) == [("b", "value", "changed", "2", "3")]


@pytest.mark.parametrize("text", [*PAYLOADS, "a:b", '"', "{", "1,2", "\\n", "、"])
def test_whatever_a_cell_says_is_told_as_it_is(text):
    rows = [["a", "2021", text], ["b", "2022", text]]
    cells = csv_bytes(["id", "year", "value"], rows).decode("utf-8")
    changed, added = entries_between(
        {"values": table("id,year,value / a,2021,1", "id", "year")},
        {"values": parse_table(cells, ("id", "year"))},
    )
    assert (changed.new_value, object_of(added.new_value)["value"]) == (text, text)


@pytest.mark.parametrize("text", ["", "[]", "1", '{"a": 1}', '{"a": ""}', '{"a": null}', "{", "[" * 99999])
def test_what_is_no_row_is_not_taken_for_one(text):
    assert object_of(text) in ({}, {"a": "1"}, {"a": ""}, {"a": "None"})


def test_a_row_is_written_and_read_back():
    assert object_of(row_text({"a": '「値」, "x"\\', "b": ""})) == {"a": '「値」, "x"\\'}


# -- what is written ---------------------------------------------------------------


def test_a_line_says_where_the_new_value_is_printed():
    columns = "id,year,amount,amount_line,source_id,source_line,note"
    old, new = (
        state(f"{columns} / a,2021,{amount},7,doc,3,{note} / b,2021,1,,doc,4,{note}")
        for amount, note in ((1, "x"), (2, "y"))
    )
    found = entries_between(old, new, 5, DAY, "理由")
    assert [(e.change_number, e.record_key, e.column_name, e.source_id, e.source_line) for e in found] == [
        (5, "a:2021", "amount", "doc", 7),
        (6, "a:2021", "note", "doc", 3),
        (7, "b:2021", "note", "doc", 4),
    ]
    assert {(e.changed_on, e.reason) for e in found} == {(DAY, "理由")}


def test_what_is_in_no_version_has_neither_day_nor_reason():
    assert {(e.changed_on, e.reason) for e in entries_between(state(OLD), state("id,year,value,note"))} == {
        (None, None)
    }


def test_what_is_printed_nowhere_has_no_place():
    gone = entries_between(state(OLD), state("id,year,value,note"))
    assert {(item.source_id, item.source_line) for item in gone} == {(None, None)}


def test_a_reading_is_printed_where_its_record_is():
    header = "table_name,record_key,column_name,value"
    key = ("table_name", "record_key", "column_name")
    values = "id,year,source_id,source_line / a,2021,doc,3"
    old = state(values, readings=table(f"{header} / values,a:2021,value,1 / gone,1,value,1", *key))
    new = state(values, readings=table(f"{header} / values,a:2021,value,2 / gone,1,value,2", *key))
    assert [(item.source_id, item.source_line) for item in entries_between(old, new)] == [
        ("doc", 3),
        (None, None),
    ]


def corrections(*rows: str) -> Table:
    header = "table_name,record_key,column_name,reason,corrected_on"
    return table(" / ".join([header, *rows]), *KEYS["corrections"])


def test_a_correction_has_its_own_reason_and_day_and_comes_first():
    added = corrections(
        "values,a:2021,value,発行者から連絡,2027-03-01", "values,a:2022,value,市の訂正,2027-02-01"
    )
    new = state("id,year,value,note / a,2021,5,z / a,2022,6, / b,2022,3,y", corrections=added)
    found = entries_between(state(OLD, corrections=corrections()), new, 1, DAY, "転記の誤り")
    assert [(e.table_name, e.column_name, e.changed_on.isoformat(), e.reason) for e in found] == [
        ("values", "value", "2027-02-01", "市の訂正"),
        ("corrections", None, "2027-02-01", "市の訂正"),
        ("values", "value", "2027-03-01", "発行者から連絡"),
        ("corrections", None, "2027-03-01", "発行者から連絡"),
        ("values", "note", "2027-01-05", "転記の誤り"),
    ]


def test_a_correction_that_is_taken_back_is_a_change_of_the_version():
    some = corrections("values,a:2021,value,発行者から連絡,2027-03-01")
    found = entries_between(
        state(OLD, corrections=some), state(OLD, corrections=corrections()), 1, DAY, "もどす"
    )
    assert [(e.kind, e.reason) for e in found] == [("removed", "もどす")]


# -- documents that come --------------------------------------------------------------

SOURCES = "source_id,title,sha256"


def with_document() -> tuple[dict[str, Table], dict[str, Table]]:
    """A state, and the same with a document more: two values of it, a reading of one, and another change."""
    key = ("table_name", "record_key", "column_name")
    columns = "source_id,id,value"

    def package_of(sources: str, values: str, readings: str) -> dict[str, Table]:
        return {
            "sources": table(f"{SOURCES}{sources}", "source_id"),
            "values": table(f"{columns}{values}", "source_id", "id"),
            "readings": table(f"table_name,record_key,column_name,value{readings}", *key),
        }

    before = package_of(" / r4,報告,0", " / r4,a,1", "")
    after = package_of(
        " / r4,報告,0 / r5,次の報告,1",
        " / r4,a,2 / r5,a,1 / r5,b,2",
        " / values,r5:b,value,2",
    )
    return before, after


def test_a_document_is_one_entry_that_counts_its_rows():
    arrived, changed = entries_between(*with_document())
    assert (arrived.table_name, arrived.record_key, arrived.kind) == ("sources", "r5", log.IMPORTED)
    assert json.loads(arrived.new_value) == {"sources": 1, "values": 2, "readings": 1}
    assert (arrived.reason, arrived.source_id) == ("「次の報告」（r5）を取り込んだ。", "r5")
    assert (changed.record_key, changed.old_value, changed.new_value) == ("r4:a", "1", "2")


def test_values_of_a_replaced_document_say_so():
    before, after = with_document()
    after["sources"] = table(f"{SOURCES} / r4,報告,9", "source_id")
    after["values"] = table("source_id,id,value / r4,a,2", "source_id", "id")
    after["readings"] = before["readings"]
    found = entries_between(before, after, 1, DAY, "版の説明")
    assert [(e.table_name, e.column_name, e.reason) for e in found] == [
        ("sources", "sha256", "「報告」（r4）を差し替えた。"),
        ("values", "value", "「報告」（r4）を差し替えた。"),
    ]


# -- how far the version steps --------------------------------------------------------


def schema(*resources: tuple[str, str, list[str], list[str]]) -> dict:
    """(name, columns with a type, key, tables referred to) → a descriptor."""
    return {
        "resources": [
            {
                "name": name,
                "schema": {
                    "fields": [
                        dict(zip(("name", "type", "unit"), field.split("/"), strict=False))
                        for field in fields.split()
                    ],
                    "primaryKey": key,
                    "foreignKeys": [
                        {"fields": "x", "reference": {"resource": target, "fields": "x"}}
                        for target in targets
                    ],
                },
            }
            for name, fields, key, targets in resources
        ]
    }


VALUES = ("values", "id/string value/number/人", ["id"], ["people"])
PEOPLE = ("people", "id/string", ["id"], [])
NOTES = ("source_notes", "id/string", ["id"], [])
ROWS = {"values": "id,value / a,1", "people": "id / p", "source_notes": "id / n"}


@pytest.mark.parametrize(
    ("resources", "rows", "step", "why"),
    [
        ((VALUES, PEOPLE, NOTES), {}, Step.PATCH, ""),
        ((VALUES, PEOPLE, NOTES), {"values": "id,value / a,2"}, Step.PATCH, ""),
        ((VALUES, PEOPLE, NOTES), {"source_notes": "id / n / m"}, Step.PATCH, ""),
        ((VALUES, PEOPLE, NOTES), {"source_notes": "id"}, Step.PATCH, ""),
        ((VALUES, PEOPLE, NOTES), {"values": "id,value"}, Step.PATCH, ""),
        ((VALUES, PEOPLE, NOTES), {"values": "id,value / a,1 / b,2"}, Step.MINOR, "表 values に1行が加わりました"),
        ((VALUES, PEOPLE, NOTES), {"people": "id / p / q"}, Step.MINOR, "表 people に1行"),
        ((VALUES, PEOPLE, NOTES), {"people": "id / q"}, Step.MAJOR, "表 people から1行のIDがなくなりました"),
        ((VALUES, NOTES), {}, Step.MAJOR, "表 people がなくなりました"),
        ((VALUES, PEOPLE, NOTES, ("more", "id/string", ["id"], [])), {"more": "id"}, Step.MINOR, "表 more が加わりました"),
        ((("values", "id/string", ["id"], []), PEOPLE, NOTES), {"values": "id / a"}, Step.MAJOR, "列 value がなくなりました"),
        ((("values", "id/string value/number/人 note/string", ["id"], []), PEOPLE, NOTES), {"values": "id,value,note / a,1,"}, Step.MINOR, "列 note が加わりました"),
        ((("values", "id/string value/string/人", ["id"], []), PEOPLE, NOTES), {}, Step.MAJOR, "列 value の型か単位"),
        ((("values", "id/string value/number/千人", ["id"], []), PEOPLE, NOTES), {}, Step.MAJOR, "列 value の型か単位"),
        ((("values", "id/string value/number/人", ["id", "value"], []), PEOPLE, NOTES), {}, Step.MAJOR, "主キーが変わりました"),
    ],
)  # fmt: skip
def test_the_least_step_is_read_from_the_difference(resources, rows, step, why):
    old = schema(VALUES, PEOPLE, NOTES)
    new = schema(*resources)

    def tables(descriptor: dict, texts: dict[str, str]) -> dict[str, Table]:
        return {
            item["name"]: table(texts[item["name"]], *item["schema"]["primaryKey"])
            for item in descriptor["resources"]
        }

    found = versions.demands(old, new, compare(tables(old, ROWS), tables(new, ROWS | rows)))
    assert max((demand.step for demand in found), default=Step.PATCH) == step
    assert (found[0].why.startswith(why) or why in found[0].why) if why else found == ()


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [("1.2.3", "1.2.4", Step.PATCH), ("1.2.3", "1.3.0", Step.MINOR), ("1.9.3", "2.0.0", Step.MAJOR), ("0.9.9", "0.9.10", Step.PATCH)],
)  # fmt: skip
def test_steps_are_counted_by_number(old, new, step):
    assert versions.least_version(old, step) == new
    assert [versions.is_far_enough(old, new, each) for each in Step] == [each <= step for each in Step]


# -- for readers -------------------------------------------------------------------


def entry(number: int, reason: str | None = "訂正", day: date | None = DAY) -> LogEntry:
    return LogEntry(number, day, "values", "a", "value", "changed", "1", "2", None, None, reason)


def version(number: str, last: int | None, summary: str = "説明") -> Release:
    return Release(number, DAY, summary, f"{number}.zip", 1, "0" * 64, last)


def test_changes_between_two_versions_for_one_reason_belong_together_newest_first():
    entries = [entry(1), entry(2, "説明"), entry(3), entry(4), entry(5, None, None)]
    releases = (version("1.0.0", None), version("1.0.1", 2), version("1.1.0", 3))
    found = log.groups(Package({}, changes=tuple(entries), releases=releases))
    assert [
        (
            group.since,
            group.release and group.release.version,
            group.reason,
            [e.change_number for e in group.entries],
        )
        for group in found
    ] == [
        ("1.1.0", None, "", [5]),
        ("1.1.0", None, "訂正", [4]),
        ("1.0.1", "1.1.0", "訂正", [3]),
        ("1.0.0", "1.0.1", "説明", [2]),
        ("1.0.0", "1.0.1", "訂正", [1]),
    ]
    assert [group.day for group in found] == [None, DAY, DAY, DAY, DAY]


def test_a_group_is_called_the_same_before_and_after_its_version():
    first = version("1.0.0", None)
    for before, after in (("訂正", "訂正"), (None, "説明")):
        (group,) = log.groups(Package({}, changes=(entry(1, before),), releases=(first,)))
        (released,) = log.groups(
            Package({}, changes=(entry(1, after),), releases=(first, version("1.0.1", 1)))
        )
        assert group.name == released.name


# -- of a folder --------------------------------------------------------------------


@pytest.fixture
def released(project: Path, tmp_path: Path) -> Path:
    """A tiny package with its first version."""
    folder = tmp_path / "package"
    shutil.copytree(FIXTURE, folder)
    builders.copy_descriptor(folder)
    releasing.release(folder, "1.0.0", "最初の版です。", date(2026, 11, 22), bundle.archive)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "data" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def changes(folder: Path) -> tuple[LogEntry, ...]:
    return log.with_log(read_package(folder), folder).changes


def test_before_the_first_version_and_before_the_first_change_nothing_is_told(project, tmp_path, released):
    assert changes(released) == ()
    shutil.rmtree(released / "releases")
    edit(released, "source_notes", "最初の掲載では175。", "最初の掲載の行では175。")
    assert changes(released) == ()


def test_a_change_keeps_its_number_and_words_from_its_version_on(released):
    edit(released, "source_notes", "最初の掲載では175。", "最初の掲載の行では175。")
    (found,) = changes(released)
    assert (found.old_value, found.new_value) == ("最初の掲載では175。", "最初の掲載の行では175。")
    assert (found.change_number, found.changed_on, found.reason, found.source_line) == (1, None, None, 20)
    releasing.release(released, "1.0.1", "言い方をそろえた。", DAY, bundle.archive)
    (first,) = changes(released)
    assert (first.change_number, first.changed_on, first.reason) == (1, DAY, "言い方をそろえた。")
    edit(released, "source_notes", "最初の掲載の行では175。", "初めの行では175。")
    edit(released, "corrections", "2024-04-01", "2024-04-02")
    assert [item.change_number for item in changes(released)] == [1, 2, 3]
    assert changes(released)[0] == first


def test_the_published_descriptor_says_that_the_table_is_derived(package):
    described = package.descriptor["resources"][-1]
    assert (described["name"], described["derived"]) == (LOG, True)
    assert [field["name"] for field in described["schema"]["fields"]] == list(LogEntry.__dataclass_fields__)
