"""A review for programs. One object:

``before``, ``after``   what was compared, as it was called
``is_changed``          whether anything differs
``summary``             ``values_changed``, ``rows_added``, ``rows_removed``, ``tables``: how many
``tables``              those that differ: ``name``, ``title``, ``remarks`` (changes of the schema, rows
                        that cannot be compared; sentences) and ``records``: ``kind`` (``added``,
                        ``removed``, ``changed``), ``key`` (array of text), ``name``, ``page`` (address or
                        null), ``printed_at`` (text, empty where there is none), ``cells``: ``column``,
                        ``title``, ``old`` and ``new`` (text as it stands in the CSV, whole; ``""`` is an
                        empty cell, null where there is no such row)
``assessments``         indicators assessed otherwise, or null where that could not be calculated:
                        ``edition`` (which report, empty where there is but one), ``indicator_id``,
                        ``name``, ``page``; ``fiscal_year``, ``assessment`` and ``achievement_rate``
                        (text, not rounded again), each ``{"before", "after"}``
``totals``              those that differ, or null: ``edition``, ``name``, ``unit``, ``before``, ``after``
``pages``               ``address``, ``url`` (null without the site's address), ``title``, ``kind``
``are_pages_made``      true: these pages show something else; false: they are those of the changed rows
``files``               files of the package beside its tables that differ
``remarks``             why something is missing; sentences

Cells are not cleaned: whoever shows them must escape them. Only what would act on a terminal is
written as ``\\uXXXX``, which is the same JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from shinchoku import addresses
from shinchoku.review.findings import Record, Review
from shinchoku.review.outcome import AssessmentChange
from shinchoku.review.touched import Page

#: What ``json`` leaves as it is and a terminal might act on: C1 controls, bidi and other invisible marks.
_ACTING = re.compile(r"[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def render(review: Review, site_url: str = "") -> str:
    """The review as the object above."""
    found: dict[str, Any] = {
        "before": review.before,
        "after": review.after,
        "is_changed": review.is_changed,
        "summary": {
            "values_changed": review.values_changed,
            "rows_added": review.rows_added,
            "rows_removed": review.rows_removed,
            "tables": len(review.tables),
        },
        "tables": [
            {
                "name": table.name,
                "title": table.title,
                "remarks": table.remarks,
                "records": [_record(record) for record in table.records],
            }
            for table in review.tables
        ],
        "assessments": None,
        "totals": None,
        "pages": [_page(page, site_url) for page in review.pages],
        "are_pages_made": review.are_pages_made,
        "files": review.files,
        "remarks": review.remarks,
    }
    if review.outcome is not None:
        found["assessments"] = [_assessment(change) for change in review.outcome.assessments]
        found["totals"] = [asdict(total) for total in review.outcome.totals]
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return _ACTING.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _record(record: Record) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "key": record.key,
        "name": record.name,
        "page": record.address,
        "printed_at": record.printed_at,
        "cells": [
            {"column": cell.column, "title": cell.title, "old": cell.old, "new": cell.new}
            for cell in record.cells
        ],
    }


def _assessment(change: AssessmentChange) -> dict[str, Any]:
    rates = [None if rate is None else str(rate) for rate in (change.rate_before, change.rate_after)]
    return {
        "edition": change.edition,
        "indicator_id": change.indicator_id,
        "name": change.name,
        "page": change.page,
        "fiscal_year": {"before": change.year_before, "after": change.year_after},
        "assessment": {"before": change.before, "after": change.after},
        "achievement_rate": {"before": rates[0], "after": rates[1]},
    }


def _page(page: Page, site_url: str) -> dict[str, Any]:
    url = addresses.public(page.address, site_url) if site_url else None
    return {"address": page.address, "url": url, "title": page.title, "kind": page.kind}
