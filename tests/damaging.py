"""Defects of every kind that people send, made anywhere in a package by chance, which know where they are.

Each function of ``DAMAGES`` is one defect of a kind: it is given the dice and the package, changes it and says
where. The kinds are those of ``fixtures/broken/kinds.yml``.
"""

from __future__ import annotations

import csv
import io
import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from shinchoku.package.descriptor import foreign_keys, read_descriptor
from shinchoku.paths import DECISIONS, DESCRIPTOR


class Place(NamedTuple):
    """Where a defect is; ``line`` and ``column`` are ``None`` where it is of the file."""

    file: str
    line: int | None = None
    column: str | None = None


class NotHere(Exception):
    """The package has nothing that this damage could be done to."""


class Cell(NamedTuple):
    table: str
    file: str
    line: int
    column: str
    index: int
    text: str
    field: dict[str, Any]


class Damaged:
    """A package in memory, to be broken and then written."""

    def __init__(self, directory: Path, dice: random.Random) -> None:
        self.dice = dice
        self.descriptor = json.loads((directory / DESCRIPTOR).read_text(encoding="utf-8"))
        whole = read_descriptor(directory)
        self.schemas = {
            named["schema"]: resource["schema"]
            for named, resource in zip(self.descriptor["resources"], whole["resources"], strict=True)
        }
        paths = {resource["path"]: resource for resource in whole["resources"]}
        self.files = {path: (directory / path).read_bytes() for path in paths}
        self.resources = paths
        self.rows = {
            path: list(csv.reader(io.StringIO(content.decode()))) for path, content in self.files.items()
        }
        self.deleted: set[str] = set()
        self.is_decided = (directory / DECISIONS).is_dir()

    def write(self, directory: Path) -> None:
        for path in self.deleted:
            (directory / path).unlink()
        for path, content in self.files.items():
            if path not in self.deleted:
                (directory / path).write_bytes(content)

    # -- what to break ------------------------------------------------------------

    def file(self, smallest: int = 1) -> str:
        """A table with so many rows at least."""
        return self.dice.choice([path for path in sorted(self.rows) if len(self.rows[path]) > smallest])

    def cells(self) -> Iterator[Cell]:
        for path, resource in self.resources.items():
            for line, row in enumerate(self.rows[path][1:], 2):
                for index, (field, text) in enumerate(zip(resource["schema"]["fields"], row, strict=True)):
                    yield Cell(resource["name"], path, line, field["name"], index, text, field)

    def cell(self, wanted: Callable[[Cell], bool]) -> Cell:
        """A cell by chance: first its table, then its column, so that small ones have their turn."""
        found: dict[tuple[str, str], list[Cell]] = {}
        for cell in self.cells():
            if wanted(cell):
                found.setdefault((cell.file, cell.column), []).append(cell)
        if not found:
            raise NotHere
        file = self.dice.choice(sorted({file for file, _ in found}))
        return self.dice.choice(found[self.dice.choice([key for key in sorted(found) if key[0] == file])])

    def set(self, cell: Cell, text: str) -> Place:
        """Write a cell anew, its line as a CSV has it."""
        row = list(self.rows[cell.file][cell.line - 1])
        row[cell.index] = text
        return self.line(cell, written([row]).removesuffix("\n"))

    def line(self, cell: Cell, text: str) -> Place:
        lines = self.files[cell.file].decode().split("\n")
        lines[cell.line - 1] = text
        self.files[cell.file] = "\n".join(lines).encode()
        return Place(cell.file, cell.line, cell.column)


def written(rows: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def is_number(cell: Cell) -> bool:
    return cell.field["type"] in ("integer", "number") and cell.text != ""


def is_text(cell: Cell) -> bool:
    """Text that may hold any words."""
    constraints = cell.field.get("constraints", {})
    is_free = "enum" not in constraints and "pattern" not in constraints
    logged = cell.column in ("record_key", "table_name", "column_name")
    return cell.field["type"] == "string" and is_free and cell.text != "" and not logged


def is_id(cell: Cell) -> bool:
    return "pattern" in cell.field.get("constraints", {}) and cell.column.endswith("_id") and cell.text != ""


def is_required(cell: Cell) -> bool:
    return bool(cell.field.get("constraints", {}).get("required"))


Damage = Callable[[Damaged], Place]
DAMAGES: list[tuple[int, Damage]] = []


def damage(kind: int) -> Callable[[Damage], Damage]:
    def register(function: Damage) -> Damage:
        DAMAGES.append((kind, function))
        return function

    return register


def on_bytes(kind: int, change: Callable[[bytes], bytes], smallest: int = 1, line: int | None = 1) -> None:
    def whole_file(package: Damaged) -> Place:
        file = package.file(smallest)
        package.files[file] = change(package.files[file])
        return Place(file, line)

    DAMAGES.append((kind, whole_file))


def on_cell(kind: int, wanted: Callable[[Cell], bool], *changes: Callable[[str], str]) -> None:
    """A damage for each way to spoil a cell; a change that leaves it as it is is none."""
    for change in changes:

        def one_cell(package: Damaged, change: Callable[[str], str] = change) -> Place:
            cell = package.cell(lambda cell: wanted(cell) and change(cell.text) != cell.text)
            return package.set(cell, change(cell.text))

        DAMAGES.append((kind, one_cell))


# -- bytes and text -----------------------------------------------------------------

on_bytes(1, lambda content: b"\xef\xbb\xbf" + content)
on_bytes(2, lambda content: b"\xef\xbb\xbf" * 2 + content)
on_bytes(4, lambda content: content.decode().encode("utf-16"))
on_bytes(4, lambda content: content.decode().encode("utf-16-be"))
on_bytes(6, lambda content: content.replace(b"\n", b"\r\n"))
on_bytes(6, lambda content: content.replace(b"\n", b"\r"))
on_bytes(6, lambda content: content.replace(b"\n", b"\r\n", 1))
on_bytes(6, lambda content: content.removesuffix(b"\n"), line=None)
on_bytes(7, lambda content: b"PK\x03\x04" + content)
on_bytes(8, lambda content: b"")
on_bytes(8, lambda content: content.split(b"\n")[0] + b"\n")
on_bytes(11, lambda content: b"sep=,\n" + content)
on_bytes(12, lambda content: content.replace(b",", b";"))
on_bytes(12, lambda content: content.replace(b",", b"\t"))
on_bytes(17, lambda content: "令和4年度の一覧\n".encode() + content)
on_bytes(17, lambda content: b"a,b,c\n\n" + content)
on_bytes(18, lambda content: content.split(b"\n", 1)[1])
on_bytes(19, lambda content: content.replace(b"\n", b" \n", 1))
on_bytes(20, lambda content: content.replace(content.split(b",")[0], b"name_of_it", 1))
on_bytes(20, lambda content: content.split(b",", 1)[0].upper() + b"," + content.split(b",", 1)[1])
on_bytes(23, lambda content: content.replace(b"\n", b",,\n"))


@damage(3)
def shift_jis(package: Damaged) -> Place:
    def lossy(path: str) -> bytes:
        return package.files[path].decode().encode("cp932", errors="replace")

    file = package.dice.choice([path for path in sorted(package.files) if not lossy(path).isascii()])
    package.files[file] = lossy(file)
    return Place(file)


@damage(5)
def bad_byte(package: Damaged) -> Place:
    file = package.dice.choice([path for path in sorted(package.files) if not package.files[path].isascii()])
    content = bytearray(package.files[file])
    offset = package.dice.choice([index for index, byte in enumerate(content) if byte >= 0x80])
    content[offset] = 0xFF
    package.files[file] = bytes(content)
    return Place(file, content[:offset].count(b"\n") + 1)


@damage(9)
def missing(package: Damaged) -> Place:
    file = package.file(0)
    package.deleted.add(file)
    return Place(file)


@damage(10)
def conflict(package: Damaged) -> Place:
    cell = package.cell(lambda cell: True)
    line = package.files[cell.file].decode().split("\n")[cell.line - 1]
    package.line(cell, f"<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> branch")
    return Place(cell.file, cell.line)


@damage(13)
def nul(package: Damaged) -> Place:
    cell = package.cell(is_text)
    return package.set(cell, cell.text[:1] + "\0" + cell.text[1:])._replace(column=None)


@damage(14)
def unclosed(package: Damaged) -> Place:
    cell = package.cell(lambda cell: '"' not in cell.text and "," not in cell.text and cell.text != "")
    row = package.rows[cell.file][cell.line - 1]
    cells = [written([[text]]).removesuffix("\n") if text else "" for text in row]
    cells[cell.index] = f'"{cell.text}'
    return package.line(cell, ",".join(cells))._replace(column=None)


@damage(15)
def stray(package: Damaged) -> Place:
    cell = package.cell(lambda cell: is_text(cell) and "," not in cell.text and '"' not in cell.text)
    row = package.rows[cell.file][cell.line - 1]
    cells = [written([[text]]).removesuffix("\n") if text else "" for text in row]
    cells[cell.index] = f'{cell.text[:1]}"{cell.text[1:]}"'
    return package.line(cell, ",".join(cells))._replace(column=None)


@damage(16)
def newline(package: Damaged) -> Place:
    cell = package.cell(is_text)
    return package.set(cell, cell.text[:1] + "\n" + cell.text[1:])._replace(column=None)


# -- layout ---------------------------------------------------------------------------


@damage(21)
def reordered(package: Damaged) -> Place:
    file = package.file()
    order = list(range(len(package.rows[file][0])))
    while order == sorted(order):
        package.dice.shuffle(order)
    package.files[file] = written([[row[index] for index in order] for row in package.rows[file]]).encode()
    return Place(file, 1)


@damage(22)
def column_added(package: Damaged) -> Place:
    file = package.file()
    at = package.dice.randrange(len(package.rows[file][0]) + 1)
    rows = [
        [*row[:at], "x" if number else "担当", *row[at:]] for number, row in enumerate(package.rows[file])
    ]
    package.files[file] = written(rows).encode()
    return Place(file, 1)


@damage(22)
def column_removed(package: Damaged) -> Place:
    file = package.file()
    at = package.dice.randrange(len(package.rows[file][0]))
    package.files[file] = written([row[:at] + row[at + 1 :] for row in package.rows[file]]).encode()
    return Place(file, 1)


@damage(24)
def blank_rows(package: Damaged) -> Place:
    file = package.file()
    width = len(package.rows[file][0])
    package.files[file] += (b"," * (width - 1) + b"\n") * package.dice.randint(1, 5)
    return Place(file, len(package.rows[file]) + 1)


@damage(25)
def short_row(package: Damaged) -> Place:
    cell = package.cell(lambda cell: True)
    row = package.rows[cell.file][cell.line - 1]
    return package.line(cell, written([row[:-1]]).removesuffix("\n"))._replace(column=None)


@damage(25)
def long_row(package: Damaged) -> Place:
    cell = package.cell(lambda cell: True)
    row = package.rows[cell.file][cell.line - 1]
    return package.line(cell, written([[*row, "x"]]).removesuffix("\n"))._replace(column=None)


@damage(26)
def total(package: Damaged) -> Place:
    file = package.file()
    width = len(package.rows[file][0])
    first = package.dice.choice(["合計", "※単位は千円", "小計", "注）暫定値", "合　計", "計"])
    package.files[file] += written([[first] + [""] * (width - 1)]).encode()
    return Place(file, len(package.rows[file]) + 1)


on_cell(27, is_required, lambda text: "")


@damage(28)
def unknown(package: Damaged) -> Place:
    file = f"data/{package.dice.choice(['a', 'b - コピー', 'observations (1)'])}.csv"
    package.files[file] = b"a,b\n1,2\n"
    return Place(file)


# -- numbers and dates ------------------------------------------------------------------


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if character.isascii() else character for character in text)


def thousands(text: str) -> str:
    return f"{int(text):,}" if text.isdigit() else text


def grows(text: str) -> str:
    return f"{int(text) * 1000}" if text.isdigit() and int(text) else text


on_cell(29, is_number, full_width)
on_cell(30, lambda cell: "year" in cell.column and is_number(cell), full_width)
for space in ("\u3000", " ", "\u00a0"):
    on_cell(31, lambda cell: cell.text != "", lambda text, space=space: text + space)
    on_cell(31, lambda cell: cell.text != "", lambda text, space=space: space + text)
on_cell(32, is_number, lambda text: f"+0{text}", lambda text: f"0{text}" if text[0] != "0" else text)
on_cell(32, is_number, lambda text: f"{text[:1]}_{text[1:]}" if len(text) > 1 and text.isdigit() else text)
on_cell(32, is_number, lambda text: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in text))
on_cell(33, is_number, thousands)
on_cell(35, is_number, lambda text: f"¥{text}", lambda text: f"{text}千円", lambda text: f"△{text}")
on_cell(35, is_number, lambda text: f"−{text}", lambda text: f"{text}億", lambda text: f"{text}E+06")
on_cell(35, lambda cell: is_number(cell) and cell.field["type"] == "integer", lambda text: f"{text}.0")
on_cell(36, lambda cell: cell.column in ("amount_thousand_yen", "partner_amount_thousand_yen"), grows)
on_cell(36, lambda cell: (cell.table, cell.column) == ("observations", "value"), grows)
on_cell(37, is_number, lambda text: "9" * 15, lambda text: "9" * 5000)
on_cell(38, is_number, lambda text: "－", lambda text: "N/A", lambda text: "集計中")
on_cell(39, lambda cell: is_number(cell) or is_text(cell), lambda text: "#VALUE!", lambda text: "####")
on_cell(39, lambda cell: is_number(cell) or is_text(cell) or is_id(cell), lambda text: "#REF!")
on_cell(40, lambda cell: "year" in cell.column and len(cell.text) == 4, lambda text: text[2:])
on_cell(40, lambda cell: "year" in cell.column and len(cell.text) == 4, lambda text: "令和6年度")


def is_date(cell: Cell) -> bool:
    return cell.field["type"] == "date" and cell.text != ""


on_cell(41, is_date, lambda text: text.replace("-", "/"), lambda text: "4月1日", lambda text: "45383")
on_cell(41, is_date, lambda text: "2024-02-30", lambda text: "令和6年4月1日")
on_cell(42, is_date, lambda text: text.replace("-0", "-"))
on_cell(43, is_date, lambda text: f"00{text[2:]}", lambda text: "1900-01-00", lambda text: "1900-01-01")
on_cell(44, lambda cell: is_date(cell) and cell.table == "corrections", lambda text: "2001-01-01")


# -- keys ---------------------------------------------------------------------------------


@damage(34)
def unquoted_thousands(package: Damaged) -> Place:
    cell = package.cell(lambda cell: is_number(cell) and "," in thousands(cell.text))
    row = package.rows[cell.file][cell.line - 1]
    cells = [written([[text]]).removesuffix("\n") if text else "" for text in row]
    cells[cell.index] = thousands(cell.text)
    return package.line(cell, ",".join(cells))._replace(column=None)


@damage(46)
def duplicate_row(package: Damaged) -> Place:
    file = package.file()
    row = package.dice.choice(package.rows[file][1:])
    package.files[file] += written([row]).encode()
    return Place(file, len(package.rows[file]) + 1)


on_cell(47, is_id, full_width)
on_cell(48, is_id, lambda text: f"{text[:1]} {text[1:]}", lambda text: f"{text[:1]}\u200b{text[1:]}")
on_cell(
    48, is_id, lambda text: f"../../{text}", lambda text: f"{text}/x", lambda text: text.replace("-", "−")
)


@damage(49)
def no_such_reference(package: Damaged) -> Place:
    def refers(cell: Cell) -> bool:
        keys = foreign_keys(package.resources[cell.file])
        return is_id(cell) and any(cell.column in key.columns for key in keys)

    cell = package.cell(refers)
    change = package.dice.choice([lambda text: f"{text}x", lambda text: text.capitalize(), full_width])
    return package.set(cell, change(cell.text))


# -- what the documents say otherwise: kind 0 --------------------------------------------------

#: Written by people, and so held against no document.
_EDITORIAL = {"initiative_grants", "source_notes", "corrections"}


def _of_documents(package: Damaged, wanted: Callable[[Cell], bool]) -> Cell:
    """A cell that documents and decisions settle."""
    if not package.is_decided:
        raise NotHere
    return package.cell(lambda cell: cell.table not in _EDITORIAL and wanted(cell))


@damage(0)
def another_rows_value(package: Damaged) -> Place:
    """What stands in another row of the column, which has the right form."""
    cell = _of_documents(package, lambda cell: True)
    others = {row[cell.index] for row in package.rows[cell.file][1:]} - {cell.text}
    key = package.resources[cell.file]["schema"]["primaryKey"]
    if not others or cell.column in key:  # of a key, the row that has it already may be told
        raise NotHere
    return package.set(cell, package.dice.choice(sorted(others)))._replace(column=None)


def on_value(change: Callable[[Damaged, list[str], list[list[str]]], tuple[str, str]]) -> None:
    """A damage to a number and its print at once: (value, print) from the row and those of the same indicator."""

    def one_value(package: Damaged) -> Place:
        cell = _of_documents(
            package, lambda cell: (cell.table, cell.column) == ("observations", "value") and cell.text != ""
        )
        header, *rows = package.rows[cell.file]
        row = list(package.rows[cell.file][cell.line - 1])
        same = [
            other for other in rows if other[0] == row[0] and other[cell.index] not in ("", row[cell.index])
        ]
        row[cell.index], row[header.index("printed")] = change(package, row, same)
        return package.line(cell, written([row]).removesuffix("\n"))._replace(column=None)

    DAMAGES.append((0, one_value))


def _neighbour(package: Damaged, row: list[str], same: list[list[str]]) -> tuple[str, str]:
    if not same:
        raise NotHere
    other = package.dice.choice(same)
    return other[3], other[8]


on_value(_neighbour)  # of another year, or the target for the actual
on_value(lambda package, row, same: (row[3][:-1] or "7", row[8][:-1] or "7"))
on_value(lambda package, row, same: (f"{row[3]}0", f"{row[8]}0"))
on_value(lambda package, row, same: ("", row[8]))


@damage(0)
def row_dropped(package: Damaged) -> Place:
    cell = _of_documents(
        package, lambda cell: cell.table in ("activities", "grant_descriptions", "listing_differences")
    )
    lines = package.files[cell.file].decode().split("\n")
    del lines[cell.line - 1]
    package.files[cell.file] = "\n".join(lines).encode()
    return Place(cell.file)


@damage(0)
def years_swapped(package: Damaged) -> Place:
    """Two rows of an indicator change places, but for their keys."""
    cell = _of_documents(package, lambda cell: cell.table == "observations")
    rows = package.rows[cell.file]
    row = rows[cell.line - 1]
    others = [number for number, other in enumerate(rows, 1) if other[0] == row[0] and other[3:] != row[3:]]
    if not others:
        raise NotHere
    other = package.dice.choice(others)
    package.line(cell._replace(line=other), written([rows[other - 1][:3] + row[3:]]).removesuffix("\n"))
    return package.line(cell, written([row[:3] + rows[other - 1][3:]]).removesuffix("\n"))._replace(
        column=None
    )


# -- text ---------------------------------------------------------------------------------


def inside(*texts: str) -> list[Callable[[str], str]]:
    return [lambda cell, text=text: f"{cell[:1]}{text}{cell[1:]}" for text in texts]


def before(*texts: str) -> list[Callable[[str], str]]:
    return [lambda cell, text=text: f"{text}{cell}" for text in texts]


on_cell(51, is_required, lambda text: "　", lambda text: " ")
on_cell(52, is_text, *inside("ｶﾞｲﾄﾞ", "ｱ", "･"))
on_cell(53, is_text, *inside("カ\u3099", "ハ\u309a"))
on_cell(53, is_text, lambda text: unicodedata.normalize("NFD", text))
on_cell(54, is_text, *inside("Ｆｕｌｌ", "Ｘ", "２０２４"))
on_cell(55, is_text, *inside("㈱", "㌔", "№", "℡", "Ⅳ"))
on_cell(56, is_text, *inside("～"))
on_cell(57, is_text, *inside("“", "”", "‘"))
on_cell(
    58,
    is_text,
    *inside("\u202e", "\u0007", "\ue000", "\ufffd", "\u2f00", "\u200b", "\u2066", "\x7f", "\u00ad"),
)
on_cell(59, is_text, *inside("\ufa11", "\ufa1b", "\uf900"))
on_cell(60, is_text, *inside("ã‚", "縺"))
on_cell(61, is_text, lambda text: "長い文。" * 50_000)
on_cell(
    62,
    is_text,
    *inside("<script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "--8<-- secret", "<img src=x>"),
)
on_cell(63, is_text, *inside("[x](javascript:alert(1))", "|", "**", "[x](a)"))
on_cell(64, is_text, *before("=1+", "+", "@", "\t", "\t=", "\r="))
on_cell(65, is_text, *inside("javascript:alert(1)", "http://example.jp/", "data:text/html,x"))
on_cell(66, is_text, *inside("https://", "https://user:pw@example.jp/"))
on_cell(67, is_text, *inside("www.example.jp"))


@damage(45)
def name_as_date(package: Damaged) -> Place:
    cell = package.cell(
        lambda cell: is_text(cell) and cell.column not in ("value", "source_value", "published_value")
    )
    return package.set(cell, package.dice.choice(["5月1日", "1-May", "2024/5/1", "May-01", "2024年5月1日"]))


# -- the descriptor ---------------------------------------------------------------------------


def on_descriptor(kind: int, change: Callable[[dict[str, Any], random.Random], None]) -> None:
    def descriptor(package: Damaged) -> Place:
        change(package.descriptor, package.dice)
        return _in_file(package, DESCRIPTOR, package.descriptor)

    DAMAGES.append((kind, descriptor))


def on_part(
    kind: int,
    parts: Callable[[dict[str, Any]], list[dict[str, Any]]],
    change: Callable[[dict[str, Any]], None],
) -> None:
    """Change one of the ``parts`` of the schemas, in the file of its schema."""

    def schema(package: Damaged) -> Place:
        found = [(path, part) for path, schema in package.schemas.items() for part in parts(schema)]
        path, part = package.dice.choice(found)
        change(part)
        return _in_file(package, path, package.schemas[path])

    DAMAGES.append((kind, schema))


def _in_file(package: Damaged, path: str, value: dict[str, Any]) -> Place:
    package.files[path] = json.dumps(value, ensure_ascii=False, indent=2).encode()
    return Place(path)


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return schema["fields"]


def _foreign_keys(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return schema.get("foreignKeys", [])


for address in ("javascript:alert(1)", "http://example.jp", "https://a.jp, https://b.jp"):
    on_descriptor(65, lambda descriptor, dice, address=address: descriptor.update(homepage=address))
for address in ("https://", "https://exa mple.jp", "https://user:pw@example.jp/"):
    on_descriptor(
        66, lambda descriptor, dice, address=address: descriptor["licenses"][0].update(path=address)
    )
on_descriptor(67, lambda descriptor, dice: descriptor.update(homepage="example.jp"))
on_descriptor(68, lambda descriptor, dice: dice.choice(descriptor["resources"]).update(path="../x.csv"))
on_part(68, _fields, lambda field: field.update(titel="x"))
on_part(69, _fields, lambda field: field.update(constraints={"pattern": "(["}))
on_part(70, _foreign_keys, lambda key: key.update(fields="nowhere"))
on_part(70, _foreign_keys, lambda key: key["reference"].update(fields="nowhere"))


@damage(68)
def descriptor_syntax(package: Damaged) -> Place:
    written = {DESCRIPTOR: package.descriptor, **package.schemas}
    path = package.dice.choice(list(written))
    text = json.dumps(written[path], ensure_ascii=False, indent=2)
    at = package.dice.choice([index for index, character in enumerate(text) if character in "{}[]"])
    package.files[path] = (text[:at] + text[at + 1 :]).encode()
    return Place(path)


@damage(71)
def thousands_of_errors(package: Damaged) -> Place:
    cell = package.cell(is_number)
    row = list(package.rows[cell.file][cell.line - 1])
    row[cell.index] = "多い"
    package.files[cell.file] += written([row] * 1500).encode()
    return Place(cell.file, len(package.rows[cell.file]) + 1, cell.column)
