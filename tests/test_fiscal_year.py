"""年度 in both calendars."""

import pytest

from shinchoku import fiscal_year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("H30", 2018),
        ("R1", 2019),
        ("R元", 2019),
        ("R4", 2022),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
        ("令和 12 年度", 2030),
    ],
)
def test_parse(text, year):
    assert fiscal_year.parse(text) == year


@pytest.mark.parametrize("text", ["", "2022", "4", "X3", "令和年度", "R100"])
def test_parse_refuses_what_is_not_a_fiscal_year(text):
    with pytest.raises(ValueError, match="not a fiscal year"):
        fiscal_year.parse(text)


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
