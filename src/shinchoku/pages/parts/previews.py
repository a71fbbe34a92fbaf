"""What the pictures say that stand where somebody shares a page. Must not draw anything."""

from __future__ import annotations

from shinchoku import charts, fiscal_year, metrics, reports_compared, words
from shinchoku.charts import Preview
from shinchoku.charts.words import name as named
from shinchoku.metrics import IndicatorResult, Trend
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.pages.parts import totals
from shinchoku.pages.parts.values import aim_in_short, in_short

OWN = "判定はこのサイトの計算"


def of_initiative(package: Edition, initiative_id: str, *, site: str) -> Preview:
    """An initiative by its first indicator, as the last report that lists it has it."""
    package = reports_compared.latest_with(package, "initiative", initiative_id)
    item, area = package.initiative[initiative_id], package.area_of_initiative(initiative_id)
    results = metrics.results_of_initiative(package, initiative_id)
    assessment = metrics.assessment_of_initiative(package, initiative_id)
    label = words.ASSESSMENTS[assessment]
    chart = charts.indicator_chart(package, results[0].indicator.indicator_id) if results else None
    doubt = f"（{mark}）" if results and (mark := words.doubt(results[0])) else ""
    return Preview(
        kind=f"{area.title}の事業",
        title=item.name,
        verdict=f"{label.symbol} {label.label}{doubt}",
        outcome=next(each.name for each in words.OUTCOMES if assessment in each.assessments),
        facts=_facts(package, results[0]) if results else (),
        picture=chart.picture if chart else None,
        foot=f"{site}・{OWN}",
    )


def _facts(package: Edition, result: IndicatorResult) -> tuple[str, ...]:
    if result.fiscal_year is None:
        return (named(result.indicator),)

    facts = [
        named(result.indicator),
        f"{fiscal_year.era(result.fiscal_year)} 実績 {in_short(package, result.actual)}",
        f"{fiscal_year.era(result.fiscal_year)} 目標 {in_short(package, result.target)}"
        if result.target
        else aim_in_short(package, result),
    ]
    if result.trend is not Trend.NOT_COMPARABLE:
        trend = words.TRENDS[result.trend]
        facts.append(f"前年度より {trend.symbol} {trend.label}" + "（見込み）" * result.is_estimate)
    return tuple(facts)


def of_area(package: Edition, policy_id: str, *, site: str) -> Preview:
    """An area as its page counts: all that is listed there, as the last report that has it says."""
    package = reports_compared.latest_with(package, "policy", policy_id)
    area, year = package.policy[policy_id], package.newest_settlement_year
    whole = totals.listed(package, area, year)
    target_year = package.newest_target_year or year
    if package.is_judged:
        verdict = f"{whole.initiatives}事業のうち{whole.reached}事業が届いた"
        facts = [f"{each.symbol} {each.label} {whole.counted(each)}事業" for each in words.OUTCOMES]
    else:
        verdict = f"{whole.initiatives}事業"
        facts = [f"{word} {count}事業" for word, count in whole.stages.items() if count]
    if whole.money.reported and year:
        without = "（貸付資金を除く）" if whole.money.loan_fund else ""
        facts.append(
            f"{fiscal_year.era(year)}の{dictionary.amounts(package)['settlement']}{without} {words.yen(whole.money.without_loan_fund)}"
        )
    return Preview(
        kind=f"{fiscal_year.era(target_year)}の進み具合" if target_year else "",
        title=area.title,
        verdict=verdict,
        outcome="open",
        facts=tuple(facts),
        picture=charts.assessment_chart(whole.counts, title=area.title).picture,
        foot=f"{site}・{OWN}",
    )
