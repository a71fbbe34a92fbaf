"""Charts: honest, readable by everybody, safe in a page, and the same bytes wherever they are drawn.

The golden pictures in ``golden/charts`` were looked at in a browser. After a change that is meant, look
again and write them anew: ``UPDATE_GOLDEN=1 python -m pytest tests/test_charts.py``.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

import builders as build
from shinchoku import charts, metrics
from shinchoku.charts import marks, preview
from shinchoku.metrics import Assessment, Money
from shinchoku.site import configuration

GOLDEN = Path(__file__).parent / "golden" / "charts"
CSS = configuration.OF_EVERY_SITE / "assets" / "charts.css"
HOSTILE = '</text></svg><script>alert(1)</script>{{ 7*7 }}\x1b\x00&"\' {"signal": "datum"}'


@pytest.fixture(scope="module")
def published(package) -> dict[str, charts.Chart | None]:
    """Indicator id → its chart, for the whole published package."""
    return {
        item.indicator_id: charts.indicator_chart(package, item.indicator_id) for item in package.indicators
    }


def actuals(*values: str | None, first: int = 2018) -> list:
    """One actual a year; ``None`` is a year still being counted, a word a state."""
    return [
        build.observation("a-1", first + i, "actual", status="pending")
        if value is None
        else build.observation("a-1", first + i, "actual", value)
        for i, value in enumerate(values)
    ]


def target(value: str | None = None, year: int = 2022, **values):
    return build.observation("a-1", year, "target", value, **values)


def of(observations: list, **indicator):
    return build.package(
        initiatives=[build.initiative("a")],
        indicators=[build.indicator("a-1", "a", **indicator)],
        observations=observations,
    )


def texts(chart: charts.Chart) -> list[str]:
    """What is written in the picture, without its description."""
    root = ElementTree.fromstring(f"<div>{chart.svg}</div>")[0]
    return [element.text for element in root.iter() if element.tag in ("text", "tspan") and element.text]


PICTURES = {
    "numbers": of([*actuals("172", "235", None, "0", "159"), target("250")], accumulation="annual"),
    "provisional": of(
        [
            *actuals("220", "263", "256", "267"),
            build.observation("a-1", 2022, "actual", "300", qualifier="estimate", remark="見込み値"),
            target("310"),
        ]
    ),
    "below-zero": of([*actuals("4.9", "-3.2", "11.2", "-12.5"), target(status="no_target", year=2021)]),
    "many-years": of([*actuals(*(str(year * 1_234_567) for year in range(11))), target("9000000")]),
    "states": of(
        [
            build.observation("a-1", 2020, "actual", status="not_stated"),
            build.observation("a-1", 2021, "actual", text="検討"),
            build.observation("a-1", 2022, "actual", text="検討"),
            target(text="工事着工、運営事業者の公募"),
        ],
        value_kind="qualitative",
        unit=None,
    ),
}
AREAS = [
    ("観光", {Assessment.ACHIEVED: 3, Assessment.NOT_ACHIEVED: 9, Assessment.PENDING: 1}),
    ("食", {Assessment.ACHIEVED: 7}),
]
MONEY = [
    ("観光", Money(2022, 1_341_716, 0, 1_341_716, 18, 2)),
    ("食", Money(2022, 0, 0, 0, 0, 3)),
    ("企業", Money(2022, 88_893_767, 88_441_169, 452_598, 14, 0)),
]

TABLES = {
    "documents": "原資料",
    "rows": "報告に載っている、題名のとても長い表",
    "notes": "注記",
    "alone": "何も指さない表",
}
REFERENCES = [("rows", "documents"), ("rows", "rows"), ("notes", "documents"), ("notes", "rows")]


def pictures() -> dict[str, str]:
    """Every kind of chart once, by name."""
    drawn = {name: charts.indicator_chart(data, "a-1").svg for name, data in PICTURES.items()}
    drawn["assessments"] = charts.assessment_chart(AREAS[0][1], title="判定").svg
    drawn["areas"] = charts.assessment_by_area(AREAS, title="分野ごとの判定").svg
    drawn["money"] = charts.money_chart(MONEY, title="決算見込額", of="決算見込額").svg
    drawn["references"] = charts.references_chart(TABLES, REFERENCES, title="表のつながり", about="rows").svg
    drawn["sparkline"] = charts.sparkline(PICTURES["numbers"], "a-1")
    return drawn


# -- the same everywhere --------------------------------------------------


def test_golden():
    drawn = pictures()
    if "UPDATE_GOLDEN" in os.environ:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for name, content in drawn.items():
            (GOLDEN / f"{name}.svg").write_text(content + "\n", encoding="utf-8")
    expected = {path.stem: path.read_text(encoding="utf-8").rstrip("\n") for path in GOLDEN.glob("*.svg")}
    assert drawn == expected


@pytest.mark.process
def test_language_zone_and_order_change_nothing(tmp_path):
    elsewhere = {
        **os.environ,
        "HOME": str(tmp_path),
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
    }
    # In the opposite order, so that nothing counted up in a process can stay unnoticed.
    program = (
        "import sys, test_charts as t\n"
        "t.PICTURES = dict(reversed(t.PICTURES.items()))\n"
        "drawn = t.pictures()\n"
        "sys.stdout.buffer.write('\\n'.join(drawn[name] for name in sorted(drawn)).encode())"
    )
    command = [sys.executable, "-c", program]
    other = subprocess.run(command, env=elsewhere, capture_output=True, check=True).stdout.decode()
    drawn = pictures()
    assert other == "\n".join(drawn[name] for name in sorted(drawn))


PUBLISHED = (
    "changes",
    "charts",
    "exports",
    "metrics",
    "package",
    "pages",
    "reports_compared",
    "reprint",
    "words",
)


@pytest.mark.parametrize("part", PUBLISHED)
def test_no_inexact_number_is_written_in_the_code_of_what_is_published(part):
    """A sum of floats depends on the version of Python, and how a half is rounded on how it came about."""
    source = Path(charts.__file__).parents[1]
    for path in [*(source / part).rglob("*.py"), *source.glob(f"{part}.py")]:
        # A form to fill in, with margins in inches; and what takes a float only where it is written the same.
        if path.name in ("report_workbook.py", "report_form.py", "json_text.py"):
            continue
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
        names = [node.id for node in nodes if isinstance(node, ast.Name)]
        assert [value for value in constants if isinstance(value, float)] == [] and "float" not in names, path


def test_a_float_is_no_coordinate():
    exact = (Decimal("-0.04"), Decimal("128.00"), 1200, Decimal("2.675"))
    assert list(map(marks.number, exact)) == ["0", "128", "1200", "2.7"]
    with pytest.raises(TypeError):
        marks.number(0.5)


# -- safe in a page -------------------------------------------------------


def _plain(chart_svg: str) -> ElementTree.Element:
    """A picture, and the wide one that may stand beside it."""
    return ElementTree.fromstring(f"<div>{chart_svg}</div>")


def test_texts_of_the_package_stay_text():
    observations = [
        build.observation("a-1", 2021, "actual", text=HOSTILE),
        build.observation("a-1", 2022, "actual", status="pending", remark=HOSTILE),
        target(text=HOSTILE),
    ]
    kinds = [
        charts.indicator_chart(of(observations, label=HOSTILE, value_kind="qualitative", unit=None), "a-1"),
        charts.indicator_chart(of([*actuals("1"), target("2")], label=HOSTILE, unit=HOSTILE), "a-1"),
        charts.assessment_by_area([(HOSTILE, AREAS[0][1])], title=HOSTILE),
        charts.money_chart([(HOSTILE, MONEY[0][1])], title=HOSTILE, of=HOSTILE),
    ]
    for chart in kinds:
        elements = {element.tag for element in _plain(chart.svg).iter()}
        assert elements <= {"div", "svg", "desc", "g", "path", "rect", "text", "tspan"}
        assert "alert(1)" in "".join(texts(chart)).replace(" ", "") + chart.title
        assert not re.search(r"[\x00-\x1f]", chart.svg + chart.title + chart.description)


def test_published_charts_fit_into_their_pages(published):
    ids = []
    for indicator_id, chart in published.items():
        if chart is None:
            continue
        assert len(chart.svg.encode("utf-8")) < (3_500 if chart.picture.wide else 2_800), indicator_id
        assert not re.search(r"url\(|href|style=|font-family|aria-label=|<g></g>|var\(", chart.svg)
        own = f'aria-labelledby="{chart.key}" aria-describedby="{chart.key}-d"'
        assert own in chart.svg and re.findall(r' id="([^"]+)"', chart.svg) == [f"{chart.key}-d"]
        ids.append(chart.key)
    assert len(ids) == len(set(ids)), "charts with the same content need ids of their own"


def _across(element: ElementTree.Element, width: float) -> tuple[float, float]:
    """Where a text begins and ends at most, in pixels of a picture so wide."""
    length = float(marks.ems(element.text)) * marks.TEXT
    start = float(element.get("x").rstrip("%")) * width / 100 + float(element.get("dx", 0))
    looks = element.get("class", "").split()
    start -= 0 if "start" in looks else length if "end" in looks else length / 2
    return start, start + length


def _flat_texts(picture: ElementTree.Element) -> list[ElementTree.Element]:
    """Texts that are not turned, with what the groups around them say."""
    found = []
    for group in picture.iter():
        for element in group:
            if element.tag in ("text", "tspan") and group.tag != "svg":
                element.attrib = {**group.attrib, **element.attrib}
                found += [element] if element.text else []
    return found


def test_texts_stand_inside_their_pictures_on_the_narrowest_phone(published):
    """By an upper bound of their width: what is cut off on a phone is not there."""
    outside = []
    drawn = {**{name: chart.svg for name, chart in published.items() if chart}, **pictures()}
    for name, svg in drawn.items():
        for picture, width in zip(_plain(svg), (marks.NARROWEST, marks.WIDE), strict=False):
            for element in _flat_texts(picture) if name != "sparkline" else ():
                start, end = _across(element, float(width))
                if start < -2 or end > width + 2:
                    outside.append((name, element.text))
    assert outside == []


def test_no_text_is_smaller_than_the_small_print_of_a_page(published):
    """Pictures keep their size: their text is as large on every screen."""
    assert f"font-size: {marks.TEXT}px;" in CSS.read_text(encoding="utf-8")
    for chart in filter(None, published.values()):
        assert "font-size" not in chart.svg
        for shapes in re.findall(r"<svg viewBox[^>]*>(.*?)</svg>", chart.svg):
            assert "<text" not in shapes, "what is stretched holds no text"


# -- honest ---------------------------------------------------------------


def _drawn(chart: charts.Chart, look: str) -> str:
    """The path of a look in the first picture; empty where it has none."""
    paths = _plain(chart.svg)[0].iter("path")
    return "".join(path.get("d") for path in paths if path.get("class") == look)


def _boxes(chart: charts.Chart, look: str) -> list[dict[str, float]]:
    """The boxes of a look in the first picture, in percent across and pixels down."""
    found = []
    for box in re.findall(r"M([\d.-]+) ([\d.-]+)H([\d.-]+)V([\d.-]+)H[\d.-]+z", _drawn(chart, look)):
        left, top, right, bottom = map(float, box)
        found.append({"x": left, "width": right - left, "y": top, "height": bottom - top})
    return found


def _heights(chart: charts.Chart) -> list[float]:
    return [box["height"] for box in _boxes(chart, "actual")]


def test_bars_are_as_high_as_their_values():
    chart = charts.indicator_chart(of([*actuals("50", "100", "0"), target("200")]), "a-1")
    assert _heights(chart) == [35, 70, 0]


def test_zero_is_written_and_a_gap_says_why():
    chart = charts.indicator_chart(of([*actuals("5", "0", None)]), "a-1")
    written = texts(chart)
    assert "0" in written and "集計中" in written
    assert "令和元年度の値は0です。" in chart.description
    assert "令和2年度は値がありません。理由：報告の時点で集計中。" in chart.description
    # Solid below the two values, dotted below the gap.
    assert _drawn(chart, "foot").count("M") == 2 and _drawn(chart, "gap").count("M") == 1


def test_description_in_words():
    chart = charts.indicator_chart(PICTURES["provisional"], "a-1")
    assert chart.title == "来場者数の推移"
    assert chart.description == (
        "年度ごとの実績を、0から始まる棒の高さで示した図です。"
        "最初の値は平成30年度の220人、最後の値は令和4年度の300人です。"
        "令和4年度の300人は見込み値です（注記は「見込み値」）。"
        "令和4年度の目標は310人です。"
    )
    assert chart.table.columns == ("年度", "実績（人）", "目標")
    assert chart.table.rows[-1] == ("令和4年度（2022年度）", "300人", "310人")


def test_states_are_no_numbers():
    chart = charts.indicator_chart(PICTURES["states"], "a-1")
    assert chart.description == (
        "年度ごとの段階を、言葉のまま上から順に並べた図です。"
        "令和3年度と令和4年度は「検討」です。"
        "令和2年度は値がありません。理由：「—」とだけ記載。"
        "令和4年度の目標は「工事着工、運営事業者の公募」です。"
    )
    assert texts(chart).count("検討") == 1  # one block for both years
    assert "".join(texts(chart)[6:9]).startswith("工事着工、運営事業者")
    assert charts.sparkline(PICTURES["states"], "a-1") == ""


def test_lower_is_better_is_said():
    chart = charts.indicator_chart(
        of([*actuals("468"), target("378")], desired_direction="lower_is_better"), "a-1"
    )
    assert "小さいほど良い指標です（このサイトの読み取り）" in chart.notes


def test_what_is_noted_of_the_values_stands_in_their_chart():
    name = "排出量(目標・実績値は前年度CO2排出量の速報値)"
    rows = [
        *actuals("468"),
        build.observation("a-1", 2019, "actual", "77", qualifier="as_of", remark="※R5.3末"),
    ]
    chart = charts.indicator_chart(of(rows, label=name), "a-1")
    assert chart.title == "排出量の推移"
    assert chart.notes == (
        "資料の指標名にある注記：目標・実績値は前年度CO2排出量の速報値",
        "令和元年度の実績にある注記：※R5.3末",
    )
    assert (
        charts.indicator_chart(of(rows, label="来札観光客数(国内)"), "a-1").title
        == "来札観光客数(国内)の推移"
    )


def test_years_upset_by_a_great_event_stand_on_a_band_that_is_explained(package):
    chart = charts.indicator_chart(package, "snow-festival-1")
    assert _boxes(chart, "band") == [{"x": 40, "width": 40, "y": 0, "height": 186}]
    assert chart.notes == (
        "色の帯（令和2年度と令和3年度）は、新型コロナウイルス感染症の影響が大きかった年度。その前の令和元年度が、比べるときの基準",
    )


def test_an_indicator_without_any_value_has_no_chart():
    data = of([*actuals(None, None), target(status="blank")])
    assert charts.indicator_chart(data, "a-1") is None
    assert charts.sparkline(data, "a-1") == ""


def test_only_indicators_without_a_value_have_no_published_chart(package, published):
    stated = {item.indicator_id for item in package.observations if item.status == "reported"}
    assert {indicator_id for indicator_id, chart in published.items() if chart} == stated


def test_sparkline_shows_gap_zero_and_target():
    drawn = charts.sparkline(PICTURES["numbers"], "a-1")
    marks = dict(re.findall(r'class="sparkline__(\w+)" d="([^"]+)"', drawn))
    assert {kind: path.count("M") for kind, path in marks.items()} == {
        "bar": 4,
        "foot": 4,
        "gap": 1,
        "target": 1,
    }


def test_assessments_are_counted_in_words():
    chart = charts.assessment_chart(AREAS[0][1], title="判定")
    assert {"◯3", "△9", "目標に届いた", "◯ 目標達成", "69.2%"} <= set(texts(chart))
    assert chart.description == (
        "13事業のうち、目標に届いたのが3（目標達成3）、目標に届かなかったのが9、判定していないのが1（報告の時点で集計中1）です。"
    )


def test_assessments_of_one_outcome_are_counted_together_and_named():
    counts = {Assessment.ACHIEVED: 42, Assessment.ACHIEVED_QUALITATIVE: 3, Assessment.NOT_ACHIEVED: 37}
    written = texts(charts.assessment_chart(counts, title="判定"))
    assert {"◯45", "45", "54.9%", "◯ 目標達成", "42", "● 目標の段階に到達", "3"} <= set(written)


def test_the_loan_fund_has_a_scale_of_its_own():
    chart = charts.money_chart(MONEY, title="決算見込額", of="決算見込額")
    tourism, companies, loan_fund, rest = [box["width"] for box in _boxes(chart, "actual")]
    assert companies / tourism == pytest.approx(452_598 / 1_341_716, rel=0.01)
    assert rest / loan_fund == pytest.approx((452_598 + 1_341_716) / 88_441_169, rel=0.05)
    assert "貸付資金との比較（上の図とは縮尺が違います）" in "".join(texts(chart))


def test_pictures_say_money_as_people_do_and_tables_as_it_is_printed():
    chart = charts.money_chart(MONEY, title="決算見込額", of="決算見込額")
    assert "約13億4,172万円" in texts(chart) and "観光は約13億4,172万円です" in chart.description
    assert chart.table.columns[1] == "金額（千円）" and chart.table.rows[0][1] == "1,341,716"


def test_no_amount_is_not_zero():
    chart = charts.money_chart(MONEY, title="決算見込額", of="決算見込額")
    assert "0円" not in texts(chart) and "金額の記載なし" in texts(chart)
    assert "食は金額の記載なしです。" in chart.description
    assert chart.table.rows[1] == ("食", "記載なし", "記載なし", "0", "3")


# -- colours --------------------------------------------------------------

_LIGHT, _DARK = "#ffffff", "#12181f"  # the page's own, in site.css


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("selector, page", [(":root {", _LIGHT), ('[data-md-color-scheme="slate"] {', _DARK)])
def test_contrast(selector, page):
    rule = CSS.read_text(encoding="utf-8").split(selector, 1)[1].split("}")[0]
    color = dict(re.findall(r"--chart-([\w-]+): (#[0-9a-f]{6});", rule))
    for mark in ("actual", "target", "reached", "missed"):
        assert _contrast(color[mark], page) >= 3, mark
    assert _contrast(color["muted"], page) >= 4.5
    for mark in ("actual", "reached", "missed"):
        assert _contrast(color[f"on-{mark}"], color[mark]) >= 4.5, mark
    hit, miss = (_contrast(color[mark], page) for mark in ("reached", "missed"))
    assert hit == pytest.approx(miss, rel=0.15), "neither may weigh more in colour than in number"


def test_previews_have_the_colours_of_a_page_in_the_light():
    rule = CSS.read_text(encoding="utf-8").split(":root {", 1)[1].split("}")[0]
    color = dict(re.findall(r"--chart-([\w-]+): (#[0-9a-f]{6});", rule))
    assert {name: preview.COLOURS[name] for name in color} == color
    drawn = "".join(_preview(HOSTILE, data).svg() for data in PICTURES.values())
    assert "var(" not in drawn and "<script" not in drawn


def test_marks_look_in_previews_as_in_a_page():
    """The program that draws previews knows no style sheet of a page; each says the same looks."""
    rules = re.findall(r"\.chart__picture \.([\w-]+) \{([^}]*)\}", CSS.read_text(encoding="utf-8"))
    looks = {
        name: dict(re.findall(r"([\w-]+): (?:var\(--chart-)?([^;)]+)\)?;", rule)) for name, rule in rules
    }
    assert looks == marks.LOOKS
    used = set(re.findall(r'class="([^"]+)"', "".join(pictures().values())))
    names = {name for each in used for name in each.split() if "__" not in name}
    assert names <= {*looks, "sparkline"}


def _preview(title: str, data) -> charts.Preview:
    chart = charts.indicator_chart(data, "a-1")
    return charts.Preview(
        "観光の事業", title, "△ 目標未達", "missed", ("実績 1件",), chart.picture, "市（非公式）"
    )


@pytest.mark.parametrize("length", [1, 10, 40, 120, 400])
def test_a_name_of_any_length_stays_in_its_preview(length):
    root = ElementTree.fromstring(_preview("札" * length, PICTURES["numbers"]).svg())
    for element in root.findall("{*}text"):
        x, y, size = (float(element.get(name)) for name in ("x", "y", "font-size"))
        assert x + float(marks.ems(element.text)) * size <= preview.WIDTH and 0 < y < preview.HEIGHT


def test_every_colour_is_defined():
    css = CSS.read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--chart-[\w-]+)\)", css))
    assert used <= set(re.findall(r"(--chart-[\w-]+):", css))


def test_assessments_of_the_published_package(package):
    """The real words and areas fit: every area and its sum can be read."""
    areas = [
        (area.title, metrics.count_assessments(package, metrics.initiatives_in(package, area.policy_id)))
        for area in package.areas
    ]
    chart = charts.assessment_by_area(areas, title="分野ごとの判定")
    for name, counts in areas:
        assert {name, f"{sum(counts.values())}事業"} <= set(texts(chart))
