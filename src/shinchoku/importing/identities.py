"""Which id a printed name belongs to, from one report to the next.

Names are compared without white space and, where that finds nothing, without
width and variants of punctuation; anything further apart is a decision, never
a guess. Below an area the first report gives policies ids by their place; a
later report is matched by title, so a policy keeps its id when the order
changes. Must not know how a document is parsed, nor make records.
"""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

from shinchoku.importing.cells import read_indicator_name
from shinchoku.importing.decisions import Decisions
from shinchoku.importing.problem import ImportProblem, shortened
from shinchoku.text import without_format

if TYPE_CHECKING:
    from shinchoku.importing.layouts import Level

#: How alike two names are that are worth asking about.
_LIKELY = 0.5
#: For so many names of a report the likest is looked for; for each of thousands it would take minutes.
HINTS = 200


def squeezed(name: str) -> str:
    """A name without white space: how printed names are compared."""
    return "".join(name.split())


def quoted(name: str) -> str:
    """A printed name as it is to be pasted into a decisions file."""
    return json.dumps(name, ensure_ascii=False)


class Names:
    """Names → id, found in any white space, width and punctuation that leaves one id."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self._loosely: dict[str, set[str]] = defaultdict(set)

    def add(self, name: str, name_id: str) -> str:
        """Know ``name``; returns the id it has, which is another one if it was taken."""
        self._loosely[without_format(name)].add(name_id)
        return self.ids.setdefault(squeezed(name), name_id)

    def find(self, name: str) -> str | None:
        """The id of a name; ``None`` where there is none, or more than one."""
        if (found := self.ids.get(squeezed(name))) is not None:
            return found
        alike = self._loosely.get(without_format(name), set())
        return next(iter(alike)) if len(alike) == 1 else None


def likest(name: str, others: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The (id, name) whose name is most like ``name``; ``None`` where none is."""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(without_format(name))
    best, likeness = None, _LIKELY
    for other in others:
        matcher.set_seq1(without_format(other[1]))
        # The first two are quick, and never less than the last.
        ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
        if all((found := ratio()) > likeness for ratio in ratios):
            best, likeness = other, found
    return best


def id_by_place(levels: Sequence[Level], level: str, parent_id: str | None, position: int) -> str | None:
    """The id that the first report gives a node below an area; ``None`` for an area and what is above it."""
    names = [each.name for each in levels]
    own = names.index(level)
    is_below = not levels[own].folder and any(each.folder for each in levels[:own])
    return f"{parent_id}-{level[0]}{position}" if is_below else None


class PolicyIds:
    """Ids of the nodes of the plan tree, over all reports."""

    def __init__(self, decisions: Decisions, levels: Sequence[Level]) -> None:
        self._levels = levels
        self._decided = Names()
        self._file = decisions.file("policies")
        #: Id → the title of the decision that named it last, and why.
        self._reasons: dict[tuple[str, str], str] = {}
        #: (parent's id, level) → the titles known below it.
        self._known: dict[tuple[str | None, str], Names] = defaultdict(Names)
        self._titles: dict[str, str] = {}
        self.is_first_report = True
        self._asked = 0
        for entry in decisions.policies:
            name = f"{entry['level']}:{entry['title']}"
            if self._decided.add(name, entry["id"]) != entry["id"]:
                raise ImportProblem(
                    self._file,
                    None,
                    f"level と title の「{entry['level']}・{entry['title']}」が2回あります。",
                    "片方を直してください。",
                )
            if "reason" in entry:
                self._reasons[entry["level"], squeezed(entry["title"])] = entry["reason"]

    def find(self, level: str, parent_id: str | None, title: str, position: int) -> str | None:
        """The id of a node; ``None`` where a decision is missing."""
        if (decided := self._decided.find(f"{level}:{title}")) is not None:
            return decided
        if (known := self._known[parent_id, level].find(title)) is not None:
            return known
        return id_by_place(self._levels, level, parent_id, position) if self.is_first_report else None

    def reason(self, level: str, title: str) -> str | None:
        """Why a decision gave this title its id, where it says so."""
        return self._reasons.get((level, squeezed(title)))

    def learn(self, policy_id: str, level: str, parent_id: str | None, title: str) -> None:
        """Know a node of the report being read when the next one is."""
        self._known[parent_id, level].add(title, policy_id)
        self._titles[policy_id] = title

    def question(self, file: str, line: int, level: str, parent_id: str | None, title: str) -> ImportProblem:
        """What to decide about a node that no report before had in this place."""
        message = f"「{shortened(title)}」のIDが決まっていません。"
        if self.is_first_report:
            remedy = f"{self._file} に、英語の id（ページのアドレスになります）を書いてください。"
            entry = f"- {{id: …, level: {level}, title: {quoted(title)}}}"
            return ImportProblem(file, line, message, remedy, (self._file, entry))
        self._asked += 1
        near = likest(title, self._titles.items()) if self._asked <= HINTS else None
        if near:
            message += f"いちばん似ているのは {near[0]}「{shortened(near[1])}」です。"
        prefix = f"{parent_id}-" if parent_id else ""
        lines = [
            f"{self._file} に次の形で書いてください。題名や場所が変わっただけなら前と同じ id、"
            f"新しいものなら使ったことのない id（{prefix}… の形）です。",
            f'  - {{id: {near[0] if near else prefix + "…"}, level: {level}, title: {quoted(title)}, reason: "…"}}',
        ]
        return ImportProblem(file, line, message, "\n".join(lines))


def changed_unit(unit: str | None) -> str:
    """The decision that an indicator has another unit than in the report before, as it is to be pasted."""
    return f'unit_changed: [{{unit: {quoted(unit or "…")}, reason: "…"}}]'


class IndicatorIds:
    """Ids of indicators, over all reports: that of the initiative and a number."""

    def __init__(self, decisions: Decisions) -> None:
        self._file, self._decisions = decisions.file("indicators"), decisions.indicators
        self._decided: dict[str, Names] = defaultdict(Names)
        self._known: dict[str, Names] = defaultdict(Names)
        #: Initiative → the (id, name) that the report before prints for it.
        self._before: dict[str, list[tuple[str, str]]] = {}
        self._taken: dict[str, set[str]] = defaultdict(set)
        for indicator_id, entry in decisions.indicators.items():
            initiative_id = self._initiative(indicator_id)
            for other in entry.get("printed_as", []):
                self._decided[initiative_id].add(other["name"], indicator_id)

    def _initiative(self, indicator_id: str) -> str:
        initiative_id, _, number = indicator_id.rpartition("-")
        if not initiative_id or not number.isascii() or not number.isdecimal():
            raise ImportProblem(
                self._file,
                None,
                f"「{indicator_id}」は指標のIDではありません。",
                "事業のIDに「-1」のような番号をつけてください。",
            )
        return initiative_id

    def of_row(
        self, initiative_id: str, printed: list[tuple[int, str]], file: str
    ) -> Iterator[tuple[str | None, ImportProblem | None]]:
        """For each (line, name) printed for an initiative: its id, or what to decide about it."""
        decided, known = self._decided[initiative_id], self._known[initiative_id]
        found = [decided.find(name) or known.find(name) for _, name in printed]
        left = [item for item in self._before.get(initiative_id, []) if item[0] not in found]
        taken, offered = self._taken[initiative_id], set[str]()
        for (line, name), indicator_id in zip(printed, found, strict=True):
            if indicator_id is None and left:
                offered_id = self._next(initiative_id, offered)
                offered.add(offered_id)
                yield None, self._question(file, line, name, offered_id, left)
                continue
            if indicator_id is None:
                indicator_id = self._next(initiative_id)
            elif found.count(indicator_id) > 1:
                message = (
                    f"指標「{shortened(name)}」の {indicator_id} は、この事業のほかの指標のものでもあります。"
                )
                remedy = f"原資料の行と、{self._file} の printed_as を確かめてください。"
                yield None, ImportProblem(file, line, message, remedy)
                continue
            taken.add(indicator_id)
            yield indicator_id, None

    def _next(self, initiative_id: str, offered: Iterable[str] = ()) -> str:
        """An id nobody has; once a report has been read, nor one that a decision gives to another name."""
        taken = {*self._taken[initiative_id], *offered}
        if initiative_id in self._before:
            taken |= set(self._decided[initiative_id].ids.values())
        return next(key for number in count(1) if (key := f"{initiative_id}-{number}") not in taken)

    def learn(self, initiative_id: str, indicators: list[tuple[str, str]]) -> None:
        """Know the (id, name) that a report prints for an initiative when the next one is read."""
        for indicator_id, name in indicators:
            self._known[initiative_id].add(name, indicator_id)
        self._before[initiative_id] = indicators

    def _unit(self, indicator_id: str, name: str) -> str | None:
        decided = self._decisions.get(indicator_id, {}).get("unit", {})
        return read_indicator_name(name).unit or decided.get("value")

    def _question(
        self, file: str, line: int, name: str, new_id: str, left: list[tuple[str, str]]
    ) -> ImportProblem:
        old_id, old_name = likest(name, left) or left[0]
        old_unit, unit = self._unit(old_id, old_name), read_indicator_name(name).unit
        is_changed = old_unit is not None and unit is not None and old_unit != unit
        lines = [f"{self._file} に、次のどちらかを書いてください。"]
        for case, indicator_id in (("名前が変わったものなら", old_id), ("新しい指標なら", new_id)):
            lines += [
                f"  {case}：",
                f"    {indicator_id}:",
                f'      printed_as: [{{name: {quoted(name)}, reason: "…"}}]',
            ]
            if is_changed and indicator_id == old_id:
                lines.append(f"      {changed_unit(unit)}")
        message = f"指標「{shortened(name)}」が、前の報告の「{shortened(old_name)}」（{old_id}）と同じか決まりません。"
        if is_changed:
            message += (
                f"同じなら、単位が「{old_unit}」から「{unit}」に変わり、前の値とは比べられなくなります。"
            )
        return ImportProblem(file, line, message, "\n".join(lines))
