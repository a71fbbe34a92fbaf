"""The index of the search: what of a page can be found, and how it is written."""

from __future__ import annotations

import json
import pickle
from itertools import chain
from pathlib import Path

import pytest

from shinchoku.pages.parts.searched_text import searched_parts
from shinchoku.site import search_index
from shinchoku.text import ALIKE, normalise


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("ＩＴ人材", "it人材"),
        ("ｲﾙﾐﾈｰｼｮﾝ", "イルミネーション"),
        ("すのーりぞーと", "スノーリゾート"),
        ("オータムフェスト", "オータムフエスト"),
        ("サーバーの置き場", "サーバーの置き場"),
        ("サーバー、ほか", "サーバ ほか"),
        ("鎌ヶ谷", "鎌ケ谷"),
        ("定山溪", "定山渓"),
        ("412,018千円", "412018千円"),
        ("1,234,567", "1234567"),
        ("IT・クリエイティブ", "ITクリエイティブ"),
        ("「さっぽろ圏」若者定着", "さっぽろ圏若者定着"),
        ("468万t-CO ₂", "468万t CO2"),
        ("令和４年度（2022年度）", "令和4年度 2022年度"),
        ("H28 年度", "平成28年度"),
        ("令和元年度", "R1年度"),
        ("★", "★"),
    ],
)
def test_what_is_alike_is_compared_as_the_same(printed, typed):
    assert normalise(printed) == normalise(typed) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MICE 誘致 IT", "MICE 誘致IT産業"),
        ("H30 R1", "H30R1"),
        ("観光\t光熱費", "観光光熱費"),
        ("観光\n光熱費", "観光光熱費"),
        ("58.3", "583"),
        ("1,23", "123"),
        ("データ", "でた"),
        ("はは", "ばば"),
        ("元年度", "1年度"),
    ],
)
def test_what_differs_stays_different(one, other):
    assert normalise(one) != normalise(other)


def test_a_character_is_alike_to_one_that_is_alike_to_no_other():
    assert {one for one in ALIKE.values() if one in ALIKE} == set()


PAGE = """
<head><title>題</title></head><body><nav>案内</nav><h1>頭</h1>
<article><a id="honbun"></a>
<div class="page" data-search-kind="事業" data-search-facts="△ 目標未達 175万人"><nav data-search="trail"><ol>
<li><a>重点分野</a></li><li>観光</li><li aria-current="page">雪まつり</li></ol></nav>
<h1>雪まつり <span>★</span></h1>
<p>市の<strong>補助金</strong>は<br>2つ。<p data-search="no">どのページにもある<em>文</em>。</p>
<svg><text>軸の目盛り</text></svg><span aria-hidden="true">△</span>
<table><caption>年ごと</caption><tr><th>令和4年度<span>（2022年度）</span></th><td> 412,018
千円</td><td>&lt;b&gt;</td></tr></table>
</div></article><footer>利用条件</footer></body>"""


def test_a_page_is_read_for_what_is_its_own():
    assert search_index.read_page("initiatives/snow-festival/", PAGE) == search_index.Page(
        address="initiatives/snow-festival/",
        kind="事業",
        title="雪まつり ★",
        trail="重点分野\t観光",
        text="市の補助金は\n2つ。\n年ごと\n令和4年度（2022年度）\t412,018 千円\t<b>",
        facts="△ 目標未達 175万人",
        plain="雪まつり★\nsnow festival\n市の補助金は\n2つ\n\n年ごと\nr4年度2022年度\t412018千円\tb",
    )


def test_a_page_without_a_kind_is_a_page_and_one_without_a_title_takes_no_part():
    assert search_index.read_page("", "<article><h1>題</h1></article>").kind == "ページ"
    assert search_index.read_page("", "<h1>題</h1><article><p>文</p></article>") is None


def test_the_end_of_what_is_left_out_is_its_own():
    html = """<article><h1>題</h1><svg><svg x="1>0"/><svg><text>図</text></svg>図</svg>
<section data-search="no"><section>同じ</section>同じ</section><p title='data-search="no"'>違う</p>"""
    assert search_index.read_page("", html + "</article>").text == "違う"


def test_a_page_is_found_by_neighbours_in_one_cell_whole_numbers_and_where_a_word_begins():
    found = search_index.keys("雪まつり\t412千 a4 city")
    pairs = {"雪ま", "まつ", "つり", "り\n", "2千", "千 ", " A", "A4", "4 ", " C", "CI", "It", "ty", "y\n"}
    assert found == pairs | {"412", "4"}


def _site(folder: Path, pages: dict[str, str]) -> Path:
    for address, html in pages.items():
        (folder / address).mkdir(parents=True, exist_ok=True)
        (folder / address / "index.html").write_text(html, encoding="utf-8")
    return folder


def _json(folder: Path, name: str):
    return json.loads((folder / search_index.FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_the_index_names_the_pages_of_every_pair(tmp_path):
    texts = {"": "札幌", "a/": "雪", "b/": "札幌の雪"}
    html = {
        address: f"<article><h1>{'雪まつり' if address else '家'}</h1><p>{text}</p></article>"
        for address, text in texts.items()
    }
    aliases = {"雪祭り": ("雪まつり",)}
    assert search_index.write_index(_site(tmp_path, html), aliases) == 3
    assert [page[0] for page in _json(tmp_path, "pages-0")] == ["", "a/", "b/"]
    assert _json(tmp_path, "index") == {
        "kinds": ["ページ"],
        "kind": "000",
        "titles": "144",
        "first": [0],
        "common": [],
        "each": 1,
        "pairs": 1,
        "alike": ALIKE,
        "aliases": {"雪祭り": ["雪まつり"]},
    }
    pairs = _json(tmp_path, "pairs-0")
    assert pairs["12"] == "札幌"  # on pages 0 and 2
    assert pairs["21|21"] == "つりまつり\n雪ま"  # on pages 1 and 2, in the title
    assert pairs["21"] == "雪\n"  # at the end of a line of pages 1 and 2, not in the title


@pytest.mark.parametrize(
    ("numbers", "written"),
    [([0], "1"), ([60, 61, 123], "z1#0"), ([0, 1, 2, 3, 4, 9], "~55"), ([62, 63, 64, 65, 66], "#1~4")],
)
def test_a_posting_is_short(numbers, written):
    assert search_index._posting(numbers) == written


def test_what_fills_very_many_cells_is_written_once(tmp_path):
    html = {
        f"{number}/": f"<article><h1>{number}の家</h1><p>どこにもある行<p>{number}</article>"
        for number in range(9)
    }
    search_index.write_index(_site(tmp_path, html))
    assert _json(tmp_path, "index")["common"] == ["どこにもある行"]
    assert _json(tmp_path, "common-0") == ["~9"]
    assert _json(tmp_path, "pages-0")[3] == ["3/", "3の家", "", "\ue000\n3", ""]
    assert "どこ" not in "".join(_json(tmp_path, "pairs-0").values())


def test_pages_read_apart_and_in_any_order_are_written_alike(tmp_path):
    pages = [
        search_index.read_page(
            f"{number}/", f"<article><h1>家{number}</h1><p>どこにもある行<td>{number % 7}</article>"
        )
        for number in range(40)
    ]
    shards = [pickle.loads(pickle.dumps(shard)) for shard in (pages[25:], pages[:25][::-1])]
    for folder, found in (("whole", pages), ("shards", chain(*shards))):
        (tmp_path / folder).mkdir()
        search_index.write(tmp_path / folder, found)
    whole, together = (
        {path.name: path.read_bytes() for path in (tmp_path / folder / "search").iterdir()}
        for folder in ("whole", "shards")
    )
    assert whole == together


def test_a_larger_site_has_more_files_and_no_larger_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(search_index, "FILE_SIZE", 300)
    monkeypatch.setattr(search_index, "SHELF_SIZE", 300)
    words = [chr(ord("一") + number) * 40 for number in range(200)]
    html = {f"{number}/": f"<article><h1>{word}</h1></article>" for number, word in enumerate(words)}
    search_index.write_index(_site(tmp_path, html))
    index = _json(tmp_path, "index")
    shelves = [_json(tmp_path, f"pages-{number}") for number in range(len(index["first"]))]
    assert [len(shelf) for shelf in shelves[:-1]] == [
        after - before for before, after in zip(index["first"], index["first"][1:], strict=False)
    ]
    assert sum(len(shelf) for shelf in shelves) == len(index["kind"]) == 200
    assert max(path.stat().st_size for path in (tmp_path / search_index.FOLDER).glob("pairs-*")) < 3_000


# -- what of an initiative is searched elsewhere -------------------------------------


def test_an_initiative_is_searched_for_what_is_printed_of_it(package):
    parts = searched_parts(package, "disability-employment")
    found = list(chain(*parts))
    assert {"障がい者就労支援推進事業", "本事業登録者の年間就職者数", "横断的戦略", "人材への支援"} < set(
        found
    )
    assert all(len(part) == len(set(part)) for part in parts)


def test_a_word_of_the_list_finds_the_initiatives_that_the_search_finds(package):
    texts = ("\n".join(chain(*searched_parts(package, item.initiative_id))) for item in package.initiatives)
    assert sum("女性" in text for text in texts) == 13
