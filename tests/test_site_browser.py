"""The site as a reader meets it, in a real browser: phone and desktop, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

PAGES = {
    "home": "",
    "field": "fields/tourism/",
    "strategy": "strategies/small-business/",
    "initiatives": "initiatives/",
    "initiative": "initiatives/snow-festival/",
    "merged initiative": "initiatives/it-business-expansion/",
    "grants": "grants/",
    "grant": "grants/asia-market/",
    "spending": "spending/",
    "disruption": "disruption/",
    "rankings": "rankings/",
    "sheet": "strategies/small-business/sheet/",
    "report": "reports/2022/",
    "search": "search/",
    "English": "en/",
    "easy Japanese": "easy/",
    "glossary": "glossary/",
    "source": "sources/progress-r4/",
    "data": "data/",
    "table": "data/tables/observations/",
    "SQL": "data/sql/",
    "quality": "quality/",
    "changes": "changes/",
    "about": "about/",
    "not found": "404.html",
}


@pytest.fixture(scope="module")
def root(built_site: Path, serve: Callable[..., str]) -> str:
    return serve(built_site)


def _overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


#: Text that is shown smaller than 14 pixels; the letters of charts are measured in test_charts.py.
SMALL = """() => {
  const found = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const item = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || item.closest("svg, script, style") || !item.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(item).fontSize);
    if (size < 13.99) found.add(`${size} ${item.outerHTML.slice(0, 80)}`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_quiet_fits_and_says_that_it_is_not_official(visit, root, scheme):
    guest = visit(root, color_scheme=scheme, reduced_motion="reduce")
    for name, address in PAGES.items():
        page = guest.to(address)
        shown = page.evaluate("document.documentElement.dataset.mdColorScheme")
        assert shown == {"light": "default", "dark": "slate"}[scheme], name
        assert "（非公式）" in page.title()
        mark = page.get_by_role("banner").get_by_role("link", name="非公式のサイトです")
        for width in (320, 390, 1366):
            page.set_viewport_size({"width": width, "height": 800})
            assert _overflow(page) == 0, (name, width)
            if scheme == "light":  # which changes no size and no place
                expect(mark).to_be_in_viewport()
                assert page.evaluate(SMALL) == [], (name, width)
    assert guest.problems == []


def test_the_mark_leads_to_what_is_not_official(visit, root):
    page = visit(root).to("data/")
    page.get_by_role("banner").get_by_role("link", name="非公式のサイトです").click()
    expect(page.get_by_role("heading", name="札幌市の公式サイトではありません")).to_be_in_viewport()


#: Headings of several lines, the last of one or two letters.
LONELY = """() => [...document.querySelectorAll("h1, h2, h3")].filter(heading => {
  const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT), bottoms = [];
  while (texts.nextNode()) [...texts.currentNode.data].forEach((letter, index) => {
    const range = document.createRange();
    range.setStart(texts.currentNode, index);
    range.setEnd(texts.currentNode, index + letter.length);
    const box = range.getClientRects()[0];
    if (letter.trim() && box) bottoms.push(box.bottom);
  });
  const last = bottoms.filter(bottom => bottoms.at(-1) - bottom < 12).length;
  return last < bottoms.length && last < 3;
}).map(heading => heading.textContent)"""


#: Shows the article of another page in this one: what is around it is the same, and to load it takes ten times as long.
SHOW = """async (url) => {
  const html = await (await fetch(url)).text();
  const article = new DOMParser().parseFromString(html, "text/html").querySelector("article");
  document.querySelector("article").replaceWith(article);
}"""


def test_no_heading_leaves_a_letter_alone_on_its_last_line(visit, root, built_site):
    page = visit(root, viewport={"width": 390, "height": 844}).to("about/")
    found = {}
    for path in sorted(built_site.rglob("index.html")):
        address = path.parent.relative_to(built_site).as_posix() + "/"
        page.evaluate(SHOW, root + address)
        found[address] = page.evaluate(LONELY)
    assert len(found) > 100
    assert {address: headings for address, headings in found.items() if headings} == {}


def test_a_long_page_leads_to_its_headings_from_a_bar_that_stays(visit, root):
    for scripts in (True, False):
        page = visit(root, viewport={"width": 320, "height": 800}, java_script_enabled=scripts).to("quality/")
        page.locator("h2").nth(3).scroll_into_view_if_needed()
        page.get_by_role("button", name="目次").click()
        page.get_by_role("navigation", name="このページの目次").get_by_role("link", name="訂正").click()
        if not scripts:
            page.keyboard.press("Escape")
        heading, bar = page.locator("#corrections"), page.locator(".site-bar")
        expect(heading).to_be_in_viewport()
        assert heading.bounding_box()["y"] >= bar.bounding_box()["height"], "the bar does not cover it"
        page.get_by_role("link", name="上へ").click()
        expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


#: What could get into a page if it was not escaped, and what refuses it.
INJECTED = """<script>attacked = 1</script><img src=x onerror="attacked = 2"><a href="javascript:attacked = 3">害</a>
<img src="https://evil.example/x.png"><script src="https://evil.example/x.js"></script><base href="https://evil.example/">
<p style="position: fixed">害</p><style>* { display: none }</style><iframe srcdoc="<script>parent.attacked = 4</script>"></iframe>
<iframe src="https://evil.example/"></iframe><object data="https://evil.example/"></object>"""
REFUSED = {
    "script-src-elem",
    "script-src-attr",
    "img-src",
    "base-uri",
    "style-src-attr",
    "style-src-elem",
    "frame-src",
    "object-src",
}


def test_what_gets_into_a_page_nevertheless_runs_nothing_and_asks_nobody(visit, root, built_site, tabs):
    guest = visit(root, java_script_enabled=True)  # in a context of its own
    page = guest.page
    page.add_init_script(
        "refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.violatedDirective))"
    )
    whole = (
        (built_site / "about" / "index.html").read_text(encoding="utf-8").replace("</h1>", f"</h1>{INJECTED}")
    )
    page.route("**/about/", lambda route: route.fulfill(body=whole, content_type="text/html"))
    guest.to("about/")
    page.get_by_role("link", name="害").click()
    page.wait_for_function("most => new Set(refused).size >= most", arg=len(REFUSED))
    assert set(page.evaluate("refused")) == REFUSED
    assert page.evaluate("refused.filter(each => each === 'script-src-elem').length") >= 3, "the link, too"
    assert page.evaluate("[window.attacked ?? null, location.href]") == [None, f"{root}about/"]
    asked, blocked = (
        {each.removeprefix(f"{what}: ") for each in guest.problems if each.startswith(what)}
        for what in ("third party", "csp")
    )
    assert asked <= blocked
    assert tabs.refused
    tabs.refused.clear()


def test_the_site_works_below_a_path(visit, built_site, serve):
    guest = visit(serve(built_site, "/a/repository/"))
    page = guest.to("")
    page.get_by_role("link", name="事業一覧").last.click()
    page.get_by_role("link", name="さっぽろ雪まつり事業").click()
    page.wait_for_url("**/a/repository/initiatives/snow-festival/")
    assert page.get_by_role("heading", level=1).inner_text() == "さっぽろ雪まつり事業"
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename == "data.json"
    assert guest.problems == []


def test_everything_is_readable_without_scripts(visit, root):
    page = visit(root, java_script_enabled=False, viewport={"width": 390, "height": 900}).to("initiatives/")
    expect(page.get_by_role("link", name="さっぽろ雪まつり事業")).to_be_visible()
    page.get_by_role("link", name="さっぽろ雪まつり事業").click()
    expect(page.get_by_text("目標の300万人に125万人届きませんでした")).to_be_visible()
    expect(page.get_by_role("img", name="年間来場者数の推移")).to_be_visible()
    page.get_by_role("link", name="50行目").first.click()
    expect(page.locator("#L50:target").get_by_text("・さっぽろ雪まつり実行委員会への補助金")).to_be_visible()
    page.locator("#L50").get_by_role("link", name="さっぽろ雪まつり事業").click()
    page.locator(".breadcrumb").get_by_role("link", name="観光", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("観光")


def test_the_first_stop_of_the_keyboard_leads_to_the_content(visit, root):
    page = visit(root, viewport={"width": 1366, "height": 900}).to("fields/tourism/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "本文へ移動"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('article').contains(document.activeElement)")


def test_wide_tables_scroll_inside_their_region_and_by_keyboard(visit, root):
    page = visit(root, viewport={"width": 800, "height": 900}).to("fields/tourism/")
    region = page.locator(".table-scroll:has(.rows)").first
    assert region.evaluate("item => item.scrollWidth > item.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("item => item.scrollLeft > 0", arg=region.element_handle())
