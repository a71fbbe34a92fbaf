"""The grammar of printed cells, cell by cell."""

from decimal import Decimal

import pytest

from shinchoku.importing import cells


@pytest.mark.parametrize(
    ("printed", "status", "value", "text", "qualifier", "remark", "unit"),
    [
        ("274", "reported", "274", None, None, None, None),
        ("0", "reported", "0", None, None, None, None),
        ("1,285,295", "reported", "1285295", None, None, None, None),
        ("1013", "reported", "1013", None, None, None, None),
        ("16.1", "reported", "16.1", None, None, None, None),
        ("62.0", "reported", "62.0", None, None, None, None),
        ("—", "not_stated", None, None, None, None, None),
        ("-", "not_stated", None, None, None, None, None),
        ("", "blank", None, None, None, None, None),
        ("集計中", "pending", None, None, None, None, None),
        ("調査中", "pending", None, None, None, None, None),
        ("2023.12頃実績確定", "pending", None, None, None, "2023.12頃実績確定", None),
        ("非調査年", "not_surveyed", None, None, None, None, None),
        (
            "調査未実施 (外国人観光客が対象のため)",
            "not_surveyed",
            None,
            None,
            None,
            "外国人観光客が対象のため",
            None,
        ),
        (
            "調査未実施(外国人観光客が対象のため)",
            "not_surveyed",
            None,
            None,
            None,
            "外国人観光客が対象のため",
            None,
        ),
        ("集計不可", "not_calculable", None, None, None, None, None),
        ("— (改修工事のため算出不可)", "not_calculable", None, None, None, "改修工事のため算出不可", None),
        ("— (一般経費のため目標値なし)", "no_target", None, None, None, "一般経費のため目標値なし", None),
        ("300(見込み値)", "reported", "300", None, "estimate", "見込み値", None),
        ("77 ※R5.3末時点", "reported", "77", None, "as_of", "※R5.3末時点", None),
        ("468万t-CO ₂", "reported", "468", None, None, None, "万t-CO₂"),
        ("検討", "reported", None, "検討", None, None, None),
        ("工事着工、運営事業者の公募", "reported", None, "工事着工、運営事業者の公募", None, None, None),
    ],
)
def test_observation_cells(printed, status, value, text, qualifier, remark, unit):
    expected = cells.Reading(status, Decimal(value) if value else None, text, qualifier, remark, unit)
    assert cells.read_observation(printed) == expected


@pytest.mark.parametrize("printed", ["集計予定", "約300", "未定", "12,34", "１５０", "1.2.3", "—※", "12 34"])
def test_unknown_observation_cells_are_refused(printed):
    with pytest.raises(cells.UnreadableCell):
        cells.read_observation(printed)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("88,441,169", ("reported", 88441169)),
        ("0", ("reported", 0)),
        ("—", ("not_stated", None)),
        ("-", ("not_stated", None)),
        ("", ("blank", None)),
    ],
)
def test_amounts(printed, expected):
    assert cells.read_amount(printed) == expected


@pytest.mark.parametrize("printed", ["1.5", "約500", "500千円"])
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
        ("(令和元年度事業終了)", cells.Ending("ended", 2019)),
        ("(令和3年度単年事業)", cells.Ending("single_year", 2021)),
        ("(令和4年度から中小企業DX推進費に統合)", cells.Ending("merged", 2021, "中小企業DX推進費")),
        ("・さっぽろ雪まつり実行委員会への補助金", None),
        ("地域商業実態調査の実施(平成28年実施)", None),
    ],
)
def test_endings(printed, expected):
    assert cells.read_ending(printed) == expected


def test_an_unknown_ending_is_refused():
    with pytest.raises(cells.UnreadableCell):
        cells.read_ending("(来年度に廃止予定)")


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
