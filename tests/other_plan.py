"""The plan of a made-up town: levels, columns and years that are not this project's.

``plan(depth)`` has as many levels as told; goals are its areas, all others stand above or below them. It prints
a base value, yearly actuals, a target of a later year, the town's own grade and two columns more, nothing
else: with ``money`` also a budget and what was settled, with ``text`` also the document itself. One indicator
is that of a measure itself, one initiative stands directly under an area, and one area has none.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

import builders as make
from shinchoku.package.descriptor import resources
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
_TABLES = ("sources", "policies", "initiatives", "listings", "indicators", "observations")
_LEFT_OUT = {("initiatives", "has_mark"), ("initiatives", "is_loan_fund")}
_BASE, _NEWEST, _END = 2019, 2023, 2024


def _levels(depth: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(Levels above the areas, levels below them); of an even depth one more of the latter."""
    above = (depth - 1) // 2
    return list(_ABOVE[:above]), list(_BELOW[: depth - 1 - above])


def descriptor(depth: int = 2, *, money: bool = False) -> dict[str, Any]:
    """This project's as the town would write it: its own levels and columns, and no table it prints nothing for."""
    found = copy.deepcopy(make.descriptor())
    of_this_project = resources(found)
    tables = [of_this_project[name] for name in _TABLES]
    for table in tables:
        table["schema"]["fields"] = [
            field
            for field in table["schema"]["fields"]
            if (table["name"], field["name"]) not in _LEFT_OUT and not field["name"].startswith("omission")
        ]
    above, below = _levels(depth)
    levels = [*above, ("goal", "基本目標"), *below]
    pages = {"goal": {"pages": "goals"}}
    _categories(
        tables[1],
        "level",
        [{"value": name, "label": label, **pages.get(name, {})} for name, label in levels],
    )
    _categories(
        tables[5],
        "role",
        [
            {"value": "base", "label": "基準値"},
            {"value": "actual", "label": "実績"},
            {"value": "target", "label": "目標値"},
        ],
    )
    tables.append(_attributes(of_this_project["activities"]))
    if money:
        for name, title in (("settlements", "決算額"), ("budgets", "予算額")):
            table = copy.deepcopy(of_this_project["settlements"])
            table |= {"name": name, "title": title, "title_en": name, "path": f"data/{name}.csv"}
            tables.append(table)
            for field in table["schema"]["fields"]:
                if field["name"] == "amount_thousand_yen":
                    field |= {"title": title, "type": "number"}
    for table in tables:
        for field in table["schema"]["fields"]:
            for key in ("title", "description"):
                if any(word in field[key] for word in (*NOT_OF_THE_TOWN, "部")):
                    field[key] = "町の列"
    known = {table["name"] for table in tables}
    for table in tables:
        keys = table["schema"].get("foreignKeys", [])
        table["schema"]["foreignKeys"] = [key for key in keys if key["reference"]["resource"] in known]
    del found["disruption"]
    return found | {
        "name": "midorino",
        "title": "みどり野町総合戦略",
        "title_en": "Midorino",
        "description": "みどり野町の計画の進み具合。",
        "description_en": "How the plan of Midorino goes on.",
        "keywords": ["みどり野町"],
        "spatial": {"name": "みどり野町", "name_en": "Midorino"},
        "sources": [],
        "resources": tables,
    }


def _categories(table: Mapping[str, Any], column: str, categories: list[dict[str, Any]]) -> None:
    (field,) = (field for field in table["schema"]["fields"] if field["name"] == column)
    field["categories"] = [{"label_en": each["label"], **each} for each in categories]
    field["constraints"]["enum"] = [each["value"] for each in categories]


def _attributes(like: Mapping[str, Any]) -> dict[str, Any]:
    """The table of what is printed of an initiative besides, with the town's grade."""
    table = copy.deepcopy(dict(like)) | {"name": "attributes", "path": "data/attributes.csv", "title": "項目"}
    columns = {field["name"]: field for field in table["schema"]["fields"]}
    text = {"type": "string", "description": "資料の字句のまま。", "description_en": "As printed."}
    table["schema"]["fields"] = [
        columns["source_id"],
        columns["initiative_id"],
        {
            **text,
            "name": "attribute",
            "title": "項目",
            "title_en": "Attribute",
            "constraints": {"required": True},
        },
        {**text, "name": "text", "title": "内容", "title_en": "Text", "constraints": {"required": True}},
        columns["source_line"],
    ]
    table["schema"] |= {"primaryKey": ["source_id", "initiative_id", "attribute"]}
    legend = [
        {"value": value, "meaning": meaning}
        for value, meaning in zip("ABCD", ("順調", "おおむね順調", "やや遅れ", "遅れ"), strict=True)
    ]
    _categories(
        table,
        "attribute",
        [
            {"value": "division", "label": "担当課"},
            {"value": "grade", "label": "評価", "kind": "grade", "legend": legend},
            {"value": "remarks", "label": "課題・今後の方向性"},
        ],
    )
    return table


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
    if base is not None:
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
    deepest = [*_tree(depth)]
    home = max(
        (node for node in deepest if node.policy_id.startswith("work")), key=lambda node: len(node.policy_id)
    )
    names = {
        "farmers": "新規就農者支援事業",
        "machines": "スマート農業推進事業",
        "moving": "移住相談事業",
        "measure-kpi": "施策の題",
    }
    places = {
        "farmers": home.policy_id,
        "machines": home.policy_id,
        "measure-kpi": home.policy_id,
        "moving": "people",
    }
    lines = {name: 15 + number for number, name in enumerate(names)} | {"moving": 21}
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
        policies=deepest,
        initiatives=[
            make.initiative(key, name, line=lines[key], is_policy=key == "measure-kpi")
            for key, name in names.items()
        ],
        listings=[make.listing(key, lines[key], place) for key, place in places.items()],
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
            make.attribute(key, name, said, lines[key])
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
                make.settlement("moving", _NEWEST),
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
