"""The plan of a made-up town: levels, columns and years that are not this project's.

``plan(depth)`` has as many levels as told; goals are its areas, all others stand above or below them. It prints
a base value, yearly actuals, a target of a later year, the town's own grade and two columns more, nothing
else: with ``money`` also a budget and what was settled, with ``text`` also the document itself. One indicator
is that of a measure itself, one initiative stands directly under an area, and one area has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import builders as make
from shinchoku.package import defaults
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation, Policy

#: Words of this project's plan, of which no page of another may speak.
NOT_OF_THE_TOWN = (
    *("札幌", "北海道", "柱", "重点分野", "横断的戦略", "基本施策", "取組の方向", "★", "再掲", "決算見込額"),
    *("地方創生", "交付金", "融資", "貸付", "コロナ"),
)
#: Levels from the top down, around the areas: the more a plan has, the more of both ends.
_ABOVE = (("vision", "将来像"), ("policy", "政策"))
_BELOW = (("measure", "施策"), ("item", "項目"), ("step", "手順"))
_BASE, _NEWEST, _END = 2019, 2023, 2024


def _levels(depth: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(Levels above the areas, levels below them); of an even depth one more of the latter."""
    above = (depth - 1) // 2
    return list(_ABOVE[:above]), list(_BELOW[: depth - 1 - above])


def descriptor(depth: int = 2, *, money: bool = False) -> dict[str, Any]:
    """The town's: its levels and columns, in the program's own words, and no table it prints nothing for."""
    above, below = _levels(depth)
    levels = [{"value": name, "label": label} for name, label in [*above, ("goal", "基本目標"), *below]]
    legend = [
        {"value": value, "meaning": meaning}
        for value, meaning in zip("ABCD", ("順調", "おおむね順調", "やや遅れ", "遅れ"), strict=True)
    ]
    attributes = [
        {"value": "division", "label": "担当課"},
        {"value": "grade", "label": "評価", "kind": "grade", "legend": legend},
        {"value": "remarks", "label": "課題・今後の方向性"},
    ]
    for item in (*levels, *attributes):
        item["label_en"] = item["value"].title()
    next(item for item in levels if item["value"] == "goal")["pages"] = "goals"
    found = {key: value for key, value in make.descriptor().items() if key != "disruption"}
    return found | {
        "name": "midorino",
        "title": "みどり野町総合戦略",
        "title_en": "Midorino",
        "description": "みどり野町の計画の進み具合。",
        "description_en": "How the plan of Midorino goes on.",
        "keywords": ["みどり野町"],
        "spatial": {"code": "013994", "name": "みどり野町", "name_en": "Midorino"},
        "sources": [],
        "resources": defaults.resources(
            {"policies.level": levels, "attributes.attribute": attributes},
            ["attributes", *(["settlements", "budgets"] if money else [])],
            ["initiatives.is_policy"],
        ),
    }


def _tree(depth: int) -> Iterable[Policy]:
    above, below = _levels(depth)
    top = None
    for line, (level, label) in enumerate(above, 2):
        yield make.policy(level, level, top, line=line, title=f"{label}の題")
        top = level
    for number, (goal, title) in enumerate(
        (("work", "しごとをつくる"), ("people", "ひとを呼ぶ"), ("living", "暮らし")), 1
    ):
        yield make.policy(goal, "goal", top, position=number, line=10 * number, title=title)
        parent = goal
        for line, (level, label) in enumerate(below if goal == "work" else (), 11):
            yield make.policy(f"{parent}-{level[0]}1", level, parent, line=line, title=f"{label}の題")
            parent = f"{parent}-{level[0]}1"


def _observations(
    indicator: str, base: str | None, actuals: Iterable[str | None], target: str
) -> Iterable[Observation]:
    yield make.observation(indicator, _BASE, "base", base)
    for year, actual in enumerate(actuals, _BASE + 1):
        yield make.observation(
            indicator,
            year,
            "actual",
            actual,
            status=None if actual else "pending",
            printed=actual or "集計中",
        )
    yield make.observation(indicator, _END, "target", target)


def plan(depth: int = 2, *, money: bool = False, text: bool = False) -> Edition:
    """The newest edition of the town's package."""
    policies = [*_tree(depth)]
    home = max((node.policy_id for node in policies if node.policy_id.startswith("work")), key=len)
    names = {
        "farmers": (15, "新規就農者支援事業"),
        "machines": (16, "スマート農業推進事業"),
        "measure-kpi": (18, "施策の題"),
        "moving": (21, "移住相談事業"),
    }
    return make.package(
        schema=descriptor(depth, money=money),
        sources=[
            make.source(
                title="みどり野町総合戦略 進捗管理シート",
                publisher="みどり野町",
                report_fiscal_year=_NEWEST,
                **{} if text else {"file": None, "line_count": None, "sha256": None},
            )
        ],
        source_lines={make.SOURCE_ID: tuple(f"{number}行目の字" for number in range(1, 31))} if text else {},
        policies=policies,
        initiatives=[
            make.initiative(key, name, line=line, is_policy=key == "measure-kpi")
            for key, (line, name) in names.items()
        ],
        listings=[
            make.listing("farmers", 15, home, position=1),
            make.listing("machines", 16, home, position=2),
            make.listing("machines", 17, home, position=3, indicator_position=2),
            make.listing("measure-kpi", 18, home, position=4),
            make.listing("moving", 21, "people"),
        ],
        indicators=[
            make.indicator("farmers-1", "farmers", "新規就農者数", accumulation="cumulative"),
            make.indicator("machines-1", "machines", "導入経営体数", "件"),
            make.indicator(
                "machines-2", "machines", "労働時間削減率", "%", position=2, value_kind="percentage"
            ),
            make.indicator("moving-1", "moving", "社会増減数"),
            make.indicator("measure-kpi-1", "measure-kpi", "農業産出額", "百万円"),
        ],
        observations=[
            *_observations("farmers-1", "3", ("5", "8", "11", "14"), "18"),
            *_observations("machines-1", "0", ("1", "2", "2", "4"), "10"),
            *_observations("machines-2", "0", ("1.5", "3.2", "4.125", "5.0"), "12.5"),
            *_observations("moving-1", "-85", ("-92", "-70", "-64", "-51"), "0"),
            *_observations("measure-kpi-1", None, ("210", "215", "220", None), "250"),
        ],
        attributes=[
            make.attribute(key, name, said, names[key][0])
            for key, all_said in {
                "farmers": {"division": "農林課", "grade": "B", "remarks": "研修先の確保が課題"},
                "machines": {"division": "農林課", "grade": "C", "remarks": "機器の価格が高い"},
                "moving": {"division": "企画課", "grade": "B"},
            }.items()
            for name, said in all_said.items()
        ],
        **{
            "settlements": [
                make.settlement("farmers", _NEWEST, 11234),
                make.settlement("machines", _NEWEST, 7555),
                make.settlement("moving", _NEWEST, status="blank"),
                make.settlement("measure-kpi", _NEWEST, status="blank"),
            ],
            "budgets": [
                make.budget("farmers", _NEWEST, 12000),
                make.budget("machines", _NEWEST, 8000),
                make.budget("moving", _NEWEST, 4500),
            ],
        }
        if money
        else {},
    ).newest
