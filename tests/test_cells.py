"""The grammar of printed cells, cell by cell."""

from datetime import date
from decimal import Decimal

import pytest

from shinchoku.importing import cells

#: Cells as the grammar reads them: printed | value (of a range both ends) or status, qualifier, remark, unit (``-``: none).
READ = """\
274|274
0|0
1,285,295|1285295
1013|1013
16.1|16.1
62.0|62.0
0.05|0.05
１，２３４．５|1234.5
-5|-5
▲5|-5
△1,234|-1234
−5|-5
－５|-5
▲ 5|-5
‐5|-5
–5|-5
—5|-5
- 5|-5
△１，２３４．５人|-1234.5 - - 人
+5|5
▲0.0|0.0
約300|300 approximate 約
約300人|300 approximate 約 人
およそ ▲3|-3 approximate およそ
300人程度|300 approximate 程度 人
6人以上|6 at_least 以上 人
90 % 以上|90 at_least 以上 %
50％未満|50 less_than 未満 %
5日以内|5 at_most 以内 日
10（以下）|10 at_most 以下
5千円超|5 more_than 超 千円
85（速報値）|85 provisional 速報値
85(速報値)|85 provisional 速報値
85【暫定】|85 provisional 暫定
85％〔速報〕|85 provisional 速報 %
85 速報値|85 provisional 速報値
（速報値）85|85 provisional 速報値
300(見込み値)|300 estimate 見込み値
300（見込値）|300 estimate 見込値
300［見込］|300 estimate 見込
見込み 300|300 estimate 見込み
300件（見込み）|300 estimate 見込み 件
約300人（速報値）|300 provisional 約、速報値 人
300以上（見込み値、R5.3末時点）|300 estimate 以上、見込み値、R5.3末時点 - 2023-03-31
300(R6.6確定予定)|300 provisional R6.6確定予定
77 ※R5.3末時点|77 as_of ※R5.3末時点 - 2023-03-31
77（令和5年3月31日現在）|77 as_of 令和5年3月31日現在 - 2023-03-31
77(2023年3月時点)|77 as_of 2023年3月時点
10～15|10..15
10〜15人|10..15 - - 人
80％～90％|80..90 - - %
80-90%|80..90 - - %
1,000−1,200件|1000..1200 - - 件
10人―15人|10..15 - - 人
5～10程度|5..10 approximate 程度
約5～10人（見込み）|5..10 estimate 約、見込み 人
▲5～▲2.5|-5..-2.5
-3～+3%|-3..3 - - %
▲5～0|-5..0
1億2,000万円|120000000 - - 円
1兆 500億円（見込）|1050000000000 estimate 見込 円
3万5千人|35000 - - 人
▲2万500人|-20500 - - 人
5千2百円|5200 - - 円
1.2億円|1.2 - - 億円
△3ポイント|-3 - - ポイント
2023.5ha|2023.5 - - ha
468万t-CO ₂|468 - - 万t-CO₂
12 万人|12 - - 万人
85（人）|85 - - 人
３千人|3 - - 千人
2.5百万円|2.5 - - 百万円
1,200人泊|1200 - - 人泊
5か所|5 - - か所
0件|0 - - 件
|blank
—|not_stated
-|not_stated
－|not_stated
―|not_stated
ー|not_stated
−−|not_stated
（－）|not_stated
…|not_stated
‥|not_stated
・・・|not_stated
***|not_stated
＊|not_stated
／|not_stated
集計中|pending
調査中|pending
集計中（夏に公表）|pending - 夏に公表
2023.12頃実績確定|pending - 2023.12頃実績確定
R6.6公表予定|pending - R6.6公表予定
（令和6年6月末公表予定）|pending - 令和6年6月末公表予定
2024年秋に集計見込み|pending - 2024年秋に集計見込み
非調査年|not_surveyed
調査未実施 (外国人観光客が対象のため)|not_surveyed - 外国人観光客が対象のため
調査未実施（外国人が対象のため）|not_surveyed - 外国人が対象のため
集計不可|not_calculable
— (改修工事のため算出不可)|not_calculable - 改修工事のため算出不可
—（一般経費のため目標値なし）|no_target - 一般経費のため目標値なし
"""


@pytest.mark.parametrize("line", READ.splitlines())
def test_a_cell_is_read_as_a_whole(line):
    printed, _, said = line.partition("|")
    first, *rest = said.split(" ")
    qualifier, remark, unit, day = (None if each == "-" else each for each in [*rest, *"----"][:4])
    if first[-1].isdigit():
        as_of = day and date.fromisoformat(day)
        value, upper = (end and Decimal(end) for end in [*first.split(".."), None][:2])
        expected = cells.Reading("reported", value, None, qualifier, remark, unit, as_of, upper)
    else:
        expected = cells.Reading(first, remark=remark)
    assert cells.read_observation(printed) == expected


#: What a person has to decide: no number or word is made of a part of them.
ASKED = """\
1億2,000万
1億20,000万円
2,000万1億円
1億2,000千円
1.5億2,000万円
1億2,000万5,000千円
1億円2,000万円
1時間30分
2千5百
20-30
20－30
20ー30
20から30人
30～20
20～20
20人～30件
20人～30
5千～500
5増～10
5人 -10人
見込-5
5、人
、5
5（計画）
5千～1万人
20～30以上
▲5～10
-5-10%
5--3%
1～2～3
5%増
2022～2024
2022.4～2023.3
2022～2024年
5〜
〜5
3/5
10:30
1.2.3
12 34
1 000
1、000
1'000
1,23
1,234,5
1234,567
0,123
012
5.
.5
5,
1.5E+05
5%6
5人6
10人(20人)
85（6）
85（前年比+5）
10（うち新規5）
5件（
5件)
(5)
85()
— 5
ー5
▼5
▲▲5
-▲5
(▲5)
5▲
▲
マイナス5
第3位
R5
2023年
2023.12
令和5年
令和5年12月
①
½
10²
٥
五
5\u200b
300以上400以下
300以上未満
以上5
5★
10※1
10(*)
5、
%5
人5
<s>5</s>
300（R5.3実績確定）
300（2022公表予定）
¥500
-※
—※
274前後※
集計中（5）
集計予定
未定
検討
中止
未実施
N/A
#N/A
なし
該当なし
ゼロ
○
△
×
x
同左
〃
〇
"""


@pytest.mark.parametrize("printed", ASKED.splitlines())
def test_what_is_not_certain_is_asked(printed):
    with pytest.raises(cells.UnreadableCell) as asked:
        cells.read_observation(printed)
    assert asked.value.unit is None


@pytest.mark.parametrize("printed", ["5 分野", "5万", "3位", "5年度", "5注", "5社・機構"])
def test_a_number_of_which_only_the_unit_is_unknown(printed):
    with pytest.raises(cells.UnreadableCell) as asked:
        cells.read_observation(printed)
    assert asked.value.unit == printed[1:].strip()


def test_what_is_decided_is_known():
    known = cells.Known(frozenset(["分野", "社・団体"]), {"検討": cells.Reading("reported", text="検討")})
    assert cells.read_observation("5分野以上", known) == cells.Reading(
        "reported", Decimal(5), None, "at_least", "以上", "分野"
    )
    assert cells.read_observation("5社・団体", known).unit == "社・団体"
    assert cells.read_observation("5人泊", cells.Known(frozenset(["人"]))).unit == "人泊"
    assert cells.read_observation("検 討", known).text == "検討"
    with pytest.raises(cells.UnreadableCell):
        cells.read_observation("検討中", known)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("88,441,169", ("reported", 88441169)),
        ("0", ("reported", 0)),
        ("—", ("not_stated", None)),
        ("-", ("not_stated", None)),
        ("", ("blank", None)),
        ("１，２００", ("reported", 1200)),
        ("…", ("not_stated", None)),
        ("12,000千円", ("reported", 12000)),
        ("1.2億円", ("reported", 120000)),
        ("1億2,000万円", ("reported", 120000)),
        ("500円", ("reported", Decimal("0.5"))),
    ],
)
def test_amounts(printed, expected):
    assert cells.read_amount(printed) == expected


@pytest.mark.parametrize(
    ("printed", "unit", "thousands"),
    [
        ("1,234,500", "円", "1234.5"),
        ("1,234,000", "円", "1234"),
        ("12", "百万円", "12000"),
        ("0.5", "万円", "5"),
        ("1.2", "億円", "120000"),
    ],
)
def test_an_amount_is_exact_in_thousand_yen(printed, unit, thousands):
    status, amount = cells.read_amount(printed, unit)
    assert (status, str(amount), type(amount)) == (
        "reported", thousands, Decimal if "." in thousands else int
    )  # fmt: skip


@pytest.mark.parametrize(
    "printed",
    "412.018 1.5円 0.00001万円 約500 500件 ▲500 集計中 1,23 100～200 500(見込み) 500% (500) —(改修工事のため算出不可)".split(),
)
def test_unknown_amounts_are_refused(printed):
    with pytest.raises(cells.UnreadableCell):
        cells.read_amount(printed)


@pytest.mark.parametrize(
    ("printed", "label", "unit", "accumulation"),
    [
        ("年間来場者数(万人)", "年間来場者数", "万人", "annual"),
        ("各事業の成約・売上合計額(累計)(億円)", "各事業の成約・売上合計額", "億円", "cumulative"),
        ("年間来札観光客数(国内)(万人)", "年間来札観光客数(国内)", "万人", "annual"),
        ("市内要件を適用した件数(割合)(%)", "市内要件を適用した件数(割合)", "%", "unspecified"),
        ("窓口相談件数(単年)", "窓口相談件数", None, "single_year"),
        ("年間来場者数（単位：万人）", "年間来場者数", "万人", "annual"),
        ("累計来場者数(人)", "累計来場者数", "人", "cumulative"),
        ("売上(百万円)と件数(件)", "売上と件数", None, "unspecified"),
        ("見直しをした企業の割合(単年度)(%)", "見直しをした企業の割合", "%", "single_year"),
        ("スノーリゾート推進計画策定", "スノーリゾート推進計画策定", None, "unspecified"),
    ],
)
def test_indicator_names(printed, label, unit, accumulation):
    assert cells.read_indicator_name(printed) == cells.IndicatorName(label, unit, accumulation)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("(令和3年度をもって終了)", cells.Ending("ended", 2021)),
        ("（令和３年度末で廃止）", cells.Ending("ended", 2021)),
        ("(令和元年度事業終了)", cells.Ending("ended", 2019)),
        ("(令和3年度単年事業)", cells.Ending("single_year", 2021)),
        ("(令和4年度から中小企業DX推進費に統合)", cells.Ending("merged", 2021, "中小企業DX推進費")),
        ("・さっぽろ雪まつり実行委員会への補助金", None),
        ("地域商業実態調査の実施(平成28年実施)", None),
    ],
)
def test_endings(printed, expected):
    assert cells.read_ending(printed) == expected


@pytest.mark.parametrize(
    "printed",
    [
        "(来年度に廃止予定)",
        "(令和0年度をもって終了)",
        "【令和4年度終了】",
        "・令和4年度で事業終了",
        "事業終了",
    ],
)
def test_an_unknown_ending_is_refused(printed):
    with pytest.raises(cells.UnreadableCell):
        cells.read_ending(printed)


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("", []),
        ("・補助金", [("・", "補助金", "marker")]),
        ("補助金の交付", [(None, "補助金の交付", "whole_cell")]),
        (
            "財団への補助金 ①開発 ②輸出",
            [(None, "財団への補助金", "marker"), ("①", "開発", "marker"), ("②", "輸出", "marker")],
        ),
        (
            "賃料補助 IM配置 市事務費",
            [(None, "賃料補助", "space"), (None, "IM配置", "space"), (None, "市事務費", "space")],
        ),
        (
            "サイン更新 Sapporo City Wi-Fiの運用",
            [(None, "サイン更新", "space"), (None, "Sapporo City Wi-Fiの運用", "space")],
        ),
        ("窓口「ここ SAPPORO」を運営", [(None, "窓口「ここ SAPPORO」を運営", "whole_cell")]),
    ],
)
def test_activities_are_split_and_joined_again(cell, items):
    split = cells.split_activities(cell)
    assert [(item.marker, item.text, item.split_basis) for item in split] == items
    assert " ".join((item.marker or "") + item.text for item in split) == cell
