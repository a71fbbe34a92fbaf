"""Who reads differently reads the same: what machines can tell, and what ``/accessibility/`` says they told.

One page of each kind is looked at in both schemes and all widths. The others have other data, but are made of the
same parts: of them, as many are looked at as have a part that no page before has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from axe import COLOURS, RULES, RULES_OF_SCHEME, SCRIPT, Axe
from html_rules import broken
from reading_html import Element, read
from shinchoku.site import configuration

#: One of each kind.
PAGES = [
    "",
    "fields/tourism/",
    "strategies/small-business/",
    "strategies/small-business/sheet/",
    "reports/2022/",
    "initiatives/",
    "initiatives/snow-festival/",
    "initiatives/it-business-expansion/",
    "spending/",
    "disruption/",
    "rankings/",
    "grants/",
    "grants/asia-market/",
    "data/",
    "data/sql/",
    "data/tables/observations/",
    "quality/",
    "changes/",
    "glossary/",
    "sources/progress-r4/",
    "about/",
    "contribute/",
    "contribute/correct/",
    "contribute/messages/",
    "accessibility/",
    "search/",
    "en/",
    "easy/",
    "404.html",
]
DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def root(built_site: Path, serve: Callable[..., str]) -> str:
    return serve(built_site)


@pytest.fixture
def visit(open_tab: Callable[..., Page], root: str) -> Callable[..., Page]:
    """``visit(address, **options of the browser's context)``."""

    def start(address: str, **options: object) -> Page:
        page = open_tab({}, **options)
        page.goto(root + address)
        return page

    return start


@pytest.fixture(scope="module")
def every_page(built_site: Path) -> list[str]:
    return sorted(
        path.relative_to(built_site).as_posix().removesuffix("index.html")
        for path in built_site.rglob("*.html")
    )


# -- axe ------------------------------------------------------------------------


def _parts(document: Element) -> set[tuple[object, ...]]:
    """What a page is made of: each part by what it stands in, its attributes, and whether it says something."""
    found, parts = set(), [(document, ())]
    while parts:
        part, around = parts.pop()
        path = (*around, (part.tag, part.attributes.get("class"), part.attributes.get("role")))
        attributes = sorted(name for name in part.attributes if not name.startswith("data-"))
        found.add((path, *attributes, bool(part.text)))
        if part.tag != "svg":
            parts += [(child, path) for child in part.children if isinstance(child, Element)]
    return found


@pytest.fixture(scope="module")
def looked_at(documents: dict[str, Element]) -> list[str]:
    """One page of each kind, and of the others so many that each part of any is looked at."""
    parts = {address: _parts(document) for address, document in documents.items()}
    left = set().union(*parts.values()).difference(*(parts.get(address, ()) for address in PAGES))
    addresses = list(PAGES)
    while left:
        addresses.append(max(sorted(parts), key=lambda address: len(left & parts[address])))
        left -= parts[addresses[-1]]
    return addresses


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


#: Parts of the pages, so that two processes can share them.
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing(visit, root, looked_at, axe, part):
    page = visit("", reduced_motion="reduce")
    found = []
    for number, address in enumerate(looked_at):
        if number % PARTS != part:
            continue
        page.goto(root + address)
        for scheme, rules_at in RULES_OF_SCHEME.items():
            page.emulate_media(color_scheme=scheme)
            shown = {"light": "default", "dark": "slate"}[scheme]
            page.wait_for_function(
                "shown => document.documentElement.dataset.mdColorScheme === shown", arg=shown
            )
            for width, rules in rules_at.items():
                if rules is not COLOURS and address not in PAGES and width != min(rules_at):
                    continue  # its data differ from the page of its kind, and hardly its style
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
                # The style sheets are those of all pages: fetching them is a third of the time.
                preload = address == "" and rules is RULES
                found += [
                    (address, width, scheme, *violation)
                    for violation in axe.violations(page, rules, preload=preload)
                ]
    assert found == []


def test_the_kinds_of_page_exist(every_page):
    assert set(PAGES) <= set(every_page)


def test_axe_would_find_something(visit):
    page, axe = visit(""), Axe()
    assert axe.violations(page, RULES) == []
    wrong = "<img src='data:,'><p>薄い字</p>"
    page.evaluate("html => document.querySelector('article').insertAdjacentHTML('beforeend', html)", wrong)
    page.evaluate(
        "document.querySelector('article > p:last-child').style.cssText = 'color: #ccc; background: #fff'"
    )
    assert [rule for rule, _ in axe.violations(page, RULES)] == ["image-alt", "color-contrast"]
    assert axe.violations(page, COLOURS) == [], "each text once"


# -- structure --------------------------------------------------------------------


def test_html_is_well_formed(built_site, every_page):
    problems, navigations = [], set()
    for address in every_page:
        path = built_site / address
        html = (path if path.is_file() else path / "index.html").read_text(encoding="utf-8")
        problems += [(address, problem) for problem in broken(html)]
        document = read(html)
        navigations.add(next(nav.text for nav in document.all("nav") if nav.attributes.get("id") == "menu"))
        if document.all("html")[0].attributes["lang"] != "ja" or not document.all("title")[0].text:
            problems.append((address, "no language or title"))
    assert problems == []
    assert len(navigations) == 1, "the navigation is the same everywhere"


@pytest.mark.parametrize(
    "body, problem",
    [
        ("<p>a", "never closed"),
        ("<b><i></b></i>", "closes"),
        ("<p><div></div></p>", "<div> in <p>"),
        ("<ul><p></p></ul>", "<p> in <ul>"),
        ("<li></li>", "<li> in <>"),
        ("<a href='x'><button>y</button></a>", "pressed itself"),
        ("<i id='a'></i><i id='a'></i>", "twice"),
        ("<span aria-label='x'>y</span>", "no role"),
        ("<img src='x'>", "without alt"),
        ("<input type='checkbox' autocomplete='off'>", "not typed into"),
        ("<div/>", "slash"),
        ("<a href=''>x</a>", "nowhere"),
    ],
)
def test_broken_html_would_be_found(body, problem):
    assert problem in " ".join(broken("<!doctype html>" + body))


# -- keyboard ------------------------------------------------------------------------

#: Numbers what the Tab key should reach: what can be pressed and is shown.
NUMBER = """() => {
  const items = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0'], iframe")];
  const shown = items.filter(item => !item.disabled && item.checkVisibility({visibilityProperty: true})
    && (item.type !== "radio" || item.checked || !document.querySelector(`[name='${item.name}']:checked`)));
  shown.forEach((item, index) => item.dataset.stop = index);
  return shown.length;
}"""
STOP = """() => {
  const item = document.activeElement;
  if (item === document.body || item.dataset.stop === undefined) return null;
  const style = getComputedStyle(item), box = item.getBoundingClientRect();
  const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 10), 0), innerHeight - 1);
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const top = document.elementFromPoint(x, y);
  const seen = inView && (item.contains(top) || top?.contains(item) || top?.closest("label")?.contains(item));
  return [Number(item.dataset.stop), outline, Boolean(seen), item.outerHTML.slice(0, 120)];
}"""


#: The page itself notes where a press of the key has led: asking it each time takes twice as long.
NOTE_STOPS = """() => {
  window.stops = [];
  addEventListener("keyup", () => stops.push((%s)()));
  document.activeElement.blur();
  scrollTo(0, 0);
}"""


def _walk(page: Page, most: int = 1000) -> list[tuple[int, float, bool, str] | None]:
    """Every stop of the Tab key from the top of the page to its end, but no more than ``most``."""
    count = page.evaluate(NUMBER)
    page.evaluate(NOTE_STOPS % STOP)
    for _ in range(min(count, most)):
        page.keyboard.press("Tab")
    stops = page.evaluate("stops")
    assert stops and all(stops), "something cannot be reached"
    return stops


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("address", ["", "initiatives/snow-festival/", "fields/tourism/", "data/"])
def test_the_tab_key_reaches_everything(visit, address, viewport):
    page = visit(address, viewport=viewport)
    reached = [number for number, *_ in _walk(page)]
    assert reached == list(range(page.evaluate(NUMBER))), "all, each once, in the order of the page"
    assert page.url.endswith(address), "reaching something must not press it"


@pytest.mark.parametrize("colors", ["none", "active"], ids=["usual colours", "forced colours"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_visible(visit, scheme, colors):
    for address in ("", "initiatives/", "initiatives/snow-festival/"):
        page = visit(address, viewport=PHONE, color_scheme=scheme, forced_colors=colors)
        page.wait_for_timeout(200)
        faint = [stop for stop in _walk(page, most=120) if stop[1] < 2 or not stop[2]]
        assert faint == [], address


#: What opens the navigation on a phone.
MENU = ".site-bar > [popovertarget=menu]"


def _focus(page: Page, selector: str) -> None:
    """By the Tab key: what it does not reach, cannot be operated."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def test_the_menu_of_a_phone_works_by_keyboard(visit):
    page = visit("initiatives/snow-festival/", viewport=PHONE)
    menu = page.get_by_role("navigation", name="サイト全体")
    assert not menu.is_visible()
    _focus(page, MENU)
    page.keyboard.press("Enter")
    assert menu.is_visible()
    _focus(page, "#menu summary")
    page.keyboard.press("Enter")
    _focus(page, "#menu details a")
    assert page.evaluate("document.activeElement.textContent.trim()") == "観光"
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.evaluate(f"document.activeElement.matches('{MENU}')"), "focus goes back to what opened it"
    page.keyboard.press("Enter")
    _focus(page, "#menu > button")
    page.keyboard.press("Enter")
    assert not menu.is_visible()


def test_the_menu_of_a_phone_works_without_scripts(visit):
    page = visit("about/", viewport=PHONE, java_script_enabled=False)
    page.get_by_role("button", name="メニュー").click()
    page.get_by_role("navigation", name="サイト全体").get_by_role("link", name="事業一覧").click()
    page.wait_for_url("**/initiatives/")


def test_the_lists_of_the_navigation_open_and_close_by_keyboard(visit):
    page = visit("about/", viewport=DESKTOP)
    _focus(page, "#menu summary")
    first = page.locator("#menu details").first
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "観光"
    page.keyboard.press("Escape")
    assert first.get_attribute("open") is None
    assert page.evaluate("document.activeElement.matches('#menu summary')")
    page.keyboard.press("Enter")
    page.locator("h1").click()
    assert first.get_attribute("open") is None, "it closes when left"


def test_the_colour_scheme_can_be_chosen_and_is_kept(visit):
    page = visit("about/", viewport=PHONE, color_scheme="light")
    seen = []
    for _ in range(3):
        _focus(page, MENU)
        page.keyboard.press("Enter")
        _focus(page, "#menu .scheme")
        page.keyboard.press("Enter")
        name = page.evaluate("document.activeElement.textContent.trim()")
        page.reload()
        seen.append((name, page.evaluate("document.documentElement.dataset.mdColorScheme")))
    assert seen == [("表示：明るい", "default"), ("表示：暗い", "slate"), ("表示：自動", "default")]


def test_the_search_opens_and_closes_by_keyboard(visit):
    page = visit("about/", viewport=PHONE)
    _focus(page, ".search-open")
    page.keyboard.press("Enter")
    page.locator("dialog[open]").get_by_role("searchbox").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('.search-open')")


# -- size, spacing, motion ------------------------------------------------------------

SETTINGS = {
    "as it is": "* {}",
    "text at 200 %": "html { font-size: 250% !important }",  # the theme's own is 125 %
    "wider spacing": "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
    "word-spacing: 0.16em !important } p { margin-bottom: 2em !important }",
}
#: Text that its own box cuts off; what scrolls, or is meant for screen readers only, is not cut off.
CUT = """() => [...document.querySelectorAll("body *")].filter(item => {
  const style = getComputedStyle(item);
  return /hidden|clip/.test(style.overflow) && !style.clipPath.includes("inset") && item.clientWidth > 2
    && (item.scrollWidth > item.clientWidth + 1 || item.scrollHeight > item.clientHeight + 1)
    && item.textContent.trim() && item.checkVisibility();
}).map(item => item.outerHTML.slice(0, 120))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_text_fits(visit, root):
    page = visit("", reduced_motion="reduce")
    problems = []
    for address in PAGES:
        page.goto(root + address)
        style = page.evaluate_handle("(document.adoptedStyleSheets = [new CSSStyleSheet()])[0]")
        for setting, rules in SETTINGS.items():
            style.evaluate("(style, rules) => style.replaceSync(rules)", rules)
            for width in (320, 1280) if setting != "text at 200 %" else (1280,):
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate(OVERFLOW) > 0:
                    problems.append((address, setting, width, "wider than the screen"))
                problems += [(address, setting, width, cut) for cut in page.evaluate(CUT)]
    assert problems == []


def test_nothing_moves_for_who_wants_no_motion(visit):
    page = visit("", reduced_motion="reduce", viewport=PHONE)
    page.get_by_role("button", name="メニュー").click()
    assert page.evaluate("document.getAnimations().length") == 0
    moving = """[...document.querySelectorAll("*")].filter(item => {
      const style = getComputedStyle(item);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    }).length"""
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches") is False


def test_what_the_page_says_is_absent(built_site, every_page):
    found = []
    for address in every_page:
        path = built_site / address
        document = read((path if path.is_file() else path / "index.html").read_text(encoding="utf-8"))
        found += [
            (address, item.tag)
            for item in document.all()
            if item.tag in ("audio", "video", "iframe", "embed", "object", "marquee", "blink")
            or item.attributes.get("http-equiv") == "refresh"
            or item.attributes.get("draggable") == "true"
            or (item.tag == "form" and {"action", "method"} & set(item.attributes))
            or item.attributes.get("type") in ("password", "email", "tel")
        ]
    for script in sorted(built_site.rglob("*.js")):
        text = script.read_text(encoding="utf-8")
        gestures = re.findall(r"touchmove|dragstart|devicemotion|deviceorientation", text)
        found += [(script.name, gesture) for gesture in gestures]
        # The search puts its words into the address of its own page.
        sends = re.findall(r"requestSubmit|\.submit\(|sendBeacon|method: ?.POST|\baction:", text)
        found += [(script.name, each) for each in sends if (script.name, each) != ("site.js", "action:")]
    assert found == []


# -- what is published about it ----------------------------------------------------


@pytest.fixture(scope="module")
def published(project: Path) -> dict:
    text = (configuration.OF_EVERY_SITE / "docs" / "accessibility.md").read_text(encoding="utf-8")
    return yaml.safe_load(text.split("---\n")[1])


def test_the_published_methods_are_tests(published):
    for method, test, does in published["methods"]:
        assert callable(globals()[test]), method
        assert does
    methods = {method for method, *_ in published["methods"]}
    assert {name for criterion in published["criteria"] for name in criterion[4]} == methods


def test_the_published_criteria_are_all_and_none_is_claimed_without_a_test(published):
    numbers = [number for number, *_ in published["criteria"]]
    in_jis = [number for number, _, _, jis, *_ in published["criteria"] if jis]
    assert len(set(numbers)) == len(numbers) == 56, "WCAG 2.2 has 55 at A and AA, and JIS keeps 4.1.1"
    assert len(in_jis) == 38
    unsaid = [number for number, *_, methods, person in published["criteria"] if not methods and not person]
    assert unsaid == []


def test_axe_has_a_rule_for_each_criterion_it_is_named_for(published, visit):
    page = visit("")
    page.evaluate(SCRIPT)
    tags = set(page.evaluate("tags => axe.getRules(tags).flatMap(rule => rule.tags)", RULES))
    named = {number for number, _, _, _, methods, _ in published["criteria"] if "axe" in methods}
    assert {number for number in named if f"wcag{number.replace('.', '')}" not in tags} == set()
