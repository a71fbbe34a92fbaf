"""The log of changes: it tells every change since the newest version, and nothing else."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from hostile import PAYLOADS
from killing import run_and_kill
from shinchoku import cli, history, package, recording, releasing, validation
from shinchoku.comparison import Kind, Table, parse_table
from shinchoku.history import LOG, Step, cells_of, check, entries, row_text
from shinchoku.model import Change, columns

FIXTURE = Path(__file__).parent / "fixtures" / "small-package"
DAY = date(2027, 1, 5)
KEYS = {
    "values": ("id", "year"),
    "corrections": ("table_name", "record_key", "column_name"),
    "people": ("id",),
}


def table(text: str, *key: str) -> Table:
    return parse_table("".join(f"{line.strip()}\n" for line in text.split("/")), key)


def log(*lines: str) -> Table:
    """Lines of the log from ``table|key|column|kind|old|new``; number, date and reason are filled in."""
    cells = [
        [str(number), "2026-11-22", *line.split("|"), "", "", "訂正"] for number, line in enumerate(lines, 1)
    ]
    text = package.csv_bytes(columns(Change), cells).decode("utf-8")
    return parse_table(text, ("change_number",))


def state(values: str, *lines: str, **others: Table) -> dict[str, Table]:
    return {"values": table(values, "id", "year"), LOG: log(*lines), **others}


def told(released: dict[str, Table], current: dict[str, Table]) -> list[tuple[str, str, str, str, str]]:
    found = check(released, current)
    assert found.disagreements == ()
    return [(item.record_key, item.column, item.kind.value, item.old, item.new) for item in found.unrecorded]


OLD = "id,year,value,note / a,2021,1,x / a,2022,2, / b,2022,3,y"


# -- what is unrecorded -----------------------------------------------------------


def test_nothing_changed_and_nothing_to_tell():
    assert check(state(OLD), state(OLD)).is_complete


def test_each_changed_cell_and_each_row_that_came_or_went_is_told():
    new = "id,year,value,note / a,2021,5, / a,2022,2, / c,2022,,新しい"
    assert told(state(OLD), state(new)) == [
        ("a:2021", "value", "changed", "1", "5"),
        ("a:2021", "note", "changed", "x", ""),
        ("c:2022", "", "added", "", '{"id": "c", "year": "2022", "note": "新しい"}'),
        ("b:2022", "", "removed", '{"id": "b", "year": "2022", "value": "3", "note": "y"}', ""),
    ]


def test_what_is_recorded_is_not_told_again():
    new = "id,year,value,note / a,2021,5,x / a,2022,2, / c,2022,,新しい"
    recorded = [
        "values|a:2021|value|changed|1|4",
        "values|a:2021|value|changed|4|5",
        'values|c:2022||added||{"id": "c", "year": "2022", "note": "旧"}',
        "values|c:2022|note|changed|旧|新しい",
        'values|b:2022||removed|{"id": "b", "year": "2022", "value": "3", "note": "y"}|',
    ]
    assert check(state(OLD), state(new, *recorded)).is_complete


def test_a_row_that_changed_after_it_was_recorded_as_added_is_told():
    new = f"{OLD} / c,2022,7,"
    added = 'values|c:2022||added||{"id": "c", "year": "2022", "value": "6"}'
    assert told(state(OLD), state(new, added)) == [("c:2022", "value", "changed", "6", "7")]


def test_a_value_that_the_log_says_changed_and_that_did_not_is_told():
    assert told(state(OLD), state(OLD, "values|a:2021|value|changed|1|4")) == [
        ("a:2021", "value", "changed", "4", "1")
    ]


def test_the_log_is_no_table_whose_changes_are_recorded():
    now = state(OLD.replace("1,x", "2,x"), "values|a:2021|value|changed|1|2")
    assert check(state(OLD), now).is_complete


def test_a_table_that_came_is_told_row_by_row_and_one_that_went_too():
    people = {"people": table("id,name / p,花子", "id")}
    assert told(state(OLD), state(OLD, **people)) == [("p", "", "added", "", '{"id": "p", "name": "花子"}')]
    assert told(state(OLD, **people), state(OLD)) == [("p", "", "removed", '{"id": "p", "name": "花子"}', "")]


def test_a_new_column_is_a_change_only_where_it_says_something():
    new = "id,year,value,note,unit / a,2021,1,x, / a,2022,2,,人 / b,2022,3,y,"
    assert told(state(OLD), state(new)) == [("a:2022", "unit", "changed", "", "人")]


def test_a_longer_key_alone_changes_no_value():
    released = {"values": table("id,year,value / a,2021,1 / a,2022,2", "id", "year"), LOG: log()}
    current = {"values": table("id,year,value / a,2021,1 / a,2022,3", "year", "id"), LOG: log()}
    assert told(released, current) == [("2022:a", "value", "changed", "2", "3")]


@pytest.mark.parametrize("text", [*PAYLOADS, "a:b", '"', "{", "1,2", "\\n", "、"])
def test_whatever_a_cell_says_is_recorded_as_it_is(text):
    cells = package.csv_bytes(["id", "year", "value"], [["a", "2021", text], ["b", "2022", text]]).decode(
        "utf-8"
    )
    new = {"values": parse_table(cells, ("id", "year")), LOG: log()}
    found = check({"values": table("id,year,value / a,2021,1", "id", "year"), LOG: log()}, new)
    assert {
        cells_of(item.new)["value"] if item.kind == "added" else item.new for item in found.unrecorded
    } == {text}
    written = entries(found.unrecorded, new, DAY, "訂正")
    again = package.csv_bytes(columns(Change), ([getattr(e, c) for c in columns(Change)] for e in written))
    new[LOG] = parse_table(again.decode("utf-8"), ("change_number",))
    assert check({"values": table("id,year,value / a,2021,1", "id", "year"), LOG: log()}, new).is_complete


# -- what does not fit -----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("values|a:2021|value|changed|9|4", "前の値は「9」ではなく「1」でした"),
        ("values|z:2021|value|changed|1|4", "行「z:2021」はありません"),
        ("vales|a:2021|value|changed|1|4", "表「vales」はありません"),
        ("values|a:2021|year|changed|2021|2022", "値を変えられる列ではありません"),
        ("values|a:2021||changed|1|4", "値を変えられる列ではありません"),
        ('values|a:2021||added||{"id": "a", "year": "2021"}', "加える前からあります"),
        ('values|c:2021||added||{"id": "a", "year": "2021"}', "JSONで書いたものではありません"),
        ("values|c:2021||added||1", "JSONで書いたものではありません"),
        ("values|c:2021||added||" + "[" * 9999, "JSONで書いたものではありません"),
        ('values|c:2021||added||{"id": "c", "year": 2021}', "JSONで書いたものではありません"),
        ('values|b:2022||removed|{"id": "b", "year": "2022"}|', "中身と違います"),
        ("values|z:2022||removed|{}|", "行「z:2022」はありません"),
    ],
)
def test_a_line_that_does_not_fit_is_named(line, says):
    (fault,) = check(state(OLD), state(OLD, line)).disagreements
    assert fault.startswith("変更番号1の記録：") and says in fault


def test_the_lines_of_a_version_may_not_change_nor_go():
    line = "values|a:2021|value|changed|0|1"
    assert check(state(OLD, line), state(OLD, line)).is_complete
    for now in ([], ["values|a:2021|value|changed|3|1"], ["values|a:2021|note|changed||x", line]):
        (fault, *_) = check(state(OLD, line), state(OLD, *now)).disagreements
        assert "変更番号1の記録は前の版にあります" in fault


def test_rows_that_the_key_does_not_tell_apart_are_named():
    narrow = {"values": table("id,value / a,1", "id"), LOG: log()}
    (fault,) = check(
        {"values": table("id,year,value / a,1,1 / a,2,1", "id", "year"), LOG: log()}, narrow
    ).disagreements
    assert "今の主キーでは「a」となる行が2つ以上" in fault
    twice = {"values": table("id,value / a,1 / a,2", "id"), LOG: log()}
    (fault,) = check(narrow, twice).disagreements
    assert "主キーが「a」の行が2つ以上" in fault


@pytest.mark.parametrize("text", ["", "[]", "1", '{"a": 1}', '{"a": ""}', '{"a": null}', "{", "[" * 99999])
def test_what_is_no_row_is_not_taken_for_one(text):
    assert cells_of(text) is None


def test_a_row_is_written_and_read_back():
    assert cells_of(row_text({"a": '「値」, "x"\\', "b": ""})) == {"a": '「値」, "x"\\'}


# -- what is written ---------------------------------------------------------------


def test_a_line_says_where_the_new_value_is_printed():
    columns_ = "id,year,amount,amount_line,source_id,source_line,note"
    old, new = (
        f"{columns_} / a,2021,{amount},7,doc,3,{note} / b,2021,1,,doc,4,{note}"
        for amount, note in ((1, "x"), (2, "y"))
    )
    current = state(new)
    written = entries(check(state(old), current).unrecorded, current, DAY, "理由")
    assert [(e.change_number, e.record_key, e.column_name, e.source_id, e.source_line) for e in written] == [
        (1, "a:2021", "amount", "doc", 7),
        (2, "a:2021", "note", "doc", 3),
        (3, "b:2021", "note", "doc", 4),
    ]
    assert {(e.changed_on, e.reason) for e in written} == {(DAY, "理由")}


def test_what_is_printed_nowhere_has_no_place():
    gone = entries(check(state(OLD), state("id,year,value,note")).unrecorded, state(OLD), DAY, "理由")
    assert {(item.source_id, item.source_line) for item in gone} == {(None, None)}


def test_a_reading_is_printed_where_its_record_is():
    header = "table_name,record_key,column_name,value"
    key = ("table_name", "record_key", "column_name")
    values = "id,year,source_id,source_line / a,2021,doc,3"
    old = state(values, readings=table(f"{header} / values,a:2021,value,1 / gone,1,value,1", *key))
    new = state(values, readings=table(f"{header} / values,a:2021,value,2 / gone,1,value,2", *key))
    written = entries(check(old, new).unrecorded, new, DAY, "理由")
    assert [(item.source_id, item.source_line) for item in written] == [("doc", 3), (None, None)]


def test_the_reason_of_a_correction_goes_before_the_one_that_was_given():
    header = "table_name,record_key,column_name,reason"
    new = state(
        OLD.replace("1,x", "2,z"),
        corrections=table(f"{header} / values,a:2021,value,発行者から連絡", *KEYS["corrections"]),
    )
    old = state(OLD, corrections=table(header, *KEYS["corrections"]))
    written = entries(check(old, new).unrecorded, new, DAY, "転記の誤り")
    assert [(item.table_name, item.column_name, item.reason) for item in written] == [
        ("values", "value", "発行者から連絡"),
        ("values", "note", "転記の誤り"),
        ("corrections", None, "発行者から連絡"),
    ]
    (gone,) = [
        item for item in entries(check(new, old).unrecorded, old, DAY, "もどす") if item.kind == "removed"
    ]
    assert gone.reason == "もどす"


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
                    "foreignKeys": [{"fields": "x", "reference": {"resource": target}} for target in targets],
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

    found = history.demands(old, new, tables(old, ROWS), tables(new, ROWS | rows))
    assert max((demand.step for demand in found), default=Step.PATCH) == step
    assert (found[0].why.startswith(why) or why in found[0].why) if why else found == ()


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [("1.2.3", "1.2.4", Step.PATCH), ("1.2.3", "1.3.0", Step.MINOR), ("1.9.3", "2.0.0", Step.MAJOR), ("0.9.9", "0.9.10", Step.PATCH)],
)  # fmt: skip
def test_steps_are_counted_by_number(old, new, step):
    assert history.least_version(old, step) == new
    assert [history.is_far_enough(old, new, each) for each in Step] == [each <= step for each in Step]


# -- for readers -------------------------------------------------------------------


def change(number: int, day: str = "2027-01-05", reason: str = "訂正", **values) -> Change:
    filled = {"table_name": "values", "record_key": "a", "column_name": "value", "kind": "changed"}
    filled |= {"old_value": "1", "new_value": "2", "source_id": None, "source_line": None} | values
    return Change(change_number=number, changed_on=date.fromisoformat(day), reason=reason, **filled)


def test_changes_of_one_day_and_reason_belong_together_newest_first():
    found = history.groups(
        [
            change(1, "2026-12-01"),
            change(2),
            change(3, reason="報告"),
            change(4),
            change(5, "2026-12-01", "報告"),
        ]
    )
    assert [
        (str(group.changed_on), group.reason, [c.change_number for c in group.changes]) for group in found
    ] == [
        ("2027-01-05", "報告", [3]),
        ("2027-01-05", "訂正", [2, 4]),
        ("2026-12-01", "報告", [5]),
        ("2026-12-01", "訂正", [1]),
    ]
    assert [group.first_number for group in found] == [3, 2, 5, 1]


# -- the command --------------------------------------------------------------------


@pytest.fixture
def released(project: Path, tmp_path: Path) -> Path:
    """A tiny package with its first version."""
    folder = tmp_path / "package"
    shutil.copytree(FIXTURE, folder)
    shutil.copy(project / "datapackage.json", folder)
    releasing.release(folder, "1.0.0", "最初の版です。", date(2026, 11, 22))
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "data" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_note(folder: Path) -> None:
    edit(folder, "source_notes", "最初の掲載では175。", "最初の掲載の行では175。")


def test_before_the_first_version_there_is_nothing_to_record(project, tmp_path, capsys):
    shutil.copytree(FIXTURE, tmp_path / "package")
    shutil.copy(project / "datapackage.json", tmp_path / "package")
    assert cli.main(["changes", str(tmp_path / "package")]) == 0
    assert "まだ版を出していない" in capsys.readouterr().out


def test_changes_are_told_then_added_once(released, capsys):
    edit_note(released)
    assert cli.main(["changes", str(released)]) == 1
    out = capsys.readouterr().out
    assert "記録のないものが1件" in out
    assert "source_notes progress-20-1 reason: 「最初の掲載では175。」 → 「最初の掲載の行では175。」" in out

    assert cli.main(["changes", str(released), "--add"]) == 1
    assert "--reason に理由を" in capsys.readouterr().err
    before = (released / "data/changes.csv").read_bytes()

    add = ["changes", str(released), "--add", "--reason", " 言い方を\nそろえた。", "--date", "2027-01-05"]
    assert cli.main(add) == 0
    assert "1件を記録しました" in capsys.readouterr().out
    (written,) = package.read_table(released, LOG)
    assert (written.reason, written.changed_on, written.source_line) == ("言い方を そろえた。", DAY, 20)
    after = (released / "data/changes.csv").read_bytes()
    assert after.startswith(before)

    assert cli.main(add) == 0 and cli.main(["changes", str(released)]) == 0
    assert (released / "data/changes.csv").read_bytes() == after
    assert validation.validate(released) == []


def test_the_lines_to_paste_make_the_log_complete(released, capsys):
    edit_note(released)
    edit(released, "corrections", "2024-04-01", "2024-04-02")
    assert cli.main(["changes", str(released), "--markdown"]) == 1
    out = capsys.readouterr().out
    fence = next(line.removesuffix("csv") for line in out.splitlines() if line.endswith("```csv"))
    rows = out.split(f"{fence}csv\n")[1].split(f"\n{fence}")[0].split("\n")
    assert [row.endswith(",") for row in rows] == [True, False], (
        "a correction has its reason, the note has none"
    )
    with (released / "data/changes.csv").open("a", encoding="utf-8") as file:
        file.write(f"{rows[0]}言い方をそろえた。\n{rows[1]}\n")
    assert cli.main(["changes", str(released), "--markdown"]) == 0
    assert "すべて" in capsys.readouterr().out


def test_a_cell_cannot_end_the_block_it_is_shown_in(released):
    edit(released, "source_notes", "最初の掲載では175。", "````` <script>")
    newest = recording.newest_release(released)
    found = recording.findings(released, newest)
    text = recording.as_markdown(found, recording.missing_entries(released, found, DAY, ""), newest)
    assert text.count("``````") == 2


def test_many_differences_are_told_in_few_lines(released):
    found = history.Findings(tuple(
        history.Unrecorded("observations", f"r:{number}", "value", Kind.CHANGED, "x" * 999, "", {}) for number in range(2000)
    ), tuple(f"変更番号{number}" for number in range(50)))  # fmt: skip
    text = recording.as_text(found, recording.newest_release(released))
    assert len(text) < 5000 and "2,000件" in text and "ほか1,980件" in text and "ほか30件" in text


def test_nothing_is_recorded_on_wrong_data_nor_made_wrong(released, capsys):
    edit_note(released)
    log_before = (released / "data/changes.csv").read_bytes()
    assert cli.main(["changes", str(released), "--add", "--reason", "=1+1"]) == 1
    assert "「=1+1」" in capsys.readouterr().err
    edit(released, "settlements", ",reported,", ",reportd,")
    assert cli.main(["changes", str(released), "--add", "--reason", "訂正"]) == 1
    assert "reportd" in capsys.readouterr().err
    assert (released / "data/changes.csv").read_bytes() == log_before


def test_a_log_that_does_not_fit_is_told_and_not_added_to(released, capsys):
    edit_note(released)
    line = "1,2027-01-05,source_notes,progress-20-1,reason,changed,違う,最初の掲載の行では175。,progress,20,訂正\n"
    with (released / "data/changes.csv").open("a", encoding="utf-8") as file:
        file.write(line)
    for arguments in ([], ["--add", "--reason", "訂正"], ["--markdown"]):
        assert cli.main(["changes", str(released), *arguments]) == 1
        assert "前の値は「違う」ではなく「最初の掲載では175。」でした" in capsys.readouterr().out
    assert len(package.read_table(released, LOG)) == 1


#: Adds the lines and takes them away again, the latter by one step that cannot be interrupted.
ADD_AGAIN_AND_AGAIN = """
import os, shutil
from datetime import date
from pathlib import Path
from shinchoku import package, recording
here, log = Path("."), Path("data/changes.csv")
found = recording.findings(here, recording.newest_release(here))
tables = recording.log_with(here, recording.missing_entries(here, found, date(2027, 1, 5), "訂正"))
shutil.copy(log, "before")
print("ready", flush=True)
while True:
    package.write_tables(here, tables)
    shutil.copy("before", "again")
    os.replace("again", log)
"""


@pytest.mark.process
@pytest.mark.parametrize("seconds", [0.0, 0.0031, 0.0073, 0.0117, 0.0193])
def test_killed_while_it_adds_the_log_is_as_before_or_complete(released, seconds):
    edit_note(released)
    path = released / "data/changes.csv"
    before = path.read_bytes()
    run_and_kill(ADD_AGAIN_AND_AGAIN, released, seconds)
    left = path.read_bytes()
    assert left == before or recording.findings(released, recording.newest_release(released)).is_complete
    assert cli.main(["changes", str(released), "--add", "--reason", "訂正", "--date", str(DAY)]) == 0
    assert len(package.read_table(released, LOG)) == 1


# -- this repository -------------------------------------------------------------------


def test_every_change_of_the_published_data_is_recorded(project):
    """Mend with: shinchoku changes --add --reason "…" """
    newest = recording.newest_release(project)
    if newest is None:
        assert package.read_table(project, LOG) == ()
        return
    found = recording.findings(project, newest)
    assert found.is_complete, recording.as_text(found, newest)


def test_the_log_is_numbered_in_the_order_of_its_days(package):
    numbers = [item.change_number for item in package.changes]
    days = [item.changed_on for item in package.changes]
    assert numbers == list(range(1, len(numbers) + 1))
    assert days == sorted(days)
