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
    "glossary": "glossary/",
    "source": "sources/progress-r4/",
    "data": "data/",
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_quiet_and_fits(visit, root, scheme):
    guest = visit(root, color_scheme=scheme, reduced_motion="reduce")
    for name, address in PAGES.items():
        page = guest.to(address)
        shown = page.evaluate("document.body.getAttribute('data-md-color-scheme')")
        assert shown == {"light": "default", "dark": "slate"}[scheme], name
        page.set_viewport_size({"width": 320, "height": 900})
        assert _overflow(page) == 0, name
        for width in (390, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            assert _overflow(page) == 0, (name, width)
    assert guest.problems == []


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
    expect(page.get_by_text("目標の300万人に届きませんでした")).to_be_visible()
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
