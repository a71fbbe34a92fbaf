"""A package of two reports, 2022 and 2023, in a few words: what a year changes, once each.

``art`` is renamed, gets a corrected, a settled, a withdrawn and a reworded value, and takes over ``walk``, which
is gone; ``new`` is new; ``pair`` loses its second indicator and gets another one, printed in a row of its own;
``harvest`` was printed as ended and is gone with its area ``food``. The measures of
``tourism`` change places, and the direction ``tourism-1-2`` is gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import builders as make
from shinchoku.package.editions import Package
from shinchoku.package.records import Absence, Observation, Policy

BEFORE, AFTER = "r4", "r5"
#: The columns of each report: a report prints all of them for every indicator.
_COLUMNS = {
    BEFORE: [*((year, "actual") for year in range(2019, 2023)), (2022, "target")],
    AFTER: [*((year, "actual") for year in range(2019, 2024)), (2023, "target")],
}


def _plan(source_id: str, *nodes: tuple[str, str, str | None, int, int]) -> list[Policy]:
    return [
        make.policy(key, level, parent, position=position, line=line, title=f"題{key}", source_id=source_id)
        for key, level, parent, position, line in nodes
    ]


def _plans() -> list[Policy]:
    return [
        *_plan(
            BEFORE,
            ("fields", "part", None, 1, 1),
            ("tourism", "field", "fields", 1, 2),
            ("tourism-1", "measure", "tourism", 1, 3),
            ("tourism-1-1", "direction", "tourism-1", 1, 4),
            ("tourism-1-2", "direction", "tourism-1", 2, 5),
            ("tourism-2", "measure", "tourism", 2, 6),
            ("tourism-2-1", "direction", "tourism-2", 1, 7),
            ("food", "field", "fields", 2, 8),
            ("food-1", "measure", "food", 1, 9),
            ("food-1-1", "direction", "food-1", 1, 10),
        ),
        *_plan(
            AFTER,
            ("fields", "part", None, 1, 1),
            ("tourism", "field", "fields", 1, 2),
            ("tourism-2", "measure", "tourism", 1, 3),
            ("tourism-2-1", "direction", "tourism-2", 1, 4),
            ("tourism-1", "measure", "tourism", 2, 5),
            ("tourism-1-1", "direction", "tourism-1", 1, 6),
        ),
    ]


def _observation(indicator_id: str, year: int, role: str, printed: str, **place: Any) -> Observation:
    if printed.replace(",", "").isdecimal():
        return make.observation(indicator_id, year, role, printed.replace(",", ""), printed=printed, **place)
    status = "not_stated" if printed == "—" else "pending"
    return make.observation(indicator_id, year, role, status=status, printed=printed, **place)


def _values(indicator_id: str, source_id: str, line: int, *cells: tuple[Any, ...]) -> list[Observation]:
    """Every column of the report, from (year, role, printed) of those that say something."""
    said = {(year, role): printed for year, role, printed in cells}
    return [
        _observation(
            indicator_id, year, role, said.get((year, role), "—"), source_id=source_id, source_line=line
        )
        for year, role in _COLUMNS[source_id]
    ]


def two_reports(**tables: Any) -> Package:
    """The whole package; pages are given its ``newest`` edition."""
    before, after = {"source_id": BEFORE}, {"source_id": AFTER}
    activity = make.activity("art", "前の年にしたこと")
    defaults: dict[str, Any] = {
        "sources": [
            make.source(BEFORE, title="前の報告", report_fiscal_year=2022),
            make.source(AFTER, title="次の報告", report_fiscal_year=2023),
        ],
        "policies": _plans(),
        "initiatives": [
            make.initiative("art", "アート事業", line=20, **before),
            make.initiative("walk", "散歩事業", line=21, **before),
            make.initiative("pair", "二つの事業", line=22, **before),
            make.initiative(
                "harvest", "収穫事業", line=23, lifecycle="ended", lifecycle_printed="(終了)", **before
            ),
            make.initiative("art", "新アート事業", line=30, **after),
            make.initiative("new", "はじめての事業", line=31, **after),
            make.initiative("pair", "二つの事業", line=32, **after),
        ],
        "listings": [
            make.listing("art", 20, "tourism-1-1", **before),
            make.listing("walk", 21, "tourism-1-2", **before),
            make.listing("pair", 22, "tourism-2-1", **before),
            make.listing("harvest", 23, "food-1-1", **before),
            make.listing("art", 30, "tourism-1-1", **after),
            make.listing("new", 31, "tourism-1-1", position=2, **after),
            make.listing("pair", 32, "tourism-2-1", **after),
            make.listing("pair", 33, "tourism-2-1", position=2, indicator_position=2, **after),
        ],
        "absences": [Absence(AFTER, "walk", "merged", "art", "同じ催しを続けている。")],
        "indicators": [
            make.indicator("art-1", "art", source_line=20, **before),
            make.indicator("walk-1", "walk", source_line=21, **before),
            make.indicator("pair-1", "pair", "一つめ", source_line=22, **before),
            make.indicator("pair-old", "pair", "古い指標", position=2, source_line=22, **before),
            make.indicator("harvest-1", "harvest", source_line=23, **before),
            make.indicator("art-1", "art", source_line=30, **after),
            make.indicator("new-1", "new", source_line=31, **after),
            make.indicator("pair-1", "pair", "一つめ", source_line=32, **after),
            make.indicator("pair-2", "pair", "二つめ", position=2, source_line=33, **after),
        ],
        "observations": [
            *_values(
                "art-1",
                BEFORE,
                20,
                (2019, "actual", "5"),
                (2020, "actual", "7"),
                (2021, "actual", "1000"),
                (2022, "actual", "集計中"),
                (2022, "target", "1100"),
            ),
            *_values("walk-1", BEFORE, 21, (2022, "actual", "40"), (2022, "target", "50")),
            *_values("pair-1", BEFORE, 22, (2022, "actual", "1"), (2022, "target", "1")),
            *_values("pair-old", BEFORE, 22, (2022, "actual", "6"), (2022, "target", "8")),
            *_values("harvest-1", BEFORE, 23, (2022, "actual", "3"), (2022, "target", "3")),
            *_values(
                "art-1",
                AFTER,
                30,
                (2019, "actual", "調査中"),
                (2020, "actual", "9"),
                (2021, "actual", "1,000"),
                (2022, "actual", "1200"),
                (2023, "actual", "900"),
                (2023, "target", "1300"),
            ),
            *_values("new-1", AFTER, 31, (2023, "actual", "2"), (2023, "target", "1")),
            *_values(
                "pair-1", AFTER, 32, (2022, "actual", "1"), (2023, "actual", "4"), (2023, "target", "2")
            ),
            *_values("pair-2", AFTER, 33, (2023, "actual", "5"), (2023, "target", "5")),
        ],
        "settlements": [
            *(make.settlement(key, 2022, 1000, **before) for key in ("art", "walk", "pair", "harvest")),
            *(make.settlement(key, 2023, 2000, **after) for key in ("art", "new", "pair")),
        ],
        "activities": [
            replace(activity, source_id=BEFORE),
            replace(activity, fiscal_year=2023, text="今年したこと", source_id=AFTER),
        ],
    }
    lines = {source_id: tuple(f"{number}行目の文" for number in range(1, 101)) for source_id in _COLUMNS}
    return make.package(lines, **{**defaults, **tables})
