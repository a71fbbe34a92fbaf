"""Import: the printed documents and the decisions become the tables.

``source_text`` reads bytes, ``progress_report`` and ``grants_document`` parse
the form, ``cells`` the grammar of single cells, ``decisions`` what people have
read between the lines, and ``assemble`` puts them together. May know only the
model, ``fiscal_year`` and ``paths``; writing the tables is the caller's.
"""

from __future__ import annotations

from pathlib import Path

from shinchoku.importing import source_text
from shinchoku.importing.assemble import assemble
from shinchoku.importing.corrections import PrimaryKeys, Tables
from shinchoku.importing.decisions import Decisions
from shinchoku.importing.problem import ImportProblem

__all__ = ["ImportProblem", "Tables", "run_import"]


def run_import(project: Path, primary_keys: PrimaryKeys) -> Tables:
    """Table name → records of the documents named in the decisions.

    ``primary_keys`` gives the key columns of each table, as the schema does.
    Raises ``ImportProblem`` for anything that cannot be read without guessing.
    """
    decisions = Decisions(project)
    texts = {
        entry["id"]: source_text.read(project / entry["file"], entry["file"]) for entry in decisions.sources
    }
    return assemble(decisions, texts, primary_keys)
