"""What the figures say, as sentences in plain Japanese; made from the data alone, so each is this site's calculation.

Sentences are plain text, whole and in the order in which they are read one after the other.
Must not render anything, nor say anything that ``metrics`` or the tables do not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal

from shinchoku import fiscal_year, metrics, words
from shinchoku.charts.words import note_in_name
from shinchoku.metrics import Assessment, IndicatorResult, Trend
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation
from shinchoku.pages.parts import values

#: A unit in which nobody speaks of money → how many thousand yen it is.
_MONEY = {"千円": 1, "百万円": 1000}
#: Fewer than so many amounts have no order worth telling.
_FEW = 3
#: A cell that says nothing, not even why.
_SILENT = ("not_stated", "blank")
_OWN = "このサイトの計算"
_NEITHER = "実績も目標も記載がないので、判定できません。"


# -- values ---------------------------------------------------------------------------


def quantity(value: Decimal, unit: str | None) -> str:
    """``175万人``, ``約5,822万円`` for 58,223千円, ``0人`` for 0万人."""
    unit = unit or ""
    if unit in _MONEY and value == value.to_integral_value():
        return words.yen(int(value) * _MONEY[unit])
    return f"{words.number(value)}{unit.lstrip('千百万億') if value == 0 else unit}"


def distance(value: Decimal, unit: str | None) -> str:
    """A difference of two values: that of two percentages is one of points."""
    return quantity(abs(value), "ポイント" if unit == "%" else unit)


def stated(package: Edition, item: Observation) -> str:
    """A value as it is said within a sentence: with its unit, and with what is printed beside it."""
    if item.value is None:
        return f"「{item.text}」"
    unit, is_range = package.unit_of(item), item.upper_value is not None
    said = f"{words.value(item)}{unit or ''}" if is_range else quantity(item.value, unit)
    return values.qualified(package, item, said, remark=(item.remark or "").lstrip("※"))


# -- against the target ---------------------------------------------------------------


def _judged(package: Edition, result: IndicatorResult, actual: Observation, target: Observation) -> str:
    """How a target was met or missed."""
    aim = stated(package, target)
    if actual.value is None or target.value is None:
        return f"目標の{aim}と同じ段階です" if result.is_reached else f"目標の{aim}とは違います"
    if result.is_reached:
        is_exact = actual.value == target.value and actual.qualifier is target.qualifier is None
        is_exact &= actual.upper_value is target.upper_value is None
        return f"目標の{aim}に{'ちょうど' if is_exact else ''}達しました"
    # Of 0, the distance would be the target again.
    by = distance(result.shortfall, package.unit_of(target)) if result.shortfall and actual.value else ""
    if by and actual.value > target.value:
        return f"目標の{aim}を{by}上回り、達しませんでした"
    return f"目標の{aim}に{by}届きませんでした"


def _reason(item: Observation | None) -> str:
    """What the document says where it states no value; a dash says nothing."""
    said = item and item.status not in (*_SILENT, "reported") and (item.remark or item.printed)
    return f"「{said}」とある" if said else ""


def _not_due(package: Edition, result: IndicatorResult, said: str) -> str:
    """That what is aimed at is not due yet; ``said`` is the actual, which may be missing."""
    now = f"{said}です。" if said else "実績の記載はありません。"
    if not said and result.actual is not None and result.actual.status == "pending":
        now = "実績は、この報告の時点ではまだ集計中です。"
    aim = values.aim(package, result)
    if aim is None:
        return now
    due = fiscal_year.era(aim.fiscal_year)
    return (
        f"{now}目標は{due}の{stated(package, aim)}で、その年度の実績はこの報告にないので、判定していません。"
    )


def _on_the_way(package: Edition, result: IndicatorResult) -> str:
    """How far the latest actual is on the way from the base value to the last target."""
    base, goal, latest, share = result.base, result.goal, result.latest, result.progress
    if base is None or goal is None or latest is None or share is None:
        return ""
    start = f"基準値（{fiscal_year.era(base.fiscal_year)}）の{stated(package, base)}"
    now = stated(package, latest)
    if latest.fiscal_year != result.fiscal_year:
        now = f"{fiscal_year.era(latest.fiscal_year)}の{now}"
    whole = "目標までの道のり"
    if goal != values.aim(package, result):
        whole = f"{fiscal_year.era(goal.fiscal_year)}の目標の{stated(package, goal)}までの道のり"
    if share == 0 and latest.value == base.value:
        return f"{start}から変わらず、{whole}は進んでいません（{_OWN}）。"
    if share < 0:
        return f"{start}から{now}になり、{whole}とは逆へ、その{words.rate(-share)}だけ離れました（{_OWN}）。"
    past = "で、目標の値を過ぎています" if share > 100 else "です"
    return f"{start}から{now}になり、{whole}の{words.rate(share)}{past}（{_OWN}）。"


def _against_target(package: Edition, result: IndicatorResult) -> str:
    """What was reached of what was aimed at, or why nobody can say."""
    actual, target = result.actual, result.target
    said, aim = (stated(package, item) if metrics.is_stated(item) else "" for item in (actual, target))
    name = "実績（累計）" if said and result.is_cumulative else "実績"
    match result.assessment:
        case Assessment.PROVISIONAL:
            why = "実績がまだ決まった値ではない" if result.is_estimate else "値に幅がある"
            return f"{name}は{said}、目標は{aim}です。{why}ので、判定していません。"
        case Assessment.PENDING:
            return f"目標は{aim}です。実績は、この報告の時点ではまだ集計中です。"
        case Assessment.NO_ACTUAL if said:
            return f"{name}は{said}、目標は{aim}です。二つは比べられないので、判定していません。"
        case Assessment.NO_ACTUAL:
            why = f"資料の実績の欄に{why}" if (why := _reason(actual)) else "実績の記載がない"
            return f"目標は{aim}です。{why}ので、達したかどうかは分かりません。"
        case Assessment.NO_TARGET if why := _reason(target):
            return f"{name}は{said}です。資料の目標の欄に{why}ので、判定していません。"
        case Assessment.NO_TARGET:
            return f"{name}は{said}です。目標の記載がないので、判定していません。"
        case Assessment.NOT_DUE:
            return _not_due(package, result, f"{name}は{said}" if said else "")
    if actual is None or target is None or result.assessment is Assessment.NONE:
        why = "、".join(
            f"{role}の欄に{why}"
            for role, item in (("実績", actual), ("目標", target))
            if (why := _reason(item))
        )
        return f"実績も目標も値がなく、資料の{why}ので、判定できません。" if why else _NEITHER
    return f"{name}は{said}で、{_judged(package, result, actual, target)}。"


def _reached_before(package: Edition, result: IndicatorResult) -> str:
    year = result.reached_before
    then = package.actual[result.indicator.indicator_id, year] if year else None
    if year is None or then is None:
        return ""
    when = fiscal_year.era(year) + (f"（{stated(package, then)}）" if then.value is not None else "")
    missed = result.missed_since
    if missed and result.assessment is not Assessment.NOT_ACHIEVED:
        last = package.actual[result.indicator.indicator_id, missed[-1]]
        since = f"{fiscal_year.era(missed[-1])}は{stated(package, last)}"
        start = f"この目標には、{when}に{'も' if result.is_reached else 'は'}達していましたが、"
        if len(missed) == 1:
            return f"{start}{since}で、達しませんでした。"
        return f"{start}その後の{len(missed)}つの年度では達しませんでした（{since}）。"
    if result.is_reached:
        return f"この目標には、{when}にすでに達していました。"
    return f"{when}には、この目標に達していました。"


# -- against earlier years ------------------------------------------------------------


def _last(package: Edition, result: IndicatorResult) -> Observation | None:
    """The newest actual of which something is known."""
    rows = package.observations_of_indicator.get(result.indicator.indicator_id, ())
    return max(
        (row for row in rows if row.role == "actual" and metrics.is_stated(row)),
        key=lambda row: row.fiscal_year,
        default=None,
    )


def _last_stated(package: Edition, result: IndicatorResult) -> str:
    """What is known where the year in question prints no actual."""
    last = _last(package, result)
    if last is None:
        return "どの年度にも、実績の記載がありません。"
    return (
        f"実績の記載がある最後の年度は{fiscal_year.era(last.fiscal_year)}で、{stated(package, last)}でした。"
    )


def _why_not_compared(package: Edition, result: IndicatorResult, year: int) -> str:
    actuals = metrics.actuals(package, result.indicator.indicator_id)
    found = [year for year, row in actuals.items() if row.value is not None]
    if year - 1 in found:
        return "前の年度とは単位や書き方が違うので、比べられません。"
    if min(found, default=year) < year:
        return "前の年度の数値がないので、前の年度とは比べられません。"
    return "これより前の年度の数値はありません。"


#: (is a share, rose) → a verb as it goes on, and as it ends before 見込み.
_VERBS = {
    (False, True): ("増え", "増える"),
    (False, False): ("減り", "減る"),
    (True, True): ("上がり", "上がる"),
    (True, False): ("下がり", "下がる"),
}


def _against_before(package: Edition, result: IndicatorResult, then: Observation) -> tuple[str, str]:
    """A change from the year before: as it goes on, and as it ends."""
    now = result.actual
    if now is None or now.value is None or then.value is None or result.trend is Trend.SAME:
        return (
            "前の年度と同じで",
            "この1年では増えていません" if result.is_cumulative else "前の年度と同じです",
        )
    unit, rose = package.unit_of(now), now.value > then.value
    goes_on, ends = _VERBS[unit == "%", rose]
    start = "この1年で" if rose and result.is_cumulative else f"前の年度の{stated(package, then)}より"
    start += distance(now.value - then.value, unit)
    if result.is_estimate:
        return f"{start}{ends}見込みで", f"{start}{ends}見込みです"
    return f"{start}{goes_on}", f"{start}{goes_on}ました"


def trends(package: Edition, result: IndicatorResult) -> list[tuple[int, Trend]]:
    """The earlier years an actual can be compared with, and how it stands to them.

    The year before and the last one before the disruption, each once.
    """
    year, disruption = result.fiscal_year, package.disruption
    if year is None or result.actual is None:
        return []
    found = [(year - 1, result.trend)]
    if disruption is not None and disruption.before < year - 1:
        found.append((disruption.before, result.trend_from_reference))
    return [(then, trend) for then, trend in found if trend is not Trend.NOT_COMPARABLE]


def _against_earlier(package: Edition, result: IndicatorResult) -> Iterator[str]:
    """Of a number: against the years of ``trends``."""
    now, year, disruption = result.actual, result.fiscal_year, package.disruption
    if now is None or now.value is None or year is None:
        return
    compared = dict(trends(package, result))
    actuals = {then: package.actual[result.indicator.indicator_id, then] for then in compared}
    trend, goes_on, ends = compared.pop(year - 1, None), "", ""
    if trend is None:
        yield _why_not_compared(package, result, year)
    else:
        goes_on, ends = _against_before(package, result, actuals[year - 1])
        goes_on += "、"
    if not compared or disruption is None:
        yield f"{ends}。" if ends else ""
        return
    [(reference, from_reference)] = compared.items()
    then = actuals[reference]
    place = f"{disruption.short}の前の{fiscal_year.era(reference)}の{stated(package, then)}"
    is_above = then.value is not None and now.value > then.value
    stands = ("上回って" if is_above else "下回って") + "います"
    same, back = "同じです", "戻っていません"
    if result.is_estimate:
        stands = ("上回る" if is_above else "下回る") + "見込みです"
        same, back = "同じになる見込みです", "戻らない見込みです"
    if from_reference is Trend.SAME:
        yield f"{goes_on}{place}と{'も' if trend is Trend.SAME else ''}{same}。"
    elif trend is None or trend is Trend.SAME:
        yield f"{goes_on}{place}を{stands}。"
    elif trend is from_reference:
        yield f"{goes_on}{place}も{stands}。"
    elif from_reference is Trend.WORSE:
        yield f"{ends}が、{place}には{back}。"
    else:
        yield f"{ends}が、{place}は{stands}。"


def _fallen_sum(package: Edition, result: IndicatorResult) -> str:
    """That what can only grow has become less: once, of the last time."""
    if not result.is_cumulative or result.indicator.value_kind == "percentage":
        return ""
    changes = metrics.changes(package, result.indicator.indicator_id)
    fallen = [change for change in changes if change.from_previous is not None and change.from_previous < 0]
    if not fallen:
        return ""
    year = fallen[-1].fiscal_year
    then, now = (package.actual[result.indicator.indicator_id, each] for each in (year - 1, year))
    return (
        f"累計なのに、{fiscal_year.era(year - 1)}の{stated(package, then)}から"
        f"{fiscal_year.era(year)}の{stated(package, now)}へ減っています。"
    )


# -- what to know of the values ---------------------------------------------------------


def _with_care(package: Edition, result: IndicatorResult) -> Iterator[str]:
    """What is noted of all values in the indicator's name, and doubts about those that were only compared with."""
    if noted := note_in_name(result.indicator):
        yield f"資料の指標名に「{noted}」と注記があります。"
    key = result.indicator.indicator_id
    if metrics.is_stated(result.actual):
        said = [package.actual[key, year] for year, _ in trends(package, result)]
    else:
        said = [last] if (last := _last(package, result)) else []
    if doubted := sorted({row.fiscal_year for row in said if metrics.doubts(package, row)}):
        yield f"{'と'.join(map(fiscal_year.era, doubted))}の実績には、資料の値への疑問があります。"


# -- money ----------------------------------------------------------------------------


def of_money(package: Edition, initiative_id: str) -> str:
    """What was settled in the newest year, and how much that is beside the others of its area."""
    year = package.newest_settlement_year
    if year is None:
        return ""
    named = f"{fiscal_year.era(year)}の{dictionary.title(package, 'settlements', 'amount_thousand_yen')}"
    row = package.settlement.get((initiative_id, year))
    if row is None or row.amount_thousand_yen is None:
        return f"{named}の記載はありません。"
    amount = row.amount_thousand_yen
    said = f"{named}は{words.yen(amount)}"
    if package.initiative[initiative_id].is_loan_fund:
        return f"{said}で、融資のための貸付資金です。"
    area = package.area_of_initiative(initiative_id)
    amounts = package.amounts_of_area[area.policy_id, year, False]
    if amount == 0 or len(amounts) < _FEW or amounts[0] == amounts[-1]:
        return f"{said}です。"
    greater = len(amounts) - bisect_right(amounts, amount)
    rank = f"{greater + 1}番目に大きい" if greater else "最も大きい"
    if amounts[1] > amount:
        rank = "最も小さい"
    without = "（貸付資金を除く）" if (area.policy_id, year, True) in package.amounts_of_area else ""
    return f"{said}で、「{area.title}」に金額が載っている{len(amounts)}事業{without}のうち{rank}額です。"


# -- all of it ------------------------------------------------------------------------


def of_indicator(package: Edition, result: IndicatorResult) -> list[str]:
    """An indicator in the year that is assessed."""
    if result.fiscal_year is None:
        return ["目標の記載がどの年度にもないので、判定できません。", _last_stated(package, result)]
    sentences = [fiscal_year.era(result.fiscal_year) + "の" + _against_target(package, result)]
    if result.indicator.desired_direction == "lower_is_better":
        sentences.append("小さいほど良い指標と読みました。")
    sentences += [_on_the_way(package, result), _reached_before(package, result)]
    if metrics.is_stated(result.actual):
        sentences += _against_earlier(package, result)
    elif not _on_the_way(package, result):
        sentences.append(_last_stated(package, result))
    sentences += [_fallen_sum(package, result), *_with_care(package, result)]
    return [sentence for sentence in sentences if sentence]


def of_initiative(package: Edition, initiative_id: str) -> list[str]:
    """An initiative by its first indicator, and its money."""
    results = metrics.results_of_initiative(package, initiative_id)
    first = of_indicator(package, results[0]) if results else ["指標の記載がありません。"]
    money = of_money(package, initiative_id)
    if results and (year := results[0].fiscal_year):
        money = money.removeprefix(f"{fiscal_year.era(year)}の")
    return [*first, money] if money else first
