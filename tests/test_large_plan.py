"""Of a plan of hundreds of initiatives the pages that exist once show the first of many, count all, and say where the rest is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import growth
from reading_html import read
from shinchoku import metrics, pages
from shinchoku.pages.parts import many

_COPIES = 8
_KINDS = ("home", "rankings", "grants", "spending", "disruption", "quality", "reports", "report")
_REST = re.compile(r"ここに載せているのは、はじめの(\d+)(\D+?)です。ほかの([\d,]+)\2は、")


@pytest.fixture(scope="module")
def large(package):
    tables = growth.multiplied(package.package, _COPIES)
    return replace(package.package, **{name: tuple(rows) for name, rows in tables.items()}).newest


def _bodies(package):
    kinds = {page.body.__module__.rpartition(".")[2]: page for page in pages.of(package).values()}
    return {kind: read(kinds[kind].html(package)) for kind in _KINDS}


@pytest.fixture(scope="module")
def bodies(large):
    return _bodies(large)


def _shown_and_left(document):
    said = (_REST.search(paragraph.text) for paragraph in document.all("p"))
    return [(int(found[1]), int(found[3].replace(",", ""))) for found in said if found]


def test_a_list_is_shown_whole_or_its_first_items():
    assert many.cut(range(many.WHOLE)) == range(many.WHOLE)
    assert many.cut(range(many.WHOLE + 1)) == range(many.FIRST)


def test_no_page_grows_with_the_plan(bodies, package):
    grown = {
        kind: len(bodies[kind].all()) / len(document.all()) for kind, document in _bodies(package).items()
    }
    assert {kind: times for kind, times in grown.items() if times > 3} == {}


def test_what_is_not_shown_is_counted_and_led_to(bodies, large):
    year = large.newest_settlement_year
    totals = {
        "report": len(large.initiatives),
        "spending": metrics.settled(large, year).reported,
        "grants": len(large.initiative_grants),
    }
    for kind, total in totals.items():
        assert total in {shown + left for shown, left in _shown_and_left(bodies[kind])}, kind
    for document in bodies.values():
        for paragraph in document.all("p"):
            if _REST.search(paragraph.text):
                assert paragraph.all("a") or "それぞれの" in paragraph.text


def test_the_home_page_counts_by_area_what_it_does_not_show_one_by_one(bodies, large):
    home, total = bodies["home"], len(large.initiatives)
    assert home.with_class("squares") == []
    counts = next(
        each for each in home.all("table") if each.all("caption")[0].attributes["id"] == "areas-counts"
    )
    assert sum(int(row.all("td")[0].text) for row in counts.all("tbody")[0].all("tr")) == total
    assert f"に{total}の事業があり" in home.text
