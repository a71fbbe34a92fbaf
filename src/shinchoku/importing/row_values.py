"""What a printed row says of its indicator: a reading of each 実績 and 目標 cell, all in one unit.

A cell is never cut and a unit never replaced: what is not certain is asked, everything at once.
Must not know to which initiative a row belongs, nor make records of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shinchoku import fiscal_year
from shinchoku.importing import cells
from shinchoku.importing.decisions import decimal, unique
from shinchoku.importing.identities import changed_unit, quoted, squeezed
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.importing.progress_report import Column, Row
from shinchoku.package.records import Indicator

if TYPE_CHECKING:
    from shinchoku.importing.assemble import Assembly

#: (fiscal year, role, printed) of a cell → what it says.
Readings = Mapping[tuple[int, str, str], cells.Reading]

_ROLES = {"actual": "実績", "target": "目標"}
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

    def __init__(self, assembly: Assembly, source_id: str, file: str, questions: list[ImportProblem]) -> None:
        self.assembly, self.source_id, self.file, self.questions = assembly, source_id, file, questions
        self.indicators = assembly.decisions.indicators
        self.words_file, self.indicators_file = map(assembly.decisions.file, ("words", "indicators"))
        words = unique(assembly.decisions.words, "printed", self.words_file)
        self.words = {squeezed(printed): entry for printed, entry in words.items()}
        self.known = cells.Known(
            frozenset(entry["unit"]["value"] for entry in self.indicators.values() if "unit" in entry),
            {printed: _decided_reading(entry) for printed, entry in self.words.items()},
        )
        self.asked: set[str] = set()

    def read(self, row: Row, indicator_id: str | None) -> RowValues | None:
        """What the row says; ``None`` where something is asked, be it only the indicator's id."""
        readings: dict[tuple[int, str, str], cells.Reading] = {}
        number_of_questions = len(self.questions)
        is_read = True
        for column in row.columns:
            if column.role in _ROLES and column.fiscal_year is not None:
                printed = row.cells[column.key]
                try:
                    reading = cells.read_observation(printed, self.known)
                except cells.UnreadableCell as error:
                    self._ask_about_cell(row, column, indicator_id, error.unit)
                    is_read = False
                else:
                    self._use_word(printed, indicator_id, column)
                    readings[column.fiscal_year, column.role, printed] = reading
        if indicator_id is None:
            return None
        values = self._in_one_unit(row, indicator_id, readings, is_read)
        return values if len(self.questions) == number_of_questions and is_read else None

    def _ask(self, row: Row, message: str, *remedy: str) -> None:
        self.questions.append(ImportProblem(self.file, row.line, message, "\n".join(remedy)))

    # -- words -------------------------------------------------------------

    def _use_word(self, printed: str, indicator_id: str | None, column: Column) -> None:
        word = self.words.get(squeezed(printed))
        if word is None:
            return
        self.assembly.used["words"].add(word["printed"])
        if "value" in word or word["status"] != "reported":
            key = f"{self.source_id}:{indicator_id}:{column.fiscal_year}:{column.role}"
            name = "value" if "value" in word else "status"
            self.assembly.read("observations", key, name, str(word[name]), word["reason"])

    def _ask_about_cell(self, row: Row, column: Column, indicator_id: str | None, unit: str | None) -> None:
        printed = row.cells[column.key]
        if printed in self.asked:
            return
        self.asked.add(printed)
        place = f"{fiscal_year.era(column.fiscal_year or 0)}の{_ROLES[column.role]}の「{shortened(printed)}」"
        entry = f"    - {{printed: {quoted(printed)}, status:"
        remedy = [f"{self.words_file} に、次のどれかを書いてください。"]
        if any(map(str.isnumeric, printed)):
            message = f"{place}を、1つの数として読めません。"
            remedy[0] = f"写し誤りなら原資料の欄を直してください。このとおりの印刷なら、{remedy[0]}"
            remedy += ["  1つの数で表せるなら（value は指標の単位での数）："]
            remedy += [f'{entry} reported, value: …, reason: "…"}}']
        else:
            message = f"{place}が、値なのか、値のない理由なのか決まりません。"
            remedy += ["  段階を表す言葉なら：", f'{entry} reported, reason: "…"}}']
        remedy += [
            "  値のない理由なら（status は pending・not_surveyed・not_calculable・not_stated・no_target のどれか）：",
            f'{entry} …, reason: "…"}}',
        ]
        if unit:
            remedy += [
                f"  「{unit}」が単位なら、{self.indicators_file} に：",
                *_unit(indicator_id or "…", unit),
            ]
        self._ask(row, message, *remedy)

    # -- units -------------------------------------------------------------

    def _in_one_unit(
        self, row: Row, indicator_id: str, readings: Readings, is_read: bool
    ) -> RowValues | None:
        name, before = cells.read_indicator_name(row.cells["indicator"]), self._before(indicator_id)
        label, file = f"指標「{shortened(name.label)}」", self.indicators_file
        numbers = [reading for reading in readings.values() if reading.value is not None]
        has_text = any(reading.text for reading in readings.values())
        printed = {unit for unit in (name.unit, *(reading.unit for reading in numbers)) if unit}
        if len(printed) > 1:
            units = "・".join(sorted(printed))
            return self._ask(row, f"単位が1つに決まりません（{units}）。", "原資料の行を確かめてください。")
        if has_text and numbers:
            remedy = f"原資料の行と {self.words_file} を確かめて、どちらかにそろえてください。"
            return self._ask(row, f"{label}の欄に、数と言葉が混じっています。", remedy)
        unit, is_unit_printed = (printed.pop(), True) if printed else (None, None)
        decided = self.indicators.get(indicator_id, {}).get("unit", {}).get("value")
        if unit:
            known = {decided, before.unit if before else decided}
            if unit == decided:
                self.assembly.used["indicators"].add((indicator_id, "unit"))
            elif before is None and decided:
                message = f"{label}の単位は「{unit}」と印刷されていますが、{file} では「{decided}」です。"
                self._ask(row, message, f"{indicator_id} の unit を消すか、原資料の行を確かめてください。")
            elif unit not in known and not name.unit and any(reading.unit is None for reading in numbers):
                message = f"{label}の一部の欄だけに、単位「{unit}」が印刷されています。"
                remedy = f"原資料の行を確かめ、どの欄もその単位なら {file} に書いてください。"
                self._ask(row, message, remedy, *_unit(indicator_id, unit))
        elif decided and not has_text:
            unit, is_unit_printed = self.decided(indicator_id, "unit"), False
        kind = "qualitative" if has_text else ("percentage" if unit == "%" else "number") if unit else None
        kind = kind or self.decided(indicator_id, "value_kind")
        if kind is None and before and not numbers:
            unit, kind = before.unit, before.value_kind
            is_unit_printed = False if unit else None
            reason = (
                f"{before.source_id} の{before.source_line}行目と同じ指標で、この報告の欄からは決まらない。"
            )
            self._read(indicator_id, "value_kind", kind, reason)
        if kind is None:
            if is_read:
                remedy = f"{file} に {indicator_id} の unit を理由と共に書いてください。"
                self._ask(row, f"{label}の単位が印刷されていません。", remedy)
            return None
        self._check_unit(row, indicator_id, label, before, unit, bool(is_unit_printed))
        direction = self.decided(indicator_id, "desired_direction")
        for (_, role, target), reading in readings.items():
            if role == "target" and reading.qualifier in _UPPER_BOUNDS and direction is None:
                message = f"{label}の目標は「{shortened(target)}」ですが、大きいほど良い指標と読んでいます。"
                remedy = f"{file} に、どちらかを書いてください（lower_is_better・higher_is_better）。"
                self._ask(
                    row,
                    message,
                    remedy,
                    f"    {indicator_id}:",
                    '      desired_direction: {value: …, reason: "…"}',
                )
        return RowValues(name, readings, unit, is_unit_printed, kind, direction or "higher_is_better")

    def _check_unit(
        self,
        row: Row,
        indicator_id: str,
        label: str,
        before: Indicator | None,
        unit: str | None,
        is_printed: bool,
    ) -> None:
        """Another unit than in the report before needs a decision that says so."""
        if before is None or before.unit is None or unit is None or before.unit == unit:
            return
        for entry in self.indicators.get(indicator_id, {}).get("unit_changed", []):
            if entry["unit"] == unit:
                self.assembly.used["indicators"].add((indicator_id, "unit_changed"))
                if is_printed:  # else it is a reading already
                    self._read(indicator_id, "unit", unit, entry["reason"])
                return
        self._ask(
            row,
            f"{label}の単位が、前の報告の「{before.unit}」から「{unit}」に変わっています。",
            f"原資料を確かめ、単位が変わったのなら {self.indicators_file} に書いてください"
            f"（前の報告の値は「{before.unit}」のまま残り、新しい値とは比べません）。",
            f"    {indicator_id}:",
            f"      {changed_unit(unit)}",
        )

    # -- decisions ---------------------------------------------------------

    def decided(self, indicator_id: str, column: str) -> str | None:
        """What people have decided of an indicator, which is then a reading; ``None`` if nothing."""
        decision = self.indicators.get(indicator_id, {}).get(column)
        if decision is None:
            return None
        self.assembly.used["indicators"].add((indicator_id, column))
        self._read(indicator_id, column, decision["value"], decision["reason"])
        return decision["value"]

    def _read(self, indicator_id: str, column: str, value: str, reason: str) -> None:
        self.assembly.read("indicators", f"{self.source_id}:{indicator_id}", column, value, reason)

    def _before(self, indicator_id: str) -> Indicator | None:
        """The indicator as the newest report before has it."""
        earlier = [item for item in self.assembly.tables["indicators"] if item.indicator_id == indicator_id]
        return earlier[-1] if earlier else None


def _decided_reading(entry: Mapping[str, Any]) -> cells.Reading:
    if "value" in entry:
        return cells.Reading("reported", value=decimal(entry["value"]), remark=entry["printed"])
    if entry["status"] == "reported":
        return cells.Reading("reported", text=entry["printed"])
    return cells.Reading(entry["status"], remark=entry["printed"])


def _unit(indicator_id: str, unit: str) -> tuple[str, str]:
    return f"    {indicator_id}:", f'      unit: {{value: {quoted(unit)}, reason: "…"}}'
