"""Problems and repairs as text for people, as JSON, and as annotations of GitHub.

Messages hold cells that strangers wrote: nothing here may let one of them look
like a line or an order of its own. Never prints.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from shinchoku.text import spelt_out, visible
from shinchoku.validation.problems import ERROR, RULES, WARNING, Problem, Stage

#: A file with thousands of problems is summed up after this many in the text for people.
SHOWN_PER_FILE = 20
_KINDS_SUMMED_UP = 5


def _place(problem: Problem) -> str:
    place = spelt_out(problem.file)
    if problem.line is not None:
        place += f" {problem.line}行目"
    if problem.column is not None:
        place += f" {problem.column}列"
    return place


def _problem(problem: Problem) -> str:
    """With the name of the rule, by which it is found in the guide to the messages, and a line to paste."""
    line = "" if problem.paste is None else f"\n    {visible(problem.paste)}"
    return f"{_place(problem)}:{problem.message}{problem.remedy}［{problem.rule}］{line}"


def _repair(problem: Problem) -> str:
    was = "" if problem.value is None else f"「{problem.value}」→"
    return f"{_place(problem)}:{was}「{problem.fixed}」（{RULES[problem.rule].text}）"


def _by_file(problems: Iterable[Problem], line: Callable[[Problem], str]) -> Iterator[str]:
    """A line each; of a file with very many, the first ones, how many there are, and of which kinds."""
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0))
    for file, group in groupby(ordered, key=lambda problem: problem.file):
        found = list(group)
        yield from map(line, found[:SHOWN_PER_FILE])
        if len(found) > SHOWN_PER_FILE:
            kinds = Counter((problem.column, problem.rule) for problem in found).most_common(_KINDS_SUMMED_UP)
            named = "、".join(
                f"{'' if column is None else f'{column}列 '}{rule} {count}件"
                for (column, rule), count in kinds
            )
            rest = len(found) - SHOWN_PER_FILE
            yield f"{spelt_out(file)}:ほかに{rest}件あります（全{len(found)}件。多いものは {named}）。"


def _of(problems: Iterable[Problem], severity: str) -> list[Problem]:
    return [problem for problem in problems if problem.severity == severity]


def _count(problems: Sequence[Problem]) -> str:
    return f"エラー{len(_of(problems, ERROR))}件、警告{len(_of(problems, WARNING))}件"


def render_text(problems: Sequence[Problem]) -> str:
    """The problems for a person: errors, then warnings, then how many of each."""
    if not problems:
        return "問題は見つかりませんでした。"
    blocks = []
    for severity, heading in (
        (ERROR, "【エラー】直すまで公開できません。"),
        (WARNING, "【警告】公開はできますが、確かめてください。"),
    ):
        if found := _of(problems, severity):
            blocks.append([heading, *_by_file(found, _problem)])
    blocks.append([_count(problems)])
    if fixable := sum(problem.fixed is not None for problem in problems):
        blocks[-1].append(f"このうち{fixable}件は、shinchoku validate --fix で自動で直せます。")
    return "\n\n".join("\n".join(block) for block in blocks)


def render_repairs(repairs: list[Problem] | None, problems: list[Problem]) -> str:
    """What ``--fix`` has written, where it was asked to, then what remains."""
    if repairs is None:
        return render_text(problems)
    if not repairs:
        return f"自動で直せるものはありませんでした。\n\n{render_text(problems)}"
    heading = f"【直しました】{len(repairs)}件（行番号は、直す前のものです）"
    return "\n".join([heading, *_by_file(repairs, _repair), "", render_text(problems)])


def to_json(problems: list[Problem]) -> str:
    """The problems as a JSON array, every one of them, with the fields of ``Problem``."""
    return json.dumps(_plain(problems), ensure_ascii=False, indent=2)


def _plain(problems: list[Problem]) -> list[dict[str, Any]]:
    """The fields of each; ``paste`` only where there is a line to paste."""
    fields = [asdict(problem) for problem in problems]
    return [{k: v for k, v in each.items() if k != "paste" or v is not None} for each in fields]


def repairs_to_json(repairs: list[Problem] | None, problems: list[Problem]) -> str:
    """The problems; with ``--fix`` an object of what it has written and of what remains."""
    if repairs is None:
        return to_json(problems)
    found = {"repairs": repairs, "problems": problems}
    plain = {name: _plain(listed) for name, listed in found.items()}
    return json.dumps(plain, ensure_ascii=False, indent=2)


# -- annotations of GitHub --------------------------------------------------------

_ORDER = {stage: number for number, stage in enumerate(Stage)}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: object) -> str:
    return _data(str(text)).replace(":", "%3A").replace(",", "%2C")


def _annotation(problem: Problem) -> str:
    place = {"file": problem.file, "line": problem.line, "title": RULES[problem.rule].text}
    named = ",".join(f"{name}={_property(value)}" for name, value in place.items() if value is not None)
    return f"::{problem.severity} {named}::{_data(_problem(problem))}"


def to_github(problems: list[Problem]) -> str:
    """The problems as workflow commands, which GitHub shows at their lines in a pull request.

    It shows ten errors and ten warnings of a step: so those found in the earliest stage come
    first, as the others may go with them, and of one file no more than people would read.
    """
    lines = []
    for severity in (ERROR, WARNING):
        found = sorted(_of(problems, severity), key=lambda problem: _ORDER[RULES[problem.rule].stage])
        seen: Counter[str] = Counter()
        for problem in found:
            seen[problem.file] += 1
            if seen[problem.file] <= SHOWN_PER_FILE:
                lines.append(_annotation(problem))
    # Without a word from a file, so that no cell can end up at the start of a line.
    return "\n".join([*lines, _count(problems) if problems else render_text([])])


#: Name of a format → what makes it of the repairs (``None`` where none were asked for) and the problems.
FORMATS: dict[str, Callable[[list[Problem] | None, list[Problem]], str]] = {
    "text": render_repairs,
    "json": repairs_to_json,
    "github": lambda repairs, problems: to_github(problems),
}
