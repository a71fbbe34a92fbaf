"""A package of which every text is an attack: refused where it is checked, and shown as text where it is not.

``hostile.poisoned`` puts every payload into every column of text that the schema has, into the documents, the
glossary and ``datapackage.json``. Every page of the site built from it is read in a real browser, every
download is read back, and each mark found must stand after exactly the text it was put behind.
"""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page

from conftest import MakeOnce
from hostile import CANARY, MARK, PAYLOADS, Cell, poisoned, roomy
from reading_html import read
from shinchoku import addresses, cli, pages
from shinchoku.exports import report_form, report_workbook
from shinchoku.package.descriptor import PackageError
from shinchoku.package.reading import read_package
from shinchoku.package.writing import csv_bytes
from shinchoku.pages.parts import repository
from shinchoku.paths import DESCRIPTOR, GLOSSARY, RELEASES, SETTINGS, SOURCES, TEXTS
from shinchoku.site import building, configuration
from shinchoku.text import one_line
from shinchoku.validation import Problem, render_text, to_json, validate
from small_project import small_package

SECRET = "この文はどのページにも出ません"
SITE = "https://data.example/plan/"

#: Families and payloads that the validator may let pass, each with the reason why it can do no harm.
HARMLESS = {
    "markdown": "no cell is read as Markdown: a page is one block of HTML",
    "front-matter": "a title stands in quotes in its stub, and nothing else does",
    "entity": "the & itself is escaped",
    "address": "no cell is the address of a link",
    "css": "no cell stands in a style",
    "script": "no cell stands in a script",
    "table": "cells of CSVs are quoted, and no cell stands in a Markdown table",
    "letters": "letters as documents print them",
    "pattern": "no cell is used as a pattern, a format or a command",
    "html-11": "quotation marks are escaped in attributes",
    "html-12": "quotation marks are escaped in attributes",
    "formula-5": "a minus begins printed values",
    "formula-8": "a full-width sign begins no formula, and the CSV made for spreadsheets marks it",
    "formula-9": "a brace begins no formula",
    "include-5": "a path that nothing opens",
    "long-4": "a text as long as its column allows",
    "xml-3": "the workbook escapes its own escapes",
}

#: Columns of which not every payload is on some page, and why.
PARTLY_SHOWN = {
    ("sources", "issued_printed"): "pages say the month that was read from it",
    ("sources", "url"): "an address of the web is a link, and the link says whose",
    ("policies", "heading_printed"): "only the page of an area says how its heading is printed",
    ("observations", "remark"): "pages say it beside estimates and missing values",
    ("absences", "reason"): "pages say it of what the later report does not list",
    # More than sixty are not on one page: the first of them are, and the page leads to the table of all.
    **{
        ("corrections", column): "the page of so many shows the first, and leads to the table"
        for column in ("table_name", "record_key", "column_name", "source_value", "published_value", "reason")
    },
}


# -- what is built ----------------------------------------------------------------------


@dataclass(frozen=True)
class Poisoned:
    """The site of a poisoned package, where each mark in it comes from, and the package before."""

    cells: dict[str, Cell]
    harmless: Path
    package: Path
    site: Path


@pytest.fixture(scope="module")
def poison(project: Path, with_next_report: Path, made_once: MakeOnce) -> Poisoned:
    """Of two reports, so that what is said of the difference between them is there too."""
    folder = made_once("poison", lambda folder: poison_site(project, with_next_report, folder))
    cells = pickle.loads((folder / "cells").read_bytes())
    return Poisoned(cells, with_next_report, folder / "package", folder / "site")


def poison_site(project: Path, harmless: Path, folder: Path) -> None:
    package = folder / "package"
    (folder / "cells").write_bytes(pickle.dumps(poisoned(harmless, package)))
    shutil.copytree(project / TEXTS, package / TEXTS)
    shutil.copy(project / SETTINGS, package)
    for place in (package, package / TEXTS):
        (place / CANARY).write_text(SECRET, encoding="utf-8")
    shutil.copytree(project / RELEASES, package / RELEASES)  # since which everything has changed
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHINCHOKU_SITE_URL", SITE)
        building.build(package, folder / "site", say=lambda _: None)


# -- what is expected ---------------------------------------------------------------------


def plain(text: str) -> str:
    """A text with its white space as a browser shows it, and a space for what nobody sees and XML cannot hold.

    Drawings and their titles are XML; and two of these characters the generator uses for itself and drops.
    """
    return one_line(re.sub("[\x00-\x1f\ufffe\uffff]", " ", text))


def changed(
    found: str, cells: dict[str, Cell], form: Callable[[str], str] = str
) -> Iterator[tuple[str, str]]:
    """(what should stand before a mark, what stands there) where they differ, both brought into ``form``."""
    found = form(found)
    for mark in MARK.finditer(found):
        if mark[1] not in cells:
            continue
        cell = cells[mark[1]]
        if not found.endswith(form(cell.text), 0, mark.end()):
            yield form(cell.text), found[max(0, mark.end() - len(cell.text)) : mark.end()]


def marks(text: str) -> set[str]:
    return set(MARK.findall(text))


# -- the validator ------------------------------------------------------------------------


def lines_of_rows(rows: list[dict[str, str]]) -> dict[int, int]:
    """Row (by ``id``) → the line of the CSV on which it begins."""
    lines, line = {}, 2
    for row in rows:
        lines[id(row)] = line
        line += 1 + sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in row.values())
    return lines


@dataclass
class Verdict:
    """What the validator says of the payloads, and where it says nothing of one."""

    problems: list[Problem]
    silent: dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def verdict(project: Path, made_once: MakeOnce) -> Verdict:
    def write(folder: Path) -> None:
        (folder / "verdict").write_bytes(pickle.dumps(verdict_on(project, folder / "package")))

    return pickle.loads((made_once("checked", write) / "verdict").read_bytes())


def verdict_on(project: Path, folder: Path) -> Verdict:
    """Each payload of each column of each table in a row of its own.

    What is reported is mended, and the rest checked again: one problem may hide others.
    """
    draft = roomy(project, apart=True)
    rows = {table: reversed(of_table) for table, of_table in draft.tables.items()}
    left = {}
    for table, column in draft.text_columns:
        for name, payload in PAYLOADS.items():
            row = next(rows[table])
            left[table, column, name] = row, row[column]
            row[column] = payload
    found = Verdict([], defaultdict(set))
    while True:
        draft.write(folder)
        lines = {table: lines_of_rows(of_table) for table, of_table in draft.tables.items()}
        places = {
            (f"data/{place[0]}.csv", lines[place[0]][id(row)]): place for place, (row, _) in left.items()
        }
        problems = validate(folder)
        found.problems += problems
        told = [(places.get((problem.file, problem.line)), problem.column) for problem in problems]
        answered = {place for place, column in told if place and column in (None, place[1])}
        if not answered:
            break
        for place in answered:
            row, before = left.pop(place)
            row[place[1]] = before
    for table, column, name in left:
        found.silent[name].add((table, column))
    return found


def test_the_validator_refuses_every_payload_that_could_harm_in_every_column(verdict):
    silent = verdict.silent
    harmful = {name for name in silent if not {name, name.rpartition("-")[0]} & HARMLESS.keys()}
    assert {name: silent[name] for name in harmful if silent[name]} == {}


UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def test_messages_are_short_and_carry_nothing_that_a_terminal_obeys(verdict):
    assert len(verdict.problems) > len(PAYLOADS) * 10
    for said in (render_text(verdict.problems), to_json(verdict.problems)):
        assert UNSEEN.findall(said) == []
    assert max(len(problem.message) for problem in verdict.problems) < 500


# -- the pages in a browser -------------------------------------------------------------------

#: What a page is and does, read after all that is folded is open. Last the drawings are taken out, whose
#: texts are broken into lines by hand.
LOOK = """() => {
  // A description of the data is for programs; what it holds is tested with it (test_catalogue.py).
  for (const block of document.querySelectorAll('script[type="application/ld+json"]')) {
    JSON.parse(block.textContent);
    block.remove();
  }
  const all = [...document.querySelectorAll("*")];
  for (const details of document.querySelectorAll("details")) details.open = true;
  const shown = [...new Set(document.body.innerText.match(/⟦[가-힣]{2}⟧/g))].join("");  // the whole is in ``text``
  const drawings = [...document.querySelectorAll("svg")].map((drawing) => ({
    said: [...drawing.querySelectorAll("title, desc")].map((text) => text.textContent),
    drawn: [...drawing.querySelectorAll("text")].map((text) => text.textContent).join(""),
  }));
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const attributes = all.flatMap((element) => [...element.attributes].map((one) => [element, one]));
  const plain = attributes.filter(([element]) => !element.closest("svg"));
  const loaded = "script, style, link, base, iframe, object, embed, form, img, template, meta[http-equiv]";
  for (const drawing of document.querySelectorAll("svg")) drawing.remove();
  return {
    shown, drawings, wide,
    title: document.querySelector("title").textContent,
    heading: document.querySelector("h1").textContent,
    about: Object.fromEntries([...document.querySelectorAll("meta[content]")]
      .map((meta) => [meta.name || meta.getAttribute("property"), meta.content])),
    text: document.body.textContent,
    attributes: attributes.filter(([, { name }]) => !name.startsWith("data-")).map(([, { value }]) => value),
    data: attributes.filter(([, { name }]) => name.startsWith("data-")).map(([, { value }]) => value),
    words: [...new Set(plain.map(([{ localName }, { name }]) => `${localName} ${name}`))],
    inks: [...new Set(attributes.filter((one) => !plain.includes(one)).map(([, { name }]) => name))],
    tags: [...new Set(all.map(({ localName }) => localName))],
    loaded: [...document.querySelectorAll(loaded)].map((element) =>
      element.cloneNode(element.matches("script, style, template")).outerHTML),
    links: all.map(({ href, src, action }) => href?.baseVal ?? href ?? src ?? action).filter(Boolean),
    attacked: window.attacked ?? null,
  };
}"""

#: What payloads call.
ATTACK = "window.attack = () => { window.attacked = 1; };"


class Guest:
    """A reader of a site who notices what a page does that it should not."""

    def __init__(self, browser: Browser, root: str, **options: Any) -> None:
        self.root, self.problems = root, []
        self.context = browser.new_context(**options)
        self.context.add_init_script(ATTACK)
        self.page = self.context.new_page()
        self.page.on("console", lambda said: said.type == "error" and self._note("console", said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("popup", lambda page: self._note("window", page.url))

    def _note(self, kind: str, text: str) -> None:
        self.problems.append((self.page.url.removeprefix(self.root), kind, text))

    def _dismiss(self, dialog: Any) -> None:
        self._note("dialog", dialog.message)
        dialog.dismiss()

    def _ask(self, url: str) -> None:
        if not url.startswith((self.root, "blob:")):
            self._note("request", url)

    def to(self, address: str) -> Page:
        self.page.goto(self.root + address)
        return self.page

    def leave(self) -> None:
        attacked = self.page.evaluate("window.attacked ?? null")
        self.context.close()
        assert (self.problems, attacked) == ([], None)


@pytest.fixture
def guest(browser: Browser) -> Iterator[Callable[..., Guest]]:
    """``guest(root, **options of the browser's context)``; what a page does wrong fails the test."""
    guests = []

    def start(root: str, **options: Any) -> Guest:
        guests.append(Guest(browser, root, **options))
        return guests[-1]

    yield start
    for one in guests:
        one.leave()


def addresses_of(site: Path) -> list[str]:
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return [file.removesuffix("index.html") for file in files]


def looks_of(browser: Browser, root: str, addresses: Iterable[str]) -> tuple[dict[str, Any], list[Any]]:
    """What pages are on a narrow screen, and what they did that they should not."""
    one = Guest(browser, root, viewport={"width": 320, "height": 800})
    found = {address: one.to(address).evaluate(LOOK) for address in addresses}
    one.context.close()
    return found, one.problems


@pytest.fixture(scope="module")
def root(poison: Poisoned, serve: Callable[..., str]) -> str:
    return serve(poison.site, urlsplit(SITE).path)


@pytest.fixture(scope="module")
def visit(browser: Browser, root: str, poison: Poisoned, made_once: MakeOnce) -> list[Any]:
    def write(folder: Path) -> None:
        looks = looks_of(browser, root, addresses_of(poison.site))
        # The port of the server differs from process to process.
        (folder / "looks.json").write_text(json.dumps(looks).replace(root, SITE), encoding="utf-8")

    return json.loads((made_once("looks", write) / "looks.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def looks(visit: list[Any]) -> dict[str, Any]:
    """Address → what the browser made of the page."""
    return visit[0]


def test_no_script_runs_and_nothing_is_asked_of_others(visit):
    looks, problems = visit
    assert problems == []
    assert [address for address, look in looks.items() if look["attacked"]] == []
    assert len(looks) > 3 * len(PAYLOADS)


def test_every_text_stands_on_every_page_exactly(looks, poison):
    wrong = {}
    for address, look in looks.items():
        form = told if address == addresses.CHANGES else plain
        cells = quoting(address, poison)
        texts = [look["text"], look["title"], look["heading"], *look["about"].values(), *look["attributes"]]
        texts += [text for drawing in look["drawings"] for text in drawing["said"]]
        texts += [text for value in look["data"] for text in strings_of(value)]
        found = [difference for text in texts for difference in changed(text, cells, form)]
        # Lines of a drawing are broken where there is no space, too.
        drawn = (drawing["drawn"] for drawing in look["drawings"])
        found += [pair for text in drawn for pair in changed(text, poison.cells, without_spaces)]
        if found:
            wrong[address] = found[:3]
    assert wrong == {}


def quoting(address: str, poison: Poisoned) -> dict[str, Cell]:
    """What stands on a page exactly.

    A line of a document is quoted there without tags and tabs, so it is not compared; its own page has it whole.
    """
    quotes = address.startswith(addresses.INITIATIVES)
    return {mark: cell for mark, cell in poison.cells.items() if not (quotes and cell.table == SOURCES)}


def without_spaces(text: str) -> str:
    return plain(text).replace(" ", "")


def told(text: str) -> str:
    """A text as the log of changes tells it: ends of lines are written out, names have single spaces."""
    return re.sub(r"[\s⏎\ufffd]+", "", plain(text))


def strings_of(value: str) -> Iterator[str]:
    """The texts in a value that may be JSON: an attribute for scripts, a whole row in the log of changes."""
    try:
        yield from texts_in(json.loads(value))
    except json.JSONDecodeError:
        yield value


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in [*value, *(value.values() if isinstance(value, dict) else ())]:
            yield from texts_in(item)


def test_every_payload_of_every_column_is_shown_somewhere(looks, poison):
    hidden = defaultdict(set)
    for cell in poison.cells.values():
        if cell.table != DESCRIPTOR:
            hidden[cell.table, cell.column].add(cell.payload)
    for mark in {mark for look in looks.values() for mark in marks(look["shown"])}:
        cell = poison.cells[mark]
        hidden[cell.table, cell.column].discard(cell.payload)
    assert {place: sorted(left) for place, left in hidden.items() if left and place not in PARTLY_SHOWN} == {}


#: (table, column) of the names of pages; each table's pages are in a folder of its name.
TITLES = [("initiatives", "name"), ("grants", "name"), ("sources", "title")]


@pytest.mark.parametrize(("table", "column"), TITLES)
def test_every_payload_is_a_heading_a_title_and_a_description(looks, poison, table, column):
    names = {m: cell for m, cell in poison.cells.items() if (cell.table, cell.column) == (table, column)}
    shown_on = [look for address, look in looks.items() if re.fullmatch(f"{table}/[^/]+/", address)]
    for part in (
        [look["heading"] for look in shown_on],
        [look["title"] for look in shown_on],
        [look["about"]["description"] for look in shown_on],
    ):
        shown = set().union(*map(marks, part))
        assert {cell.payload for mark, cell in names.items() if mark in shown} == PAYLOADS.keys()


def test_long_words_are_broken_before_the_screen_ends(looks):
    assert {address: look["wide"] for address, look in looks.items() if look["wide"] > 0} == {}


def test_pages_are_made_of_nothing_that_others_are_not(looks, poison, project, browser, built_site, serve):
    """Tags, attributes and what is loaded are those of pages with harmless texts."""
    by_hand = [
        path.relative_to(docs).with_suffix("").as_posix() + "/"
        for docs in (project / TEXTS, configuration.OF_EVERY_SITE / TEXTS)
        for path in docs.rglob("*.md")
    ]
    of_each_kind = [re.sub("(^|/)index/$", r"\1", page) for page in by_hand]
    of_each_kind += [
        "404.html",
        "changes/",
        "data/",
        "data/sql/",
        "initiatives/",
        "initiatives/snow-festival/",
    ]
    clean, _ = looks_of(browser, serve(built_site), of_each_kind)
    words = {word for look in clean.values() for word in look["words"]} | words_of_bodies(poison.harmless)
    tags = {tag for look in clean.values() for tag in look["tags"]}
    tags |= {word.partition(" ")[0] for word in words}
    loaded = {relative(item) for look in clean.values() for item in look["loaded"]} | {""}
    words.add("span hidden")  # what is said of loan funds, of which the poisoned package has none
    words |= {f"{tag} tabindex" for tag in ("div", "code", "table")}  # where a long text has to be scrolled
    for address, look in looks.items():
        assert set(look["tags"]) - tags == set(), address
        assert set(look["words"]) - words == set(), address
        assert {relative(item) for item in look["loaded"]} - loaded == set(), address
        assert not [name for name in look["inks"] if re.match("on|href|xlink|style|src", name)], address
    assert not [word for word in words if word.partition(" ")[2].startswith("on")]


def words_of_bodies(folder: Path) -> set[str]:
    """Tag, and tag and attribute, of everything outside of drawings on every page made of a package."""
    package = read_package(folder).newest
    words = set()
    for page in pages.of(package).values():
        parts = [read(page.html(package))]
        while parts:
            part = parts.pop()
            words |= {f"{part.tag} {attribute}" for attribute in ("", *part.attributes)}
            parts += [child for child in part.children if not isinstance(child, str) and child.tag != "svg"]
    return words


def relative(html: str) -> str:
    """The source of an element without what differs from page to page: its place, and how far the root is."""
    html = re.sub(r'<link rel="(canonical|prev|next)" href="[^"]*">', "", html)
    return re.sub(r'(href|src|action)="(?:https?://[^/"]+)?/?(?:plan/)?(?:\.\./)*(?:\./)?', r'\1="', html)


def test_no_link_runs_a_script_or_leads_where_no_text_may_lead(looks, documents, poison):
    links = {link for look in looks.values() for link in look["links"] if not link.startswith(SITE)}
    by_hand = {link.attributes.get("href") for page in documents.values() for link in page.all("a")}
    cells = {link: {poison.cells[mark] for mark in marks(unquote(link))} for link in links - by_hand}
    published = {
        link for link, of in cells.items() if {(c.table, c.column) for c in of} == {("sources", "url")}
    }
    assert all(link.startswith(("https://", "http://")) for link in published)
    assert links - by_hand - published == {"https://evil.example/%E3%81"}, (
        "a licence says where its text is, a document where it is found, and they may"
    )


def test_no_file_is_included(poison):
    holding = [
        path for path in poison.site.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert holding == [poison.site / CANARY], "the docs folder itself is published"


def test_a_printed_page_says_the_same(guest, root, poison):
    one = guest(root, viewport={"width": 794, "height": 1123})
    one.page.emulate_media(media="print")
    for address in ("initiatives/snow-festival/", "quality/", "data/", "sources/progress-r4/"):
        page = one.to(address)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert not page.locator("article details:not([open])").count()
        assert list(changed(page.evaluate(LOOK)["text"], quoting(address, poison), plain)) == []


WRONG_ADDRESSES = [
    "<script>attack()</script>",
    '" onfocus="attack()" autofocus x="',
    "%3Cimg src=x onerror=attack()%3E",
    "%22%3E%3Csvg onload=attack()%3E",
    "{{7*7}}",
    "javascript:attack()",
]


def test_a_wrong_address_is_only_words_to_search_for(guest, root, poison):
    one = guest(root)
    missing = {"path": poison.site / "404.html", "content_type": "text/html"}
    one.page.route("**/nowhere/**", lambda route: route.fulfill(**missing))
    for address in WRONG_ADDRESSES:
        page = one.to(f"nowhere/{address}")
        assert re.fullmatch(r"[\w ]+", page.get_by_role("searchbox", name="探す言葉").input_value())
        page.locator("article .search__results[aria-busy=false]").wait_for(state="attached")
        assert page.locator("article :is(script, img, svg, [onfocus])").count() == 0


# -- the search ---------------------------------------------------------------------------

SEARCH = """async (query) => {
  const dialog = document.querySelector("dialog.search");
  const input = dialog.querySelector("input[type=search]");
  const list = dialog.querySelector(".search__results");
  input.value = query;
  input.dispatchEvent(new Event("input"));
  for (const end = Date.now() + 5000; list.ariaBusy === "true"; ) {
    if (Date.now() > end) throw new Error(`no answer to ${query}`);
    await new Promise((done) => setTimeout(done, 5));
  }
  const more = dialog.querySelector(".search__more");
  while (!more.hidden) {
    const shown = list.children.length;
    more.click();
    while (!more.hidden && list.children.length === shown) await new Promise((done) => setTimeout(done, 5));
  }
  const texts = (name) => [...list.querySelectorAll(name)].map((element) => element.textContent);
  return {
    titles: texts(".search__title"),
    trails: texts(".search__trail"),
    marked: texts("mark"),
    tags: [...new Set([...list.querySelectorAll("*")].map(({ localName }) => localName))].sort(),
    said: dialog.querySelector("[role=status]").textContent,
  };
}"""


def searching(one: Guest) -> Callable[[str], dict[str, Any]]:
    """A search in the dialog of a page: what is typed → what is shown, to the last result."""
    page = one.to("about/")
    page.get_by_role("button", name="検索", exact=True).click()
    return lambda query: page.evaluate(SEARCH, query)


@pytest.fixture
def search(guest, root):
    return searching(guest(root))


def test_every_payload_is_found_and_its_results_are_text(search, poison):
    for mark, cell in poison.cells.items():
        if (cell.table, cell.column) == ("grants", "name"):
            found = search(mark)
            assert found["titles"], cell
            assert set(found["marked"]) == {mark}
            assert set(found["tags"]) <= {"a", "b", "li", "mark", "span"}
            for text in (*found["titles"], *found["trails"]):
                assert list(changed(text, poison.cells, plain)) == []


@pytest.mark.parametrize("words", ["𠮷野家", "𠮷野", "ﾊﾝｶｸ"])
def test_what_is_marked_in_a_result_is_what_was_typed(search, words):
    """Letters that are two for a script, and letters of half the width."""
    found = search(words)
    assert set(found["marked"]) == {words}


def test_a_payload_that_is_searched_for_is_only_words(guest, built_site, serve):
    ask = searching(guest(serve(built_site)))
    for name, payload in PAYLOADS.items():
        found = ask(payload[:200])
        assert found["said"] and "読み込めませんでした" not in found["said"], name
        assert set(found["tags"]) <= {"a", "b", "li", "mark", "span"}, name


# -- the list of all initiatives -------------------------------------------------------------


#: Compares these initiatives, as when one goes back to that address.
COMPARE = """async (ids) => {
  history.replaceState(null, "", ids.length ? `?compare=${ids}` : location.pathname);
  dispatchEvent(new PopStateEvent("popstate"));
  await new Promise((done) => setTimeout(done));
  const parts = [...document.querySelectorAll(".comparison, .picks")];
  const all = parts.flatMap((part) => [...part.querySelectorAll("*")]);
  return {
    names: [...document.querySelectorAll(".comparison__table thead .row__name")].map((name) => name.innerText),
    said: [...parts.map((part) => part.textContent), ...all.map((one) => one.ariaLabel ?? "")],
  };
}"""


def test_comparing_and_saving_change_no_text(guest, root, poison):
    page = guest(root).to("initiatives/")
    names = page.locator("tbody .row__name").all_inner_texts()
    links = page.locator("tbody .row__name")
    ids = links.evaluate_all("all => all.map(link => link.getAttribute('href').replace('/', ''))")
    page.goto(f"{page.url}?pick={ids[0]}")
    page.locator(".picks .chip").wait_for()
    for start in range(0, len(ids), 4):
        chosen = slice(start, start + 4)
        shown = page.evaluate(COMPARE, ids[chosen])
        assert shown["names"] == names[chosen]
        assert [pair for text in shown["said"] for pair in changed(text, poison.cells, plain)] == []
    page.evaluate(COMPARE, [])
    with page.expect_download() as download:
        page.get_by_role("button", name="表示中の事業をCSVで保存").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    table = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    cells = [cell for row in table for cell in row]
    assert len(marks("".join(cells))) > len(PAYLOADS)
    assert [pair for cell in cells for pair in changed(cell, poison.cells, plain)] == []
    assert not [cell for cell in cells if re.match(r"[=+@＝＋－＠\t\r\n]|-(?!$|\d+(?:\.\d+)?$)", cell)]


# -- downloads ----------------------------------------------------------------------------------


SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def downloads(site: Path) -> Iterator[Path]:
    for folder, pattern in (("data", "*"), ("initiatives", "data.*")):
        yield from (path for path in sorted((site / folder).rglob(pattern)) if path.is_file())


def texts_of(path: Path) -> Iterator[str]:
    """The texts that a program finds in a download."""
    if path.suffix == ".json":
        yield from texts_in(json.loads(path.read_text(encoding="utf-8")))
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, strict=True):
                yield from (text for cell in row for text in strings_of(cell))
    elif path.suffix == ".xlsx":
        yield from workbook_texts(path)
    elif path.suffix in (".txt", ""):
        yield path.read_bytes().decode("utf-8")


def workbook_texts(path: Path) -> Iterator[str]:
    """The texts of the cells; those of the first sheet, which is a text with a line in each row, as one."""
    with zipfile.ZipFile(path) as archive:
        shared = [
            "".join(item.itertext()) for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        texts = [re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text) for text in shared]
        for name in filter(re.compile("xl/worksheets/sheet").match, archive.namelist()):
            cells = ElementTree.fromstring(archive.read(name)).iter(f"{SPREADSHEET}c")
            held = [texts[int(cell[0].text)] for cell in cells if cell.get("t") == "s"]
            if name.endswith("/sheet1.xml"):
                yield "\n".join(held)
            else:
                yield from (text for cell in held for text in strings_of(cell))


def test_every_download_holds_every_text_exactly(poison):
    wrong, seen = {}, defaultdict(set)
    # The titles of tables are names of sheets, where Excel forbids some characters.
    in_sheets = {
        mark: cell for mark, cell in poison.cells.items() if not cell.column.endswith(".resources.title")
    }
    for path in downloads(poison.site):
        for text in texts_of(path):
            seen[path.name] |= marks(text)
            for pair in changed(text, in_sheets if path.suffix == ".xlsx" else poison.cells):
                wrong[path.name] = pair
    assert wrong == {}
    tables = {
        mark for mark, cell in poison.cells.items() if (poison.package / f"data/{cell.table}.csv").exists()
    }
    (workbook,) = (poison.site / "data").glob("*.xlsx")
    assert (
        set().union(*(seen[f"{name}.csv"] for name in {poison.cells[mark].table for mark in tables}))
        == tables
    )
    assert tables - seen[workbook.name] == set()
    assert len(seen["initiatives.json"]) > 10 * len(PAYLOADS)
    assert len(seen["listings-printed.csv"]) > 5 * len(PAYLOADS)


def test_the_zip_is_the_poisoned_package_itself(poison):
    (path,) = (poison.site / "data").glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        for table in (poison.package / "data").glob("*.csv"):
            assert archive.read(f"data/{table.name}") == table.read_bytes()


@pytest.fixture(scope="module")
def form(poison: Poisoned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next report as a workbook to fill in, made where the lines of the last one are still its own."""
    folder = tmp_path_factory.mktemp("form")
    package = shutil.copytree(poison.package, folder / "package")
    shutil.copytree(poison.harmless / SOURCES, package / SOURCES, dirs_exist_ok=True)
    harmless = read_package(poison.harmless)
    mark, newest = report_form._mark(harmless), report_form.newest_report(harmless)
    keys = report_form._Tables(harmless, newest, mark, 1).keys
    with pytest.MonkeyPatch.context() as patch:
        # Columns are told by what the lines and the tables have in common, which here is nothing.
        patch.setattr(report_form._Tables, "_keys", lambda *_: keys)
        (folder / "form.xlsx").write_bytes(report_workbook.encode(read_package(package), is_following=True))
    return folder / "form.xlsx"


def test_the_form_of_a_report_holds_its_texts_exactly(poison, form):
    texts = list(workbook_texts(form))
    assert len(marks("".join(texts))) > len(PAYLOADS)
    assert [pair for text in texts for pair in changed(text, poison.cells)] == []


def test_no_workbook_has_a_formula_a_link_or_a_part_elsewhere(poison, form):
    for path in (*poison.site.rglob("*.xlsx"), form):
        with zipfile.ZipFile(path) as archive:
            assert not [
                name for name in archive.namelist() if re.search("external|calcChain|vba|drawing", name)
            ]
            for name in archive.namelist():
                root = ElementTree.fromstring(archive.read(name))
                tags = {element.tag.rpartition("}")[2] for element in root.iter()}
                assert not tags & {"f", "hyperlink", "hyperlinks", "ddeLink", "oleObject"}, (path.name, name)
                if name.endswith(".rels"):
                    assert not [element for element in root if element.get("TargetMode") == "External"]


def test_the_feed_is_xml_and_its_texts_are_text(poison):
    texts = []
    for element in ElementTree.parse(poison.site / addresses.FEED).iter():
        html = element.get("type") == "html"
        texts.append(read(element.text).text if html else element.text or "")
        assert not html or {part.tag for part in read(element.text).all()} <= {"p", "ul", "li"}
    assert len(marks("".join(texts))) > len(PAYLOADS)
    assert [pair for text in texts for pair in changed(text, poison.cells, told)] == []


# -- names of files -----------------------------------------------------------------------------

#: Column of ids that become names of files → the table, and what else must hold of a row that has a page.
NAMING = {
    "initiative_id": ("initiatives", {}),
    "grant_id": ("grants", {}),
    "source_id": ("sources", {}),
    "policy_id": ("policies", {"level": "field"}),
}
NOT_NAMES = [
    "../../x",
    "..",
    "/etc/x",
    "a/b",
    "a\\b",
    "a b",
    "x.html",
    "A",
    "-",
    "x\ny",
    "<b>",
    "{{ 7*7 }}",
    "\u202ex",
]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small package, two folders below where nothing may be written."""
    package = small_package(tmp_path / "inner" / "package")
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    return package


def replace_cells(package: Path, old: str, new: str) -> None:
    for path in (package / "data").glob("*.csv"):
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        path.write_bytes(csv_bytes(header, ([new if cell == old else cell for cell in row] for row in rows)))


def refusal(package: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What building a package without checking it says; nothing may be there afterwards that was not before."""
    root = package.parents[1]
    before = sorted(root.rglob("*"))
    capsys.readouterr()
    assert cli.main(["build", str(package), "--site", str(package.parent / "site"), "--no-validate"]) == 1
    assert sorted(root.rglob("*")) == before
    said = capsys.readouterr().err
    assert "Traceback" not in said and SECRET not in said
    return said


# One check refuses the names of all columns: every name once, and every column once.
@pytest.mark.parametrize(
    ("column", "name"),
    [("initiative_id", name) for name in NOT_NAMES] + [(column, NOT_NAMES[0]) for column in [*NAMING][1:]],
)
def test_an_id_that_is_no_name_is_refused_and_nothing_is_written(small, capsys, column, name):
    table, conditions = NAMING[column]
    with (small / f"data/{table}.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if conditions.items() <= row.items())
    replace_cells(small, row[column], name)
    assert "IDに使えません" in refusal(small, capsys)


@pytest.mark.process
@pytest.mark.parametrize("path", ["../../secret.txt", "{root}/secret.txt", "data/../../../secret.txt"])
def test_no_file_outside_of_the_package_is_published(small, capsys, path):
    with (small / "data/sources.csv").open(encoding="utf-8", newline="") as file:
        published = next(csv.DictReader(file))["file"]
    replace_cells(small, published, path.format(root=small.parents[1]))
    assert "ファイルの名前にできません" in refusal(small, capsys)


@pytest.mark.parametrize(("part", "value"), [("path", "../../secret.txt"), ("name", "../../x")])
def test_no_table_leads_out_of_the_package(small, capsys, part, value):
    descriptor = json.loads((small / DESCRIPTOR).read_text(encoding="utf-8"))
    holder = descriptor if part == "name" else descriptor["resources"][0]
    holder[part] = value
    (small / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    assert re.search("ファイルの名前にできません|値の形が違います", refusal(small, capsys))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (DESCRIPTOR, '{"title": "\\ud800", "resources": []}'),
        (GLOSSARY, '- group: "\\ud800"\n  terms: []\n'),
        (GLOSSARY, "- group: !!python/object/apply:os.getcwd []\n  terms: []\n"),
        (GLOSSARY, "- &a\n  group: 群\n  terms: [*a]\n"),
    ],
)
def test_what_is_no_text_is_refused(small, file, text):
    (small / file).write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match=Path(file).name):
        read_package(small)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_prepared_report_carries_the_title_exactly(monkeypatch, payload):
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", "https://github.com/owner/repository")
    url = urlsplit(repository.error_report(payload, "initiatives/a/", "").url)
    assert (url.scheme, url.netloc, url.path) == ("https", "github.com", "/owner/repository/issues/new")
    assert parse_qs(url.query)["title"] == [f"数字の誤り：{payload}"]
