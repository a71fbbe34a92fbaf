"""A report as a form to fill in: line by line what is printed, and what may be changed.

The form of a report holds its lines as they are printed, corrections left
out. The form of the following fiscal year has the same lines with every year
moved by one: past actuals are those published, the new year's cells are empty.
Either way row N stands for line N, so that what is found in the file that
comes back is found in the document. Which column of the print is which is told
by what stands in it. Must not know how a workbook is made.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shinchoku import fiscal_year
from shinchoku.package import dictionary, reprint
from shinchoku.package.descriptor import PackageError
from shinchoku.package.editions import Package, View
from shinchoku.package.records import Listing, Observation
from shinchoku.text import without_format, without_markup

_RULE = re.compile(r"-{2,}")
_YEAR_OF_KEY = re.compile(r"(?<=_)[0-9]{4}")

#: What people do with a cell: fill it in; change it only if it was wrong; keep it
#: like the row it repeats; leave it alone; leave it alone because the initiative has ended.
FILL, REVISE, REPEAT, FIXED, ENDED = "fill", "revise", "repeat", "fixed", "ended"
#: What the year after its end says of an initiative.
_NOTHING = "—"
_VALUES = ("actual", "target")
#: Said once of an initiative, however many indicators it has.
_OF_INITIATIVE = ("activities", "settlement", "budget", "attribute")
#: The same in every year's report, unless it was wrong.
_STABLE = ("indicator", "unit", "base")
#: A column that the tables hold nothing of.
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, the role of its column, and what people do with it."""

    text: str
    role: str
    use: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something on it.

    ``kind`` is ``heading``, ``header``, ``table``, ``issued`` (who issued it and when) or ``other``; ``depth`` is that
    of a heading in the tree, from 0;
    ``texts`` is what stands there if it is no row of a table.
    """

    number: int
    kind: str
    row_id: str
    texts: tuple[str, ...] = ()
    has_mark: bool = False
    cells: tuple[Cell, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the tables: its role, what it is called, and whether it is a grade of the city's own."""

    role: str
    label: str
    is_grade: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """What is printed where there is no value, or a grade: in columns called what, what it means and how often."""

    label: str
    printed: str
    meaning: str
    count: int


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. ``columns`` are those of its tables, in print order; ``mark`` is what a column before them holds,
    if there is one."""

    title: str
    fiscal_year: int
    is_following: bool
    mark: str
    has_contents: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    words: tuple[Word, ...]


def newest_report(package: Package) -> str:
    """The id of the newest report that there is the text of. Raises ``PackageError`` where there is none."""
    reports = [
        (source.report_fiscal_year, source.source_id)
        for source in package.sources
        if source.report_fiscal_year is not None and source.file
    ]
    if not reports:
        raise PackageError("印刷された進捗状況の報告がないので、入力用の表を作れません。")
    return max(reports)[1]


def form(package: Package, source_id: str, is_following: bool = False) -> Form:
    """The form of a report, or of the year that follows it. Raises ``PackageError``."""
    source = package.source.get(source_id)
    if source is None or source.report_fiscal_year is None or not source.file:
        reports = "、".join(
            s.source_id for s in package.sources if s.report_fiscal_year is not None and s.file
        )
        raise PackageError(f"「{source_id}」という報告はありません（あるのは {reports or 'なし'}）。")
    shift = int(is_following)
    mark = _mark(package)
    tables = _Tables(package, source_id, mark, shift)
    rows = tuple(_rows(package, source_id, tables, shift))
    columns = tuple(_columns(package, tables.keys, rows))
    return Form(
        title=fiscal_year.moved(source.title, shift),
        fiscal_year=source.report_fiscal_year + shift,
        is_following=is_following,
        mark=mark,
        has_contents=any(node.toc_page for node in package.policies if node.source_id == source_id),
        columns=columns,
        rows=rows,
        words=tuple(_words(package, source_id, tables.keys, columns)),
    )


def _role(key: str) -> str:
    return key.partition("_")[0]


def _mark(package: View) -> str:
    """What is printed beside the initiatives that are marked; empty where none is."""
    return dictionary.field(package, "initiatives", "has_mark").symbol if package.has.marks else ""


def _columns(package: View, keys: Sequence[str], rows: Sequence[Row]) -> Iterator[Column]:
    """What each column is called: an amount as it is printed, which says what it counts in, all else in one word."""
    titles, grades = dictionary.titles(package), _grades(package)
    of_roles = dictionary.codes(package, "observations", "role")
    of_attributes = dictionary.codes(package, "attributes", "attribute")
    labels = {code: each.label for code, each in of_roles.items()}
    labels |= {f"attribute_{code}": each.label for code, each in of_attributes.items()}
    labels |= {"name": titles[("initiatives", "name")], "indicator": "指標の名前"}
    labels |= {"unit": titles[("indicators", "unit")], "activities": titles.get(("activities", "text"), "")}
    for at, key in enumerate(keys):
        printed = [row.texts[at] for row in rows if row.kind == "header" and row.texts[at]]
        role, _, rest = key.partition("_")
        label = labels.get(key) or labels.get(role) or (printed or [""])[-1]
        yield Column(role, label, role == "attribute" and rest in grades)


# -- lines -------------------------------------------------------------------


def _rows(package: Package, source_id: str, tables: _Tables, shift: int) -> Iterator[Row]:
    for number, line in enumerate(package.source_lines[source_id], 1):
        alone = tuple(filter(None, map(str.strip, line.split("\t"))))
        if all(_RULE.fullmatch(text) for text in alone):
            continue
        if number in tables.listings:
            yield tables.row(number)
        elif number in tables.headers:
            yield Row(number, "header", "", tables.header(number))
        elif number in tables.headings:
            node = tables.headings[number]
            depth = len(package.policy_path(node.policy_id)) - 1
            yield Row(number, "heading", node.policy_id, alone, depth=depth)
        else:
            kind = "issued" if number == package.source[source_id].issued_line else "other"
            yield Row(number, kind, "", tuple(fiscal_year.moved(text, shift) for text in alone))


class _Tables:
    """The rows of a report's tables; ``keys`` are the columns as printed, ``shown`` those of the form."""

    def __init__(self, package: Package, source_id: str, mark: str, shift: int) -> None:
        source, document = package.source[source_id], package.document(source_id)
        self.file, self.lines = source.file, package.source_lines[source_id]
        self.mark, self.shift, self.report_year = mark, shift, source.report_fiscal_year or 0
        self.year = self.report_year + shift
        self.listings = {item.source_line: item for item in document.listings}
        self.headings = {node.source_line: node for node in document.policies if node.heading_printed}
        self.headers = self._headers()
        self.width = max(map(len, self.headers.values()), default=0)
        corrected = _with_corrections(package).document(source_id)
        self.published = {
            line: reprint.cells_of_listing(corrected, item) for line, item in self.listings.items()
        }
        self.keys = self._keys(
            {line: reprint.cells_of_listing(document, item) for line, item in self.listings.items()}
        )
        self.staying = self._staying()
        self.shown = [key if key in self.staying else _moved(key, shift) for key in self.keys]
        self.grades = {f"attribute_{code}" for code in _grades(package)}
        self.ended = {
            item.initiative_id
            for item in document.initiatives
            if item.lifecycle_printed is not None
            and (item.last_fiscal_year is None or item.last_fiscal_year < self.year)
        }
        self.pending = {
            (item.source_line, f"{item.role}_{item.fiscal_year}")
            for item in document.observations
            if item.status == "pending"
        }

    def _headers(self) -> dict[int, tuple[str, ...]]:
        """The lines that head a table: below a heading of the plan those of several cells that are no row, and
        what goes on with one, as nothing stands in its first column."""
        found: dict[int, tuple[str, ...]] = {}
        first, is_below, start = min(self.headings, default=0), False, 0
        for number, line in enumerate(self.lines, 1):
            texts = tuple(map(str.strip, line.split("\t")))
            filled = sum(map(bool, texts))
            if not filled or all(_RULE.fullmatch(text) for text in texts if text):
                continue
            is_header = filled > 1 or (is_below and not texts[0])
            if is_header := is_header and number > first and number not in self.listings:
                if not is_below:
                    start = int(texts[0] in ("", self.mark))  # a column for the mark
                last = max(at for at, text in enumerate(texts, 1) if text)
                found[number] = texts[start:last]
            is_below = is_header
        return found

    def _cells_on_line(self, number: int) -> list[str]:
        """The cells of a row: the mark, which stands in a column of its own or before the name, and the columns."""
        cells = [without_markup(cell) for cell in self.lines[number - 1].split("\t")]
        has_mark = bool(self.mark) and cells[0].startswith(self.mark)
        if len(cells) == self.width + 1 and cells[0] in ("", self.mark):
            cells = cells[1:]
        cells = [cells[0].removeprefix(self.mark).strip(), *cells[1:]]
        if len(cells) < self.width or any(cells[self.width :]):
            raise PackageError(f"{self.file} {number}行目: 表の列が{self.width}個ではありません。")
        return [self.mark if has_mark else "", *cells[: self.width]]

    def _keys(self, cells: Mapping[int, Mapping[str, str]]) -> list[str]:
        """What each column is: what the tables hold of the year in its heading and most of its cells print."""
        fitting: Counter[tuple[int, str]] = Counter()
        for number, known in cells.items():
            for at, printed in enumerate(self._cells_on_line(number)[1:]):
                for key, text in known.items():
                    is_name = (
                        key == "name" and text and printed.endswith(text)
                    )  # after the sign of a relisting
                    fitting[at, key] += bool(printed == text or is_name)
        years = [
            {
                year
                for texts in self.headers.values()
                for year in fiscal_year.named_in("".join(texts[at : at + 1]))
            }
            for at in range(self.width)
        ]
        found: dict[int, str] = {}
        for (at, key), count in fitting.most_common():
            is_other_year = _year(key) and len(years[at]) == 1 and _year(key) not in years[at]
            if (
                count * 2 >= len(cells)
                and at not in found
                and key not in found.values()
                and not is_other_year
            ):
                found[at] = key
        return [found.get(at, f"{_UNKNOWN}_{at}") for at in range(self.width)]

    def _staying(self) -> set[str]:
        """The columns of the same year in the next report: a base, or the one target, if it is still to come."""
        targets = [key for key in self.keys if _role(key) == "target"]
        is_to_come = min(map(_year, targets), default=0) > self.report_year
        return {key for key in self.keys if _role(key) == "base"} | set(targets if is_to_come else ())

    def header(self, number: int) -> tuple[str, ...]:
        """A header line as wide as the table, its years moved."""
        texts = self.headers[number] + ("",) * (self.width - len(self.headers[number]))
        return tuple(
            text if key in self.staying else fiscal_year.moved(text, self.shift)
            for key, text in zip(self.keys, texts, strict=True)
        )

    def row(self, number: int) -> Row:
        """A row of a table."""
        listing = self.listings[number]
        mark, *cells = self._cells_on_line(number)
        printed = dict(zip(self.keys, cells, strict=True))
        texts = self._following(listing, printed) if self.shift else printed
        shown = (Cell(texts[key], _role(key), self._use(listing, key)) for key in self.shown)
        return Row(number, "table", listing.initiative_id, (), bool(mark), tuple(shown))

    def _following(self, listing: Listing, printed: Mapping[str, str]) -> dict[str, str]:
        """What is known of the next report's row: the past, and of what has ended that it has."""
        published = self.published[listing.source_line]
        past = (key for key in self.keys if _role(key) in ("name", "actual") or self._is_stable(key))
        known = {
            key: printed[key] if _role(key) == "name" else published.get(key, printed[key]) for key in past
        }
        texts = {key: known.get(key, "") for key in self.shown}
        if listing.initiative_id in self.ended:
            texts |= {key: _NOTHING for key in self.shown if key not in known and _role(key) in _VALUES}
            for key, shown in zip(self.keys, self.shown, strict=True):
                if _role(key) in _OF_INITIATIVE:
                    texts[shown] = published.get(key, "")
        return texts

    def _is_stable(self, key: str) -> bool:
        """Whether a column says the same in every report, unless it was wrong."""
        is_named = _role(key) in (*_STABLE, _UNKNOWN) or (
            _role(key) == "attribute" and key not in self.grades
        )
        return is_named or key in self.staying

    def _use(self, listing: Listing, key: str) -> str:
        role = _role(key)
        is_further = listing.indicator_position > 1
        if role == "name" or (is_further and role in _OF_INITIATIVE):
            return FIXED
        is_past = role == "actual" and _year(key) < self.year
        is_of_year = not is_past and not self._is_stable(key)
        if self.shift and is_of_year and listing.initiative_id in self.ended:
            return ENDED
        if listing.is_relisted:
            return REPEAT
        return FILL if is_of_year or (is_past and (listing.source_line, key) in self.pending) else REVISE


def _year(key: str) -> int:
    """The year of a column; 0 where it has none."""
    match = _YEAR_OF_KEY.search(key)
    return int(match[0]) if match else 0


def _moved(key: str, by: int) -> str:
    return _YEAR_OF_KEY.sub(lambda year: str(int(year[0]) + by), key)


def _with_corrections(package: Package) -> Package:
    """As if every corrected value had been printed as it is published."""
    corrected = {item.record_key for item in package.corrections if item.table_name == "observations"}

    def published(item: Observation) -> Observation:
        if f"{item.source_id}:{item.indicator_id}:{item.fiscal_year}:{item.role}" not in corrected:
            return item
        return replace(item, printed=item.text or item.printed if item.value is None else f"{item.value:,f}")

    return replace(package, observations=tuple(map(published, package.observations)))


# -- words -------------------------------------------------------------------


def _words(
    package: Package, source_id: str, keys: Sequence[str], columns: Sequence[Column]
) -> Iterator[Word]:
    """The words that stand where there is no value, by column, the most used of each status first; and the grades.

    Those that say more than their status are left to be typed, unless it is printed in no other way.
    """
    labels = {column.role: column.label for column in columns}
    statuses = dictionary.codes(package, "observations", "status")
    printed: dict[tuple[str, str], Counter[tuple[bool, str]]] = defaultdict(Counter)
    for item in package.observations:
        if item.source_id == source_id and item.value is None and item.text is None and item.printed:
            printed[item.role, item.status][_word(item.printed, item.remark)] += 1
    for role, amounts in (("settlement", package.settlements), ("budget", package.budgets)):
        statuses = dictionary.codes(package, f"{role}s", "status") | statuses
        for amount in amounts:
            if amount.source_id == source_id and amount.amount_thousand_yen is None and amount.printed:
                printed[role, amount.status][False, amount.printed] += 1
    for (role, status), counted in sorted(printed.items()):
        if role not in labels:
            continue  # which column that is could not be told
        plainest = min(is_particular for is_particular, _ in counted)
        seen = set()  # of 「—」 and 「-」 one is enough
        for (is_particular, text), count in counted.most_common():
            if is_particular == plainest and without_format(text) not in seen:
                seen.add(without_format(text))
                yield Word(labels[role], text, statuses[status].label, count)
    for code, legend in _grades(package).items():
        label = next(
            (column.label for key, column in zip(keys, columns, strict=True) if key == f"attribute_{code}"),
            "",
        )
        used = Counter(
            item.text for item in package.attributes if (item.source_id, item.attribute) == (source_id, code)
        )
        for text in legend or used:
            yield Word(label, text, legend.get(text, ""), used[text])


def _grades(package: View) -> dict[str, dict[str, str]]:
    """Attribute that is a grade of the city's own → its grades and what they mean, as far as that is printed."""
    attributes = dictionary.codes(package, "attributes", "attribute").values()
    return {code.value: dict(code.legend) for code in attributes if code.is_grade}


def _word(printed: str, remark: str | None) -> tuple[bool, str]:
    """Whether the words suit one case only, and the words: without a remark that follows them."""
    bare = printed.removesuffix(f"({remark})").strip()
    if remark is None or (bare != printed and any(map(str.isalpha, bare))):
        return False, bare
    return True, printed
