"""What a printed row says of its indicator: a reading of each base, actual and target cell, all in one unit.

A cell is never cut and a unit never replaced: what is not certain is asked, everything at once.
Must not know to which initiative a row belongs, nor make records of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shinchoku import fiscal_year
from shinchoku.importing import cells
from shinchoku.importing.decisions import decimal, unique
from shinchoku.importing.identities import changed_unit, quoted, squeezed
from shinchoku.importing.layouts import ROLES, Layout
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.progress_report import Column, Row
from shinchoku.package.records import Indicator
from shinchoku.text import half_width, says_nothing

if TYPE_CHECKING:
    from shinchoku.importing.assemble import Assembly

#: (fiscal year, role, printed) of a cell → what it says.
Readings = Mapping[tuple[int, str, str], cells.Reading]

#: Roles of the cells that are observations.
OBSERVED = ("base", "actual", "target")
_UPPER_BOUNDS = ("at_most", "less_than")


@dataclass(frozen=True)
class RowValues:
    """The indicator of a row: its name taken apart, what its cells say, and how to understand that."""

    name: cells.IndicatorName
    readings: Readings
    unit: str | None
    is_unit_printed: bool | None
    value_kind: str
    desired_direction: str


class ValueReader:
    """Reads the rows of one report; what people must decide is put to ``questions``."""

    def __init__(
        self,
        assembly: Assembly,
        source_id: str,
        file: str,
        layout: Layout,
        questions: list[ImportProblem],
    ) -> None:
        self.assembly, self.source_id, self.file, self.questions = assembly, source_id, file, questions
        self.indicators = assembly.decisions.indicators
        self.words_file, self.indicators_file = layout.file, assembly.decisions.file("indicators")
        words = unique(layout.words, "printed", self.words_file)
        self.words = {squeezed(printed): entry for printed, entry in words.items()}
        self.known = cells.Known(
            frozenset(entry["unit"]["value"] for entry in self.indicators.values() if "unit" in entry),
            {printed: _decided_reading(entry) for printed, entry in self.words.items()},
        )
        self.asked: set[str] = set()
        self._before = {item.indicator_id: item for item in assembly.tables["indicators"]}

    def read(self, row: Row, indicator_id: str | None) -> RowValues | None:
        """What the row says; ``None`` where something is asked, be it only the indicator's id."""
        readings: dict[tuple[int, str, str], cells.Reading] = {}
        number_of_questions = len(self.questions)
        is_read = True
        unit = printed_unit(row)
        known = replace(self.known, units=self.known.units | {unit}) if unit else self.known
        for column in row.columns:
            if column.role in OBSERVED and column.fiscal_year is not None:
                printed = row.cells[column.key]
                try:
                    reading = cells.read_observation(printed, known)
                except cells.UnreadableCell as error:
                    self._ask_about_cell(row, column, indicator_id, error.unit)
                    is_read = False
                else:
                    self._use_word(printed, indicator_id, column)
                    readings[column.fiscal_year, column.role, printed] = reading
        if indicator_id is None:
            return None
        values = _Measured(self, row, indicator_id, readings).values(is_read)
        return values if len(self.questions) == number_of_questions else None

    def ask(self, row: Row, message: str, *remedy: str) -> None:
        self.questions.append(ImportProblem(self.file, row.line, message, "\n".join(remedy)))

    # -- words -------------------------------------------------------------

    def _use_word(self, printed: str, indicator_id: str | None, column: Column) -> None:
        word = self.words.get(squeezed(printed))
        if word is None:
            return
        self.assembly.used["words"].add((self.words_file, word["printed"]))
        if "value" in word or word["status"] != "reported":
            key = f"{self.source_id}:{indicator_id}:{column.fiscal_year}:{column.role}"
            name = "value" if "value" in word else "status"
            self.assembly.read("observations", key, name, str(word[name]), word["reason"])

    def _ask_about_cell(self, row: Row, column: Column, indicator_id: str | None, unit: str | None) -> None:
        printed = row.cells[column.key]
        if printed in self.asked:
            return
        self.asked.add(printed)
        place = f"{fiscal_year.era(column.fiscal_year or 0)}の{ROLES[column.role]}の「{shortened(printed)}」"
        entry = f"    - {{printed: {quoted(printed)}, status:"
        remedy = [
            f"{self.words_file} の words に（なければ「words:」の行の下に）、次のどれかを書いてください。"
        ]
        if any(map(str.isnumeric, printed)):
            message = f"{place}を、1つの数として読めません。"
            remedy[0] = f"写し誤りなら原資料の欄を直してください。このとおりの印刷なら、{remedy[0]}"
            remedy += ["  1つの数で表せるなら（value は指標の単位での数）："]
            remedy += [f'{entry} reported, value: …, reason: "…"}}']
        else:
            message = f"{place}が、値なのか、値のない理由なのか決まりません。"
            remedy += ["  段階を表す言葉なら：", f'{entry} reported, reason: "…"}}']
        remedy += [
            "  値のない理由なら（status は pending＝集計中・not_surveyed＝調査していない・not_calculable＝算出できない・"
            "not_stated＝記載なし・no_target＝目標を設けていない のどれか）：",
            f'{entry} …, reason: "…"}}',
        ]
        if unit:
            remedy += [
                f"  「{unit}」が単位なら、{self.indicators_file} に：",
                *_unit(indicator_id or "…", unit),
            ]
        self.ask(row, message, *remedy)

    # -- decisions ---------------------------------------------------------

    def decided(self, indicator_id: str, column: str) -> str | None:
        """What people have decided of an indicator, which is then a reading; ``None`` if nothing."""
        decision = self.indicators.get(indicator_id, {}).get(column)
        if decision is None:
            return None
        self.assembly.used["indicators"].add((indicator_id, column))
        self.record(indicator_id, column, decision["value"], decision["reason"])
        return decision["value"]

    def record(self, indicator_id: str, column: str, value: str, reason: str) -> None:
        self.assembly.read("indicators", f"{self.source_id}:{indicator_id}", column, value, reason)

    def before(self, indicator_id: str) -> Indicator | None:
        """The indicator as the newest report before has it."""
        return self._before.get(indicator_id)


class _Measured:
    """The readings of one row, which must be in one unit, and that the one of the report before."""

    def __init__(self, reader: ValueReader, row: Row, indicator_id: str, readings: Readings) -> None:
        self.reader, self.row, self.indicator_id, self.readings = reader, row, indicator_id, readings
        self.name = cells.read_indicator_name(row.cells["indicator"])
        self.printed_unit = printed_unit(row) or self.name.unit
        self.label = f"指標「{shortened(self.name.label)}」"
        self.file = reader.indicators_file
        self.before = reader.before(indicator_id)
        self.numbers = [reading for reading in readings.values() if reading.value is not None]
        self.has_text = any(reading.text for reading in readings.values())

    def values(self, is_read: bool) -> RowValues | None:
        """What the row says; ``None`` where something is asked. A cell that is not read may hold the unit."""
        printed = {
            unit
            for unit in (self.name.unit, self.printed_unit, *(reading.unit for reading in self.numbers))
            if unit
        }
        if len(printed) > 1 or self._is_left_open(printed):
            self._ask_about_units(printed)
            return None
        if self.has_text and self.numbers:
            remedy = f"原資料の行と {self.reader.words_file} を確かめて、どちらかにそろえてください。"
            self._ask(f"{self.label}の欄に、数と言葉が混じっています。", remedy)
            return None
        unit, is_unit_printed = self._unit(next(iter(printed), None))
        kind = (
            "qualitative" if self.has_text else ("percentage" if unit == "%" else "number") if unit else None
        )
        kind = kind or self._decided("value_kind")
        if kind is None and self.before and not self.numbers:
            unit, kind = self.before.unit, self.before.value_kind
            is_unit_printed = False if unit else None
            place = f"{self.before.source_id} の{self.before.source_line}行目"
            reason = f"{place}と同じ指標で、この報告の欄からは決まらない。"
            self.reader.record(self.indicator_id, "value_kind", kind, reason)
        if kind is None:
            remedy = f"{self.file} に {self.indicator_id} の unit を理由と共に書いてください。"
            if is_read:
                self._ask(f"{self.label}の単位が印刷されていません。", remedy)
            return None
        self._check_change(unit, is_unit_printed)
        direction = self._direction()
        if not is_read:
            return None
        return RowValues(self.name, self.readings, unit, is_unit_printed, kind, direction)

    def _ask(self, message: str, *remedy: str) -> None:
        self.reader.ask(self.row, message, *remedy)

    def _decision(self, column: str) -> str | None:
        return self.reader.indicators.get(self.indicator_id, {}).get(column, {}).get("value")

    def _decided(self, column: str) -> str | None:
        return self.reader.decided(self.indicator_id, column)

    def _is_left_open(self, units: set[str]) -> bool:
        """Whether a unit stands in some cells only, and nothing says that it is that of the others."""
        expected = {self._decision("unit"), self.before.unit if self.before else None}
        is_bare = not self.printed_unit and any(reading.unit is None for reading in self.numbers)
        return is_bare and not units <= expected

    def _ask_about_units(self, units: set[str]) -> None:
        cells_with = {key[2]: reading.unit for key, reading in self.readings.items() if reading.unit}
        remedy = [
            f"写し誤りなら原資料の行を直してください。このとおりの印刷で、ほかの欄と違う単位なら、"
            f"{self.reader.words_file} の words に、指標の単位での数を value に書いてください。",
            *(
                f'    - {{printed: {quoted(cell)}, status: reported, value: …, reason: "…"}}'
                for cell, unit in cells_with.items()
                if unit != self.printed_unit
            ),
        ]
        if len(units) == 1:
            remedy += [f"  どの欄も同じ単位なら、{self.file} に：", *_unit(self.indicator_id, *units)]
        printed = "・".join(sorted(units) if len(units) > 1 else [*units, "印刷なし"])
        self._ask(f"{self.label}の単位が1つに決まりません（{printed}）。", *remedy)

    def _unit(self, printed: str | None) -> tuple[str | None, bool | None]:
        """(unit, whether it is printed): the printed one, or else the decided one; both ``None`` without one."""
        decided = self._decision("unit")
        if printed is None:
            is_decided = decided is not None and not self.has_text
            return (self._decided("unit"), False) if is_decided else (None, None)
        if printed == decided:
            self.reader.assembly.used["indicators"].add((self.indicator_id, "unit"))
        elif decided and self.before is None:
            message = (
                f"{self.label}の単位は「{printed}」と印刷されていますが、{self.file} では「{decided}」です。"
            )
            self._ask(message, f"{self.indicator_id} の unit を消すか、原資料の行を確かめてください。")
        return printed, True

    def _check_change(self, unit: str | None, is_printed: bool | None) -> None:
        """Another unit than in the report before needs a decision that says so."""
        before = self.before.unit if self.before else None
        if None in (before, unit) or before == unit:
            return
        for entry in self.reader.indicators.get(self.indicator_id, {}).get("unit_changed", []):
            if entry["unit"] == unit:
                self.reader.assembly.used["indicators"].add((self.indicator_id, "unit_changed"))
                if is_printed:  # else it is a reading already
                    self.reader.record(self.indicator_id, "unit", entry["unit"], entry["reason"])
                return
        self._ask(
            f"{self.label}の単位が、前の報告の「{before}」から「{unit}」に変わっています。",
            f"原資料を確かめ、単位が変わったのなら {self.file} に書いてください"
            f"（前の報告の値は「{before}」のまま残り、新しい値とは比べません）。",
            f"    {self.indicator_id}:",
            f"      {changed_unit(unit)}",
        )

    def _direction(self) -> str:
        """The desired direction; asked where a target that is a bound from above, or below the base value, speaks against the usual one."""
        decided = self._decided("desired_direction")
        bases = [
            item.value for key, item in self.readings.items() if key[1] == "base" and item.value is not None
        ]
        low = (
            (printed, "" if reading.qualifier in _UPPER_BOUNDS else "で、基準値より小さい値")
            for (_, role, printed), reading in self.readings.items()
            if role == "target"
            and (
                reading.qualifier in _UPPER_BOUNDS
                or (reading.value is not None and reading.value < max(bases, default=reading.value))
            )
        )
        if decided is None and (found := next(low, None)):
            printed, why = found
            self._ask(
                f"{self.label}の目標は「{shortened(printed)}」{why}ですが、大きいほど良い指標と読んでいます。",
                f"{self.file} に、どちらかを書いてください（lower_is_better・higher_is_better）。",
                f"    {self.indicator_id}:",
                '      desired_direction: {value: …, reason: "…"}',
            )
        return decided or "higher_is_better"


def printed_unit(row: Row) -> str | None:
    """The unit that a row prints in a column of its own."""
    printed = row.cells.get("unit", "")
    return None if not printed or says_nothing(printed) else "".join(half_width(printed).split())


def _decided_reading(entry: Mapping[str, Any]) -> cells.Reading:
    if "value" in entry:
        return cells.Reading("reported", value=decimal(entry["value"]), remark=entry["printed"])
    if entry["status"] == "reported":
        return cells.Reading("reported", text=entry["printed"])
    return cells.Reading(entry["status"], remark=entry["printed"])


def _unit(indicator_id: str, unit: str) -> tuple[str, str]:
    return f"    {indicator_id}:", f'      unit: {{value: {quoted(unit)}, reason: "…"}}'
