"""An area says what it is, what became of it, and how it was counted: on its page and on its sheet."""

from __future__ import annotations

import pytest

import builders as make
from reading_html import read
from shinchoku import pages
from shinchoku.pages.parts import area_in_words, previews, totals


def _said(package, area_id):
    area, year = package.policy[area_id], package.newest_settlement_year
    listed = totals.listed(package, area, year)
    first = totals.of_nodes(package, [area], year)[area]
    return [
        area_in_words.what_it_is(package, area, first, listed),
        *area_in_words.what_became(package, listed),
    ]


def test_an_area_in_words_has_the_figures_of_its_documents(package):
    assert _said(package, "new-business") == [
        "「新たな企業の創出」は、この計画の横断的戦略2です。柱2つに、11の事業が載っています。"
        "うち6事業は、ほかの分野・戦略で先に載った事業の再掲です。",
        "令和4年度の目標に届いたのは6事業、届かなかったのは4事業です。1事業は判定していません。"
        "届いた6事業のうち2事業は、それより前の年度にも、同じ目標の値に届いたことがありました。",
        "実績を前の年度と比べられる10事業では、良くなったのが7（うち累計4。累計は、ふつう増えます）、悪くなったのが2、同じなのが1です。"
        "コロナ禍の前の令和元年度より悪い値なのは、比べられる5事業（累計を除く）のうち2事業です。",
        "令和4年度の貸付資金を除く決算見込額は、合わせて約10億556万円です。"
        "最も多いのは「企業立地促進事業」の約6億472万円で、60.1%にあたります。",
    ]


def test_the_picture_of_an_area_that_is_shared_has_the_figures_of_its_page(package):
    shown = previews.of_area(package, "new-business", site="市")
    assert shown.verdict == "11事業のうち6事業が届いた"
    assert shown.facts == (
        "◯ 目標に届いた 6事業",
        "△ 目標に届かなかった 4事業",
        "… 判定していない 1事業",
        "令和4年度の決算見込額（貸付資金を除く） 約10億556万円",
    )
    for area in package.areas:
        verdict = previews.of_area(package, area.policy_id, site="市").verdict
        said = _said(package, area.policy_id)
        assert f"{verdict.split('のうち')[0].removesuffix('事業')}の事業が載っています" in said[0]
        assert f"届いたのは{verdict.split('のうち')[1].removesuffix('が届いた')}、" in said[1]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (
            {"initiatives": [], "listings": []},
            ["「観光」は、この計画の重点分野1です。事業の記載はありません。"],
        ),
        (
            {"initiatives": [make.initiative("a")]},
            ["「観光」は、この計画の重点分野1です。基本施策1つに、1の事業が載っています。"],
        ),
        (
            {
                "initiatives": [make.initiative("a", is_loan_fund=True)],
                "indicators": [make.indicator("a-1", "a")],
                "observations": [make.observation("a-1", 2022, role, "5") for role in ("actual", "target")],
                "settlements": [make.settlement("a", 2022, 7)],
            },
            [
                "令和4年度の目標に届いたのは1事業、届かなかったのは0事業です。",
                "令和4年度の決算見込額は、貸付資金の7,000円だけです。",
            ],
        ),
    ],
    ids=["nothing", "no-targets-no-money", "loan-fund-only"],
)
def test_an_area_in_words_says_nothing_of_what_is_not_stated(tables, said):
    package = make.edition(**tables)
    assert _said(package, "tourism")[-len(said) :] == said
    assert read(pages.area.body(package, "tourism")).text and read(pages.sheet.body(package, "tourism")).text


def test_the_page_of_an_area_opens_with_what_it_is_and_keeps_its_headings_for_the_end(package):
    page = read(pages.area.body(package, "tourism"))
    hero = page.with_class("hero")[0].text
    assert "この計画の重点分野1です。基本施策3つに、20の事業が載っています。" in hero
    assert "見出し" not in hero and "行目" not in page.text[: page.text.index("このページについて")]
    assert package.policy["tourism"].heading_printed in page.text


def test_the_page_of_an_area_counts_in_two_named_ways(package):
    """As the plan lists them there: 11 and 5, 25 and 16, 31 and 25; one way where both are the same."""
    for area_id, counted, amounts in (
        ("new-business", ["11", "5"], ["89,446,724 貸付資金を除くと 1,005,555", "617,489"]),
        (
            "small-business",
            ["25", "16"],
            ["89,133,913 貸付資金を除くと 692,744", "88,893,767 貸付資金を除くと 452,598"],
        ),
        ("human-resources", ["31", "25"], ["1,269,333", "1,022,220"]),
        ("tourism", ["20"], ["1,341,716"]),
    ):
        page = read(pages.area.body(package, area_id))
        table = next(
            item for item in page.all("table") if item.all("caption")[0].attributes["id"] == "counting-table"
        )
        rows = [row.all("td") for row in table.all("tbody")[0].all("tr")]
        assert [row[0].text for row in rows] == counted
        assert [row[-1].text.split(" ほかに")[0] for row in rows] == amounts


def test_a_row_says_which_way_it_went_since_when_it_was_reached_and_what_is_doubted(package):
    page = read(pages.area.body(package, "tourism"))
    rows = {row.all("a")[0].text: row.text for row in page.all("tr") if row.all("a")}
    assert "↗ 前の年度より良くなった" in rows["さっぽろ雪まつり事業"]
    assert "令和元年度にすでに到達" in rows["夜景・夜間観光推進強化事業"]
    assert "値への疑問" in rows["夜景・夜間観光推進強化事業"]
    assert "指標などへの疑問" in rows["さっぽろホワイトイルミネーション事業"]


def test_the_sheet_has_every_initiative_that_is_listed(package):
    sheet = read(pages.sheet.body(package, "human-resources")).with_class("sheet")[0]
    rows = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in sheet.all("tr")[1:]}
    assert len(rows) == 31
    assert rows["保育士等支援事業"] == [
        "就職支援により就労に至った保育士の数",
        "1,285人",
        "1,200人",
        "◯ 目標達成",
        "↗ 良くなった",
        "43,341",
    ]
    assert "中小企業DX推進費 再掲" in rows
    said = read(pages.sheet.body(package, "human-resources")).text
    assert (
        "この数と額は再掲も含むので、ほかの分野・戦略と重なります。再掲を除いた25事業の額は10億2,222万円です。"
        in said
    )
    assert "※ 値への疑問：" in said and "ワークトライアル事業の「70」（" in said


def test_the_sheet_has_the_actual_of_what_has_no_target_and_names_another_year():
    package = make.edition(
        initiatives=[make.initiative(name, name) for name in ("due", "older", "aimless")],
        indicators=[make.indicator(f"{name}-1", name) for name in ("due", "older", "aimless")],
        observations=[
            *(make.observation("due-1", 2022, role, "5") for role in ("actual", "target")),
            *(make.observation("older-1", 2021, role, "6") for role in ("actual", "target")),
            make.observation("aimless-1", 2022, "actual", "7"),
        ],
    )
    sheet = read(pages.sheet.body(package, package.areas[0].policy_id)).with_class("sheet")[0]
    rows = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in sheet.all("tr")[1:]}
    assert rows["due"][1:3] == ["5人", "5人"]
    assert rows["older"][1:3] == ["令和3年度 6人", "令和3年度 6人"]
    assert rows["aimless"][1:3] == ["7人", "欄なし"]
