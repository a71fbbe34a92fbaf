"""年度 in both calendars."""

import shutil
from datetime import date

import pytest

from shinchoku import fiscal_year, metrics
from shinchoku.package.reading import read_package


@pytest.mark.parametrize(
    ("year", "texts"),
    [
        (2018, "H30 Ｈ３０ H30年度 平成30年度 平成３０年度 2018年度 FY2018 平成30年度(2018年度)"),
        (
            2019,
            "R1 R元 R01 H31 令和元年度 平成31年度 令和元年度(2019年度) 令和元年度（2019年度） 令和元年度(2019)",
        ),
        (
            2023,
            "Ｒ５ r5 R5年度 令和５年度 令和5(2023)年度 2023(令和5)年度 2023年度（R5） R5/2023 ＦＹ２０２３ fy2023"
            " 令和5年度（4月～3月） R6.3末 令和6年3月31日現在 R5年度末",
        ),
        (2030, "令和12年度 Ｒ１２ 平成42年度"),
    ],
)
def test_parse(year, texts):
    assert {text: fiscal_year.parse(text) for text in texts.split()} == dict.fromkeys(texts.split(), year)
    assert fiscal_year.parse(texts.split()[0].replace("", " ")) == year


@pytest.mark.parametrize(
    "text",
    "2022 4 X3 令和年度 R100 R0 令和0年度 令和4年 2022年 R4.3 R4-R5 R4,R5 R4(2023) R4見込 R4末 令和4年9月末 令和4年12月末 令和4年末 R4.3末頃 令和4年度(4～9月) 令和4年(1～12月) FY22 22年度 4年度"
    " 令和四年度 令和 年度 R4年度年度 (R4) R² R4② R4¹ 12022年度 20222年度 1899年度 2100年度 W E年度 H2O".split(),
)
def test_parse_refuses_what_is_not_a_fiscal_year(text):
    with pytest.raises(ValueError, match="not a fiscal year"):
        fiscal_year.parse(text)


def test_a_calendar_year_is_read_where_the_plan_has_them_and_called_as_one():
    for text in "令和4年 2022年 R4 令和4(2022)年 令和4年（2022年） 令和４年（1～12月） 2022年(暦年) R4.12末 令和4年末".split():
        found = fiscal_year.parse(text, calendar=True)
        assert (fiscal_year.era(found), fiscal_year.short(found)) == ("令和4年", "R4"), text
    assert fiscal_year.both(found - 3) == "令和元年（2019年）"
    assert fiscal_year.span([found - 4, found + 1]) == "平成30年〜令和5年"
    assert fiscal_year.span([found, found - 1]) == "令和3〜4年"
    assert (type(found - (found - 1)), found + 1) == (int, 2023)
    for text in ("令和4年度", "FY2022", "令和4年(4～12月)", "R4.3末", "2022"):
        with pytest.raises(ValueError, match="not a calendar year"):
            fiscal_year.parse(text, calendar=True)


def test_the_years_of_a_package_are_what_its_schema_says(project, tmp_path):
    shutil.copytree(project / "data", tmp_path / "data")
    shutil.copy(project / "datapackage.json", tmp_path)
    for path in (tmp_path / "data/schemas").iterdir():
        path.write_text(
            path.read_text(encoding="utf-8").replace('"unit": "年度"', '"unit": "年"'), encoding="utf-8"
        )
    edition = read_package(tmp_path).newest
    named = (edition.report_year, edition.actual_years[-1], edition.disruption.before)
    assert list(map(fiscal_year.era, named)) == ["令和4年", "令和4年", "令和元年"]
    assert fiscal_year.era(metrics.result(edition, "snow-festival-1").fiscal_year) == "令和4年"
    assert metrics.trend(edition, "snow-festival-1", *named[1:]) == "worse"


@pytest.mark.parametrize(
    ("text", "years", "moved"),
    [
        ("令和４年度(2022年度)の報告", (2022, 2022), "令和5年度(2023年度)の報告"),
        ("目標(R6)", (2024,), "目標(R7)"),
        ("平成30年度・FY2022", (2018, 2022), "令和元年度・FY2023"),
        ("平成29年11月 札幌市", (2017,), "平成29年11月 札幌市"),
        ("H29.11", (2017,), "H29.11"),
        ("ビジョン2023", (2023,), "ビジョン2023"),
        ("令和5年度から3年間", (2023,), "令和6年度から3年間"),
        ("令和４年", (2022,), "令和5年"),
        ("SDGs、CO2、H2O、令和某年、5年度", (), "SDGs、CO2、H2O、令和某年、5年度"),
    ],
)
def test_years_in_a_text(text, years, moved):
    assert (fiscal_year.named_in(text), fiscal_year.moved(text, 1), fiscal_year.moved(text, 0)) == (
        years, moved, text
    )  # fmt: skip


@pytest.mark.parametrize(
    ("year", "short", "both"),
    [
        (1988, "S63", "昭和63年度（1988年度）"),
        (1989, "H1", "平成元年度（1989年度）"),
        (2018, "H30", "平成30年度（2018年度）"),
        (2019, "R1", "令和元年度（2019年度）"),
        (2022, "R4", "令和4年度（2022年度）"),
    ],
)
def test_names(year, short, both):
    assert (fiscal_year.short(year), fiscal_year.both(year)) == (short, both)
    assert fiscal_year.parse(short) == fiscal_year.parse(fiscal_year.era(year)) == year


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((2016,), "平成28年度"),
        ((2017, 2016, 2016), "平成28〜29年度"),
        ((2018, 2019), "平成30年度〜令和元年度"),
        ((2019, 2022), "令和元〜4年度"),
    ],
)
def test_a_span_of_years(years, said):
    assert fiscal_year.span(years) == said


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("※R5.3末時点", "2023-03-31"),
        ("令和５年３月31日現在", "2023-03-31"),
        ("2023.3.31現在", "2023-03-31"),
        ("R4年度末時点", "2023-03-31"),
        ("令和元年末", "2019-12-31"),
        ("R6.2月末", "2024-02-29"),
        ("2023年3月時点", None),  # of no day
        ("R5末時点", None),  # of the year or of the fiscal year
        ("2023/2/30時点", None),
        ("R5.3末頃時点", None),
        ("令和5年3月31日頃現在", None),
    ],
)
def test_a_day_is_known_where_it_is_named_to_the_day(text, day):
    assert fiscal_year.day_named_in(text) == (day and date.fromisoformat(day))
