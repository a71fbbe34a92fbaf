"""What an initiative's figures say in sentences: the published ones as they were read, and of every kind one made up.

``golden/paragraphs.txt`` has every initiative of the frozen data; each was read before it was kept. After a change
that is meant, read them again and write them anew: ``UPDATE_GOLDEN=1 python -m pytest tests/test_in_plain_words.py``.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import builders as make
from shinchoku import metrics
from shinchoku.pages.parts import in_plain_words
from shinchoku.pages.parts.notes import grouped
from shinchoku.pages.parts.values import in_short

GOLDEN = Path(__file__).parent / "golden" / "paragraphs.txt"


@pytest.fixture(scope="module")
def paragraphs(package) -> dict[str, str]:
    return {key: "".join(in_plain_words.of_initiative(package, key)) for key in package.initiative}


def test_golden(paragraphs):
    text = "".join(f"{key}\n{said}\n\n" for key, said in paragraphs.items())
    if "UPDATE_GOLDEN" in os.environ:
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_paragraph_says_what_the_tables_say(paragraphs, package):
    """Counted again, from the observations alone."""

    def number(key, year, role="actual"):
        row = package.observation.get((f"{key}-1", year, role))
        return row and row.value

    met = passed = back = up = down = same = 0
    for key, said in paragraphs.items():
        actual, target = number(key, 2022), number(key, 2022, "target")
        before, reference = number(key, 2021), number(key, 2019)
        indicator = package.indicator[f"{key}-1"]
        is_exact = package.observation[f"{key}-1", 2022, "actual"].qualifier is None
        if None not in (actual, target) and is_exact:
            assert indicator.desired_direction == "higher_is_better"
            assert ("達しました" in said) == (actual >= target), key
            assert ("届きませんでした" in said) == (actual < target), key
            earlier = [year for year in range(2018, 2022) if (number(key, year) or 0) >= target]
            named = re.search(r"(?:平成|令和)[^、。]*（[^（]*）に(?:すでに|は、この目標に|も|は)達し", said)
            assert bool(named) == bool(earlier), key
            since = [number(key, year) for year in range(min(earlier, default=2022), 2022)]
            is_held = all(value is None or value >= target for value in since)
            assert actual < target or ("も達していましたが" in said) == (not is_held), key
            met += actual >= target
            passed += actual >= target and bool(earlier)
        if None not in (actual, before) and is_exact:
            moved = {True: "(増え|上がり)", False: "(減り|下がり)"}[actual > before]
            assert re.search(moved if actual != before else "(前の年度と同じ|増えていません)", said), key
            up, down, same = up + (actual > before), down + (actual < before), same + (actual == before)
        if None in (actual, reference) or indicator.accumulation == "cumulative":
            assert "コロナ禍" not in said, key
        elif is_exact:
            assert ("戻っていません" in said or "下回っています" in said) == (actual < reference), key
            back += actual >= reference
    assert (met, passed, back) == (42, 22, 23)
    assert (up, down, same) == (57, 11, 8), "apart from an estimate that rose and a value of a date that fell"


# -- every kind ---------------------------------------------------------------------------


def _said(observations, indicator) -> str:
    package = make.edition(
        initiatives=[make.initiative("a")],
        indicators=[make.indicator("a-1", "a", **indicator)],
        observations=[
            make.observation("a-1", year, role, **(cell if isinstance(cell, dict) else {"value": cell}))
            for year, role, cell in observations
        ],
    )
    return "".join(in_plain_words.of_indicator(package, metrics.result(package, "a-1")))


@pytest.mark.parametrize(
    ("observations", "indicator", "said"),
    [
        pytest.param(
            [(2019, "actual", "5"), (2021, "actual", "9"), (2022, "actual", "7"), (2022, "target", "6")],
            {"desired_direction": "lower_is_better"},
            "令和4年度の実績は7人で、目標の6人を1人上回り、達しませんでした。小さいほど良い指標と読みました。"
            "令和元年度（5人）には、この目標に達していました。"
            "前の年度の9人より2人減りましたが、コロナ禍の前の令和元年度の5人には戻っていません。",
            id="less is better",
        ),
        pytest.param(
            [
                (2019, "actual", "40"),
                (2020, "actual", "41"),
                (2022, "actual", "42.5"),
                (2022, "target", "50"),
            ],
            {"unit": "%"},
            "令和4年度の実績は42.5%で、目標の50%に7.5ポイント届きませんでした。"
            "前の年度の数値がないので、前の年度とは比べられません。コロナ禍の前の令和元年度の40%を上回っています。",
            id="a gap is not bridged",
        ),
        pytest.param(
            [(2019, "actual", "8"), (2021, "actual", "8"), (2022, "actual", "8"), (2022, "target", "8")],
            {},
            "令和4年度の実績は8人で、目標の8人にちょうど達しました。この目標には、令和元年度（8人）にすでに達していました。"
            "前の年度と同じで、コロナ禍の前の令和元年度の8人とも同じです。",
            id="all the same",
        ),
        pytest.param(
            [
                (2021, "actual", "200"),
                (2022, "actual", {"value": "300", "qualifier": "estimate"}),
                (2022, "target", "300"),
            ],
            {"unit": "百万円"},
            "令和4年度の実績は3億円（見込み値）、目標は3億円です。実績がまだ決まった値ではないので、判定していません。"
            "前の年度の2億円より1億円増える見込みです。",
            id="an estimate",
        ),
        pytest.param(
            [
                (2022, "actual", {"value": "30", "qualifier": "approximate"}),
                (2022, "target", {"value": "20", "qualifier": "at_least"}),
            ],
            {},
            "令和4年度の実績は約30人、目標は20人以上です。値に幅があるので、判定していません。これより前の年度の数値はありません。",
            id="not exact",
        ),
        pytest.param(
            [
                (2021, "actual", "0"),
                (2022, "actual", {"status": "pending", "printed": "集計中"}),
                (2022, "target", "30"),
            ],
            {"unit": "万人"},
            "令和4年度の目標は30万人です。実績は、この報告の時点ではまだ集計中です。"
            "実績の記載がある最後の年度は令和3年度で、0人でした。",
            id="pending",
        ),
        pytest.param(
            [
                (2021, "actual", {"text": "検討"}),
                (2022, "actual", {"text": "検討"}),
                (2022, "target", {"text": "策定"}),
            ],
            {"value_kind": "qualitative", "unit": None},
            "令和4年度の実績は「検討」で、目標の「策定」とは違います。",
            id="words",
        ),
        pytest.param(
            [(2021, "actual", "3"), (2022, "actual", "3"), (2022, "target", {"status": "not_stated"})],
            {"accumulation": "cumulative"},
            "令和4年度の実績（累計）は3人です。目標の記載がないので、判定していません。この1年では増えていません。",
            id="no target",
        ),
        pytest.param(
            [
                (2021, "actual", "3"),
                (2022, "actual", "3"),
                (
                    2022,
                    "target",
                    {"status": "no_target", "printed": "— (試行のため)", "remark": "試行のため"},
                ),
            ],
            {},
            "令和4年度の実績は3人です。資料の目標の欄に「試行のため」とあるので、判定していません。前の年度と同じです。",
            id="said to have no target",
        ),
        pytest.param(
            [(2020, "actual", "2"), (2021, "actual", "0"), (2022, "actual", "0"), (2022, "target", "5")],
            {"accumulation": "cumulative"},
            "令和4年度の実績（累計）は0人で、目標の5人に届きませんでした。この1年では増えていません。"
            "累計なのに、令和2年度の2人から令和3年度の0人へ減っています。",
            id="a sum that fell to nothing",
        ),
        pytest.param(
            [
                (2019, "actual", "6"),
                (2020, "actual", "0"),
                (2021, "actual", "0"),
                (2022, "actual", {"status": "pending", "printed": "集計中"}),
                (2022, "target", "5"),
            ],
            {"label": "来場者（実績は前年度の値）"},
            "令和4年度の目標は5人です。実績は、この報告の時点ではまだ集計中です。"
            "この目標には、令和元年度（6人）には達していましたが、その後の2つの年度では達しませんでした（令和3年度は0人）。"
            "実績の記載がある最後の年度は令和3年度で、0人でした。資料の指標名に「実績は前年度の値」と注記があります。",
            id="reached once, not held",
        ),
        pytest.param(
            [(2022, "actual", "3"), (2025, "target", "9"), (2030, "target", "20")],
            {},
            "令和4年度の実績は3人です。目標は令和7年度の9人で、その年度の実績はこの報告にないので、判定していません。"
            "これより前の年度の数値はありません。",
            id="a target that is not due",
        ),
        pytest.param(
            [
                (2020, "base", "8"),
                (2021, "actual", "6"),
                (2022, "actual", {"status": "pending", "printed": "集計中"}),
                (2024, "target", "9"),
            ],
            {},
            "令和4年度の実績は、この報告の時点ではまだ集計中です。目標は令和6年度の9人で、その年度の実績はこの報告にないので、判定していません。"
            "基準値（令和2年度）の8人から令和3年度の6人になり、目標までの道のりとは逆へ、その200.0%だけ離れました（このサイトの計算）。",
            id="nothing that is due",
        ),
        pytest.param(
            [
                (2021, "base", {"value": "8", "printed": "8～9", "upper_value": Decimal(9)}),
                (2022, "actual", "10"),
                (2022, "target", {"value": "10", "printed": "10～15人", "upper_value": Decimal(15)}),
            ],
            {"unit": "千円"},
            "令和4年度の実績は1万円で、目標の10〜15千円に達しました。前の年度とは単位や書き方が違うので、比べられません。",
            id="ranges",
        ),
        pytest.param(
            [(2022, "actual", {"status": "not_stated"}), (2022, "target", {"status": "blank"})],
            {},
            "令和4年度の実績も目標も記載がないので、判定できません。どの年度にも、実績の記載がありません。",
            id="nothing",
        ),
        pytest.param(
            [(2021, "actual", "3")],
            {},
            "目標の記載がどの年度にもないので、判定できません。実績の記載がある最後の年度は令和3年度で、3人でした。",
            id="never a target",
        ),
    ],
)
def test_every_kind_of_result_is_said_rightly(observations, indicator, said):
    assert _said(observations, indicator) == said


def test_without_a_disruption_nothing_is_said_of_one():
    package = make.edition(
        initiatives=[make.initiative("a")],
        indicators=[make.indicator("a-1", "a")],
        observations=[make.observation("a-1", year, "actual", str(year)) for year in range(2018, 2023)]
        + [make.observation("a-1", 2022, "target", "3000")],
    )
    said = in_plain_words.of_initiative(package, "a")
    assert "コロナ禍の前の令和元年度の2,019人も上回っています" in "".join(said)
    descriptor = {key: value for key, value in package.descriptor.items() if key != "disruption"}
    quiet = replace(package, descriptor=descriptor)
    assert in_plain_words.of_initiative(quiet, "a")[1] == "前の年度の2,021人より1人増えました。"


def test_money_is_compared_with_what_else_is_listed_in_the_area_loan_funds_apart():
    amounts = {"a": 400, "b": 300, "c": 300, "d": 0, "fund": 9_000_000}
    package = make.edition(
        initiatives=[
            make.initiative(key, line=10 + position, is_loan_fund=key == "fund")
            for position, key in enumerate([*amounts, "none"])
        ],
        settlements=[make.settlement(key, 2022, amount) for key, amount in amounts.items()],
    )
    area = package.areas[0].title
    said = {key: in_plain_words.of_money(package, key) for key in package.initiative}
    whom = f"で、「{area}」に金額が載っている4事業（貸付資金を除く）のうち"
    assert said == {
        "a": f"令和4年度の決算見込額は40万円{whom}最も大きい額です。",
        "b": f"令和4年度の決算見込額は30万円{whom}2番目に大きい額です。",
        "c": f"令和4年度の決算見込額は30万円{whom}2番目に大きい額です。",
        "d": "令和4年度の決算見込額は0円です。",
        "fund": "令和4年度の決算見込額は90億円で、融資のための貸付資金です。",
        "none": "令和4年度の決算見込額の記載はありません。",
    }


def test_of_equal_amounts_none_is_the_largest():
    package = make.edition(
        initiatives=[make.initiative(key, line=10 + place) for place, key in enumerate("abc")],
        settlements=[make.settlement(key, 2022, 200) for key in "abc"],
    )
    assert in_plain_words.of_money(package, "a") == "令和4年度の決算見込額は20万円です。"


def test_quantities_are_said_as_people_say_them():
    for value, unit, said in (
        ("58223", "千円", "約5,822万円"),
        ("82.5", "億円", "82.5億円"),
        ("0", "万人", "0人"),
        ("-3", "百万円", "−300万円"),
        ("4.1", "%", "4.1%"),
        ("7", None, "7"),
    ):
        assert in_plain_words.quantity(Decimal(value), unit) == said
    assert in_plain_words.distance(Decimal("-1.5"), "%") == "1.5ポイント"


# -- doubts ---------------------------------------------------------------------------------


def test_the_same_doubt_is_told_once_with_its_lines(package):
    rows = package.rows_of_initiative["entrepreneurship-promotion"]
    found = grouped(package.notes_of((row.source_id, row.source_line) for row in rows))
    assert [(doubt.note.source_line, [other.source_line for other in doubt.others]) for doubt in found] == [
        (356, []),
        (558, [564, 570, 581, 597]),
    ]


def test_doubts_of_different_reasons_are_both_told():
    notes = [make.note("n-1", 10, reason="一つめの理由。"), make.note("n-2", 20, reason="別の理由。")]
    assert [doubt.others for doubt in grouped(notes)] == [[], []]


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("欄なし", None),
        ("集計中", {"status": "pending", "printed": "調査中"}),
        ("実施", {"text": "実施"}),
        ("1,234.5万円", {"value": "1234.5"}),
        ("約30万円", {"value": "30", "qualifier": "approximate"}),
        ("30万円以上", {"value": "30", "qualifier": "at_least"}),
        ("30万円（見込み値）", {"value": "30", "qualifier": "estimate"}),
    ],
)
def test_a_value_in_short_keeps_its_own_unit_and_how_far_it_is_exact(said, row):
    """The unit is that of the report which prints the value, whatever the newest one counts in."""
    sources = [make.source(name, report_fiscal_year=year) for name, year in (("old", 2021), ("new", 2022))]
    package = make.edition(
        sources=sources,
        indicators=[
            make.indicator("a-1", "a", source_id="old", unit="万円"),
            make.indicator("a-1", "a", source_id="new", unit="億円"),
        ],
    )
    item = None if row is None else make.observation("a-1", 2021, "actual", **row, source_id="old")
    assert in_short(package, item) == said
