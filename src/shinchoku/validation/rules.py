"""Last stage: the rules across rows and tables, which a schema cannot say.

Each is a generator over the sound tables; how they are run, and what ``needs``
and ``after`` mean, stands in ``cross_table``. The order here is the order of running.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import Any

from shinchoku.package.descriptor import fields
from shinchoku.text import meant, quoted, says_nothing
from shinchoku.validation.cross_table import (
    WRITE_REASON,
    Finding,
    Sound,
    cross_table,
)
from shinchoku.validation.problems import WARNING, shown

# -- the source texts ---------------------------------------------------------


@cross_table(
    "source-text",
    "原資料のテキストがあり、その行数とSHA-256は sources.csv と同じである。",
    "テキストは印刷の写しです。元のファイルに戻してください。印刷と違う写し間違いは、取り込み直して直します（「数字を1つ直す」の「写し間違いを直す」）。",
    needs=["sources"],
    example=("原資料のテキストを書き換えた", "元のテキスト"),
)
def _source_text(sound: Sound) -> Iterator[Finding]:
    for line, source in sound.rows("sources"):
        content = sound.source_texts.get(source.source_id)
        if source.file is None:
            for column in ("line_count", "sha256"):
                if getattr(source, column) is not None:
                    message = "テキストのファイル（file）がないのに、書かれています。"
                    yield Finding(
                        "sources", line, column, getattr(source, column), message, "空にしてください。"
                    )
        elif content is None:
            message = f"ファイル「{source.file}」がありません。"
            yield Finding("sources", line, "file", source.file, message)
        elif (digest := hashlib.sha256(content).hexdigest()) != source.sha256:
            message = f"「{source.file}」の中身が、記録されたものと違います（SHA-256は {digest}）。"
            yield Finding("sources", line, "sha256", source.sha256, message)
        elif (count := _line_count(content)) != source.line_count:
            message = f"「{source.file}」は{count}行です。"
            remedy = f"line_count を {count} に直してください。"
            yield Finding("sources", line, "line_count", source.line_count, message, remedy)


def _line_count(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n"))


@cross_table(
    "source-line",
    "原資料の行番号は、その文書にある行を指す。",
    "原資料のテキストを開き、正しい行番号に直してください。",
    needs=["sources"],
    after=["source-text"],
    example=("768行の文書の 900行目", "156"),
)
def _source_line(sound: Sound) -> Iterator[Finding]:
    counts = {source_id: _line_count(content) for source_id, content in sound.source_texts.items()}
    for name, table in sound.tables.items():
        columns = [column for column in table.columns if column.endswith("_line")]
        if "source_id" not in table.columns:
            continue
        for line, record in sound.rows(name):
            last = counts.get(record.source_id)
            if last is None:  # of a source that is not there; a foreign key tells
                continue
            for column in columns:
                value = getattr(record, column)
                if value is not None and value > last:
                    message = f"「{record.source_id}」は{last}行までで、{value}行目はありません。"
                    yield Finding(name, line, column, value, message)


#: Initiative, source, and which of its indicators: what one printed row is about.
_PrintedRow = tuple[str, str, int]


def _originals(sound: Sound) -> dict[_PrintedRow, list[tuple[int, int]]]:
    """Printed row → (line of the CSV, line of the source) of its listings that are not relisted."""
    found: dict[_PrintedRow, list[tuple[int, int]]] = defaultdict(list)
    for line, item in sound.rows("listings"):
        if not item.is_relisted:
            place = (item.initiative_id, item.source_id, item.indicator_position)
            found[place].append((line, item.source_line))
    return found


#: Tables whose rows have a page of their own → the column that names it.
_PAGE_OF = {
    "sources": "source_id",
    "policies": "policy_id",
    "initiatives": "initiative_id",
    "grants": "grant_id",
}


@cross_table(
    "reserved-id",
    "原資料・施策・事業・交付金の対象事業のIDは index ではない（一覧のページの名前である）。",
    "別のIDにしてください。",
    example=("index", "index-of-tourism"),
)
def _reserved_id(sound: Sound) -> Iterator[Finding]:
    for table, column in _PAGE_OF.items():
        for line, record in sound.rows(table):
            if getattr(record, column) == "index":
                yield Finding(table, line, column, "index", "「index」はIDに使えません。")


# -- the tree and the listings --------------------------------------------------


@cross_table(
    "tree-levels",
    "施策の階層は、表の定義（level の categories）のとおりに重なる。",
    "parent_policy_id か level を直してください。",
    needs=["policies"],
    example=("いちばん上の階層でない施策の上位が空", "上位は1つ上の階層の施策のID"),
)
def _tree_levels(sound: Sound) -> Iterator[Finding]:
    levels = sound.package.level
    found = {(item.source_id, item.policy_id): levels.get(item.level) for item in sound.package.policies}
    for line, policy in sound.rows("policies"):
        parent, level = policy.parent_policy_id, levels.get(policy.level)
        above = found.get((policy.source_id, parent))
        if level and (above and above.name) not in level.under or (parent and not above):
            named = above.label if above else "この原資料にない施策"
            message = f"{level.label if level else policy.level} の上位が" + (
                f"「{parent}」（{named}）です。" if parent else "空です。"
            )
            yield Finding("policies", line, "parent_policy_id", parent, message)


@cross_table(
    "listing-in-an-area",
    "掲載行は、ページのある施策（表の定義で level に pages のある階層）か、その下にある。",
    "policy_id を、その下の施策のIDに直してください。",
    needs=["policies", "listings"],
    after=["tree-levels"],
    example=("ページのある施策より上の施策のID", "ページのある施策か、その下の施策のID"),
)
def _listing_in_an_area(sound: Sound) -> Iterator[Finding]:
    levels = sound.package.level
    nodes = {(item.source_id, item.policy_id): item for item in sound.package.policies}
    for line, listing in sound.rows("listings"):
        node, seen = nodes.get((listing.source_id, listing.policy_id)), set()
        label = levels[node.level].label if node else ""
        while node and levels[node.level].folder is None and node.policy_id not in seen:
            seen.add(node.policy_id)
            node = nodes.get((node.source_id, node.parent_policy_id or ""))
        if node is None:
            message = f"「{listing.policy_id}」（{label}）は、ページのある施策の下にありません。"
            yield Finding("listings", line, "policy_id", listing.policy_id, message)


@cross_table(
    "omission-elsewhere",
    "省略の指す先は、その施策自身ではない。",
    "省略された取組が載っている施策のIDに直してください。",
    needs=["policies"],
    example=("省略の指す先が自分自身", "載っている施策のID"),
)
def _omission_elsewhere(sound: Sound) -> Iterator[Finding]:
    for line, policy in sound.rows("policies"):
        if policy.omission_refers_to_policy_id == policy.policy_id:
            message = "省略の指す先が自分自身です。"
            yield Finding("policies", line, "omission_refers_to_policy_id", policy.policy_id, message)


@cross_table(
    "one-original-listing",
    "どの事業にも、原資料ごとに、再掲でない掲載行がちょうど1つある。",
    "is_relisted か initiative_id を直すか、足りない掲載行を足してください。",
    needs=["initiatives", "listings"],
    example=("どの掲載行も is_relisted が true", "最初の1行は false"),
)
def _one_original_listing(sound: Sound) -> Iterator[Finding]:
    originals = _originals(sound)
    listed: set[_PrintedRow] = set()
    without_original: set[_PrintedRow] = set()
    for line, listing in sound.rows("listings"):
        place = (listing.initiative_id, listing.source_id, listing.indicator_position)
        listed.add(place)
        if place not in originals and place not in without_original:
            without_original.add(place)
            message = f"事業「{listing.initiative_id}」は再掲だけで、もとの掲載行がありません。"
            yield Finding("listings", line, "is_relisted", "true", message)
    for (initiative_id, _, _), found in originals.items():
        if len(found) > 1:
            message = f"事業「{initiative_id}」の再掲でない掲載行が{quoted(line for line, _ in found)}行目にあります。"
            yield Finding("listings", found[1][0], "is_relisted", "false", message)
    for line, initiative in sound.rows("initiatives"):
        if (initiative.initiative_id, initiative.source_id, 1) not in listed:
            message = f"事業「{initiative.initiative_id}」の掲載行がありません。"
            yield Finding("initiatives", line, "initiative_id", initiative.initiative_id, message)


@cross_table(
    "difference-of-relisting",
    "listing_differences には、再掲の掲載行だけがある。",
    "再掲の行の行番号に直すか、その行を消してください。",
    needs=["listings", "listing_differences"],
    after=["one-original-listing"],
    example=("再掲でない行の番号", "再掲の行の番号"),
)
def _difference_of_relisting(sound: Sound) -> Iterator[Finding]:
    reported = set()
    for line, difference in sound.rows("listing_differences"):
        place = (difference.source_id, difference.source_line)
        if not sound.package.listing[place].is_relisted and place not in reported:
            reported.add(place)
            message = f"{difference.source_line}行目は再掲の行ではありません。"
            yield Finding("listing_differences", line, "source_line", difference.source_line, message)


@cross_table(
    "positions",
    "順番（position）は、同じ上位の中で1から抜けも重なりもなく続く。",
    "1から順に番号を振り直してください。",
    after=["tree-levels"],
    example=("1, 2, 4", "1, 2, 3"),
)
def _positions(sound: Sound) -> Iterator[Finding]:
    for table, within in _POSITIONS_WITHIN.items():
        groups: dict[Any, list[tuple[int, int]]] = defaultdict(list)
        for line, record in sound.rows(table):
            groups[tuple(getattr(record, name) for name in within)].append((record.position, line))
        for key, members in groups.items():
            for expected, (position, line) in enumerate(sorted(members), 1):
                if position != expected:
                    inside = ":".join(str(part) for part in key if part is not None) or "最上位"
                    message = f"「{inside}」の中の順番が {_numbers(members)} です。{expected}番目に {position} があります。"
                    yield Finding(table, line, "position", position, message)
                    break


_POSITIONS_WITHIN = {
    "policies": ("source_id", "parent_policy_id"),
    "listings": ("source_id", "policy_id"),
    "indicators": ("source_id", "initiative_id"),
    "activities": ("source_id", "initiative_id", "fiscal_year"),
    "grant_descriptions": ("grant_id",),
}


def _numbers(members: Iterable[tuple[int, int]]) -> str:
    return shown(", ".join(str(position) for position, _ in sorted(members)))


# -- initiatives ----------------------------------------------------------------


@cross_table(
    "lifecycle",
    "終了の記載（lifecycle）は、最後の年度・統合先・印刷の有無と合う。",
    "lifecycle か、その列を直してください。",
    needs=["initiatives"],
    example=("merged で統合先が空", "merged で統合先のID"),
)
def _lifecycle(sound: Sound) -> Iterator[Finding]:
    for line, initiative in sound.rows("initiatives"):
        merged = initiative.lifecycle == "merged"
        continuing = initiative.lifecycle == "continuing"
        into = initiative.merged_into_initiative_id
        if merged != (into is not None):
            message = (
                "統合された事業ですが、統合先が空です。"
                if merged
                else "統合された事業ではないのに、統合先があります。"
            )
            yield Finding("initiatives", line, "merged_into_initiative_id", into, message)
        elif into == initiative.initiative_id:
            message = "統合先が自分自身です。"
            yield Finding("initiatives", line, "merged_into_initiative_id", into, message)
        elif continuing != (initiative.lifecycle_printed is None):
            message = (
                "終了の記載がないのに、印刷の字句があります。"
                if continuing
                else "終了を述べた印刷の字句が空です。"
            )
            yield Finding("initiatives", line, "lifecycle_printed", initiative.lifecycle_printed, message)
        elif continuing != (initiative.last_fiscal_year is None):
            message = (
                "終了の記載がないのに、最後の年度があります。"
                if continuing
                else "終わった事業ですが、最後の年度が空です。"
            )
            yield Finding("initiatives", line, "last_fiscal_year", initiative.last_fiscal_year, message)


@cross_table(
    "merged-in-a-circle",
    "事業の統合先をたどると、統合されていない事業に着く。",
    "どの事業が残ったのかを確かめて、統合先を直してください。",
    needs=["initiatives"],
    after=["lifecycle"],
    example=("A の統合先が B、B の統合先が A", "B は continuing"),
)
def _merged_in_a_circle(sound: Sound) -> Iterator[Finding]:
    into = {
        (item.source_id, item.initiative_id): item.merged_into_initiative_id
        for item in sound.package.initiatives
    }
    arrived: set[tuple[str, str]] = set()
    for line, initiative in sound.rows("initiatives"):
        path: list[str] = []
        at: str | None = initiative.initiative_id
        while at is not None and (initiative.source_id, at) not in arrived:
            if at in path:
                message = f"統合先をたどると元に戻ります（{' → '.join([*path[path.index(at) :], at])}）。"
                yield Finding("initiatives", line, "merged_into_initiative_id", path[-1], message)
                break
            path.append(at)
            at = into.get((initiative.source_id, at))
        arrived.update((initiative.source_id, item) for item in path)


@cross_table(
    "indicator-of-initiative",
    "どの事業にも、1つ以上の指標がある。",
    "indicators.csv に、その事業の指標の行を足してください。",
    needs=["initiatives", "indicators"],
    example=("指標のない事業", "指標が1つ以上"),
)
def _indicator_of_initiative(sound: Sound) -> Iterator[Finding]:
    measured = {(item.source_id, item.initiative_id) for item in sound.package.indicators}
    for line, initiative in sound.rows("initiatives"):
        if (initiative.source_id, initiative.initiative_id) not in measured:
            message = f"事業「{initiative.initiative_id}」の指標がありません。"
            yield Finding("initiatives", line, "initiative_id", initiative.initiative_id, message)


@cross_table(
    "absence",
    "掲載のなくなった事業（absences）は、その報告に載っていない、前の年度の報告にある事業である。引き継いだ事業（統合のときだけ書く）は、その報告に載っている。",
    "source_id・initiative_id・outcome・successor_initiative_id を確かめてください。",
    needs=["sources", "initiatives", "absences"],
    example=("載っている事業", "前の報告にだけある事業"),
)
def _absence(sound: Sound) -> Iterator[Finding]:
    listed = {(item.source_id, item.initiative_id) for item in sound.package.initiatives}
    year = {item.source_id: item.report_fiscal_year or 0 for item in sound.package.sources}
    first_year: dict[str, int] = {}
    for source_id, initiative_id in listed:
        first_year[initiative_id] = min(year[source_id], first_year.get(initiative_id, year[source_id]))
    for line, item in sound.rows("absences"):
        successor = item.successor_initiative_id
        if (item.source_id, item.initiative_id) in listed:
            message = f"事業「{item.initiative_id}」は、「{item.source_id}」に載っています。"
            yield Finding("absences", line, "initiative_id", item.initiative_id, message)
        elif first_year.get(item.initiative_id, year[item.source_id]) >= year[item.source_id]:
            message = f"事業「{item.initiative_id}」は、「{item.source_id}」より前の報告にありません。"
            yield Finding("absences", line, "initiative_id", item.initiative_id, message)
        elif (item.outcome == "merged") != (successor is not None):
            message = "引き継いだ事業は、outcome が merged のときに、そのときだけ書きます。"
            yield Finding("absences", line, "successor_initiative_id", successor, message)
        elif successor is not None and (item.source_id, successor) not in listed:
            message = f"引き継いだ事業「{successor}」は、「{item.source_id}」に載っていません。"
            yield Finding("absences", line, "successor_initiative_id", successor, message)


#: Table → columns that are both filled or both empty.
_TOGETHER = {
    "sources": (("label_printed", "label_line"), ("issued_printed", "issued_line")),
    "policies": (("omission_printed", "omission_refers_to_policy_id"), ("toc_printed", "toc_line")),
    "indicators": (("unit", "is_unit_printed"),),
}


@cross_table(
    "together",
    "2つで1組の列（省略の印刷と指す先、単位と is_unit_printed など）は、両方にあるか両方とも空である。",
    "両方に書くか、両方を空にしてください。",
    example=("単位があり、is_unit_printed が空", "両方にある"),
)
def _together(sound: Sound) -> Iterator[Finding]:
    for table, pairs in _TOGETHER.items():
        for line, record in sound.rows(table):
            for pair in pairs:
                filled, empty = sorted(pair, key=lambda column: getattr(record, column) is None)
                if getattr(record, filled) is not None and getattr(record, empty) is None:
                    message = f"{filled} がありますが、{empty} が空です。"
                    yield Finding(table, line, empty, None, message)


# -- values ---------------------------------------------------------------------


@cross_table(
    "status-and-value",
    "status が reported なら値か言葉の一方だけがあり、ほかの status なら値はない。",
    "status か値を直してください。",
    needs=["observations", "settlements", "budgets"],
    example=("値が空で status が reported", "status は pending"),
)
def _status_and_value(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("observations"):
        filled = [name for name in ("value", "text") if getattr(item, name) is not None]
        if len(filled) == 2:
            yield Finding(
                "observations",
                line,
                "text",
                item.text,
                "値と言葉の値の両方があります。",
                "一方を空にしてください。",
            )
        else:
            yield from _status("observations", line, item, "value", filled)
        upper = item.upper_value
        if upper is not None and (item.value is None or upper <= item.value):
            message = f"幅の上の端「{upper}」が、下の端（value）より大きくありません。"
            yield Finding("observations", line, "upper_value", upper, message)
    for table in _AMOUNTS:
        for line, item in sound.rows(table):
            amount = "amount_thousand_yen"
            filled = [amount] if item.amount_thousand_yen is not None else []
            yield from _status(table, line, item, amount, filled)


#: The tables of amounts.
_AMOUNTS = ("settlements", "budgets")


def _status(table: str, line: int, item: Any, column: str, filled: list[str]) -> Iterator[Finding]:
    if item.status == "reported" and not filled:
        yield Finding(table, line, column, None, "status が reported（値あり）ですが、値が空です。")
    elif item.status != "reported" and filled:
        value = getattr(item, filled[0])
        message = f"「{shown(value)}」という値がありますが、status が {item.status} です。"
        yield Finding(table, line, "status", item.status, message)


@cross_table(
    "blank-as-printed",
    "status が blank（空欄）なら印刷も空で、ほかの status なら印刷がある。",
    "空欄なら status を blank に、印刷があれば printed にその字句を書いてください。",
    needs=["observations", "settlements", "budgets"],
    after=["status-and-value"],
    example=("印刷が「—」で status が blank", "status は not_stated"),
)
def _blank_as_printed(sound: Sound) -> Iterator[Finding]:
    for table in ("observations", *_AMOUNTS):
        for line, item in sound.rows(table):
            if item.status == "blank" and item.printed is not None:
                message = f"空欄（blank）ですが、「{shown(item.printed)}」と印刷されています。"
                yield Finding(table, line, "status", item.status, message)
            elif item.status != "blank" and item.printed is None:
                message = f"status が {item.status} ですが、印刷の字句が空です。"
                yield Finding(table, line, "printed", None, message)


@cross_table(
    "grade-in-legend",
    "評価（attributes の、kind が grade の欄）は、凡例（legend）にある値である。",
    "text を印刷のとおりに直すか、その評価と意味を、資料のとおりに attributes の attribute の legend に足してください。",
    needs=["attributes"],
    example=("凡例が A〜D で「E」", "「D」"),
)
def _grade_in_legend(sound: Sound) -> Iterator[Finding]:
    if "attributes" not in sound.tables:
        return
    codes = fields(sound.tables["attributes"].resource)["attribute"].get("categories", ())
    legends = {
        code["value"]: [each["value"] for each in code["legend"]] for code in codes if code.get("legend")
    }
    for line, item in sound.rows("attributes"):
        if item.text not in (legend := legends.get(item.attribute, [item.text])):
            message = (
                f"「{shown(item.text)}」は、{item.attribute} の凡例にありません（あるのは{quoted(legend)}）。"
            )
            yield Finding("attributes", line, "text", item.text, message)


@cross_table(
    "qualifier-of-value",
    "値の性質（qualifier）と時点（as_of_date）は、値があるときだけ書く。",
    "qualifier と as_of_date を空にするか、値を書いてください。",
    needs=["observations"],
    after=["status-and-value"],
    example=("値がなく qualifier が estimate", "qualifier は空"),
)
def _qualifier_of_value(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("observations"):
        if item.as_of_date is not None and item.status != "reported":
            message = f"値がないのに、値の時点「{item.as_of_date}」があります。"
            yield Finding("observations", line, "as_of_date", item.as_of_date, message)
        if item.qualifier is not None and item.status != "reported":
            message = f"値がないのに、値の性質「{item.qualifier}」があります。"
            yield Finding("observations", line, "qualifier", item.qualifier, message)


@cross_table(
    "value-of-kind",
    "数・割合の指標の値は数で、段階（言葉）の指標の値は言葉である。",
    "value と text のどちらに書くかを直すか、指標の value_kind を直してください。",
    needs=["indicators", "observations"],
    after=["status-and-value"],
    example=("言葉の指標の value に 1", "text に「策定」"),
)
def _value_of_kind(sound: Sound) -> Iterator[Finding]:
    reported = set()
    for line, item in sound.rows("observations"):
        kind = sound.package.document(item.source_id).indicator[item.indicator_id].value_kind
        wrong = "value" if kind == "qualitative" else "text"
        value = getattr(item, wrong)
        if value is not None and item.indicator_id not in reported:
            reported.add(item.indicator_id)
            message = f"指標「{item.indicator_id}」の値の種類は {kind} ですが、{wrong} に「{shown(value)}」があります。"
            yield Finding("observations", line, wrong, value, message)


@cross_table(
    "no-row-missing",
    "原資料の表の欄は、空欄でも1つ残らず行になっていて、表にない欄の行はない（指標ごとの年度・実績・目標など、事業ごとの額）。",
    "その行を足してください。印刷が空欄なら、status を blank にします。",
    needs=["sources", "initiatives", "indicators", "observations", "settlements", "budgets"],
    example=("2022年度の実績の行がない", "空欄でも行がある"),
)
def _no_row_missing(sound: Sound) -> Iterator[Finding]:
    held: dict[str, dict[tuple[str, str], set[Any]]] = {
        "indicators": defaultdict(set),
        "initiatives": defaultdict(set),
    }
    for item in sound.package.observations:
        held["indicators"][item.source_id, item.indicator_id].add((item.fiscal_year, item.role))
    for table in _AMOUNTS:
        for amount in getattr(sound.package, table):
            cell = (amount.fiscal_year, table.removesuffix("s"))
            held["initiatives"][amount.source_id, amount.initiative_id].add(cell)
    settled = {
        source.source_id: {(source.report_fiscal_year, "settlement")}
        for source in sound.package.sources
        if source.report_fiscal_year is not None and "settlements" in sound.tables
    }
    # What is printed of a policy itself stands in tables of another form.
    of_policies = {
        (item.source_id, item.initiative_id) for item in sound.package.initiatives if item.is_policy
    }
    for table, cells_of in held.items():
        in_source: dict[tuple[str, bool], list[tuple[int, str]]] = defaultdict(list)
        for line, item in sound.rows(table):
            group = (item.source_id, (item.source_id, item.initiative_id) in of_policies)
            in_source[group].append((line, getattr(item, _OWN_ID[table])))
        for (source_id, is_policy), members in in_source.items():
            counts = Counter(cell for _, member in members for cell in cells_of[source_id, member])
            # What most rows of a printed table have is a column of it: every row has it, and no row another.
            expected = {cell for cell, count in counts.items() if count * 2 > len(members)}
            if table == "initiatives" and not is_policy:
                expected |= settled.get(source_id, set())
            for line, member in members:
                held_here = cells_of[source_id, member]
                if missing := sorted(expected - held_here):
                    names = quoted(f"{year}年度 {role}" for year, role in missing)
                    message = f"「{member}」の{names}の行がありません。"
                    yield Finding(table, line, _OWN_ID[table], member, message)
                elif others := sorted(held_here - expected):
                    names = quoted(f"{year}年度 {role}" for year, role in others)
                    message = f"「{member}」に、同じ表のほかの行にはない{names}の行があります。"
                    remedy = "年度か role を直すか、その行を消してください。"
                    yield Finding(table, line, _OWN_ID[table], member, message, remedy)


_OWN_ID = {"indicators": "indicator_id", "initiatives": "initiative_id"}


#: The columns of every report; a note may be on none of them.
_COLUMNS_OF_NO_YEAR = ("", "name", "indicator", "unit", "activities")


@cross_table(
    "note-as-printed",
    "注記（source_notes）の印刷（printed）は、原資料のその行・その欄にある字句である。",
    "原資料の行から写し直すか、行番号（source_line）か欄（printed_column）を直してください。",
    needs=["sources", "source_notes", "observations", "settlements", "budgets", "attributes"],
    after=["source-text", "source-line"],
    example=("隣の行の字句", "その行の字句"),
)
def _note_as_printed(sound: Sound) -> Iterator[Finding]:
    cells = {
        (item.source_id, item.source_line, f"{item.role}_{item.fiscal_year}"): item.printed
        for _, item in sound.rows("observations")
    }
    cells |= {
        (item.source_id, item.source_line, f"{table[:-1]}_{item.fiscal_year}_thousand_yen"): item.printed
        for table in _AMOUNTS
        for _, item in sound.rows(table)
    }
    cells |= {
        (item.source_id, item.source_line, f"attribute_{item.attribute}"): item.text
        for _, item in sound.rows("attributes")
    }
    known = {(source_id, column) for source_id, _, column in cells}
    for line, note in sound.rows("source_notes"):
        column = note.printed_column or ""
        for number, text in sound.lines_of(note, ["source_line"]):
            cell = cells.get((note.source_id, number, column), text)  # that of a relisted row is not known
            if column not in _COLUMNS_OF_NO_YEAR and (note.source_id, column) not in known:
                message = f"「{note.source_id}」に「{shown(column)}」の欄はありません。"
                yield Finding("source_notes", line, "printed_column", column, message)
            elif note.printed not in " ".join(cell.split()):
                place = f"{number}行目" + (f"の {column}（「{shown(cell)}」）" if cell is not text else "")
                message = f"「{shown(note.printed)}」は、原資料の{place}にありません。"
                yield Finding("source_notes", line, "printed", note.printed, message)


@cross_table(
    "text-says-something",
    "言葉の値（text）は段階を表す言葉で、「—」「…」「×」のような値のない印ではない。",
    "text を空にして、status を not_stated などの理由にしてください。",
    needs=["observations"],
    after=["status-and-value"],
    example=("text に「—」", "status に not_stated"),
)
def _text_says_something(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("observations"):
        if item.text is not None and says_nothing(item.text):
            message = f"「{shown(item.text)}」は、値のない印です。"
            yield Finding("observations", line, "text", item.text, message)


@cross_table(
    "unit-of-report",
    "指標の単位は、前の報告と同じである（違えば、その間では比べず、図もつなげない）。",
    "原資料を確かめてください。単位が変わったのなら、そのままでかまいません。",
    needs=["sources", "indicators"],
    severity=WARNING,
    example=("前の報告は「万人」で、今の報告は「千人」", "「万人」"),
)
def _unit_of_report(sound: Sound) -> Iterator[Finding]:
    years = {item.source_id: item.report_fiscal_year or 0 for item in sound.package.sources}
    before: dict[str, str] = {}
    for line, item in sorted(sound.rows("indicators"), key=lambda row: years.get(row[1].source_id, 0)):
        unit = before.get(item.indicator_id)
        if item.unit and unit not in (None, item.unit):
            message = f"「{item.indicator_id}」の単位が、前の報告の「{shown(unit)}」から「{shown(item.unit)}」に変わっています。"
            yield Finding("indicators", line, "unit", item.unit, message)
        if item.unit:
            before[item.indicator_id] = item.unit


# -- readings and corrections -----------------------------------------------------

#: For so many rows that are not there the nearest is looked for; for each of thousands it would take minutes.
_HINTS = 200


@cross_table(
    "record-exists",
    "readings・corrections の表・行・列は、実際にある。",
    "表の名前、行のキー（複数の列なら「:」でつなぐ）、列の名前を確かめてください。",
    example=("ない事業のID", "実際にある事業のID"),
)
def _record_exists(sound: Sound) -> Iterator[Finding]:
    number = count()
    for table in ("readings", "corrections"):
        for line, item in sound.rows(table):
            if item.table_name not in sound.known_tables:
                near = meant(item.table_name, sound.known_tables)
                yield Finding(
                    table,
                    line,
                    "table_name",
                    item.table_name,
                    f"表「{shown(item.table_name)}」はありません。",
                    near,
                )
            elif item.table_name in sound.tables:
                known = sound.tables[item.table_name].columns
                keys = sound.cells[item.table_name]
                if item.column_name not in known:
                    message = f"表「{item.table_name}」に列「{shown(item.column_name)}」はありません。"
                    yield Finding(
                        table, line, "column_name", item.column_name, message, meant(item.column_name, known)
                    )
                elif item.record_key not in keys:
                    message = f"表「{item.table_name}」に行「{shown(item.record_key)}」はありません。"
                    near = meant(item.record_key, keys) if next(number) < _HINTS else ""
                    yield Finding(table, line, "record_key", item.record_key, message, near)


@cross_table(
    "reading-as-published",
    "readings の値は、その行に公開している値と同じである。",
    "どちらが正しいか確かめて、同じ値にしてください。",
    after=["record-exists"],
    example=("表にある値と違う読み取り", "表と同じ値"),
)
def _reading_as_published(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("readings"):
        published = sound.cell(item)
        if published is not None and item.value != published:
            message = f"「{shown(item.value)}」とありますが、公開している値は「{shown(published)}」です。"
            yield Finding("readings", line, "value", item.value, message)


@cross_table(
    "correction-as-published",
    "corrections の公開する値は、その行に公開している値と同じで、原資料の値とは異なる。",
    "違うほうを直してそろえるか、訂正でなければ corrections.csv のこの行を消してください。",
    after=["record-exists"],
    example=("原資料の値のままの訂正", "訂正した値"),
)
def _correction_as_published(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("corrections"):
        published = sound.cell(item)
        stated = item.published_value or ""
        if published is not None and stated != published:
            where = f"表「{item.table_name}」の行「{shown(item.record_key)}」の {item.column_name} "
            message = f"「{shown(stated)}」とありますが、{where}は「{shown(published)}」です。"
            yield Finding("corrections", line, "published_value", stated, message)
        elif item.source_value == item.published_value:
            message = f"公開する値「{shown(stated)}」が原資料の値と同じで、訂正になっていません。"
            yield Finding("corrections", line, "published_value", stated, message)
        elif item.column_name in ("printed", "source_id", "source_line"):
            message = "何がどこに印刷されているかは、訂正できません。"
            yield Finding("corrections", line, "column_name", item.column_name, message)


_PRINTED_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")


def _printed_numbers(printed: str) -> list[Decimal]:
    """The numbers in a printed cell, in their order."""
    signed = re.sub(r"[▲△−]\s?(?=[0-9])", "-", unicodedata.normalize("NFKC", printed))
    found = _PRINTED_NUMBER.findall(signed)
    return [Decimal(number.replace(",", "")) for number in found]


@cross_table(
    "correction-says-why",
    "corrections の理由は、書いてある（貼り付けた行の「…を書いてください」のままではない）。",
    "なぜ印刷と違う値を公開するのかを書いてください。",
    needs=["corrections"],
    example=("理由を書いてください", "市が来場者数を訂正したため（2023年5月10日の発表）。"),
)
def _correction_says_why(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("corrections"):
        if WRITE_REASON in item.reason or says_nothing(item.reason):
            yield Finding(
                "corrections",
                line,
                "reason",
                item.reason,
                f"「{shown(item.reason)}」は、理由になっていません。",
            )


#: So many times what it was a year before: rather another unit than another year.
_SUDDEN = 500


@cross_table(
    "thousandfold",
    f"値は、前の年度の{_SUDDEN}倍や{_SUDDEN}分の1にならない（千円の列に円や百万円で書く、といった誤りを防ぐ）。",
    "単位を確かめてください。原資料にその値があるなら、そのままでかまいません。",
    needs=["observations", "settlements", "budgets"],
    severity=WARNING,
    example=("前の年度が 56780 で 61200000", "61200"),
)
def _thousandfold(sound: Sound) -> Iterator[Finding]:
    series: dict[tuple[str, ...], list[tuple[int, Decimal, int]]] = defaultdict(list)
    columns = {"observations": "value", **dict.fromkeys(_AMOUNTS, "amount_thousand_yen")}
    for line, item in sound.rows("observations"):
        if item.value is not None and item.value in _printed_numbers(item.printed or "")[:1]:
            series["observations", item.indicator_id, item.role].append((item.fiscal_year, item.value, line))
    for table in _AMOUNTS:
        for line, item in sound.rows(table):
            amount = item.amount_thousand_yen
            if amount is not None and amount in _printed_numbers(item.printed or "")[:1]:
                series[table, item.initiative_id].append((item.fiscal_year, Decimal(amount), line))
    for (table, *_), values in series.items():
        positive = [item for item in sorted(values) if item[1] > 0]
        for (_, before, _), (year, value, line) in pairwise(positive):
            if max(value, before) >= min(value, before) * _SUDDEN:
                times = f"{value / before:.0f}倍" if value > before else f"{before / value:.0f}分の1"
                message = f"{year}年度の「{value}」は、その前の値「{before}」の{times}です。"
                yield Finding(table, line, columns[table], value, message)


@cross_table(
    "spent-after-the-end",
    "終了・統合した事業に、最後の年度より後の決算の額はない。",
    "終わった年度と金額を確かめてください。原資料のとおりなら、そのままでかまいません。",
    needs=["initiatives", "settlements"],
    after=["lifecycle", "merged-in-a-circle"],
    severity=WARNING,
    example=("令和3年度に終わった事業の、令和4年度の 56780", "「—」"),
)
def _spent_after_the_end(sound: Sound) -> Iterator[Finding]:
    ended = {
        (item.source_id, item.initiative_id): item.last_fiscal_year for item in sound.package.initiatives
    }
    for line, item in sound.rows("settlements"):
        last = ended.get((item.source_id, item.initiative_id))
        if last is not None and item.fiscal_year > last and item.amount_thousand_yen:
            message = f"{last}年度で終わった事業の、{item.fiscal_year}年度の決算の額です。"
            yield Finding("settlements", line, "amount_thousand_yen", item.amount_thousand_yen, message)


@cross_table(
    "number-in-order",
    "見出しの番号は、印刷された順に1から続く（見出しが1つ抜けると、その下の取組が別の施策に入る）。",
    "抜けた見出しがないか確かめてください。原資料のとおりなら、そのままでかまいません。",
    needs=["policies"],
    after=["tree-levels", "positions"],
    severity=WARNING,
    example=("施策1の次が施策3", "施策2"),
)
def _number_in_order(sound: Sound) -> Iterator[Finding]:
    for line, item in sound.rows("policies"):
        number = unicodedata.normalize("NFKC", item.number_printed or "")
        if number.isdecimal() and int(number) != item.position:
            message = f"「{item.title}」は{item.position}番目ですが、番号は「{item.number_printed}」です。"
            yield Finding("policies", line, "number_printed", item.number_printed, message)


@cross_table(
    "cumulative-falls",
    "累計の実績は、同じ報告の前の年度より小さくならない（疑いの注記があるものを除く）。",
    "値と年度を確かめてください。原資料のとおりなら、source_notes.csv に疑いの注記（category は value）を加えてください。",
    needs=["indicators", "observations", "source_notes"],
    severity=WARNING,
    example=("累計の実績が 90 の翌年度に 59", "104"),
)
def _cumulative_falls(sound: Sound) -> Iterator[Finding]:
    doubted = {
        (note.source_id, note.source_line) for note in sound.package.source_notes if note.category == "value"
    }
    indicators = sound.package.indicators
    noted = {item.indicator_id for item in indicators if (item.source_id, item.source_line) in doubted}
    cumulative = {
        (item.source_id, item.indicator_id)
        for item in indicators
        if item.accumulation == "cumulative" and item.indicator_id not in noted
    }
    before: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for line, item in sorted(sound.rows("observations"), key=lambda row: row[1].fiscal_year):
        series = (item.source_id, item.indicator_id)
        if series not in cumulative or item.role != "actual" or item.value is None:
            continue
        year, value = before.get(series, (item.fiscal_year, item.value))
        if item.value < value:
            message = f"累計の「{item.value}」が、{year}年度の「{value}」より小さくなっています。"
            yield Finding("observations", line, "value", item.value, message)
        before[series] = (item.fiscal_year, item.value)


def is_in_future(day: str) -> bool:
    """Whether a day or month (``2024-05``) has not come; where the day begins earlier, tomorrow has."""
    return day > str(date.today() + timedelta(days=1))[: len(day)]


@cross_table(
    "date-in-future",
    "訂正した日、資料の発行年月、版の日時（created）は、まだ来ていない日ではない。",
    "年月日を確かめてください。",
    severity=WARNING,
    example=("2124-05-01", "2024-05-01"),
)
def _date_in_future(sound: Sound) -> Iterator[Finding]:
    for name, table in sound.tables.items():
        for field in table.resource["schema"]["fields"]:
            if field["type"] not in ("date", "yearmonth"):
                continue
            for line, item in sound.rows(name):
                value = getattr(item, field["name"])
                if value is not None and is_in_future(str(value)):
                    message = f"「{value}」は、まだ来ていません。"
                    yield Finding(name, line, field["name"], value, message)


@cross_table(
    "date-of-report",
    "報告の発行と、それについての訂正や変更の日は、報告の年度の4月より後である。終わった事業の最後の年度は、報告の年度までである。",
    "年を確かめてください。",
    needs=["sources"],
    example=("令和4年度の報告への訂正が 2021-04-01", "2024-04-01"),
)
def _date_of_report(sound: Sound) -> Iterator[Finding]:
    reported = {item.source_id: item.report_fiscal_year for item in sound.package.sources}
    issued = {item.source_id: item.issued_month for item in sound.package.sources}
    for name, table in sound.tables.items():
        if "source_id" not in table.columns:
            continue
        types = {field["name"]: field["type"] for field in table.resource["schema"]["fields"]}
        # A report may well print a value of a day before it.
        dates = [
            column
            for column, kind in types.items()
            if kind in ("date", "yearmonth") and column != "as_of_date"
        ]
        for line, item in sound.rows(name):
            year = reported.get(item.source_id)
            first = f"{year}-04" if year is not None else ""
            if name != "sources":
                first = max(first, issued.get(item.source_id) or "")
            for column in dates:
                value = getattr(item, column)
                if value is not None and str(value)[: len(first)] < first:
                    message = f"「{value}」は、原資料「{item.source_id}」の{first}より前です。"
                    yield Finding(name, line, column, value, message)
            last = getattr(item, "last_fiscal_year", None)
            if last is not None and year is not None and last > year:
                message = f"「{last}」は、報告の年度（{year}年度）より後です。"
                yield Finding(name, line, "last_fiscal_year", last, message)
