"""The search as a reader uses it: what it finds over the real site, by keys and by touch, and what it costs.

The site is of the frozen data, whose glossary knows nothing of what people type; where that matters, the index
gets today's.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import Page, expect

from axe import COLOURS, RULES, Axe
from frozen_project import FROZEN
from reading_html import Element, read
from shinchoku.package.glossary import read_glossary
from shinchoku.paths import GLOSSARY
from shinchoku.site import configuration, minifying
from shinchoku.text import normalise

HERE = Path(__file__).parent
QUERIES = yaml.safe_load((HERE / "search_queries.yml").read_text(encoding="utf-8"))
CITIZENS = yaml.safe_load((HERE / "search_citizens.yml").read_text(encoding="utf-8"))
NOTHING = "nothing"
INITIATIVE = "initiatives/snow-festival/"


@pytest.fixture(scope="module")
def root(built_site: Path, serve: Callable[..., str]) -> str:
    return serve(built_site)


@pytest.fixture
def visit(open_tab: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """``visit(address, **options of the browser's context)``; an error on the page fails the test."""
    problems = []

    def start(address: str, **options: object) -> Page:
        page = open_tab({"pageerror": lambda error: problems.append(str(error))}, **options)
        page.goto(address)
        return page

    yield start
    assert problems == []


def _search(page: Page, query: str, within: str = "dialog") -> None:
    page.locator(f"{within} input[type=search]").fill(query)
    expect(page.locator(f"{within} .search__results")).to_have_attribute("aria-busy", "false")


@pytest.fixture
def knowing(visit, root, built_site) -> Callable[[str], Page]:
    """``knowing(address)``: a visit where the search knows what people type."""
    index = json.loads((built_site / "search/index.json").read_text(encoding="utf-8"))
    _, aliases = read_glossary(FROZEN / GLOSSARY)

    def start(address: str) -> Page:
        page = visit("about:blank")
        page.route("**/search/index.json", lambda route: route.fulfill(json=index | {"aliases": aliases}))
        page.goto(root + address)
        return page

    return start


def _open(page: Page) -> None:
    page.get_by_role("button", name="検索", exact=True).click()


def _found(page: Page, root: str) -> list[str]:
    """Addresses of all results, in their order."""
    more = page.locator("dialog .search__more")
    while more.is_visible():
        more.click()
    links = page.locator("dialog .search__link").evaluate_all("links => links.map(link => link.href)")
    return [link.split("#")[0].removeprefix(root) for link in links]


# -- what is found ------------------------------------------------------------


def _content(element: Element) -> str:
    """The text of an article without what it says it is not about; a line for each block."""
    texts = []
    for child in element.children:
        if isinstance(child, str):
            texts.append(child)
            continue
        marks = child.attributes
        left_out = child.tag in ("nav", "svg", "script", "style", "template", "button", "pre")
        if left_out or "data-search" in marks or marks.get("aria-hidden") == "true":
            continue
        is_inline = child.tag in ("a", "strong", "em", "span", "code")
        texts.append(_content(child) if is_inline else f"\n{_content(child)}\n")
    return "".join(texts)


def _contents(site: Path) -> dict[str, str]:
    found = {}
    for path in site.rglob("index.html"):
        folder = path.parent.relative_to(site).as_posix()
        articles = read(path.read_text(encoding="utf-8")).all("article")
        text = f"{_content(articles[0])}\n{path.parent.name}"
        found[f"{folder}/".removeprefix("./")] = unicodedata.normalize("NFKC", text).casefold()
    return found


def _pattern(words: str) -> re.Pattern[str]:
    """``words`` as they may be printed: with spaces between. Written without anything of the search."""
    if "|" in words:
        return re.compile("|".join(_pattern(form).pattern for form in words.split("|")))
    characters = unicodedata.normalize("NFKC", words).casefold().replace(" ", "")
    pattern = " ?".join(map(re.escape, characters))
    if re.match("[0-9]", characters):
        pattern = f"(?<![0-9])(?<![0-9],){pattern}"
    if re.match("[a-z]", characters):
        pattern = f"(?<![a-z]){pattern}"
    if re.search("[0-9]$", characters):
        pattern += "(?!,?[0-9])"
    return re.compile(pattern)


def _cases() -> Iterator[tuple[str, str, list[str], str | None]]:
    """(group, query, what the pages contain, the page of that name)"""
    for group, queries in QUERIES.items():
        for item in queries:
            case = item if isinstance(item, dict) else {"query": str(item)}
            contains = case.get("contains", case["query"])
            yield (
                group,
                case["query"],
                [contains] if isinstance(contains, str) else contains,
                case.get("page"),
            )


def test_every_page_that_holds_the_words_is_found_and_no_other(visit, root, built_site, capsys):
    contents = _contents(built_site)
    page = visit(root)
    _open(page)
    recalls, precisions, misplaced, lines = [], [], [], []
    for group, query, contains, name in _cases():
        patterns = [_pattern(words) for words in contains]
        expected = {
            address for address, text in contents.items() if all(item.search(text) for item in patterns)
        }
        if group == NOTHING:
            expected = set()
        else:
            assert expected, f"no page holds {query}: it measures nothing"
        _search(page, query)
        found = _found(page, root)
        assert len(set(found)) == len(found)
        right = len(expected & set(found))
        recalls.append(right / len(expected) if expected else 1)
        precisions.append(right / len(found) if found else 1)
        if name and name not in found[:3]:
            misplaced.append((query, name, found[:3]))
        if recalls[-1] < 1 or precisions[-1] < 1:
            lines.append(
                f"  {query}: 漏れ {sorted(expected - set(found))} 余り {sorted(set(found) - expected)}"
            )
    names = sum(1 for *_, name in _cases() if name)
    lines.insert(
        0,
        f"検索 {len(recalls)}語：再現率の平均 {mean(recalls):.4f}、適合率の平均 {mean(precisions):.4f}、"
        f"名前の{names}語のうち最初の3件にあるもの {names - len(misplaced)}",
    )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert len(recalls) >= 60
    assert mean(recalls) >= 0.98
    assert mean(precisions) >= 0.95
    assert misplaced == []


@pytest.mark.parametrize(
    ("kind", "first", "among_three", "without"),
    [
        ("tuned", 0.93, 0.97, 0.0),
        ("of the site", 1.0, 1.0, 0.0),
        ("held out", 0.63, 0.70, 0.16),
        ("written last", 0.68, 0.80, 0.03),
    ],
)
def test_citizens_find_the_page_they_mean(knowing, root, capsys, kind, first, among_three, without):
    """The shares that are asked for are those measured, a little lower."""
    page = knowing("")
    found = page.evaluate(
        """async queries => {
            const { find } = await import("./assets/search-engine.js");
            const pages = async query => (await find(query)).pages.map(page => page.address);
            return Promise.all(queries.map(pages));
        }""",
        list(CITIZENS[kind]),
    )
    places = []
    for names, addresses in zip(CITIZENS[kind].values(), found, strict=True):
        meant = {root + (name if "/" in name else f"initiatives/{name}/") for name in names}
        places.append(next((place for place, address in enumerate(addresses, 1) if address in meant), 1000))
    shares = [sum(place <= most for place in places) / len(places) for most in (1, 3)]
    nothing = sum(not addresses for addresses in found) / len(found)
    with capsys.disabled():
        print(f"\n{kind} {len(found)}語：1件目 {shares[0]:.0%}、3件目まで {shares[1]:.0%}、0件 {nothing:.0%}")
    assert shares[0] >= first and shares[1] >= among_three and nothing <= without


def test_every_word_that_is_meant_by_another_stands_on_a_page(built_site):
    """What people type leads to words of the pages, not to words somebody thought of."""
    files = (built_site / "search").glob("pages-*.json")
    index = json.loads((built_site / "search/index.json").read_text(encoding="utf-8"))
    shown = [row for path in files for row in json.loads(path.read_text(encoding="utf-8"))]
    texts = normalise("\n".join([*index["common"], *(f"{title}\n{text}" for _, title, _, text, _ in shown)]))
    _, aliases = read_glossary(FROZEN / GLOSSARY)
    assert {word for words in aliases.values() for word in words if normalise(word) not in texts} == set()


def test_what_else_was_searched_is_said(knowing):
    page = knowing("")
    status = page.locator("dialog [role=status]")
    _open(page)
    _search(page, "障害者")
    assert status.inner_text().endswith("「障がい」でも探しました。")
    first = page.locator("dialog .search__results > li").first
    assert first.locator(".search__title").inner_text() == "障がい者就労支援推進事業"
    assert first.locator(".search__title mark").inner_text() == "障がい者"
    _search(page, "雪まつりの来場者数")
    assert "そのまま含むページはないので、「雪まつり」「来場者数」で探しました" in status.inner_text()
    assert page.locator("dialog .search__title").first.inner_text() == "さっぽろ雪まつり事業"
    _search(page, "雪まつり 沖縄")
    assert "「雪まつり」で探しました" in status.inner_text()


def test_where_nothing_is_found_near_words_are_offered(visit, root):
    page = visit(root)
    _open(page)
    _search(page, "雪祀り")
    assert (
        "「雪祀り」を含むページはありません。近い言葉を" in page.locator("dialog [role=status]").inner_text()
    )
    page.locator("dialog .search__near").get_by_role("button", name="雪まつり", exact=True).click()
    expect(page.locator("dialog .search__title").first).to_have_text("さっぽろ雪まつり事業")
    expect(page.get_by_role("searchbox", name="このサイトを検索")).to_be_focused()


def test_a_result_says_the_verdict_and_its_values(visit, root):
    page = visit(root)
    _open(page)
    _search(page, "さっぽろ雪まつり事業")
    first = page.locator("dialog .search__results > li").first
    assert (
        first.locator(".search__fact").inner_text()
        == "△目標未達 令和4年度（2022年度）の年間来場者数 175万人、目標 300万人"
    )
    assert page.locator("dialog .search__note").inner_text() == "判定は、このサイトの計算です。"
    _search(page, "新MICE施設整備事業")
    assert "（値への疑問）" in page.locator("dialog .search__fact").first.inner_text()


def test_every_name_is_found_first_by_typing_it(visit, root, package):
    page = visit(root)
    names = {f"initiatives/{item.initiative_id}/": item.name for item in package.initiatives}
    names |= {f"grants/{item.grant_id}/": item.name for item in package.grants}
    found = page.evaluate(
        """async names => {
            const { find } = await import("./assets/search-engine.js");
            const first = async name => (await find(name.replaceAll('"', ""))).pages.slice(0, 3);
            return Promise.all(names.map(async name => (await first(name)).map(page => page.address)));
        }""",
        list(names.values()),
    )
    missed = [address for address, pages in zip(names, found, strict=True) if root + address not in pages]
    assert missed == []


def test_the_browser_compares_as_the_index_does(visit, root, built_site):
    """One normalisation, written in two languages."""
    page = visit(root)
    lines = sorted(
        {
            line
            for path in built_site.glob("search/pages-*.json")
            for *_, text, facts in json.loads(path.read_text(encoding="utf-8"))
            for line in f"{text}\n{facts}".split("\n")
        }
    )
    lines += [chr(code) + "あ" + chr(code) + "1" for code in (*range(0x20, 0x3400), *range(0xF900, 0x10000))]
    there = page.evaluate(
        """async lines => {
            const { find, normalise } = await import("./assets/search-engine.js");
            await find("雪");
            return lines.map(normalise);
        }""",
        lines,
    )
    differing = [
        (line, ours, theirs)
        for line, theirs in zip(lines, there, strict=True)
        if (ours := normalise(line)) != theirs and unicodedata.category(line[0]) not in ("Cn", "Cs")
    ]
    assert differing == []


def test_results_say_what_they_are_and_mark_the_words_as_printed(visit, root):
    page = visit(root + INITIATIVE)
    _open(page)
    _search(page, "定山渓 宿泊者")
    first = page.locator("dialog .search__results > li").first
    assert first.locator(".search__kind").inner_text() == "事業"
    assert first.locator(".search__title").inner_text() == "定山溪地区魅力アップ事業"
    assert first.locator(".search__trail").inner_text().startswith("重点分野 › 観光 › ")
    assert first.locator("mark").all_inner_texts() == ["定山溪", "定山溪", "宿泊者"]
    _search(page, "観光")
    kinds = set(page.locator("dialog .search__kind").all_inner_texts())
    assert {"事業", "分野・戦略"} <= kinds
    _search(page, "４１２０１８")
    first = page.locator("dialog .search__results > li").first
    assert first.locator(".search__title").inner_text() == "さっぽろ雪まつり事業"
    assert first.locator(".search__excerpt mark").inner_text() == "412,018"


def test_the_way_to_a_long_page_leads_to_the_words(visit, root):
    page = visit(root)
    _open(page)
    _search(page, "大谷地流通業務団地")
    page.locator("dialog .search__link", has_text="分野・戦略").click()
    page.wait_for_url("**/strategies/small-business/**")
    page.wait_for_function("() => scrollY > 500")


# -- how it is used -----------------------------------------------------------


def test_by_keyboard_alone(visit, root):
    page = visit(root + "about/")
    button = page.get_by_role("button", name="検索", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("searchbox", name="このサイトを検索")
    expect(field).to_be_focused()
    page.keyboard.type("雪まつり")
    links = page.locator("dialog .search__link")
    expect(links.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_value("雪まつり")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/snow-festival/")


def test_the_way_back_from_a_result_leads_to_the_results(visit, root):
    page = visit(root + "about/")
    _open(page)
    _search(page, "雪まつり")
    second = page.locator("dialog .search__link").nth(1)
    second.click()
    page.wait_for_url("**/initiatives/**")
    page.go_back()
    expect(page.get_by_role("searchbox", name="このサイトを検索")).to_have_value("雪まつり")
    expect(second).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.reload()
    expect(page.locator("dialog")).to_have_count(0)


def test_a_search_has_an_address(visit, root):
    page = visit(root + INITIATIVE)
    _open(page)
    _search(page, "雪まつり&光")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    field = page.get_by_role("searchbox", name="探す言葉")
    expect(field).to_have_value("雪まつり&光")
    _search(page, "夜景 観光", within="article")
    page.wait_for_url(lambda url: unquote(url.removeprefix(root)) == "search/?q=夜景+観光")
    expect(page).to_have_title(re.compile("^「夜景 観光」の検索"))
    shared = visit(page.url)
    link = shared.locator("article .search__link").first
    expect(link.locator(".search__title")).to_contain_text("夜景・夜間観光推進強化事業")
    link.click()
    shared.wait_for_url("**/initiatives/night-view-tourism/**")
    shared.go_back()
    expect(shared.get_by_role("searchbox", name="探す言葉")).to_have_value("夜景 観光")
    expect(link).to_be_visible()
    page.go_back()
    page.wait_for_url("**/" + INITIATIVE)


def test_the_first_result_is_few_keys_away(visit, root):
    page = visit(root + "search/?q=観光")
    expect(page.locator("article .search__link").first).to_be_visible()
    expect(page.get_by_role("searchbox", name="探す言葉")).to_be_focused()
    for start in ("", "document.activeElement.blur()"):
        page.evaluate(start)
        keys = 0
        while not page.evaluate("document.activeElement.matches('.search__link')"):
            page.keyboard.press("Tab")
            keys += 1
        assert keys <= 15


def test_keys_open_it_but_not_while_typing_and_one_can_be_switched_off(visit, root):
    page = visit(root + INITIATIVE)
    dialog = page.locator("dialog.search")
    for key in ("/", "Control+k", "Meta+K"):
        page.keyboard.press(key)
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<input id=other>')")
    page.locator("#other").press("/")
    expect(dialog).to_be_hidden()
    expect(page.locator("#other")).to_have_value("/")
    _open(page)
    page.get_by_role("checkbox", name="「/」キーで検索を開く").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("/")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(dialog).to_be_visible()


def test_by_touch_on_a_small_phone(visit, root):
    page = visit(root, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="検索", exact=True).tap()
    page.locator("dialog input[type=search]").fill("令和4年度")
    more = page.get_by_role("button", name="続きを表示")
    expect(more).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert (
        page.evaluate("(dialog => dialog.scrollWidth - dialog.clientWidth)(document.querySelector('dialog'))")
        == 0
    )
    more.tap()
    links = page.locator("dialog .search__link")
    expect(links.nth(10)).to_be_focused()
    for control in page.locator("dialog :is(a, button, label, input[type=search])").all():
        assert control.bounding_box()["height"] >= 24
    page.get_by_role("button", name="閉じる").tap()
    expect(page.locator("dialog")).to_be_hidden()


def test_a_later_query_wins_and_no_query_empties_the_list(visit, root):
    page = visit(root)
    _open(page)
    field = page.locator("dialog input[type=search]")
    field.press_sequentially("雪那覇")
    expect(page.locator("dialog [role=status]")).to_contain_text("ありません")
    assert page.locator("dialog .search__link").count() == 0
    _search(page, "雪")
    assert page.locator("dialog .search__link").count() > 0
    _search(page, " ")
    assert page.locator("dialog [role=status]").inner_text() == ""
    assert page.locator("dialog .search__link").count() == 0


def test_what_cannot_be_loaded_is_said_and_tried_again(visit, root):
    page = visit(root)
    page.route("**/search/*.json", lambda route: route.abort())
    _open(page)
    _search(page, "雪")
    assert "読み込めませんでした" in page.locator("dialog [role=status]").inner_text()
    page.unroute("**/search/*.json")
    _search(page, "雪まつり")
    assert "見つかりました" in page.locator("dialog [role=status]").inner_text()


def test_without_scripts_it_is_a_link_to_the_list(visit, root):
    page = visit(root + INITIATIVE, java_script_enabled=False)
    page.get_by_role("link", name="検索", exact=True).click()
    page.wait_for_url("**/initiatives/")
    page.goto(root + "search/?q=雪")
    page.locator("[data-search-page]").get_by_role("link", name="事業一覧").click()
    page.wait_for_url("**/initiatives/")


def test_below_a_path(visit, built_site, serve):
    below = serve(built_site, "/a/repository/")
    page = visit(below + INITIATIVE)
    _open(page)
    _search(page, "なでしこ")
    page.locator("dialog .search__link").first.click()
    page.wait_for_url("**/a/repository/grants/nadeshiko-women/")


@pytest.mark.parametrize(
    ("missing", "words", "first"),
    [
        ("initiatives/snow-festival-2023/", "snow festival 2023", INITIATIVE),
        ("initiatives/snow_festival", "snow festival", INITIATIVE),
        ("定山渓.html", "定山渓", "initiatives/jozankei-appeal/"),
        ("%E3%81", "", None),
    ],
)
def test_a_wrong_address_is_searched_for_what_it_may_mean(visit, built_site, root, missing, words, first):
    page = visit(root)
    page.route(
        lambda url: not (built_site / unquote(urlsplit(url).path).lstrip("/")).exists(),
        lambda route: route.fulfill(status=404, path=built_site / "404.html", content_type="text/html"),
    )
    page.goto(root + missing)
    field = page.get_by_role("searchbox", name="探す言葉")
    expect(field).to_have_value(words)
    if first:
        link = page.locator("article .search__link").first
        expect(link).to_be_visible()
        assert link.get_attribute("href").startswith(root + first)
    _search(page, "雪まつり", within="article")
    assert page.locator("article .search__link").count() > 0


# -- what it asks of readers ----------------------------------------------------


@pytest.mark.parametrize("width", [320, 1366])
def test_it_is_accessible(visit, root, width):
    page, axe = (
        visit(root + INITIATIVE, reduced_motion="reduce", viewport={"width": width, "height": 800}),
        Axe(),
    )
    _open(page)
    for query in ("", "雪まつり", "沖縄", "雪祀り", "令和4年度"):
        _search(page, query) if query else None
        for scheme in ("light", "dark"):
            for forced in ("none", "active"):
                page.emulate_media(color_scheme=scheme, forced_colors=forced)
                shown = (
                    f"matchMedia('(forced-colors: {forced}) and (prefers-color-scheme: {scheme})').matches"
                )
                page.wait_for_function(shown)
                page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
                rules = RULES if (scheme, forced) == ("light", "none") else COLOURS
                assert axe.violations(page, rules) == [], (query, scheme, forced)


def test_nothing_is_fetched_before_it_is_used_and_a_first_visit_is_light(visit, root, built_site, capsys):
    page = visit("about:blank")
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.lstrip("/")))
    page.goto(root + INITIATIVE, wait_until="networkidle")
    before = len(asked)
    assert not [path for path in asked if path.startswith("search/") or "search-engine" in path]
    _open(page)
    page.wait_for_timeout(300)
    assert set(asked[before:]) == {"assets/search-engine.js", "assets/search-panel.js", "search/index.json"}
    _search(page, "雪まつり")

    def travels(paths: list[str]) -> int:
        files = [
            built_site / (path + "index.html" if path.endswith("/") or not path else path) for path in paths
        ]
        return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)

    source = (configuration.OF_EVERY_SITE / "assets/search.js").read_text(encoding="utf-8")
    script = len(minifying.compacted_script(source).encode())
    with capsys.disabled():
        print(
            f"\n最初の訪問 {travels(asked[:before]) / 1000:.0f} kB（うち検索 {script / 1000:.1f} kB、圧縮前）、"
            f"最初の検索 {travels(asked[before:]) / 1000:.0f} kB（{len(asked) - before}ファイル）"
        )
    assert script <= 6_200
    assert travels(asked[:before]) <= 150_000
    assert travels(asked[before:]) <= 300_000
