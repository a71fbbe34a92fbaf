"""The finished site, read file by file: every address, link and cell, and how it is put in place."""

from __future__ import annotations

import csv
import hashlib
import json
import pickle
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

import builders
from reading_html import Element, broken_links, pages_of, read
from shinchoku import addresses, schemas
from shinchoku.package import reprint
from shinchoku.pages.parts import published
from shinchoku.pages.parts.places import row_fragment
from shinchoku.site import building, configuration, engine, making, search_index, serving, staging
from small_project import small_package, small_project

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _article(document: Element) -> Element:
    return document.all("article")[0]


# -- addresses and links --------------------------------------------------------


def test_exactly_the_pages_of_the_contract_exist(documents, package):
    assert set(documents) == {
        addresses.HOME,
        addresses.INITIATIVES,
        addresses.RANKINGS,
        addresses.GRANTS,
        addresses.SPENDING,
        addresses.DISRUPTION,
        addresses.DATA,
        addresses.SQL,
        *(addresses.table(name) for name in published.tables(package)),
        addresses.QUALITY,
        addresses.GLOSSARY,
        addresses.SEARCH,
        addresses.CHANGES,
        addresses.ABOUT,
        addresses.ACCESSIBILITY,
        addresses.ENGLISH,
        addresses.EASY,
        addresses.CONTRIBUTE,
        addresses.MESSAGES,
        *(
            f"{addresses.CONTRIBUTE}{guide}/"
            for guide in ("correct", "doubt", "growth", "next-report", "undo", "your-city")
        ),
        addresses.REPORTS,
        *(addresses.report(year) for year in package.report_years),
        *(addresses.source(item.source_id) for item in package.sources),
        *(address(package, item) for item in package.areas for address in (addresses.area, addresses.sheet)),
        *(addresses.initiative(item.initiative_id) for item in package.initiatives),
        *(addresses.grant(item.grant_id) for item in package.grants),
    }


def test_every_link_leads_to_a_file_and_a_place_in_it(documents, built_site):
    assert broken_links(documents, built_site) == []


def test_nothing_is_fetched_from_another_host(documents, built_site):
    fetched = [
        (address, element.attributes[attribute])
        for address, document in documents.items()
        for element in document.all("link", "script", "img", "source", "iframe", "video", "audio", "object")
        for attribute in ("href", "src", "data")
        if urlsplit(element.attributes.get(attribute, "")).netloc
    ]
    assert fetched == []
    for path in (*built_site.rglob("assets/*.css"), *built_site.rglob("assets/*.js")):
        assert not re.search(r"url\(['\"]?(https?:)?//", path.read_text(encoding="utf-8")), path


def test_the_page_for_a_wrong_address_offers_ways_on(built_site):
    document = read((built_site / "404.html").read_text(encoding="utf-8"))
    links = [link.attributes["href"] for link in _article(document).all("a") if "href" in link.attributes]
    assert len(links) > 4
    for link in links:
        assert (built_site / link.lstrip("/") / "index.html").is_file()


def test_no_page_names_every_initiative_in_its_navigation(documents):
    for address, document in documents.items():
        inside = {id(link) for link in _article(document).all("a")}
        outside = [link.attributes.get("href", "") for link in document.all("a") if id(link) not in inside]
        assert len(outside) < 60, address
        assert not [link for link in outside if re.search(r"initiatives/[a-z]", link)], address


# -- what stands on the pages -----------------------------------------------------


def test_pages_are_built_of_headings_tables_and_lists_that_make_sense(documents):
    problems = []
    for address, document in documents.items():
        levels = [int(item.tag[1]) for item in document.all(*HEADINGS)]
        if levels.count(1) != 1 or levels[0] != 1:
            problems.append((address, "one h1, first", levels))
        if any(below - above > 1 for above, below in zip(levels, levels[1:], strict=False)):
            problems.append((address, "headings skip a level", levels))
        ids = [item.attributes["id"] for item in document.all() if "id" in item.attributes]
        problems += [(address, "id twice", name) for name in {name for name in ids if ids.count(name) > 1}]
        for table in document.all("table"):
            if not table.all("caption") or not table.all("caption")[0].text:
                problems.append((address, "a table without a caption", table.text[:40]))
            problems += [
                (address, "a heading cell without a scope", cell.text[:40])
                for cell in table.all("th")
                if cell.attributes.get("scope") not in ("row", "col", "rowgroup")
            ]
        if document.all("html")[0].attributes.get("lang") != "ja":
            problems.append((address, "lang", ""))
    assert problems == []


def test_nothing_is_blank_and_no_code_leaks(documents):
    problems = []
    for address, document in documents.items():
        article = _article(document)
        problems += [
            (address, "empty", cell.tag)
            for cell in article.all("td", "th", "dd", "dt", "li", "caption", *HEADINGS)
            if not cell.text and not cell.with_class("bar")
        ]
        if address not in (addresses.DATA, addresses.QUALITY, addresses.MESSAGES):  # their examples are code
            leaked = re.findall(r"\bNone\b|\bnan\b|\bundefined\b|Decimal\(|\{\{|\{%", article.text)
            problems += [(address, "leaked", text) for text in leaked]
    assert problems == []


def test_every_printed_row_stands_on_the_page_of_its_area(documents, package):
    def bare(text):
        return re.sub(r"[\s,()]", "", text)

    for listing in package.listings:
        page = documents[addresses.area(package, package.area_above(listing.policy_id))]
        row = page.by_id(row_fragment(listing))
        shown = [bare(cell.text) for cell in row.all("th", "td")]
        cells = reprint.cells_of_listing(package, listing)
        assert listing.is_relisted == ("再掲" in row.text.split()[0])
        for column, printed in cells.items():
            if column != "activities" and printed:
                # Marks and spaces between the parts of a print say nothing.
                assert any(bare(printed) in cell for cell in shown), (listing, column)


def test_every_printed_cell_stands_on_the_page_of_its_initiative(documents, package):
    for initiative in package.initiatives:
        text = _article(documents[addresses.initiative(initiative.initiative_id)]).text
        cells = reprint.cells_of_listing(package, package.original_listing[initiative.initiative_id])
        for column, printed in cells.items():
            assert " ".join(printed.split()) in text, (initiative.initiative_id, column)


def test_every_heading_stands_on_the_page_of_its_area_in_print_order(documents, package):
    for area in package.areas:
        below = [
            node
            for node in package.policies
            if area in package.policy_path(node.policy_id) and node.policy_id != area.policy_id
        ]
        page = documents[addresses.area(package, area)]
        shown = [item.attributes["id"] for item in _article(page).all(*HEADINGS) if "id" in item.attributes]
        printed = [node.policy_id for node in sorted(below, key=lambda node: node.source_line)]
        assert [name for name in shown if name in package.policy] == printed
        for node in (area, *below):
            assert node.title in page.text
            assert node.toc_printed is None or node.toc_printed in page.text
            assert (
                node.omission_printed is None
                or node.omission_printed in page.by_id(node.policy_id).text + page.text
            )


def test_the_home_page_says_the_state_and_the_money_with_and_without_the_loan_fund(documents):
    page = documents[addresses.HOME]
    for said in ("93,198,101千円", "約931億9,810万円", "4,756,932千円", "88,441,169千円"):
        assert said in page.text
    assert [
        [item.text for item in tile.all("dd")[0].all("a")]
        for tile in page.with_class("outcomes")[0].all("div")
    ] == [
        ["45事業", "◯ 目標達成 42", "● 目標の段階に到達 3"],
        ["37事業"],
        [
            "22事業",
            "◇ 見込み値のため保留 1",
            "… 報告の時点で集計中 7",
            "？ 実績の記載なし 5",
            "＊ 目標なし 3",
            "／ 実績・目標の記載なし 6",
        ],
    ]


def test_every_download_of_the_data_page_is_the_package(documents, built_site, project):
    with (built_site / "data" / "observations.csv").open(encoding="utf-8") as published:
        assert len(list(csv.DictReader(published))) > 0
    for path in sorted((project / "data").glob("*.csv")):
        assert (built_site / "data" / path.name).read_bytes() == path.read_bytes()


def test_pages_are_light(built_site):
    heavy = {
        path.relative_to(built_site).as_posix(): path.stat().st_size
        for path in built_site.rglob("*.html")
        if path.stat().st_size > (25_000 if path.parent.parent.name in ("initiatives", "grants") else 260_000)
    }
    assert heavy == {}


# -- building -------------------------------------------------------------------


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _copy_project(project: Path, target: Path) -> Path:
    """What a build reads, in a folder of its own."""
    for name in ("data", "docs", "releases"):
        shutil.copytree(project / name, target / name)
    for name in ("datapackage.json", "mkdocs.yml"):
        shutil.copy(project / name, target)
    return target


def test_the_same_package_gives_the_same_bytes_anywhere(built_site, project, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("LC_ALL", "C")
    elsewhere = _copy_project(project, tmp_path / "別の場所")
    building.build(elsewhere, tmp_path / "site", say=lambda _: None)
    here, there = _hashes(built_site), _hashes(tmp_path / "site")
    assert [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)] == []


@pytest.mark.process
def test_a_package_alone_is_built_without_touching_it(tmp_path):
    package = small_package(tmp_path / "package")
    before = _hashes(package)
    building.build(package, tmp_path / "site", say=lambda _: None)
    assert broken_links(pages_of(tmp_path / "site"), tmp_path / "site") == []
    assert _hashes(package) == before


@pytest.mark.parametrize(
    ("contributors", "said"),
    [
        ([{"title": "会", "roles": ["publisher"], "email": "kai@example.jp"}], None),
        ([{"title": "会", "roles": ["publisher"]}], "「会」で、連絡先のメールアドレスがありません"),
        ([{"title": "会", "roles": ["author"], "email": "kai@example.jp"}], "運営者がありません"),
    ],
)
def test_a_build_says_what_is_missing_of_who_publishes(contributors, said):
    package = builders.edition()
    package.descriptor["contributors"] = contributors
    found = building.missing_operator(package)
    assert (said in found and "datapackage.json の contributors" in found) if said else found is None


def test_a_folder_that_is_no_site_is_never_replaced(project, tmp_path):
    (tmp_path / "大切な書類.txt").write_text("消さないで", encoding="utf-8")
    with pytest.raises(staging.BuildError, match="サイトではないファイル"):
        building.build(project, tmp_path, say=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["大切な書類.txt"]


@pytest.mark.process
@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("{{ nothing }}", "nothing"),
        ('{{ initiative("no-such-id") }}', "no-such-id"),
        ("[どこにもない](nowhere.md)", "nowhere.md"),
    ],
)
def test_a_page_that_cannot_be_built_stops_the_build_and_leaves_the_old_site(tmp_path, page, said):
    broken = small_project(tmp_path / "project")
    (broken / "docs" / "about.md").write_text(f"# 題\n\n{page}\n", encoding="utf-8")
    site = tmp_path / "site"
    (site / "data").mkdir(parents=True)
    (site / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    before = _hashes(site)
    with pytest.raises(staging.BuildError, match=said):
        building.build(broken, site, say=lambda _: None)
    assert _hashes(site) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "site"]


def test_no_text_of_a_project_is_taken_from_elsewhere(tmp_path):
    copy = small_project(tmp_path / "project")
    (tmp_path / "secret.md").write_text("秘密", encoding="utf-8")
    (copy / "docs" / "page.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(staging.BuildError, match=r"docs/page\.md は、フォルダの外へのリンクです"):
        staging.stage(copy, tmp_path / "workshop")


def test_staging_writes_what_changed_and_removes_what_is_gone(tmp_path):
    copy, workshop = small_project(tmp_path / "project"), tmp_path / "workshop"
    docs = workshop / "docs"
    staging.stage(copy, workshop)
    before = {path: path.stat().st_mtime_ns for path in docs.rglob("*") if path.is_file()}
    (docs / "initiatives" / "gone.md").write_text("", encoding="utf-8")
    about = copy / "docs" / "about.md"
    about.write_text(about.read_text(encoding="utf-8") + "\n追記\n", encoding="utf-8")
    staging.stage(copy, workshop)
    after = {path: path.stat().st_mtime_ns for path in docs.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} == {docs / "about.md"}
    assert set(after) == set(before)


#: Every kind of file that people edit: what it says, and what it is to say.
_EDITS = (
    ("data/initiatives.csv", "雪まつり事業", "ゆきまつり事業"),
    ("data/observations.csv", ",175,,reported,,,,175,", ",176,,reported,,,,176,"),
    ("data/source_notes.csv", "最初の掲載では", "初めの掲載では"),
    ("data/schemas/initiatives.json", '"title": "', '"title": "新しい'),
    (
        "datapackage.json",
        '"contributors": [',
        '"contributors": [{"title": "観測する会", "roles": ["publisher"]}, ',
    ),
    ("mkdocs.yml", "site_name: ", "site_name: 新しい "),
    ("docs/index.md", "本文", '新しい本文 {{ figure("reached") }}'),
    ("docs/about.md", "本文", '新しい本文 {{ figure("reached") }}'),
)


@pytest.mark.process
def test_what_is_served_after_any_edit_is_what_a_build_writes(tmp_path):
    copy = small_project(tmp_path / "project")
    served = serving.Served(copy, tmp_path / "workshop")
    looked_at = (
        "index.html",
        "about/index.html",
        "initiatives/snow-festival/index.html",
        "glossary/index.html",
        "data/SHA256SUMS",
    )
    for file, old, new in _EDITS:
        before = [served.content(each) for each in looked_at]
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text, file
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")
        served.update()
        assert [served.content(each) for each in looked_at] != before, file
    building.build(copy, tmp_path / "site", say=lambda _: None)
    built = {path.relative_to(tmp_path / "site").as_posix(): path for path in (tmp_path / "site").rglob("*")}
    assert [
        name for name, path in built.items() if path.is_file() and served.content(name) != path.read_bytes()
    ] == []
    assert served.content("initiatives/gone/index.html") is served.content("gone.css") is None


@pytest.mark.process
def test_an_edit_appears_by_itself_and_what_cannot_be_read_is_said(tmp_path):
    copy = small_project(tmp_path / "project")
    served = serving.Served(copy, tmp_path / "workshop")
    stop, said = threading.Event(), []
    watcher = threading.Thread(target=serving.watch, args=(served, stop, said.append))
    watcher.start()
    try:
        table, page = copy / "data/initiatives.csv", "initiatives/snow-festival/index.html"
        original = table.read_text(encoding="utf-8")
        table.write_text(original.replace("雪まつり事業", "ゆきまつり"), encoding="utf-8")
        _wait_until(lambda: "ゆきまつり" in served.content(page).decode("utf-8"))
        table.write_text(original.replace(",true,", ",はい,"), encoding="utf-8")
        _wait_until(lambda: len(said) == 2)
        assert said[0].startswith("変更を読みました") and "はい" in said[1] and "initiatives.csv" in said[1]
        assert "ゆきまつり" in served.content(page).decode("utf-8") and served.readings == 2
    finally:
        stop.set()
        watcher.join()


def _wait_until(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.1)


# -- on several machines ------------------------------------------------------------


@pytest.mark.process
def test_shards_by_area_that_share_one_index_are_the_whole(built_site, project, tmp_path):
    """As machines would that know nothing of each other: each reads the package, makes the pages of an area, and
    hands on what the search keeps of them."""
    whole = staging.Project.read(project)
    with engine.running(whole, tmp_path, engine.stubs(whole, {})) as finished:
        finished()
    shards = defaultdict(list)
    for address, page in whole.pages.items():
        if address.startswith(addresses.INITIATIVES) and page.ids:
            shards[whole.published.area_of_initiative(*page.ids).policy_id].append(address)
    assert len(shards) == len(whole.published.areas)
    handed_on = []
    for area, some in reversed(shards.items()):
        maker = making.Maker(staging.Project.read(project), tmp_path, tmp_path / area)
        handed_on.append(pickle.dumps([maker.write(address, maker.filled(address)) for address in some]))
        for address in some:
            made, built = (folder / address / "index.html" for folder in (tmp_path / area, built_site))
            assert made.read_bytes() == built.read_bytes(), address
    found = [page for content in handed_on for page in pickle.loads(content)]
    made = {page.address for page in found}
    for path in built_site.rglob("index.html"):  # of areas and what stands alone
        address = path.parent.relative_to(built_site).as_posix().removeprefix(".")
        if f"{address}/" not in made:
            found.append(search_index.read_page(address and f"{address}/", path.read_text(encoding="utf-8")))
    search_index.write(tmp_path, filter(None, found), whole.published.aliases)
    for path in (built_site / "search").glob("*.json"):
        assert (tmp_path / "search" / path.name).read_bytes() == path.read_bytes(), path.name


# -- settings and navigation ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "site_name: 題\nextra:\n  marc: 非公式\n",
            "3行目: 「extra › marc」は知らない項目です。「mark」でしょうか。",
        ),
        ("site_name: 題\ntheme: x\n", "2行目: 「theme」は知らない項目です。書ける項目は site_name、"),
        ("site_name: 2024\n", "1行目: 「site_name」が文字ではありません。"),
        ("site_name: 題\nsite_name: 名\n", "2行目: 「site_name」が2回あります。"),
        ("site_name: 題: 名\n", "1行目: YAMLとして読めません。"),
        ("# まだ何もない\n", "全体が「項目: 値」の組ではありません。"),
    ],
)
def test_settings_that_cannot_be_used_are_told_by_line(tmp_path, text, said):
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    with pytest.raises(
        configuration.SettingsError, match=re.escape(f"mkdocs.yml {said}".replace(" 全体", ": 全体"))
    ):
        configuration.settings(tmp_path, {})


def test_every_setting_is_explained_where_it_is_written(project):
    schema = json.loads((Path(schemas.__file__).parent / "settings.json").read_text(encoding="utf-8"))
    names = schema["properties"].keys() | schema["properties"]["extra"]["properties"].keys()
    lines = (project / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    explained = {
        line.strip().removeprefix("# ").partition(":")[0]
        for before, line in pairwise(lines)
        if before.lstrip().startswith("#") or line == "extra:"
    }
    assert names <= explained
    assert all(name in configuration.AS_ASKED for name in names)


def test_a_package_alone_is_called_as_its_descriptor_calls_it(tmp_path):
    found = configuration.settings(tmp_path, {"title": "計画の<進み>", "description": "一文。二文。"})
    assert (found.site_name, found.site_description) == ("計画の<進み>", "一文。")
    package = builders.edition()
    whole = yaml.safe_load(configuration.complete(found, package, {"index.md", "en.md", "spending.md"}, ""))
    assert whole["site_name"] == "計画の&lt;進み&gt;"
    assert (whole["extra"]["mark"], whole["extra"]["languages"]) == ("", ["en"])
    of_areas = [{"重点分野": [f"{addresses.area(package, area)[:-1]}.md" for area in package.areas]}]
    assert whole["nav"] == [{"ホーム": "index.md"}, *of_areas, {"使ったお金": "spending.md"}]


# -- the successor engine ---------------------------------------------------------


def test_the_successor_builds_the_same_pages_from_the_same_configuration(documents, project, tmp_path):
    published = staging.stage(project, tmp_path)
    subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict", "-f", "mkdocs.yml"],
        cwd=tmp_path,
        env=engine.generator_environment(project, tmp_path, published),
        check=True,
        capture_output=True,
    )
    built = pages_of(tmp_path / "site")
    assert set(built) == set(documents)
    for address, document in documents.items():
        assert _article(built[address]).text == _article(document).text, address
    assert (tmp_path / "site" / "data" / "observations.csv").is_file()
