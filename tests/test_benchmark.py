"""The larger packages that are measured are as real ones would be: valid, and all totals times as large."""

from __future__ import annotations

import pytest

from shinchoku import benchmark, metrics, validation
from shinchoku.package.reading import read_package


@pytest.fixture(scope="module")
def doubled(project, tmp_path_factory):
    directory = tmp_path_factory.mktemp("doubled")
    benchmark.write(project, 2, directory)
    return directory


def test_a_multiplied_package_is_valid(doubled):
    assert [problem for problem in validation.validate(doubled) if problem.severity == "error"] == []


def test_every_total_is_doubled(package, doubled):
    larger = read_package(doubled)
    assert larger.areas == package.areas
    assert metrics.count_assessments(larger) == {
        assessment: 2 * count for assessment, count in metrics.count_assessments(package).items()
    }
    for year in package.settlement_years:
        assert metrics.settled(larger, year).total == 2 * metrics.settled(package, year).total
    missing = metrics.missing_counts(package)
    assert metrics.missing_counts(larger) == {reason: 2 * count for reason, count in missing.items()}
