"""What one report says otherwise than the one before, and what stays known of both."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders as make
from shinchoku import metrics, reports_compared
from shinchoku.metrics import Assessment
from shinchoku.reports_compared import RevisionKind
from two_reports import two_reports

BOTH = two_reports()
OLD, NEW = BOTH.edition(2022), BOTH.edition(2023)


# -- editions ---------------------------------------------------------------------


def test_an_edition_has_every_id_once_and_the_values_of_the_latest_report_up_to_it():
    assert list(OLD.initiative) == ["art", "harvest", "pair", "walk"]
    assert list(NEW.initiative) == ["art", "new", "pair"]
    assert (OLD.initiative["art"].name, NEW.initiative["art"].name) == ("アート事業", "新アート事業")
    actual = ("art-1", 2022, "actual")
    assert OLD.observation[actual].status == "pending"
    assert NEW.observation[actual].value == Decimal(1200)
    assert NEW.observation["art-1", 2022, "target"].value == Decimal(1100), "an earlier target stays"
    assert [row.fiscal_year for row in NEW.settlements_of_initiative["art"]] == [2022, 2023]
    assert BOTH.newest is NEW and NEW.is_newest and not OLD.is_newest
    assert NEW.edition(2022) is OLD and OLD.package is BOTH


def test_without_reports_the_newest_edition_has_everything_and_no_year():
    package = make.package(sources=[make.source(report_fiscal_year=None)])
    alone = package.newest
    assert alone.policies == package.policies and alone.is_newest and alone.report_year is None
    assert reports_compared.all_with(alone, "initiative") == {}


def test_documents_that_are_no_report_are_in_every_edition():
    package = two_reports(
        sources=[*BOTH.sources, make.source("grants", report_fiscal_year=None)],
        grant_programmes=[make.programme(source_id="grants")],
        grants=[make.grant("g", source_id="grants")],
    )
    assert all("g" in package.edition(year).grant for year in package.report_years)


# -- what is kept -------------------------------------------------------------------


@pytest.mark.parametrize(("key", "year"), [("art", 2023), ("walk", 2022), ("new", 2023), ("harvest", 2022)])
def test_a_record_is_found_in_the_newest_edition_that_has_it(key, year):
    assert reports_compared.latest_with(NEW, "initiative", key).report_year == year


def test_an_edition_that_has_a_record_is_not_left():
    assert reports_compared.latest_with(OLD, "initiative", "art") is OLD


def test_what_no_report_has_is_not_found():
    with pytest.raises(KeyError, match="nobody"):
        reports_compared.latest_with(NEW, "initiative", "nobody")


def test_all_that_any_report_lists_is_known():
    assert list(reports_compared.all_with(NEW, "initiative")) == ["art", "new", "pair", "harvest", "walk"]
    assert set(reports_compared.all_with(NEW, "indicator")) == {row.indicator_id for row in BOTH.indicators}


def test_an_indicator_of_earlier_reports_is_kept_with_its_last_edition():
    def found(edition, key):
        return [(each, item.indicator_id) for each, item in reports_compared.indicators_of(edition, key)]

    assert found(NEW, "pair") == [(NEW, "pair-1"), (NEW, "pair-2"), (OLD, "pair-old")]
    assert found(OLD, "pair") == [(OLD, "pair-1"), (OLD, "pair-old")]
    assert found(NEW, "new") == [(NEW, "new-1")]


def test_an_absence_is_that_of_the_first_report_after_the_last_with_the_initiative():
    assert reports_compared.absence_of(NEW, "walk").successor_initiative_id == "art"
    assert reports_compared.absence_of(NEW, "harvest") is None, "its end is printed, nothing had to be read"
    assert reports_compared.absence_of(NEW, "art") is None


# -- revisions, history, step ---------------------------------------------------------


def test_every_kind_of_revision_is_told_apart():
    found = {item.after.fiscal_year: item.kind for item in reports_compared.revisions_of(NEW, "art-1")}
    assert found == {
        2019: RevisionKind.WITHDRAWN,
        2020: RevisionKind.REVISED,
        2021: RevisionKind.REWORDED,
        2022: RevisionKind.SETTLED,
    }
    assert reports_compared.revisions_of(OLD, "art-1") == ()


def test_a_result_of_each_report_is_judged_by_what_was_known_then():
    results = {
        year: (item.fiscal_year, item.assessment)
        for year, item in reports_compared.results_by_report(NEW, "art-1")
    }
    assert results == {
        2022: (2022, Assessment.PENDING),
        2023: (2023, Assessment.NOT_ACHIEVED),
    }


def test_any_year_can_be_judged_by_what_is_known_now():
    result = metrics.result(NEW, "art-1", 2022)
    assert (result.assessment, result.achievement_rate) == (Assessment.ACHIEVED, Decimal("109.1"))
    assert metrics.result(NEW, "art-1", 2020).assessment is Assessment.NO_TARGET


def test_a_step_names_what_is_new_gone_renamed_and_moved():
    step = reports_compared.step(NEW, 2023)
    assert (step.before, step.after) == (OLD, NEW)
    assert step.initiatives.new == ("new",)
    assert step.initiatives.gone == ("walk", "harvest")
    assert [(item.id, item.before, item.after) for item in step.initiatives.renamed] == [
        ("art", "アート事業", "新アート事業")
    ]
    assert step.indicators.new == ("new-1", "pair-2")
    assert set(step.indicators.gone) == {"walk-1", "pair-old", "harvest-1"}
    assert set(step.moved_policies) == {"tourism-1", "tourism-2"}
    assert set(step.policies.gone) == {"tourism-1-2", "food", "food-1", "food-1-1"}
    assert len(step.revisions) == 4
    assert [(item.id, item.before, item.after) for item in step.reassessed] == [
        ("art", Assessment.PENDING, Assessment.NOT_ACHIEVED)
    ]
    assert reports_compared.step(NEW, 2022) is None
