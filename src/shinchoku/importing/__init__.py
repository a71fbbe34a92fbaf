"""Import: the printed documents and the decisions become the tables.

``file_kinds`` tells what a file is, ``source_text`` reads bytes and ``spreadsheets`` sheets, ``layouts`` what
people wrote of the form, by which ``progress_report`` and ``grants_document`` parse; ``cells`` is the grammar of single cells, ``row_values`` the cells of a row,
``decisions`` what people have read between the lines, ``identities`` finds the
ids of earlier reports again; ``progress_tables`` makes the records of one report,
and ``assemble`` puts everything together. The tables that people write themselves
(``EDITORIAL_TABLES``) are given, checked against the documents and passed on;
``corrections`` applies those of that name. May know only the package's records, ``fiscal_year``,
``wording`` and ``paths``; reading and writing tables is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shinchoku.importing import file_kinds, source_text
from shinchoku.importing.assemble import assemble
from shinchoku.importing.corrections import EditorialTables, PrimaryKeys, Tables
from shinchoku.importing.decisions import NAMES as DECIDED
from shinchoku.importing.decisions import Decisions
from shinchoku.importing.layouts import Layout, Level, read_layout
from shinchoku.importing.problem import ImportProblem, SeveralProblems
from shinchoku.text import without_markup

__all__ = [
    "DECIDED",
    "EDITORIAL_TABLES",
    "Decisions",
    "ImportProblem",
    "SeveralProblems",
    "Tables",
    "report_rows",
    "report_text",
    "run_import",
]

#: Written by people as they are published; everything else comes from documents and decisions.
EDITORIAL_TABLES = ("initiative_grants", "source_notes", "corrections")


def run_import(
    project: Path, editorial: EditorialTables, primary_keys: PrimaryKeys, levels: Sequence[Level]
) -> Tables:
    """Table name → records of the documents named in the decisions.

    ``editorial`` holds the records of ``EDITORIAL_TABLES`` in the order of their
    rows, ``primary_keys`` the key columns of each table and ``levels`` those of the plan, as the schemas do.
    Raises ``ImportProblem`` for anything that cannot be read without guessing.
    """
    decisions = Decisions(project)
    layouts = {name: read_layout(project, name) for name in {entry["layout"] for entry in decisions.sources}}
    documents = {
        entry["id"]: (source_text.read(project / entry["file"], entry["file"]), layouts[entry["layout"]])
        for entry in decisions.sources
    }
    return assemble(decisions, documents, editorial, primary_keys, levels)


def report_text(file: Path, layout: Layout) -> tuple[str, Sequence[str]]:
    """A report as the text a project keeps, a spreadsheet row by row, any other text as it is; and what is
    to be said of how it was read. What the file is tells its content. Raises ``ImportProblem``."""
    content = file_kinds.content_of(file)
    if (text := _plain_text(file, content)) is not None:
        return text, ()
    from shinchoku.importing import spreadsheets  # and openpyxl, for which no other file should wait

    reading = spreadsheets.read(file.name, content, layout)
    return reading.text, reading.notes


def report_rows(file: Path) -> list[list[str]]:
    """The cells of each line of a report in a form that no layout describes yet. Raises ``ImportProblem``."""
    content = file_kinds.content_of(file)
    if (text := _plain_text(file, content)) is not None:
        lines = source_text.of(file.name, text).lines
        return [[without_markup(cell) for cell in line.split("\t")] for line in lines]
    from shinchoku.importing import spreadsheets

    return spreadsheets.rows_of(file.name, content)


def _plain_text(file: Path, content: bytes) -> str | None:
    """The text of a file that is no table of a spreadsheet."""
    if file_kinds.is_workbook(file.name, content):
        return None
    text, encoding = file_kinds.decoded(file.name, content)
    if file.suffix.lower() == ".csv" or file_kinds.is_comma_separated(text):
        return None
    if encoding == "cp932":
        raise file_kinds.not_utf_8(file.name)
    return content.decode("utf-8")
