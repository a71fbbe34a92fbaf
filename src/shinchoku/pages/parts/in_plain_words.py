"""What the figures say, as sentences in plain Japanese; made from the data alone, so each is this site's calculation.

Sentences are plain text, whole and in the order in which they are read one after the other.
Must not render anything, nor say anything that ``metrics`` or the tables do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shinchoku import fiscal_year, metrics, words
from shinchoku.metrics import Assessment, IndicatorResult, Trend
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Observation

#: A unit in which nobody speaks of money → how many thousand yen it is.
_MONEY = {"千円": 1, "百万円": 1000}
#: What a number that is not exact is printed as, after it.
_BOUNDS = ("at_least", "at_most", "more_than", "less_than")
#: Numbers that may still change.
_UNSETTLED = ("estimate", "provisional")


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
    said = quantity(item.value, package.unit_of(item))
    if item.qualifier is None:
        return said
    if item.qualifier == "approximate":
        return f"約{said}"
    label = dictionary.codes(package, "observations", "qualifier")[item.qualifier].label
    return (
        f"{said}{label}" if item.qualifier in _BOUNDS else f"{said}（{(item.remark or label).lstrip('※')}）"
    )


# -- against the target ---------------------------------------------------------------


def _judged(package: Edition, result: IndicatorResult, actual: Observation, target: Observation) -> str:
    """How a target was met or missed."""
    aim = stated(package, target)
    if actual.value is None or target.value is None:
        return f"目標の{aim}と同じ段階です" if result.is_reached else f"目標の{aim}とは違います"
    if result.is_reached:
        is_exact = actual.value == target.value and actual.qualifier is target.qualifier is None
        return f"目標の{aim}に{'ちょうど' if is_exact else ''}達しました"
    by = distance(result.shortfall, package.unit_of(target)) if result.shortfall else ""
    if by and actual.value > target.value:
        return f"目標の{aim}より{by}多く、届きませんでした"
    return f"目標の{aim}に{by}届きませんでした"


def _is_sum(result: IndicatorResult) -> bool:
    return result.indicator.accumulation == "cumulative"


def _against_target(package: Edition, result: IndicatorResult) -> str:
    """What was reached of what was aimed at, or why nobody can say."""
    actual, target = result.actual, result.target
    said, aim = (stated(package, item) if metrics.is_stated(item) else "" for item in (actual, target))
    name = "実績（累計）" if said and _is_sum(result) else "実績"
    match result.assessment:
        case Assessment.PROVISIONAL:
            is_open = actual is not None and actual.qualifier in _UNSETTLED
            why = "実績がまだ決まった値ではない" if is_open else "値に幅がある"
            return f"{name}は{said}、目標は{aim}です。{why}ので、判定していません。"
        case Assessment.PENDING:
            return f"目標は{aim}です。実績は、この報告の時点ではまだ集計中です。"
        case Assessment.NO_ACTUAL if said:
            return f"{name}は{said}、目標は{aim}です。二つは比べられないので、判定していません。"
        case Assessment.NO_ACTUAL:
            return f"目標は{aim}です。実績の記載がないので、達したかどうかは分かりません。"
        case Assessment.NO_TARGET:
            return f"{name}は{said}です。目標の記載がないので、判定していません。"
    if actual is None or target is None or result.assessment is Assessment.NONE:
        return "実績も目標も記載がないので、判定できません。"
    return f"{name}は{said}で、{_judged(package, result, actual, target)}。"


def _reached_before(package: Edition, result: IndicatorResult) -> str:
    year = result.reached_before
    then = package.observation[result.indicator.indicator_id, year, "actual"] if year else None
    if year is None or then is None:
        return ""
    when = fiscal_year.era(year) + (f"（{stated(package, then)}）" if then.value is not None else "")
    if result.is_reached:
        return f"この目標には、{when}にすでに達していました。"
    return f"{when}には、この目標に達していました。"


# -- against earlier years ------------------------------------------------------------


def _last_stated(package: Edition, result: IndicatorResult) -> str:
    """What is known where the year in question prints no actual."""
    rows = package.observations_of_indicator.get(result.indicator.indicator_id, ())
    last = max(
        (row for row in rows if row.role == "actual" and metrics.is_stated(row)),
        key=lambda row: row.fiscal_year,
        default=None,
    )
    if last is None:
        return "どの年度にも、実績の記載がありません。"
    return f"実績の記載がある最後の年は{fiscal_year.era(last.fiscal_year)}で、{stated(package, last)}でした。"


def _why_not_compared(package: Edition, result: IndicatorResult, year: int) -> str:
    found = [change.fiscal_year for change in metrics.changes(package, result.indicator.indicator_id)]
    if year - 1 in found:
        return "前の年度とは単位や書き方が違うので、比べられません。"
    if min(found) < year:
        return "前の年度の数値がないので、前の年度とは比べられません。"
    return "これより前の年度の数値はありません。"


def _against_before(package: Edition, now: Observation, then: Observation) -> tuple[str, str]:
    """A change from the year before: as it goes on, and as it ends."""
    is_sum = package.indicator[now.indicator_id].accumulation == "cumulative"
    if now.value is None or then.value is None or now.value == then.value:
        return "前の年度と同じで", "この1年では増えていません" if is_sum else "前の年度と同じです"
    unit = package.unit_of(now)
    rose, is_share = now.value > then.value, unit == "%"
    verb = ("上がり" if rose else "下がり") if is_share else ("増え" if rose else "減り")
    by = distance(now.value - then.value, unit)
    start = f"この1年で{by}{verb}" if is_sum and rose else f"前の年度の{stated(package, then)}より{by}{verb}"
    if now.qualifier in _UNSETTLED:
        start, verb = (
            start.removesuffix(verb),
            {"増え": "増える", "減り": "減る", "上がり": "上がる"}.get(verb, "下がる"),
        )
        return f"{start}{verb}見込みで", f"{start}{verb}見込みです"
    return start, f"{start}ました"


def _against_earlier(package: Edition, result: IndicatorResult) -> Iterator[str]:
    """Of a number: against the year before and, but for a sum of years, the last one before the disruption."""
    now, year, key = result.actual, result.fiscal_year, result.indicator.indicator_id
    if now is None or now.value is None or year is None:
        return
    trend, from_reference = result.trend, result.trend_from_reference
    disruption = package.disruption
    if disruption is None or disruption.before >= year - 1 or now.qualifier in _UNSETTLED:
        from_reference = Trend.NOT_COMPARABLE
    if _is_sum(result):  # it can hardly but be above
        from_reference = Trend.NOT_COMPARABLE
    before = package.observation.get((key, year - 1, "actual"))
    if trend is Trend.NOT_COMPARABLE or before is None:
        yield _why_not_compared(package, result, year)
        goes_on, ends = "", ""
    else:
        goes_on, ends = _against_before(package, now, before)
    if from_reference is Trend.NOT_COMPARABLE or disruption is None:
        if ends:
            yield f"{ends}。"
        return
    then = package.observation[key, disruption.before, "actual"]
    place = f"{disruption.short}の前の{fiscal_year.era(disruption.before)}の{stated(package, then)}"
    is_above = then.value is not None and now.value > then.value
    stands = "上回っています" if is_above else "下回っています"
    if from_reference is Trend.SAME:
        yield f"{goes_on}、{place}とも同じです。" if goes_on else f"{place}と同じです。"
    elif not goes_on or trend is Trend.SAME:
        yield f"{goes_on}{'、' if goes_on else ''}{place}を{stands}。"
    elif trend is from_reference:
        yield f"{goes_on}、{place}も{stands}。"
    elif from_reference is Trend.WORSE:
        yield f"{ends}が、{place}には戻っていません。"
    else:
        yield f"{ends}が、{place}は{stands}。"


# -- money ----------------------------------------------------------------------------


def of_money(package: Edition, initiative_id: str) -> str:
    """What was settled in the newest year, and how much that is beside the others of its area."""
    year = package.newest_settlement_year
    row = package.settlement.get((initiative_id, year))
    if year is None or row is None or row.amount_thousand_yen is None:
        return f"{fiscal_year.era(year)}の決算見込額は記載がありません。" if year else ""
    amount = row.amount_thousand_yen
    said = f"{fiscal_year.era(year)}の決算見込額は{words.yen(amount)}"
    if package.initiative[initiative_id].is_loan_fund:
        return f"{said}で、融資のための貸付資金です。"
    rank, whom = _among_its_area(package, year, initiative_id, amount)
    return f"{said}で、{whom}のうち{rank}額です。" if amount and rank else f"{said}です。"


def _among_its_area(package: Edition, year: int, initiative_id: str, amount: int) -> tuple[str, str]:
    """How large an amount is, in words, and among which; nothing where there are hardly any."""
    area = package.area_of_initiative(initiative_id)
    everything = metrics.initiatives_in(package, area.policy_id)
    others = [key for key in everything if not package.initiative[key].is_loan_fund]
    rows = (package.settlement.get((key, year)) for key in others)
    amounts = [row.amount_thousand_yen for row in rows if row and row.amount_thousand_yen is not None]
    greater, smaller = (sum(map(of, amounts)) for of in (amount.__lt__, amount.__gt__))
    if len(amounts) < 3:
        return "", ""
    rank = "最も大きい" if not greater else f"{greater + 1}番目に大きい"
    if not smaller and amounts.count(amount) == 1:
        rank = "最も小さい"
    listed = metrics.initiatives_in(package, area.policy_id, include_relisted=True)
    left_out = {
        "再掲": len(listed) > len(everything),
        "貸付資金": len(others) < len(everything),
        "金額の記載がないもの": len(amounts) < len(others),
    }
    note = "・".join(word for word, is_there in left_out.items() if is_there)
    return rank, f"「{area.title}」の{len(amounts)}事業{f'（{note}を除く）' if note else ''}"


# -- all of it ------------------------------------------------------------------------


def of_indicator(package: Edition, result: IndicatorResult) -> list[str]:
    """An indicator in the year that is assessed."""
    if result.fiscal_year is None:
        return ["目標の記載がどの年度にもないので、判定できません。", _last_stated(package, result)]
    sentences = [fiscal_year.era(result.fiscal_year) + "の" + _against_target(package, result)]
    if result.indicator.desired_direction == "lower_is_better":
        sentences.append("小さいほど良い指標と読みました。")
    sentences.append(_reached_before(package, result))
    if metrics.is_stated(result.actual):
        sentences += _against_earlier(package, result)
    else:
        sentences.append(_last_stated(package, result))
    return [sentence for sentence in sentences if sentence]


def of_initiative(package: Edition, initiative_id: str) -> list[str]:
    """An initiative by its first indicator, and its money."""
    results = metrics.results_of_initiative(package, initiative_id)
    first = of_indicator(package, results[0]) if results else ["指標の記載がありません。"]
    money = of_money(package, initiative_id)
    if results and (year := results[0].fiscal_year):
        money = money.removeprefix(f"{fiscal_year.era(year)}の")
    return [*first, money] if money else first
