"""The bodies of the pages and the stubs they are called from, on packages in a few words."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urljoin, urlsplit

import pytest
import yaml

import builders as make
import other_plan
from hostile import PAYLOADS
from reading_html import read
from shinchoku import addresses, pages, words
from shinchoku.package import reprint
from shinchoku.pages.page import front_matter_text
from shinchoku.text import one_line

# -- words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (93198101, "約931億9,810万円"),
        (412018, "約4億1,202万円"),
        (100000, "1億円"),
        (56780, "5,678万円"),
        (10, "1万円"),
        (99999, "約1億円"),
        (5, "5,000円"),
        (0, "0円"),
    ],
)
def test_amounts_are_said_as_people_say_them_and_approximate_only_if_rounded(amount, said):
    assert words.yen(amount) == said


@pytest.mark.parametrize(
    ("value", "shown"), [("1270", "1,270"), ("16.1", "16.1"), ("60.0", "60.0"), ("0", "0"), ("7919", "7,919")]
)
def test_numbers_keep_their_decimals_and_get_their_commas(value, shown):
    assert words.number(Decimal(value)) == shown


@pytest.mark.parametrize(("value", "shown"), [("12", "+12"), ("-1200.5", "−1,200.5"), ("0", "±0")])
def test_changes_show_their_sign(value, shown):
    assert words.signed(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("name", "事業名"),
        ("actual_2019", "令和元年度（2019年度）の実績"),
        ("target_2022", "令和4年度（2022年度）の目標"),
        ("settlement_2022_thousand_yen", "令和4年度（2022年度）の決算見込額（千円）"),
    ],
)
def test_printed_columns_are_named_in_both_eras(column, shown):
    assert words.printed_column(make.package(), column) == shown


def test_verdicts_are_told_apart_without_colour():
    assert len({item.symbol for item in words.ASSESSMENTS.values()}) == len(words.ASSESSMENTS)
    assert len({item.label for item in words.ASSESSMENTS.values()}) == len(words.ASSESSMENTS)


# -- stubs ----------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_titles_survive_jinja_yaml_and_html_and_run_in_none(payload):
    written = front_matter_text(payload)
    assert not set("{}%<>`") & set(written)
    assert html.unescape(yaml.safe_load(f"title: {written}")["title"]) == one_line(payload)


def test_stubs_hold_front_matter_and_one_macro_call(package):
    for name, text in pages.stubs(package).items():
        _, front, body = text.split("---\n", 2)
        assert set(yaml.safe_load(front)) == {"title", "description", "hide"}, name
        call = re.fullmatch(r'\{\{ (\w+)\(("[a-z0-9_-]+")?\) \}\}\n', body)
        assert call and call[1] in pages.BODIES, name


def test_an_id_that_could_run_code_or_leave_its_folder_is_refused():
    for unsafe in ('x") }}{{ 7*7 }}', "../../etc/passwd", "a/b", "A"):
        with pytest.raises(pages.UnsafeId, match="IDに使えません"):
            pages.stubs(make.edition(initiatives=[make.initiative(unsafe)]))


@pytest.mark.parametrize(
    "tables",
    [
        {"initiatives": [make.initiative("index")]},
        {"grant_programmes": [make.programme()], "grants": [make.grant("index")]},
    ],
    ids=["initiative", "grant"],
)
def test_no_page_takes_the_place_of_a_list(tables):
    with pytest.raises(pages.UnsafeId, match="「index」はIDに使えません"):
        pages.stubs(make.edition(**tables))


@pytest.mark.parametrize(
    ("path", "linked"), [("https://example.org/licence", True), ("javascript:alert(1)", False)]
)
def test_a_licence_is_a_link_only_to_the_web(path, linked):
    package = make.edition()
    licence = {
        **package.descriptor["licenses"][0],
        "name": "other-open",
        "path": path,
        "title": "利用条件の題",
    }
    package = replace(package, descriptor={**package.descriptor, "licenses": [licence]})
    page = read(pages.data.body(package))
    assert [link.attributes["href"] for link in page.all("a") if link.text == "利用条件の題"] == [
        path
    ] * linked
    assert "利用条件の題" in page.text


# -- bodies ---------------------------------------------------------------------


def _package(**tables):
    """One initiative with an indicator, every value of which is missing or reported in its own way."""
    defaults = {
        "initiatives": [make.initiative("a", "雪まつり", has_mark=True), make.initiative("b", line=11)],
        "indicators": [make.indicator("a-1", "a"), make.indicator("b-1", "b")],
        "observations": [
            make.observation("a-1", 2018, "actual", "1270", printed="1,270"),
            make.observation("a-1", 2019, "actual", "0"),
            make.observation("a-1", 2020, "actual", status="not_surveyed", printed="非調査年"),
            make.observation("a-1", 2021, "actual", status="not_stated", printed="—"),
            make.observation("a-1", 2022, "actual", "300", qualifier="estimate", printed="300(見込み値)"),
            make.observation("a-1", 2022, "target"),
            make.observation("b-1", 2022, "actual", "150"),
            make.observation("b-1", 2022, "target", "100"),
        ],
        "settlements": [make.settlement("a", 2022, 412018), make.settlement("b", 2022, printed="—")],
    }
    return make.edition(**{**defaults, **tables})


def _cells(body: str) -> list[list[str]]:
    table = read(body).with_class("years")[0]
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]


def test_years_stand_below_each_other_with_targets_beside_actuals_and_what_is_missing_says_why():
    assert _cells(pages.initiative.body(_package(), "a")) == [
        ["年度", "実績", "目標", "前年度との差 計算"],
        ["平成30年度（2018年度）", "1,270", "欄なし", "前年度の数値なし"],
        ["令和元年度（2019年度）", "0", "欄なし", "−1,270"],
        ["令和2年度（2020年度）", "調査なし 資料の表記：非調査年", "欄なし", "数値なし"],
        ["令和3年度（2021年度）", "記載なし（—）", "欄なし", "数値なし"],
        ["令和4年度（2022年度）", "300 見込み値", "空欄", "前年度の数値なし"],
    ]


def test_the_result_is_said_in_a_sentence_and_called_this_sites_calculation():
    result = read(pages.initiative.body(_package(), "b")).with_class("result")[0].text
    assert "目標達成" in result
    assert "実績は150人で、目標の100人に達しました" in result
    assert "達成率 150.0%" in result
    assert "このサイトの計算で、見本市の評価ではありません" in result


def _result(body: str) -> str:
    return read(body).with_class("result")[0].text


def test_a_verdict_says_which_way_it_went_and_up_to_when_figures_are():
    result = _result(
        pages.initiative.body(
            _package(
                observations=[
                    make.observation("a-1", 2019, "actual", "200"),
                    make.observation("a-1", 2021, "actual", "0"),
                    make.observation("a-1", 2022, "actual", "150"),
                    make.observation("a-1", 2022, "target", "300"),
                ]
            ),
            "a",
        )
    )
    assert "令和3年度より ↗ 良くなった" in result and "令和元年度より ↘ 悪くなった" in result
    assert "目標の300人に150人届きませんでした" in result
    assert "コロナ禍の前の令和元年度の200人には戻っていません" in result
    assert "この報告（令和4年度まで）より後の数字はありません" in result


def test_a_doubt_on_the_number_that_is_judged_stands_beside_the_verdict():
    doubted, other = (
        make.note("n", 10, printed_column="actual_2022"),
        make.note("n", 10, printed_column="name"),
    )
    for note, is_marked in ((doubted, True), (other, False)):
        page = read(pages.initiative.body(_package(source_notes=[note]), "a"))
        marks = [link.attributes["href"] for link in page.with_class("doubted")]
        assert marks == ["#notes"] * is_marked
        assert page.by_id("notes")


def test_ended_work_says_so_beside_its_verdict():
    package = _package(
        initiatives=[
            make.initiative("a", lifecycle="ended", last_fiscal_year=2021, lifecycle_printed="(終了)"),
            make.initiative("b", line=11),
        ]
    )
    assert "終了（令和3年度まで）" in _result(pages.initiative.body(package, "a"))
    assert "終了" not in _result(pages.initiative.body(package, "b"))


def test_initiatives_of_one_indicator_lead_to_each_other():
    package = _package(
        observations=[
            make.observation(f"{key}-1", 2022, role, value)
            for key in "ab"
            for role, value in (("actual", "1"), ("target", "2"))
        ]
    )
    for one, other in ("ab", "ba"):
        result = read(pages.initiative.body(package, one)).with_class("result")[0]
        assert f"../{other}/" in [link.attributes["href"] for link in result.all("a")]


def test_what_stands_on_the_paper_is_folded_together_and_read_alike_once(package):
    page = read(pages.initiative.body(package, "sme-management-support"))
    (folded,) = [item for item in page.all("details") if item.text.startswith("くわしい出典")]
    assert folded.with_class("quote") and folded.by_id("readings")
    assert folded.text.count("事業：中小企業経営支援事業(中小企業支援センター事業)（4か所）") == 1
    (listed,) = [item for item in page.all("p") if "ページから始まる" in item.text]
    assert "目次で19ページから始まる「経営基盤の強化と付加価値の向上」" in listed.text
    fund = read(pages.initiative.body(package, "sme-loan-fund")).text
    assert "貸付資金：はい" in fund and "true" not in fund


def test_much_content_is_shown_in_part_and_the_rest_folded():
    def lists(count: int) -> list[int]:
        rows = [make.activity("a", f"取組{number}", position=number) for number in range(1, count + 1)]
        page = read(pages.initiative.body(_package(activities=rows), "a"))
        return [len(item.all("li")) for item in page.with_class("activities")]

    assert lists(5) == [5] and lists(6) == [4, 2]


def test_a_page_is_described_by_what_it_says(package):
    described = {page.ids[0]: page.description() for page in pages.initiative.pages(package)}
    assert described["snow-festival"].startswith(
        "「さっぽろ雪まつり事業」令和4年度の実績は175万人で、目標の300万人に125万人届きませんでした。"
    )
    assert max(map(len, described.values())) <= 160 and min(map(len, described.values())) > 20


def test_the_change_since_the_first_year_is_called_this_sites_calculation_and_says_what_it_rests_on():
    said = read(pages.initiative.body(_package(), "a")).text
    assert (
        "平成30年度（2018年度）から令和4年度（2022年度）までの差（見込み値による）：−970人（このサイトの計算）"
        in said.replace(" 人", "人")
    )
    assert "までの差" not in read(pages.initiative.body(_package(), "b")).text, "one year is no change"


def test_words_for_missing_values_lead_to_their_legend():
    target = "../../about/#status-legend"
    shown = {
        name: target
        in [link.attributes["href"] for link in read(pages.initiative.body(_package(), name)).all("a")]
        for name in ("a", "b")
    }
    assert shown == {"a": True, "b": False}
    assert read(pages.pieces.status_legend(_package())).by_id("status-legend")


def test_a_reading_of_a_difference_stands_on_the_page_of_its_initiative():
    difference = make.difference(20, "actual_2018", "999")
    package = _package(
        listings=[
            make.listing("a", 10),
            make.listing("b", 11, position=2),
            make.listing("a", 20, position=3, relisted=True),
        ],
        listing_differences=[difference],
        readings=[
            make.reading(
                "listing_differences",
                f"{difference.source_id}:20:actual_2018",
                "printed",
                "999",
                "最初の掲載と違う。",
            )
        ],
    )
    assert "最初の掲載と違う。" in read(pages.initiative.body(package, "a")).text


def test_a_relisted_row_leads_to_its_original_and_shows_where_it_differs():
    package = _package(
        listings=[
            make.listing("a", 10),
            make.listing("b", 11, position=2),
            make.listing("a", 20, position=3, relisted=True),
        ],
        listing_differences=[make.difference(20, "actual_2018", "999"), make.difference(20, "name", "雪祭")],
    )
    row = read(pages.area.body(package, "tourism")).by_id("report-20")
    assert row.text.startswith("再掲 雪祭")
    assert "999 最初の掲載：1,270" in row.text
    assert "./#report-10" in [link.attributes["href"] for link in row.all("a")]
    page = read(pages.initiative.body(package, "a"))
    assert "この行 999 最初の掲載 1,270" in page.with_class("relistings")[0].text
    (place,) = page.with_class("places")[0].all("li")
    assert "999" not in place.text and place.all("a")[0].attributes["href"].endswith("#report-20")


def test_the_same_difference_is_shown_once_on_the_page_of_an_initiative():
    package = _package(
        listings=[
            make.listing("a", 10),
            make.listing("b", 11, position=2),
            *(make.listing("a", line, position=line, relisted=True) for line in (20, 30, 40)),
        ],
        listing_differences=[
            make.difference(20, "actual_2018", "999"),
            make.difference(30, "actual_2018", "999"),
            make.difference(40, "actual_2018", "998"),
        ],
    )
    first, second, third = read(pages.initiative.body(package, "a")).with_class("relistings")[0].all("li")
    assert "この行 999 最初の掲載 1,270" in first.text
    assert "違う欄は20行目と同じです" in second.text and "999" not in second.text
    assert "この行 998 最初の掲載 1,270" in third.text


def test_an_omitted_direction_says_where_its_initiatives_stand():
    policies = [
        *make.tree(),
        make.policy(
            "tourism-1-2",
            "direction",
            "tourism-1",
            position=2,
            omission_printed="～再掲のため省略～",
            omission_refers_to_policy_id="tourism-1-1",
        ),
    ]
    node = read(pages.area.body(_package(policies=policies), "tourism")).with_class("node--direction")[1]
    assert "～再掲のため省略～" in node.text
    assert [link.attributes["href"] for link in node.all("a")] == ["./#tourism-1-1"]


def test_a_merged_initiative_and_the_one_it_went_into_lead_to_each_other():
    package = _package(
        initiatives=[
            make.initiative(
                "a", lifecycle="merged", merged_into_initiative_id="b", lifecycle_printed="bに統合"
            ),
            make.initiative("b", line=11),
        ]
    )
    for one, other in (("a", "../b/"), ("b", "../a/")):
        hero = read(pages.initiative.body(package, one)).with_class("hero")[0]
        assert other in [link.attributes["href"] for link in hero.all("a")]
        assert "bに統合" in hero.text


def test_grants_and_initiatives_lead_to_each_other_as_a_reading_only():
    package = _package(
        grant_programmes=[make.programme()],
        grants=[make.grant("g")],
        initiative_grants=[make.grant_link("a", "g", "0.65", "内容が近い。")],
    )
    for body in (pages.initiative.body(package, "a"), pages.grant.body(package, "g")):
        page = read(body)
        assert "このサイトの読み取り" in page.text and "受けた、という意味ではありません" in page.text
        assert "確からしさ 中くらい 内容が近い。" in page.text and "0.65" not in page.text
        assert any(link.attributes["href"].endswith("#confidence") for link in page.all("a"))


def test_grants_say_of_which_years_they_are():
    """They are older than what is reported of the plan: nobody is to take them for grants of today."""
    package = _package(
        grant_programmes=[make.programme("old", first_fiscal_year=2016), make.programme()],
        grants=[make.grant("g")],
        initiative_grants=[make.grant_link("a", "g")],
    )
    grants = read(pages.grants.body(package)).with_class("hero")[0].text
    assert (
        "平成28〜29年度に始まった2つの制度" in grants and "国費（札幌市分）の合計（平成28〜29年度）" in grants
    )
    assert (
        read(pages.initiative.body(package, "a")).by_id("grants").text
        == "関係がありそうな交付金（平成28〜29年度の資料）"
    )
    assert (
        "平成29年度（2017年度）に始まった制度"
        in read(pages.grant.body(package, "g")).with_class("hero")[0].text
    )


def test_notes_and_readings_stand_where_they_belong():
    package = _package(
        source_notes=[make.note("n", 10)],
        readings=[make.reading("indicators", "report:a-1", "unit", "人", "数は人。")],
    )
    for body in (pages.initiative.body(package, "a"), pages.quality.body(package)):
        text = read(body).text
        assert "エネルギーギー" in text and "字が重なっている。" in text
        assert "数は人。" in text
    assert "字が重なっている。" not in read(pages.initiative.body(package, "b")).text


def test_what_was_read_is_said_in_words_and_not_in_codes():
    package = _package(
        initiatives=[make.initiative("a", "貸す事業", is_loan_fund=True), make.initiative("b", line=11)],
        readings=[
            make.reading("initiatives", "report:a", "is_loan_fund", "true", "貸すお金とある。"),
            make.reading("listings", "report:10", "initiative_id", "b", "名前が近い。"),
            make.reading("listings", "report:11", "initiative_id", "no-such-id", "誤り。"),
        ],
    )
    assert "貸付資金：はい。" in read(pages.initiative.body(package, "a")).text
    rows = [
        [cell.text for cell in row.all("th", "td")] for row in read(pages.quality.body(package)).all("tr")
    ]
    assert ["貸す事業", "はい", "貸すお金とある。"] in rows
    assert any(row[1:] == [package.initiative["b"].name, "名前が近い。"] for row in rows)
    assert any(row[1:] == ["no-such-id", "誤り。"] for row in rows)


def test_the_same_doubt_of_several_lines_is_told_once_and_what_was_judged_first():
    again = {"printed": "経営支援", "category": "relisting"}
    package = _package(
        source_notes=[
            make.note("n1", 10, reason="元の行は「支援」（12行目と同じ）。写しかもしれない。", **again),
            make.note("n2", 11, reason="元の行は「支援」（10行目と同じ）。", **again),
            make.note("n3", 10, printed_column="actual_2022", printed="300", suspected=None, reason="多い。"),
        ],
        observations=[
            make.observation("a-1", 2022, role, "300", source_line=10) for role in ("actual", "target")
        ],
    )
    page = read(pages.quality.body(package))
    first, second = (
        item.text for item in page.with_class("notes")[0].all("li") + page.with_class("notes")[1].all("li")
    )
    assert "多い。" in first and first.endswith("この値による判定：◯目標達成")
    assert "10行目、" in second and "11行目" in second and second.count("元の行は") == 1
    assert page.by_id("notes-judged").text == "判定に使った値への疑問（1件）"
    assert page.by_id("notes-relisting").text == "再掲との食い違い（2件）"


def test_a_correction_is_listed_and_none_is_said_to_be_none():
    assert "訂正は1つもありません" in read(pages.quality.body(_package())).text


def test_a_line_of_a_document_says_what_its_columns_are_and_keeps_its_markup_aside(package):
    page = read(pages.source.body(package.newest, "progress-r4"))
    row = page.by_id("L57")
    assert row.text.startswith(
        "57 定山溪地区魅力アップ事業 指標 定山溪の年間宿泊者数(万人) H30 実績 118 R1 実績 100"
    )
    assert "・修景支援補助" in row.text and row.text.endswith(
        "R4 決算見込額（千円） 158,588 R4 実績 76 R4 目標 130"
    )
    assert [item.text for item in row.all("code")] == ['<ul style="list-style-type: none">']
    assert page.by_id("L11").text == "11 ①観光 ページ 1"
    # No line is left out, and what belongs to one heading of the plan is folded together.
    count = package.source["progress-r4"].line_count
    assert [item.attributes["id"] for item in page.all("p") if "id" in item.attributes] == [
        f"L{number}" for number in range(1, count + 1)
    ]
    fold = next(item for item in page.with_class("fold") if row in item.all("p"))
    assert fold.all("summary")[0].text.startswith(
        "基本施策1.札幌らしい観光コンテンツの充実による魅力づくり 39〜69行目、"
    )
    assert page.by_id("tourism").text == "観光"


# -- hostile text -----------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_stands_exactly_and_adds_no_element(payload):
    def everything(text):
        return _package(
            source_lines={"report": (one_line(text), f"{one_line(text)}\t文")},
            policies=[make.policy("fields", "part", title=text), *_titled(text)],
            initiatives=[make.initiative("a", text), make.initiative("b", text, line=11)],
            indicators=[make.indicator("a-1", "a", text, text), make.indicator("b-1", "b", text, text)],
            observations=[
                make.observation("a-1", 2022, "actual", text=text),
                make.observation("a-1", 2022, "target", status="not_stated", printed=text),
            ],
            activities=[make.activity("a", text, marker=None)],
            listings=[
                make.listing("a", 10),
                make.listing("b", 11, position=2),
                make.listing("a", 20, position=3, relisted=True),
            ],
            listing_differences=[make.difference(20, "activities", text)],
            grant_programmes=[make.programme(name=text)],
            grants=[make.grant("g", name=text, membership_reason=text)],
            grant_descriptions=[make.grant_description("g", text)],
            initiative_grants=[make.grant_link("a", "g", reason=text)],
            source_notes=[make.note("n", printed=text, suspected=text, reason=text)],
            readings=[make.reading("indicators", "report:a-1", "unit", text, text)],
        )

    hostile, plain = everything(payload), everything("文")
    calls = [
        lambda package: pages.home.body(package),
        lambda package: pages.area.body(package, "tourism"),
        lambda package: pages.initiatives.body(package),
        lambda package: pages.initiative.body(package, "a"),
        lambda package: pages.grants.body(package),
        lambda package: pages.grant.body(package, "g"),
        lambda package: pages.spending.body(package),
        lambda package: pages.source.body(package, "report"),
        lambda package: pages.quality.body(package),
    ]
    for call in calls:
        found, expected = read(call(hostile)), read(call(plain))
        assert _tags(found) == _tags(expected)
        assert " ".join(payload.split()) in found.text


def _tags(element):
    """Of the page and, without how often: a longer text takes more lines there, of each drawing."""
    tags = []
    for child in element.children:
        if isinstance(child, str):
            continue
        below = _tags(child)
        tags += [child.tag, *(sorted(set(below)) if child.tag == "svg" else below)]
    return tags


def _titled(text):
    return [node for node in (_retitle(item, text) for item in make.tree()[1:])]


def _retitle(node, text):
    return make.policy(
        node.policy_id,
        node.level,
        node.parent_policy_id,
        position=node.position,
        line=node.source_line,
        title=text,
    )


def test_every_text_of_the_published_package_is_escaped(package):
    """Nothing that is published today looks like markup of its own."""
    body = json.dumps([pages.initiative.body(package, item.initiative_id) for item in package.initiatives])
    assert "<script" not in body and "<ul style" not in body


def test_a_row_is_quoted_in_the_order_of_its_line_with_its_marks():
    lines = (
        "★\t事業a\t来場者数(人)\t5\t<ul> ・苗\t4\t",
        "事業a\t来場者数(人)\t\t4\t・苗\t\t\t",
        "★ 事業a\t指標\t1\t2\t3",
    )
    data = make.package(
        initiatives=[make.initiative("a")],
        indicators=[make.indicator("a-1", "a")],
        observations=[make.observation("a-1", 2022, role, "4") for role in ("actual", "target")],
        settlements=[make.settlement("a", 2022, 5)],
        source_lines={make.SOURCE_ID: ("",) * 9 + lines},
    )
    quoted = [reprint.cells_on_line(data, make.listing("a", line)) for line in (10, 11, 12)]
    assert quoted == [
        ["★ 事業a", "来場者数(人)", "5", "・苗", "4", ""],
        ["事業a", "来場者数(人)", "", "4", "・苗", ""],
        ["★ 事業a", "指標", "1", "2", "3"],
    ]


@pytest.mark.parametrize(
    "tables",
    [
        {"policies": []},
        {},
        {"initiatives": [make.initiative("a")]},
        {"initiatives": [make.initiative("a")], "indicators": [make.indicator("a-1", "a")]},
        {
            "initiatives": [make.initiative("a")],
            "indicators": [make.indicator("a-1", "a")],
            "observations": [make.observation("a-1", 2025, "target", "9")],
        },
        {
            "initiatives": [make.initiative("a", is_loan_fund=True)],
            "settlements": [make.settlement("a", 2022, 1)],
        },
    ],
    ids=["no plan", "no initiatives", "no indicators", "no values", "no actuals", "loans alone"],
)
def test_every_page_can_be_made_of_a_report_without(tables):
    package = make.edition(**{"initiatives": [], **tables})
    bodies = {address: read(page.html(package)) for address, page in pages.of(package).items()}
    assert not [address for address, body in bodies.items() if re.search(r"\bNone\b|Undefined", body.text)]
    for row in package.listings:
        assert package.initiative[row.initiative_id].name in bodies["fields/tourism/"].by_id("report-10").text


def test_grants_are_summed_by_the_year_they_began_in(package):
    (table,) = (
        table
        for table in read(pages.grants.body(package)).all("table")
        if table.all("caption")[0].attributes["id"] == "years-table"
    )
    rows = [[cell.text for cell in (*row.all("th"), *row.all("td"))] for row in table.all("tr")[1:]]
    assert rows == [
        ["平成28年度（2016年度）", "6件", "163,707", "271,321 4件"],
        ["平成29年度（2017年度）", "5件", "169,709", "2,997 1件"],
    ]


def test_the_reports_say_how_much_was_lent(package):
    said = read(pages.reports.body(package)).text
    assert "（貸付資金を除く）約47億5,693万円" in said and "うち貸付資金約884億4,117万円" in said


def test_an_indicator_of_a_name_that_another_has_says_so(package):
    said = read(pages.initiative.body(package, "hospitality")).text
    assert "同じ名前の指標が「観光客受入環境整備事業」にもありますが、値は違います" in said


#: Where pages stand that not every plan has.
OF_PLANS = (
    "spending/",
    "grants/",
    "sources/",
    "disruption/",
    "goals/",
    "fields/",
    "initiatives/",
    "reports/",
)


def _led_to(page: str, link: str) -> str:
    """The address below the site's root that a link of a page leads to, without what follows it."""
    return urlsplit(urljoin(f"https://site.example/{page}", link)).path.removeprefix("/")


@pytest.mark.parametrize("depth", range(1, 7))
def test_pages_of_another_plan_speak_of_that_plan_alone_and_lead_to_pages_that_there_are(depth):
    package = other_plan.plan(depth, money=depth % 2 == 0, text=depth % 3 == 0)
    found = pages.of(package)
    assert ("spending/" in found, "sources/report/" in found) == (package.has.money, package.has.texts)
    for address, page in found.items():
        body = read(page.html(package))
        assert not re.search(r"\bNone\b|Undefined", body.text), address
        leads_to = {_led_to(address, link.attributes["href"]) for link in body.all("a")}
        assert not [
            to for to in leads_to if to.startswith(OF_PLANS) and to.endswith("/") and to not in found
        ], address
        # What the rules of the check ask for is the validator's.
        if address != addresses.QUALITY:
            said = f"{page.title} {body.text}"
            assert not [word for word in other_plan.NOT_OF_THE_TOWN if word in said], address


def test_of_targets_of_a_later_year_the_way_there_is_shown_and_nothing_is_judged():
    package = other_plan.plan()
    home, area = (
        read(page.body(package, *ids)).text for page, ids in ((pages.home, ()), (pages.area, ("work",)))
    )
    assert "目標の年度は令和6年度で、この報告より後です" in home and "事業一覧" in home
    assert "目標に届いた" not in home and "判定していない" not in home
    assert (
        "基準値から目標までの道のりを計算できる3事業では、半分以上進んだのが1、半分より手前のが2事業です"
        in home
    )
    for said in ("令和元年度（2019年度） 基準値", "令和6年度（2024年度） 目標", "73.3%", "B おおむね順調"):
        assert said in area
    assert "みどり野町の資料にあるもので、このサイトの計算ではありません" in area and "達成率" not in area


def test_an_initiative_of_another_plan_shows_the_way_the_grade_and_what_else_is_printed():
    package = other_plan.plan(money=True)
    page = read(pages.initiative.body(package, "farmers")).text
    for said in (
        "基準値（令和元年度）の3人から14人になり、目標までの道のりの73.3%です（このサイトの計算）。",
        "目標（R6） 18",
        "評価：B（おおむね順調） 資料の記載 みどり野町の評価で、このサイトの判定とは別のものです",
    ):
        assert said in page
    assert "12,000" in page and "11,234" in page and "農林課" in page
    listed = pages.initiatives.body(package)
    assert 'name="grade" value="B"' in listed and 'data-sort="progress"' in listed and "評価 B" in listed
    assert 'data-sort="verdict"' not in listed and 'name="first"' not in listed and "star" not in listed
