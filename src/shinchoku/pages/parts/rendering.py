"""From a template and values to one finished block of HTML.

Every value is escaped unless a template says otherwise (none does), and an
undefined name is an error. The block is one ``<div>``, which the Markdown
processor of the site generator hands through untouched.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension

from shinchoku import addresses, fiscal_year, words
from shinchoku.exports import terms
from shinchoku.package import dictionary
from shinchoku.package.descriptor import resources
from shinchoku.package.editions import Edition
from shinchoku.package.joins import kept
from shinchoku.package.records import RECORD_TYPES
from shinchoku.pages.parts import many, notes, places, repository
from shinchoku.pages.parts.glossary_links import Explainer
from shinchoku.pages.parts.values import in_short
from shinchoku.paths import DATA
from shinchoku.text import says_more

#: White space with a line end in it, which a browser shows as one space; and where it counts.
_LINE_END = re.compile(r"(<pre\b.*?</pre>)|(%\}\n)[ \t\r\n]+|[ \t\r\n]*\n[ \t\r\n]*", re.DOTALL)


class _Compact(Extension):
    """Templates without indentation: half of a small page would be such white space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        # The line end after a tag of Jinja goes with it, so the space after that is all there is.
        return _LINE_END.sub(
            lambda found: found[1] or (f"{found[2]} " if found[2] else "\n"), source
        ).lstrip()


_ENVIRONMENT = Environment(
    extensions=[_Compact],
    loader=PackageLoader("shinchoku.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters.update(
    number=words.number,
    stated=words.value,
    says_more=says_more,
    signed=words.signed,
    rate=words.rate,
    thousand_yen=words.thousand_yen,
    yen=words.yen,
    year=words.year,
    era=fiscal_year.era,
    span=fiscal_year.span,
    line=words.line,
    confidence=words.confidence,
    month=words.month,
    day=words.day,
    verdict=words.ASSESSMENTS.__getitem__,
    trend=words.TRENDS.__getitem__,
    doubt=words.doubt,
    grouped=notes.grouped,
    mail_to=repository.mail_to,
    cut=many.cut,
    match=words.MATCHES.__getitem__,
    revised=words.REVISIONS.__getitem__,
)
_ENVIRONMENT.globals.update(
    share=words.share,
    is_on_the_web=addresses.is_on_the_web,
    row_fragment=places.row_fragment,
    most_initiatives=many.INITIATIVES,
)
_ENVIRONMENT.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}


def _files_of(package: Edition, *files: str) -> tuple[repository.Origin, ...]:
    """Where some files are edited, without the tables that a package has not."""
    tables = {f"{DATA}/{name}.csv" for name in RECORD_TYPES} - {
        each["path"] for each in resources(package.descriptor).values()
    }
    return repository.of_files(*(file for file in files if file not in tables))


def render(template: str, page: str, *, package: Edition, **values: Any) -> str:
    """The body of the page at address ``page``.

    Templates link with ``link(address)``, lead to the glossary with ``explain(text)``
    offer ``report(title, row)``, name the files they show with ``in_files(path…)`` and say how to
    cite with ``citation(sources)``. ``author`` is whose documents these are, so that nobody takes a calculation for their word. ``code(table, column)`` has the words for the codes of a column,
    ``titles()`` those for all columns, ``title_of(table, column)`` that of one, ``areas_are`` what the areas are called, ``settled_is`` and ``budget_is`` what
    amounts are, ``outcomes`` those that there are (none where nothing is judged yet), ``value_of(reading)`` what was read, ``in_short(observation)`` a value; ``…_address``,
    ``initiative_name`` and ``row_of`` are those of ``places``.
    """
    link = partial(addresses.relative, page=page)
    return _ENVIRONMENT.get_template(template).render(
        link=link,
        explain=Explainer(package, link),
        report=partial(repository.error_report, page=page, contact=terms.operator(package).email),
        citation=partial(terms.citation, package, repository.public(page)),
        **_of_package(package),
        **values,
    )


@kept
def _of_package(package: Edition) -> dict[str, Any]:
    """What is the same on all pages."""
    amounts = dictionary.amounts(package)
    return {
        "package": package,
        "at": addresses,
        "code": partial(dictionary.codes, package),
        "value_of": partial(notes.value, package),
        "titles": partial(dictionary.titles, package),
        "title_of": partial(dictionary.title, package),
        "plan_mark": dictionary.mark(package),
        "author": "・".join(dict.fromkeys(source.publisher for source in package.sources)),
        "areas_are": places.area_levels(package),
        "settled_is": amounts["settlement"],
        "budget_is": amounts["budget"],
        "outcomes": words.OUTCOMES if package.is_judged else (),
        "area_address": partial(places.area_address, package),
        "policy_address": partial(places.policy_address, package),
        "listing_address": partial(places.listing_address, package),
        "row_of": partial(places.row_of, package),
        "printed_column": partial(words.printed_column, package),
        "initiative_name": partial(places.initiative_name, package.newest),
        "in_short": partial(in_short, package),
        "operator": terms.operator(package),
        "own_licences": terms.own_licences(package),
        "own_tables": terms.own_tables(package),
        "version_note": terms.version_note(package),
        "version_note_en": terms.version_note(package, in_english=True),
        "in_files": partial(_files_of, package),
    }
