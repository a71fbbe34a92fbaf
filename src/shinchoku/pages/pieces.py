"""Pieces for pages written by hand: what words mean, every rule of the validator, and where things are from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from shinchoku import addresses, calculated, fiscal_year, validation, words
from shinchoku.metrics import Trend, assessments
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Indicator
from shinchoku.pages.page import literal
from shinchoku.pages.parts import places, repository, totals
from shinchoku.pages.parts.rendering import render

#: Indicators that are still named one by one.
_FEW = 4


def verdict_legend(package: Edition) -> str:
    """Every assessment with its meaning."""
    return render(
        "legend.html",
        addresses.ABOUT,
        package=package,
        id="verdict-legend",
        caption="判定の表示と意味",
        rows=[words.ASSESSMENTS[each] for each in assessments(package)],
    )


def formula(package: Edition, *names: str) -> str:
    """How what this site publishes as ``names`` is calculated, as the data says it."""
    found = {name: calculated.DEFINITIONS[name] for name in names}
    return render("formula.html", addresses.ABOUT, package=package, definitions=found)


def status_legend(package: Edition) -> str:
    """Every reason for which a cell has no value, of any table."""
    codes = {
        **dictionary.codes(package, "observations", "status"),
        **dictionary.codes(package, "settlements", "status"),
    }
    return render(
        "legend.html",
        addresses.ABOUT,
        package=package,
        id="status-legend",
        caption="値がない欄の表示と理由",
        rows=[code for code in codes.values() if code.value != "reported"],
    )


def check_rules(package: Edition) -> str:
    """Every rule with what it means and how to mend it, each at an anchor of its own."""
    return render("rules.html", addresses.MESSAGES, package=package, stages=validation.rules_by_stage())


def repository_file(package: Edition, file: str) -> str:
    """A file of the repository by name, in a sentence."""
    return _in_repository(package, repository.of_file(file).view_url, file)


def repository_home(package: Edition) -> str:
    """The repository by its address, in a sentence."""
    address = repository.address()
    return _in_repository(package, address, address)


def _in_repository(package: Edition, url: str | None, text: str) -> str:
    return render("in_repository.html", addresses.CONTRIBUTE, package=package, url=url, text=text).strip()


def has(package: Edition, name: str) -> bool:
    """Whether there is something of which a text by hand speaks: ``name`` is one of ``Modules``, or of those below."""
    found: dict[str, object] = {
        **asdict(package.has),
        "disruption": package.disruption,
        "glossary": package.glossary,
        "judged": package.is_judged,
        "loan_funds": any(item.is_loan_fund for item in package.initiatives),
    }
    return bool(found[name])


def documents(package: Edition) -> str:
    """The documents that all of this is made from."""
    return render("documents.html", addresses.ABOUT, package=package)


def terms_of_use(package: Edition) -> str:
    """On what terms each document is quoted, and what is not quoted may be used."""
    return render("terms_of_use.html", addresses.ABOUT, package=package)


def publishers(package: Edition) -> str:
    """Whose the documents are."""
    return "・".join(dict.fromkeys(source.publisher for source in package.sources))


def footer(package: Edition, notice: str) -> str:
    """What stands at the foot of every page: whose the documents are, on what terms. ``notice`` may be empty."""
    terms = dict.fromkeys(source.terms.partition("。")[0] for source in package.sources)
    return render(
        "footer.html",
        addresses.HOME,
        package=package,
        notice=notice,
        publishers=publishers(package),
        documents=_counted(len(package.sources)),
        terms="、".join(terms),
    )


def _desired_directions(indicators: Iterable[Indicator]) -> str:
    lower = [
        item.label.partition("(")[0] for item in indicators if item.desired_direction == "lower_is_better"
    ]
    if not lower:
        return "どの指標も「大きいほど良い」"
    named = "".join(f"「{name}」" for name in lower) if len(lower) < _FEW else f"{len(lower)}の指標"
    return f"{named}だけを「小さいほど良い」、ほかの指標をすべて「大きいほど良い」"


def figure(package: Edition, name: str) -> str:
    """A number or a name of the whole plan, in a sentence. ``name`` is one of those below."""
    year = package.newest_target_year
    whole = totals.of(package, package.newest_settlement_year)
    reference = package.disruption and package.disruption.before
    texts = sorted(package.sources, key=lambda source: source.report_fiscal_year or 0)
    found: dict[str, Callable[[], object]] = {
        "publishers": lambda: literal(publishers(package)),
        "documents": lambda: _counted(len(package.sources)),
        "newest_text": lambda: next(source.source_id for source in reversed(texts) if source.file),
        "desired_directions": lambda: literal(_desired_directions(package.indicators)),
        "areas_are": lambda: literal(places.area_levels(package)),
        "settled_is": lambda: literal(dictionary.amounts(package)["settlement"]),
        "areas": lambda: len(package.areas),
        "initiatives": lambda: whole.initiatives,
        "reached": lambda: whole.reached,
        "not_reached": lambda: whole.not_reached,
        "undecided": lambda: whole.undecided,
        "reached_before": lambda: whole.reached_before,
        "better": lambda: whole.trends[Trend.BETTER],
        "cumulative_better": lambda: whole.cumulative_better,
        "worse": lambda: whole.trends[Trend.WORSE],
        "money": lambda: words.yen(whole.money.without_loan_fund),
        "money_en": lambda: words.yen_in_english(whole.money.without_loan_fund),
        "money_with_loans_en": lambda: words.yen_in_english(whole.money.total),
        "target_year": lambda: year and words.year(year),
        "target_year_en": lambda: year,
        "report_year": lambda: package.report_year and words.year(package.report_year),
        "next_report_year": lambda: package.report_year and words.year(package.report_year + 1),
        "report_year_en": lambda: package.report_year,
        "reference_year": lambda: reference and words.year(reference),
        "disruption": lambda: package.disruption and literal(package.disruption.title.removesuffix("の年度")),
        "disruption_short": lambda: package.disruption and literal(package.disruption.short),
        "disruption_years": lambda: package.disruption and fiscal_year.span(package.disruption.fiscal_years),
    }
    said = found[name]()
    return "–" if said is None else str(said)


def _counted(number: int) -> str:
    return f"{number}つ" if number < 10 else f"{number}"


def operator(package: Edition) -> str:
    """Who publishes the site, and how to reach them."""
    return render("operator.html", addresses.ABOUT, package=package)


def colophon(package: Edition, page: str, title: str, file: str = "") -> str:
    """The end of a page written by hand: what the site is made from, on what terms, how to object.

    ``file`` is its text below ``docs/``, where that has not the name of the page.
    """
    origins = repository.of_text(file or f"{page.rstrip('/')}.md")
    return render(
        "colophon.html", page, package=package, title=title, sources=package.sources, origins=origins
    )


def colophon_in_english(package: Edition, page: str) -> str:
    """The same, of the page in English."""
    return render("colophon_in_english.html", page, package=package)


PIECES: tuple[Callable[..., str | bool], ...] = (
    has,
    documents,
    terms_of_use,
    verdict_legend,
    formula,
    status_legend,
    check_rules,
    repository_file,
    repository_home,
    figure,
    operator,
    colophon,
    colophon_in_english,
)
