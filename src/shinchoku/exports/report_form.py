"""A report as a form to fill in: line by line what is printed, and what may be changed.

The form of a report holds its lines as they are printed, corrections left
out. The form of the following fiscal year has the same lines with every year
moved by one: past actuals are those published, the new year's cells are empty.
Either way row N stands for line N, so that what is found in the file that
comes back is found in the document. Must not know how a workbook is made.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shinchoku import fiscal_year
from shinchoku.package import dictionary, reprint
from shinchoku.package.descriptor import PackageError
from shinchoku.package.editions import Package
from shinchoku.package.records import Listing, Observation
from shinchoku.text import without_format, without_markup

_STAR = "★"
_FIRST_HEADER = "取組"
_RULE = re.compile(r"-{2,}")
_YEAR_OF_KEY = re.compile(r"(?<=_)[0-9]{4}")

#: What people do with a cell: fill it in; change it only if it was wrong; keep it
#: like the row it repeats; leave it alone; leave it alone because the initiative has ended.
FILL, REVISE, REPEAT, FIXED, ENDED = "fill", "revise", "repeat", "fixed", "ended"
#: What the year after its end says of an initiative.
_NOTHING = "—"
_VALUES = ("actual", "target")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, the role of its column, and what people do with it."""

    text: str
    role: str
    use: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something on it.

    ``kind`` is the level of a heading, ``header``, ``table`` or ``other``;
    ``texts`` is what stands there if it is no row of a table.
    """

    number: int
    kind: str
    row_id: str
    texts: tuple[str, ...] = ()
    has_star: bool = False
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """What is printed where there is no value: in columns of which role, what it means and how often."""

    role: str
    printed: str
    meaning: str
    count: int


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. ``columns`` are the roles of the columns of its tables, in print order."""

    title: str
    fiscal_year: int
    is_following: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    words: tuple[Word, ...]


def newest_report(package: Package) -> str:
    """The id of the newest report. Raises ``PackageError`` where there is none."""
    reports = [
        (source.report_fiscal_year, source.source_id)
        for source in package.sources
        if source.report_fiscal_year is not None
    ]
    if not reports:
        raise PackageError("進捗状況の報告がないので、入力用の表を作れません。")
    return max(reports)[1]


def form(package: Package, source_id: str, is_following: bool = False) -> Form:
    """The form of a report, or of the year that follows it. Raises ``PackageError``."""
    source = package.source.get(source_id)
    if source is None or source.report_fiscal_year is None:
        reports = "、".join(s.source_id for s in package.sources if s.report_fiscal_year is not None)
        raise PackageError(f"「{source_id}」という報告はありません（あるのは {reports or 'なし'}）。")
    shift = int(is_following)
    year = source.report_fiscal_year + shift
    keys = reprint.printed_columns(package, source_id)
    keys = keys[keys.index("name") :]
    return Form(
        title=fiscal_year.moved(source.title, shift),
        fiscal_year=year,
        is_following=is_following,
        columns=tuple(_role(key) for key in keys),
        rows=tuple(_rows(package, source_id, keys, shift, year)),
        words=tuple(_words(package, source_id)),
    )


def _role(key: str) -> str:
    return key.partition("_")[0]


# -- lines -------------------------------------------------------------------


def _rows(package: Package, source_id: str, keys: Sequence[str], shift: int, year: int) -> Iterator[Row]:
    policies = [node for node in package.policies if node.source_id == source_id]
    headings = {node.source_line: node for node in policies if node.heading_printed}
    tables = _Tables(package, source_id, keys, shift, year)
    is_below_header = False
    for number, line in enumerate(package.source_lines[source_id], 1):
        texts = tuple(cell.strip() for cell in line.split("\t"))
        alone = tuple(filter(None, texts))
        if all(_RULE.fullmatch(text) for text in alone):
            continue
        if number in tables.listings:
            yield tables.row(number, line)
        elif alone[0] == _FIRST_HEADER or (is_below_header and not any(texts[:2])):
            yield Row(number, "header", "", tables.header(texts))
        elif number in headings and len(alone) == 1:
            yield Row(number, headings[number].level, headings[number].policy_id, alone)
        else:
            yield Row(number, "other", "", tuple(fiscal_year.moved(text, shift) for text in alone))
        is_below_header = number not in tables.listings and (alone[0] == _FIRST_HEADER or is_below_header)


class _Tables:
    """The rows of a report's tables; ``keys`` are the columns as printed, ``shown`` those of the form."""

    def __init__(self, package: Package, source_id: str, keys: Sequence[str], shift: int, year: int) -> None:
        self.file = package.source[source_id].file
        self.keys, self.shift, self.year = keys, shift, year
        self.shown = [_YEAR_OF_KEY.sub(lambda year: str(int(year[0]) + shift), key) for key in keys]
        self.listings = {item.source_line: item for item in package.listings if item.source_id == source_id}
        self.published = {
            row["source_line"]: row for row in reprint.printed_rows(_with_corrections(package), source_id)
        }
        self.ended = {
            item.initiative_id
            for item in package.initiatives
            if item.source_id == source_id
            and item.lifecycle_printed is not None
            and (item.last_fiscal_year is None or item.last_fiscal_year < year)
        }
        self.pending = {
            (item.source_line, f"{item.role}_{item.fiscal_year}")
            for item in package.observations
            if item.source_id == source_id and item.status == "pending"
        }

    def header(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """A header line as wide as the table, its years moved."""
        texts = (texts + ("",) * len(self.keys))[: len(self.keys)]
        return tuple(fiscal_year.moved(text, self.shift) for text in texts)

    def row(self, number: int, line: str) -> Row:
        """A row of a table."""
        listing = self.listings[number]
        has_star, printed = self._printed(number, line)
        texts = self._following(listing, printed) if self.shift else printed
        cells = (Cell(texts[key], _role(key), self._use(listing, key)) for key in self.shown)
        return Row(number, "table", listing.initiative_id, (), has_star, tuple(cells))

    def _printed(self, number: int, line: str) -> tuple[bool, dict[str, str]]:
        """Whether the row has the mark, which stands in a column of its own or before the name; its cells."""
        cells = [without_markup(cell) for cell in line.split("\t")]
        has_star = cells[0].startswith(_STAR)
        if len(cells) == len(self.keys) + 1 and cells[0] in ("", _STAR):
            cells = cells[1:]
        cells = [cells[0].removeprefix(_STAR).strip(), *cells[1:]]
        if len(cells) < len(self.keys) or any(cells[len(self.keys) :]):
            raise PackageError(f"{self.file} {number}行目: 表の列が{len(self.keys)}個ではありません。")
        return has_star, dict(zip(self.keys, cells, strict=False))

    def _following(self, listing: Listing, printed: Mapping[str, str]) -> dict[str, str]:
        """What is known of the next report's row: the past, and of what has ended that it has."""
        published = self.published[listing.source_line]
        known = {key: str(published[key]) for key in self.keys if _role(key) in ("indicator", "actual")}
        texts = {key: known.get(key, "") for key in self.shown} | {"name": printed["name"]}
        if listing.initiative_id in self.ended:
            texts |= {key: _NOTHING for key in self.shown if key not in known and _role(key) in _VALUES}
            for key, shown in zip(self.keys, self.shown, strict=True):
                if _role(key) in ("activities", "settlement"):
                    texts[shown] = str(published[key])
        return texts

    def _use(self, listing: Listing, key: str) -> str:
        role, _, rest = key.partition("_")
        is_further = listing.indicator_position > 1  # what was done, and for how much, is said once
        if role == "name" or (is_further and role in ("activities", "settlement")):
            return FIXED
        is_past = role == "actual" and int(rest) < self.year
        is_of_year = role != "indicator" and not is_past
        if self.shift and is_of_year and listing.initiative_id in self.ended:
            return ENDED
        if listing.is_relisted:
            return REPEAT
        if role == "indicator" or (is_past and (listing.source_line, key) not in self.pending):
            return REVISE
        return FILL


def _with_corrections(package: Package) -> Package:
    """As if every corrected value had been printed as it is published."""
    corrected = {item.record_key for item in package.corrections if item.table_name == "observations"}

    def published(item: Observation) -> Observation:
        if f"{item.source_id}:{item.indicator_id}:{item.fiscal_year}:{item.role}" not in corrected:
            return item
        return replace(item, printed=item.text or item.printed if item.value is None else f"{item.value:,f}")

    return replace(package, observations=tuple(map(published, package.observations)))


# -- words -------------------------------------------------------------------


def _words(package: Package, source_id: str) -> Iterator[Word]:
    """The words that stand where there is no value, by role, the most used of each status first.

    Those that say more than their status are left to be typed, unless it is printed in no other way.
    """
    statuses = dictionary.codes(package, "settlements", "status") | dictionary.codes(
        package, "observations", "status"
    )
    printed: dict[tuple[str, str], Counter[tuple[bool, str]]] = defaultdict(Counter)
    for item in package.observations:
        if item.source_id == source_id and item.value is None and item.text is None and item.printed:
            printed[item.role, item.status][_word(item.printed, item.remark)] += 1
    for amount in package.settlements:
        if amount.source_id == source_id and amount.amount_thousand_yen is None and amount.printed:
            printed["settlement", amount.status][False, amount.printed] += 1
    for (role, status), counted in sorted(printed.items()):
        plainest = min(is_particular for is_particular, _ in counted)
        seen = set()  # of 「—」 and 「-」 one is enough
        for (is_particular, text), count in counted.most_common():
            if is_particular == plainest and without_format(text) not in seen:
                seen.add(without_format(text))
                yield Word(role, text, statuses[status].label, count)


def _word(printed: str, remark: str | None) -> tuple[bool, str]:
    """Whether the words suit one case only, and the words: without a remark that follows them."""
    bare = printed.removesuffix(f"({remark})").strip()
    if remark is None or (bare != printed and any(map(str.isalpha, bare))):
        return False, bare
    return True, printed
