"""An area in sentences made from the data: what it is, and what became of it. Must not render anything."""

from __future__ import annotations

from collections import Counter

from shinchoku import fiscal_year, words
from shinchoku.metrics import Trend
from shinchoku.package import dictionary
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy
from shinchoku.pages.parts import places
from shinchoku.pages.parts.totals import Totals


def _things(count: int) -> str:
    """``3つ``; numbers above nine are not counted so."""
    return f"{count}つ" if 0 < count < 10 else str(count)


def what_it_is(package: Edition, area: Policy, first: Totals, listed: Totals) -> str:
    """Its place in the plan, its parts, and how many initiatives are listed there, of which some ``first``."""
    levels = dictionary.codes(package, "policies", "level")
    parts = Counter(node.level for node in package.policy_children.get(area.policy_id, ()))
    named = "と".join(f"{levels[level].label}{_things(count)}" for level, count in parts.items())
    above = package.area_above(area.policy_id)
    plan = "この計画" if above == area else f"{levels[above.level].label}「{above.title}」"
    place = f"「{area.title}」は、{plan}の{levels[area.level].label}{area.number_printed or ''}です。"
    if not listed.initiatives:
        return f"{place}事業の記載はありません。"
    again = listed.initiatives - first.initiatives
    others = places.area_levels(package) if above == area else "場所"
    more = f"うち{again}事業は、ほかの{others}で先に載った事業の再掲です。" if again else ""
    return f"{place}{f'{named}に、' if named else ''}{listed.initiatives}の事業が載っています。{more}"


def what_became(package: Edition, counted: Totals) -> list[str]:
    """How many reached their target, rose and fell, and what takes most of the money: a paragraph for each.

    Nothing is said of what is not stated.
    """
    return ["".join(said) for part in (_judged, _moved, _spent) if (said := part(package, counted))]


def _judged(package: Edition, counted: Totals) -> list[str]:
    if not package.is_judged:
        said = [not_judged_yet(package), on_the_way(counted)] if counted.initiatives else []
        return list(filter(None, said))
    year = package.newest_target_year
    if year is None or counted.initiatives == counted.undecided:
        return ["目標と実績を比べて判定できる事業は、ありません。"] if counted.initiatives else []
    open_ = f"。{counted.undecided}事業は判定していません" if counted.undecided else ""
    said = [
        f"{fiscal_year.era(year)}の目標に届いたのは{counted.reached}事業、"
        f"届かなかったのは{counted.not_reached}事業です{open_}。"
    ]
    if counted.reached_before:
        some = (
            "は全て" if counted.reached_before == counted.reached else f"のうち{counted.reached_before}事業は"
        )
        said.append(
            f"届いた{counted.reached}事業{some}、それより前の年度にも、同じ目標の値に届いたことがありました。"
        )
    return said


def not_judged_yet(package: Edition) -> str:
    """Why nothing is: the targets are of later years. Empty where there are none."""
    if not package.has.targets:
        return ""
    years = "・".join(map(fiscal_year.era, package.target_years))
    return f"目標の年度は{years}で、この報告より後です。届いたかどうかは、まだ判定していません。"


def on_the_way(counted: Totals) -> str:
    """How far what has a base value and a target is from the one to the other; empty where nothing has."""
    if not (known := sum(counted.stages.values())):
        return ""
    parts = "、".join(f"{word}のが{count}" for word, count in counted.stages.items() if count)
    return f"基準値から目標までの道のりを計算できる{known}事業では、{parts}事業です。"


def _moved(package: Edition, counted: Totals) -> list[str]:
    said, trends = [], counted.trends
    if compared := sum(trends.values()) - trends[Trend.NOT_COMPARABLE]:
        sums = counted.cumulative_better
        cumulative = f"（うち累計{sums}。累計は、ふつう増えます）" if sums else ""
        said.append(
            f"実績を前の年度と比べられる{compared}事業では、良くなったのが{trends[Trend.BETTER]}{cumulative}、"
            f"悪くなったのが{trends[Trend.WORSE]}、同じなのが{trends[Trend.SAME]}です。"
        )
    trends = counted.trends_from_reference
    if package.disruption and (compared := sum(trends.values()) - trends[Trend.NOT_COMPARABLE]):
        said.append(
            f"{package.disruption.short}の前の{fiscal_year.era(package.disruption.before)}より悪い値なのは、"
            f"比べられる{compared}事業（累計を除く）のうち{trends[Trend.WORSE]}事業です。"
        )
    return said


def _spent(package: Edition, counted: Totals) -> list[str]:
    money, largest, settled = counted.money, counted.largest, dictionary.amounts(package)["settlement"]
    if not package.has.money:
        return []
    if money.fiscal_year is None or not money.reported:
        return [f"{settled}の記載はありません。"] if counted.initiatives else []
    year = fiscal_year.era(money.fiscal_year)
    if largest is None:
        return [f"{year}の{settled}は、貸付資金の{words.yen(money.loan_fund)}だけです。"]
    kind = f"貸付資金を除く{settled}" if money.loan_fund else settled
    said = [f"{year}の{kind}は、合わせて{words.yen(money.without_loan_fund)}です。"]
    if money.without_loan_fund > largest[1]:
        initiative, amount = largest
        said.append(
            f"最も多いのは「{initiative.name}」の{words.yen(amount)}で、"
            f"{words.share(amount, money.without_loan_fund)}にあたります。"
        )
    return said
