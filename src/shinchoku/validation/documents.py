"""Is every published value what its own cell of the document prints?

The documents are read again, as an import reads them, and each record is held against the published one;
they may differ only by ``corrections``. So the line and the cell are known where a value is not the printed
one. Without the files of decisions (a published package has none) what those decide is taken as published.
Needs sources whose texts are sound. At most one problem a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from shinchoku import fiscal_year, importing
from shinchoku.package.cells import as_text
from shinchoku.package.descriptor import levels, primary_key, read_descriptor
from shinchoku.package.records import columns
from shinchoku.package.writing import table_bytes
from shinchoku.paths import DECISIONS
from shinchoku.text import quoted, shown
from shinchoku.validation import as_published
from shinchoku.validation.cross_table import Sound, correction
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import ERROR, WARNING, Problem, Stage, rule

_rule = partial(rule, Stage.SOURCES)

AS_PRINTED = _rule(
    "as-printed",
    "公開する値は、原資料のその行・その欄に印刷されたもの（印刷から決まらないものは、判断ファイルのもの）である。違ってよいのは、corrections にあるときだけである。",
    "原資料を確かめて、印刷のとおりに直してください。",
    example=("原資料の519行目の令和4年度実績「90」に対して 80", "90"),
)
CORRECTED = _rule(
    "correction-as-printed",
    "corrections の原資料の値（source_value）と行番号は、その欄に印刷されたものである。",
    "印刷のとおりに直してください。印刷がもう公開する値と同じなら、その行を消してください。",
    example=("印刷は「175」で、source_value が 174", "175"),
)
READABLE = _rule(
    "document-readable",
    "原資料と判断ファイルは、取り込み（import）が読める。",
    "原資料と判断ファイルを元に戻すか、その行を写した表の行番号（source_line など）を確かめてください。",
    example=("判断ファイルの、どの事業のものでもない名前", "印刷のとおりの名前"),
)
UNKNOWN_FORM = _rule(
    "document-form",
    "原資料は、取り込み（import）が読める形で、表の値と比べられる。",
    "値が原資料と同じか、目で確かめてください。",
    example=("表のない文書", "進捗状況の報告"),
    severity=WARNING,
)

#: Rules that find, without a document, some of what a comparison with it finds better.
CONSEQUENCES = frozenset(
    "no-row-missing thousandfold cumulative-falls reading-as-published one-original-listing positions tree-levels lifecycle"
    " listing-under-direction merged-in-a-circle indicator-of-initiative status-and-value blank-as-printed"
    " qualifier-of-value value-of-kind together omission-elsewhere difference-of-relisting".split()
)

_OR_CORRECT = "理由があって変えたのなら、次の行を corrections.csv の終わりに貼り、理由を書いてください。"
_OR_COPY = "印刷が公開する値のとおりで、原資料の写しのほうが違うなら、写しを直して取り込み直してください（「数字を1つ直す」の「写し間違いを直す」）。"
_DECIDED = (
    f"読み取りを変えるなら、{DECISIONS}/ を理由と共に直して import を実行してください"
    "（表だけを直すと、次の取り込みで元に戻ります）。"
)
#: Columns that no document settles.
_OF_DECISIONS = frozenset(
    {
        "publisher",
        "terms",
        "url",
        "file",
        "is_loan_fund",
        "desired_direction",
        "programme_id",
        "reason",
        "outcome",
    }
    | {"membership_confidence", "membership_reason", "successor_initiative_id"}
)
#: Column → the column of the print that it is read from.
_READ_FROM = {
    **dict.fromkeys(
        ("value", "text", "status", "qualifier", "as_of_date", "remark", "amount_thousand_yen"), "printed"
    ),
    **dict.fromkeys(("lifecycle", "last_fiscal_year", "merged_into_initiative_id"), "lifecycle_printed"),
    **dict.fromkeys(("label", "unit", "is_unit_printed", "accumulation"), "name_printed"),
    **dict.fromkeys(("first_fiscal_year", "period_years"), "heading_printed"),
    "partner_amount_thousand_yen": "amount_printed",
    "applicant_type": "applicants_printed",
    "issued_month": "issued_printed",
}
#: Column → the column of the line on which it is printed, where that is not the row's.
_LINES = {"amount_thousand_yen": "amount_line", "partner_amount_thousand_yen": "amount_line"}
_LINES |= {"amount_printed": "amount_line", "issued_month": "issued_line", "issued_printed": "issued_line"}
_LINES |= {"label_printed": "label_line", "toc_printed": "toc_line", "toc_page": "toc_line"}

Key = tuple[Any, ...]


def check(sound: Sound, problems: Collection[Problem]) -> list[Problem]:
    """What the tables say otherwise than the documents, but for rows that have an error already."""
    errors = [problem for problem in problems if problem.severity == ERROR]
    is_decided = (sound.directory / DECISIONS).is_dir()
    needed = {"sources", "corrections"} if is_decided else sound.known_tables
    if not needed <= sound.tables.keys() or (errors and not is_decided):
        return []
    try:
        if is_decided:
            nothing = dict.fromkeys(importing.EDITORIAL_TABLES, ())
            plan = levels(read_descriptor(sound.directory))
            printed = importing.run_import(sound.directory, nothing, {}, plan)
        else:
            printed = as_published.tables(sound.package, sound.directory) | {
                "readings": list(sound.package.readings)
            }
    except importing.ImportProblem as error:
        declared = UNKNOWN_FORM if isinstance(error, as_published.UnknownForm) else READABLE
        return [
            # There is no file of decisions to mend, where what was decided is taken from the tables.
            declared.problem(
                each.file, each.message, line=each.line, remedy=each.answer if is_decided else None
            )
            for each in error.problems
        ]
    told = {(problem.file, problem.line) for problem in errors if problem.rule not in CONSEQUENCES}
    return [problem for problem in _compared(sound, printed) if (problem.file, problem.line) not in told]


def _compared(sound: Sound, printed: importing.Tables) -> Iterator[Problem]:
    compared = [
        _Compared(sound, table, printed[name])
        for name, table in sound.tables.items()
        if name in printed and name not in importing.EDITORIAL_TABLES
    ]
    yield from _corrections(sound, {each.table.name: each for each in compared})
    #: Id as published → as it should be: of one that is another everywhere, the first row is told.
    renamed: dict[str, str] = {}
    for each in compared:
        yield from each.problems(renamed)


def _corrections(sound: Sound, compared: Mapping[str, _Compared]) -> Iterator[Problem]:
    """The corrections of a cell that is printed otherwise than they say."""
    for line, item in sound.rows("corrections"):
        record = (
            compared[item.table_name].by_key.get(item.record_key) if item.table_name in compared else None
        )
        if record is None or item.column_name not in columns(type(record)):
            continue  # told by the rules
        problem = partial(CORRECTED.problem, sound.tables["corrections"].file, line=line)
        stated, cell = item.source_value or "", as_text(getattr(record, item.column_name))
        own = {getattr(record, name) for name in columns(type(record)) if name.endswith("_line")}
        if stated != cell:
            message = f"「{_said(stated)}」とありますが、原資料では「{_said(cell)}」です。"
            yield problem(message, column="source_value", value=stated)
        elif item.source_id != record.source_id or item.source_line not in own:
            line_there = getattr(record, _line_column(record, item.column_name))
            cited = f"「{item.source_id}」の{item.source_line}行目"
            message = f"{cited}とありますが、訂正した値は「{record.source_id}」の{line_there}行目にあります。"
            remedy = f"source_id を「{record.source_id}」、source_line を「{line_there}」にしてください。"
            yield problem(message, column="source_line", value=item.source_line, remedy=remedy)


class _Compared:
    """A published table beside the records that the documents make."""

    def __init__(self, sound: Sound, table: Table, printed: list[Any]) -> None:
        self.sound, self.table = sound, table
        self.key = primary_key(table.resource)
        self.by_key = {self._key(record): record for record in printed}
        #: The documents of which there is nothing to hold a row against.
        self.without_text = {item.source_id for item in sound.package.sources if not item.file}
        self.titles = {field["name"]: field["title"] for field in table.resource["schema"]["fields"]}
        self.corrected = {
            (item.record_key, item.column_name): item
            for item in sound.package.corrections
            if item.table_name == table.name
        }

    def _key(self, record: Any) -> str:
        return ":".join(as_text(getattr(record, name)) for name in self.key)

    def problems(self, renamed: dict[str, str]) -> Iterator[Problem]:
        """What is otherwise; an id that is another in all its rows is added to ``renamed``."""
        missing, others = dict(self.by_key), []
        for line, published in self.sound.rows(self.table.name):
            if getattr(published, "source_id", None) in self.without_text:
                missing.pop(self._key(published), None)
                continue
            as_named = _with(published, renamed)
            printed = missing.pop(self._key(as_named), None)
            if printed is None:
                others.append((line, published, as_named))
            elif printed != as_named:
                yield from self._row(line, as_named, printed)
        for line, published, as_named in others:
            printed = _likest(as_named, missing.values())
            if printed is None:
                message = (
                    f"「{shown(self._key(published))}」という行は、原資料と{DECISIONS}/ からはできません。"
                )
                remedy = "どの行とも同じでない行なら、消してください。"
                yield AS_PRINTED.problem(self.table.file, message, line=line, remedy=remedy)
                continue
            del missing[self._key(printed)]
            for column in self.key:
                old, new = getattr(published, column), getattr(printed, column)
                if old != new and column.endswith("_id") and column == self.key[-1]:
                    renamed[old] = new
            yield from self._row(line, as_named, printed)
        if missing:
            message = f"原資料にある行がありません{quoted(missing)}。"
            rows = (
                table_bytes([next(iter(missing.values()))], self.table.resource).decode("utf-8").split("\n")
            )
            remedy = "消した行を元に戻してください。" + (
                "" if len(missing) > 1 else "その行は次のとおりです。"
            )
            yield AS_PRINTED.problem(
                self.table.file, message, remedy=remedy, paste=rows[1] if len(missing) == 1 else None
            )

    def _row(self, line: int, published: Any, printed: Any) -> Iterator[Problem]:
        """A row in which something is neither as printed nor corrected."""
        key = self._key(printed)
        different = [
            column
            for column in sorted(columns(type(printed)), key=_is_read)
            if getattr(published, column) != getattr(printed, column) and (key, column) not in self.corrected
        ]
        if different:
            yield self._problem(line, published, printed, *different)

    def _problem(self, line: int, published: Any, printed: Any, column: str, *others: str) -> Problem:
        value, said = (as_text(getattr(record, column)) for record in (published, printed))
        remedy = f"「{shown(said)}」に直してください。" if said else "空にしてください。"
        offered = None
        if self._is_decided(column):
            message = f"「{_said(value)}」とありますが、{DECISIONS}/ の判断では「{_said(said)}」です。"
            remedy += _DECIDED
        else:
            read_from = self._read_from(column)
            cell = as_text(getattr(printed, read_from))
            where = f"原資料の{getattr(printed, _line_column(printed, column))}行目"
            is_line = column.endswith("_line")
            if is_line:
                message = f"「{_said(value)}」とありますが、この行は{where}のものです。"
            else:
                and_so = "" if cell == said else f"で、{column} は「{_said(said)}」"
                cited = f"{where}の{self._cell(printed, read_from)}は「{_said(cell)}」{and_so}"
                message = f"「{_said(value)}」とありますが、{cited}です。"
            if column not in self.key and column != "printed" and not is_line:
                remedy += _OR_CORRECT
                line_column = _line_column(printed, column)
                offered = correction(self.table, published, column, said, line_column)
            elif not is_line:
                remedy += _OR_COPY
        if others:
            message += f"{'・'.join(others)} も違います。"
        return AS_PRINTED.problem(
            self.table.file, message, line=line, column=column, value=value, remedy=remedy, paste=offered
        )

    def _is_decided(self, column: str) -> bool:
        is_own_id = column.endswith("_id") and column == self.key[-1]
        return is_own_id or self.table.name in ("readings", "absences") or column in _OF_DECISIONS

    def _read_from(self, column: str) -> str:
        names = (
            _READ_FROM.get(column, column),
            "amount_printed" if column == "amount_thousand_yen" else column,
        )
        return next((name for name in names if name in self.titles), column)

    def _cell(self, printed: Any, column: str) -> str:
        """What the document calls a cell."""
        match self.table.name:
            case "observations":
                roles = next(f for f in self.table.resource["schema"]["fields"] if f["name"] == "role")
                role = next(c["label"] for c in roles["categories"] if c["value"] == printed.role)
                return f"{fiscal_year.era(printed.fiscal_year)}{role}"
            case "settlements" | "budgets":
                return f"{fiscal_year.era(printed.fiscal_year)}の{self.table.resource['title']}"
            case "attributes":
                return f"「{printed.attribute}」"
            case "activities" | "grant_descriptions":
                return f"{self.table.resource['title']}の{printed.position}番目"
            case "listing_differences":
                return f"「{printed.printed_column}」"
        return self.titles[column]


def _is_read(column: str) -> bool:
    """Whether a column is read from what is printed: the print itself is told first."""
    return not (column == "printed" or column.endswith("_printed"))


def _with(record: Any, renamed: Mapping[str, str]) -> Any:
    ids = [name for name in columns(type(record)) if name.endswith("_id")] if renamed else []
    changes = {name: renamed[value] for name in ids if (value := getattr(record, name)) in renamed}
    return replace(record, **changes) if changes else record


#: So many rows are looked through for the one that a row without its key was.
_LOOKED_THROUGH = 200


def _likest(record: Any, others: Iterable[Any]) -> Any | None:
    """The record that says the most of what ``record`` says, if that is more than half."""
    names = columns(type(record))
    best, most = None, len(names) / 2
    for other in islice(others, _LOOKED_THROUGH):
        same = sum(getattr(record, name) == getattr(other, name) for name in names)
        if same > most:
            best, most = other, same
    return best


def _line_column(record: Any, column: str) -> str:
    """The column with the line of the document in which a cell is printed."""
    names = (_LINES.get(column, ""), "source_line", "title_line")
    return next(name for name in names if hasattr(record, name))


def _said(cell: str) -> str:
    return shown(cell) if cell else "空欄"
