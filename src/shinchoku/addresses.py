"""The addresses of the site: a contract, they do not change.

An address is the path below the site's root, without a leading slash and with
a trailing one for pages (``initiatives/snow-festival/``), so that the site
works at the root of a host, under a sub-path and from a local server alike.
Must not import anything of this project except the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from os.path import commonprefix
from urllib.parse import urlencode

from shinchoku.package.descriptor import Level
from shinchoku.package.joins import Tables
from shinchoku.package.records import Policy

HOME = ""
INITIATIVES = "initiatives/"
RANKINGS = "rankings/"
GRANTS = "grants/"
DATA = "data/"
QUALITY = "quality/"
ABOUT = "about/"
ACCESSIBILITY = "accessibility/"
ENGLISH = "en/"
EASY = "easy/"
SPENDING = "spending/"
DISRUPTION = "disruption/"
GLOSSARY = "glossary/"
SEARCH = "search/"
SOURCES = "sources/"
CHANGES = "changes/"
REPORTS = "reports/"
CONTRIBUTE = "contribute/"
MESSAGES = "contribute/messages/"
FEED = "changes/feed.atom"
SQL = "data/sql/"

#: The folders of the site that no level of a plan can have.
TAKEN_FOLDERS = frozenset(
    address.partition("/")[0]
    for address in (
        INITIATIVES,
        RANKINGS,
        GRANTS,
        DATA,
        QUALITY,
        ABOUT,
        ACCESSIBILITY,
        ENGLISH,
        EASY,
        SPENDING,
    )
    + (DISRUPTION, GLOSSARY, SEARCH, SOURCES, CHANGES, REPORTS, CONTRIBUTE, "assets/", "index/")
)

_ENCODED = {code: f"%{code:02X}" for code in range(128) if not re.match(r"[\w.~-]", chr(code))}
_ON_THE_WEB = re.compile(r"https?://[^\s/?#\"'<>\\]+[^\s\"'<>\\]*")


def initiative(initiative_id: str) -> str:
    """The page of a 事業."""
    return f"{INITIATIVES}{initiative_id}/"


def list_of(*conditions: Mapping[str, str | Iterable[str]]) -> str:
    """The list of initiatives that meet conditions: for the name of each filter a code, or several of which one is met."""
    asked = {name: code for each in conditions for name, code in each.items()}
    return f"{INITIATIVES}?{query(asked)}"


def query(asked: Mapping[str, str | Iterable[str]]) -> str:
    """What an address asks for. Only signs of an address are encoded: letters of any script browsers encode themselves."""
    return urlencode(asked, doseq=True, quote_via=lambda text, *_: text.translate(_ENCODED))


def grant(grant_id: str) -> str:
    """The page of a granted project."""
    return f"{GRANTS}{grant_id}/"


def area(tables: Tables, policy: Policy) -> str:
    """The page of an area. Raises ``ValueError`` for a node that has none."""
    return area_in(tables.level[policy.level], policy.policy_id)


def area_in(level: Level, policy_id: str) -> str:
    """The same from the level and the id alone."""
    if level.folder is None:
        raise ValueError(f"a {level.name} has no page")
    return f"{level.folder}/{policy_id}/"


def table(name: str) -> str:
    """The page of a published table."""
    return f"{DATA}tables/{name}/"


def sql(query: str) -> str:
    """The page for SQL with a query, which the reader then runs."""
    return f"{SQL}?{urlencode({'q': query})}"


def sheet(tables: Tables, policy: Policy) -> str:
    """An area on one sheet of paper."""
    return f"{area(tables, policy)}sheet/"


def report(fiscal_year: int) -> str:
    """The page of the report of a fiscal year."""
    return f"{REPORTS}{fiscal_year}/"


def report_area(tables: Tables, fiscal_year: int, policy: Policy) -> str:
    """The page of an area as an earlier report has it."""
    return f"{report(fiscal_year)}{area(tables, policy)}"


def source(source_id: str, line: int | None = None) -> str:
    """The page that shows a source document as printed, and a line of it."""
    return f"{SOURCES}{source_id}/" + ("" if line is None else f"#L{line}")


def change(first_number: int) -> str:
    """The place of a group of changes, by the number of its first one."""
    return f"{CHANGES}#change-{first_number}"


def rule(rule_id: str) -> str:
    """Where a rule of the validator is explained."""
    return f"{MESSAGES}#{rule_id}"


def release(version: str) -> str:
    """The place of a published version."""
    return f"{CHANGES}#release-{version}"


def json_schema(name: str) -> str:
    """The JSON Schema of a JSON file."""
    return f"{DATA}schemas/{name}.schema.json"


def release_file(version: str, file: str) -> str:
    """A file of a published version."""
    return f"{DATA}releases/{version}/{file}"


def preview(page: str) -> str:
    """The picture for those who share a page that has one of its own."""
    return f"{page}preview.png"


def relative(target: str, page: str) -> str:
    """``target`` as a link in the page at ``page``; a ``#fragment`` is kept."""
    path, _, fragment = target.partition("#")
    *folders, name = path.split("/")
    here = page.split("/")[:-1]
    # One is the page itself, or above it: it is called by its folder, as "./" and "../".
    shared = len(commonprefix([folders, here]))
    link = "../" * (len(here) - shared) + "/".join([*folders[shared:], name]) or "./"
    return f"{link}#{fragment}" if fragment else link


def public(target: str, site_url: str = "") -> str:
    """``target`` with the public address of the site where that is known."""
    return f"{site_url.rstrip('/')}/{target}"


def is_on_the_web(address: str) -> bool:
    """Whether a browser that follows ``address`` opens a page, and runs nothing (``javascript:``)."""
    return _ON_THE_WEB.fullmatch(address) is not None
