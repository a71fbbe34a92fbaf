"""Import: the printed documents and the decisions become the tables.

``source_text`` reads bytes and ``spreadsheets`` sheets, ``progress_report`` and
``grants_document`` parse the form, ``cells`` the grammar of single cells, ``row_values`` the cells of a row,
``decisions`` what people have read between the lines, ``identities`` finds the
ids of earlier reports again; ``progress_tables`` makes the records of one report,
and ``assemble`` puts everything together. The tables that people write themselves
(``EDITORIAL_TABLES``) are given, checked against the documents and passed on;
``corrections`` applies those of that name. May know only the package's records, ``fiscal_year``,
``wording`` and ``paths``; reading and writing tables is the caller's.
"""

from __future__ import annotations

from pathlib import Path

from shinchoku.importing import source_text
from shinchoku.importing.assemble import assemble
from shinchoku.importing.corrections import EditorialTables, PrimaryKeys, Tables
from shinchoku.importing.decisions import Decisions
from shinchoku.importing.problem import ImportProblem, SeveralProblems

__all__ = [
    "EDITORIAL_TABLES",
    "Decisions",
    "ImportProblem",
    "SeveralProblems",
    "Tables",
    "report_content",
    "run_import",
]

#: Written by people as they are published; everything else comes from documents and decisions.
EDITORIAL_TABLES = ("initiative_grants", "source_notes", "corrections")


def run_import(project: Path, editorial: EditorialTables, primary_keys: PrimaryKeys) -> Tables:
    """Table name → records of the documents named in the decisions.

    ``editorial`` holds the records of ``EDITORIAL_TABLES`` in the order of their
    rows, ``primary_keys`` the key columns of each table, as the schema does.
    Raises ``ImportProblem`` for anything that cannot be read without guessing.
    """
    decisions = Decisions(project)
    texts = {
        entry["id"]: source_text.read(project / entry["file"], entry["file"]) for entry in decisions.sources
    }
    return assemble(decisions, texts, editorial, primary_keys)


def report_content(file: Path, before: Path | None = None) -> bytes:
    """A report as the text a project keeps: a spreadsheet row by row, any other file as it is.

    ``before`` is the text that a spreadsheet takes the place of; its lines stay where they say the
    same. Raises ``ImportProblem``.
    """
    if file.suffix.lower() in (".xlsx", ".csv"):
        from shinchoku.importing import spreadsheets  # and openpyxl, for which no other file should wait

        text = spreadsheets.text_of(file)
        if before is not None:
            text = source_text.kept_where_same(before.read_text(encoding="utf-8"), text)
        return text.encode("utf-8")
    try:
        return file.read_bytes()
    except OSError as error:
        raise ImportProblem(
            file.name,
            None,
            f"ファイルを開けません（{error.strerror}）。",
            "ファイルの場所を確かめてください。",
        ) from None
