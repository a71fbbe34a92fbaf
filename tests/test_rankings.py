"""/rankings/: who stands where, what is kept apart, and that nothing is said of worth."""

from __future__ import annotations

from decimal import Decimal

import builders as make
from reading_html import read
from shinchoku import addresses, metrics, pages
from shinchoku.pages.parts import rankings

BY_NAME = {ranking.name: ranking for ranking in rankings.RANKINGS}


def _names(package, ranking: str) -> list[str]:
    ranked = rankings.in_order(BY_NAME[ranking], rankings.all_ranked(package))
    return [each.initiative.initiative_id for each in ranked]


def test_the_nearest_misses_are_the_farthest_turned_round(package):
    nearest, farthest = _names(package, "nearest"), _names(package, "farthest")
    assert len(nearest) == 37 and set(nearest) == set(farthest)
    assert nearest[0] == "sightseeing-transport"
    assert farthest[0] not in nearest[:30]


def test_rises_and_falls_respect_the_desired_direction_and_never_start_at_nothing():
    package = make.edition(
        initiatives=[make.initiative(name) for name in ("up", "down", "from-0", "lower", "no-year")],
        indicators=[
            make.indicator("up-1", "up"),
            make.indicator("down-1", "down"),
            make.indicator("from-0-1", "from-0"),
            make.indicator("lower-1", "lower", desired_direction="lower_is_better"),
            make.indicator("no-year-1", "no-year"),
        ],
        observations=[
            row
            for name, before, now in (
                ("up", "10", "15"),
                ("down", "10", "9"),
                ("from-0", "0", "9"),
                ("lower", "10", "4"),
            )
            for row in (
                make.observation(f"{name}-1", 2021, "actual", before),
                make.observation(f"{name}-1", 2022, "actual", now),
                make.observation(f"{name}-1", 2022, "target", "20"),
            )
        ]
        + [
            make.observation("no-year-1", 2022, "actual", "7"),
            make.observation("no-year-1", 2022, "target", "20"),
        ],
    )
    assert _names(package, "better") == ["lower", "up"]
    assert _names(package, "worse") == ["down"]
    (result,) = metrics.results_of_initiative(package, "lower")
    assert metrics.change_rate(package, result) == Decimal("-60.0")


def test_doubted_values_stand_apart_and_every_table_leads_to_the_list(package):
    page = read(pages.of(package)[addresses.RANKINGS].html(package))
    assert "事業の良し悪しの順位ではありません" in page.text and "このサイトの計算" in page.text
    tables = page.all("table")
    assert len(tables) == len(rankings.RANKINGS)
    nearest = [row.text for row in tables[0].all("tr")]
    apart = next(place for place, text in enumerate(nearest) if "疑問があるため、分けて示す" in text)
    assert apart == 6
    assert "値への疑問" in nearest[apart + 1] and "終了" in nearest[apart + 1]
    assert not any("値への疑問" in text for text in nearest[:apart])
    assert "58事業の全てを一覧で見る（割合を計算できない3事業は、終わりにあります）" in page.text
    assert "104事業の全てを一覧で見る（額の記載がない13事業は、終わりにあります）" in page.text
    assert "一覧では疑問のあるものも分けずに並べるので、順がこことは違います" in page.text
    links = {link.attributes["href"] for link in page.all("a")}
    assert {f"../initiatives/?{ranking.query}" for ranking in rankings.RANKINGS} <= links


def test_a_ranking_in_which_nothing_takes_part_stands_all_the_same():
    """What leads to a ranking leads somewhere, whatever the next report says."""
    package = make.edition(initiatives=[make.initiative("a")], indicators=[make.indicator("a-1", "a")])
    page = read(pages.of(package)[addresses.RANKINGS].html(package))
    offered = rankings.offered(package)
    assert [ranking.name for ranking in offered] == ["better", "worse"]  # of a plan without targets and money
    for ranking in offered:
        assert page.by_id(ranking.name).text == ranking.title
        assert page.by_id(f"{ranking.name}-table").text == "あてはまる事業はありません。"
    assert page.all("table") == []
