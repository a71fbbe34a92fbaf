"""Is text that no source prints plain?

What stands in the line of the source that a row is from is right by definition,
whatever characters it is written with; so only the rest is looked at. Needs
sources whose texts are sound. At most one problem a cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

from shinchoku.text import shown
from shinchoku.validation import urls
from shinchoku.validation.cross_table import Sound
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import ERROR, RULES, WARNING, Problem, Rule, Stage, rule

_rule = partial(rule, Stage.SOURCES)
MARKUP = _rule(
    "markup",
    "セルに、HTMLのタグ（<…>）やテンプレートの記号（{{ {% {# --8<--）がない。原資料のその行に印刷されたタグの引用を除く。",
    "その部分を消すか、全角の文字に替えてください。",
    example=("<b>新規</b>", "新規"),
)
URL_IN_TEXT = _rule(
    "url-in-text",
    "文の中のアドレスは、https:// で始まる正しいアドレスである。",
    "https:// で始まるアドレスに直すか、消してください。",
    example=("www.example.jp を参照", "https://www.example.jp/ を参照"),
)
NAME_AS_DATE = _rule(
    "name-as-date",
    "表計算ソフトが日付に変えた文字（5月1日 など）がない。",
    "もとの文字を入力し直してください。",
    example=("5月1日（もとは 5-1）", "5-1"),
    severity=WARNING,
)
COMPATIBILITY = _rule(
    "compatibility-ideograph",
    "互換漢字（﨑など、環境によって別の字に変わるもの）は、原資料にあるときだけ使う。",
    "原資料の字と同じか確かめてください。",
    example=("宮\ufa11", "宮崎（原資料の字）"),
    severity=WARNING,
)
FULL_WIDTH = _rule(
    "full-width-latin",
    "全角の英字と数字は、原資料にあるときだけ使う。",
    "半角の文字に直してください。原資料にあるなら、印刷のとおりに書いてください。",
    example=("ＩＣＴ（印刷は半角）", "ICT"),
    severity=WARNING,
)
ENCLOSED = _rule(
    "enclosed-character",
    "丸囲みの文字や合字（㈱ № ㌔ など）は、原資料にあるときだけ使う。",
    "ふつうの文字に直してください。",
    example=("㈱", "（株）"),
    severity=WARNING,
)
WAVE_DASH = _rule(
    "wave-dash",
    "波線（〜と～）は、原資料と同じ文字を使う。自分の文では「〜」（U+301C）を使う。",
    "原資料と同じ波線に直してください。",
    example=("～（原資料は〜）", "〜"),
    severity=WARNING,
)
CURLY_QUOTE = _rule(
    "curly-quote",
    "曲がった引用符（“ ” ‘ ’）は、原資料にあるときだけ使う。",
    "かぎかっこ「」に直してください。",
    example=("“見える化”", "「見える化」"),
    severity=WARNING,
)
MARKDOWN = _rule(
    "markdown",
    "Markdown の記号（[文字](アドレス)、|、*、`）は、原資料にあるときだけ使う。書いても、文字のまま表示される。",
    "記号を消してください。",
    example=("**新規**", "新規"),
    severity=WARNING,
)
_MARKUP = re.compile(r"<\s*[A-Za-z/!?][^<>]*>?|\{\{|\{%|\{#|--8<--")
_DATE = re.compile(
    r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日|(?:[0-9]{4}/)?[0-9]{1,2}/[0-9]{1,2}"
    r"|[0-9]{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-[0-9]{2,4})?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2}"
)
_FULL_WIDTH_RUN = re.compile(r"[Ａ-Ｚａ-ｚ０-９]+")
#: What is doubtful → where it may be found. The first that applies is told.
_DOUBTFUL = (
    (COMPATIBILITY, re.compile(r"[\uf900-\ufaff\U0002f800-\U0002fa1f]")),
    (FULL_WIDTH, _FULL_WIDTH_RUN),
    (ENCLOSED, re.compile(r"[①-⓿㈀-㏿℀-⅏Ⅰ-ⅿ]")),
    (WAVE_DASH, re.compile(r"[〜～]")),
    (CURLY_QUOTE, re.compile(r"[“”‘’„‟〝〟]")),
    (MARKDOWN, re.compile(r"!?\[[^\]]*\]\([^)]*\)|[|*`]")),
)
#: Usual in Japanese prose: numbers of items, and the wave dash of ranges.
_USUAL = re.compile(r"[①-⑳〜]")
_ANY_DOUBTFUL = re.compile("|".join(pattern.pattern for _, pattern in _DOUBTFUL))


class _Finding(NamedTuple):
    rule: Rule
    message: str
    remedy: str | None = None


def check(sound: Sound, problems: Collection[Problem]) -> list[Problem]:
    """What is wrong with the texts of the tables, but where they are not as printed; what is doubtful but in rows with a problem."""
    if "sources" not in sound.tables:
        return []
    sources = _Sources(sound)
    told = {(problem.file, problem.line) for problem in problems}
    not_printed = {
        (problem.file, problem.line)
        for problem in problems
        if RULES[problem.rule].stage is Stage.SOURCES and problem.severity == ERROR
    }
    return [
        found
        for table in sound.tables.values()
        for found in _table(sound, sources, table)
        if (found.file, found.line) not in (told if found.severity == WARNING else not_printed)
    ]


def _is_free(field: Mapping[str, Any]) -> bool:
    """Whether a column may hold any text at all."""
    constraints = field.get("constraints", {})
    is_text = field["type"] == "string" and field.get("format", "default") == "default"
    is_chosen = "enum" in constraints or "pattern" in constraints
    return is_text and not is_chosen


class _Sources:
    """What is printed, and where."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound

    @cached_property
    def everything(self) -> str:
        """All that is printed, without spaces."""
        return "\n".join(
            "".join(line.split()) for lines in self._sound.source_lines.values() for line in lines
        )

    @cached_property
    def full_width(self) -> frozenset[str]:
        """Words printed in full-width letters."""
        return frozenset(_FULL_WIDTH_RUN.findall(self.everything))


def _table(sound: Sound, sources: _Sources, table: Table) -> Iterator[Problem]:
    numbers = tuple(name for name in table.columns if name.endswith("_line"))
    free = [
        (index, field["name"])
        for index, field in enumerate(table.resource["schema"]["fields"])
        if _is_free(field)
    ]
    for line, row, record in zip(table.lines, table.rows, getattr(sound.package, table.name), strict=True):
        lines = sound.lines_of(record, numbers)
        for index, column in free:
            cell = row[index]
            if not cell or any(cell in text for _, text in lines):
                continue
            finding = _markup(cell, lines) or _plain(cell, sources)
            if finding is not None:
                yield finding.rule.problem(
                    table.file,
                    f"「{shown(cell)}」{finding.message}",
                    line=line,
                    column=column,
                    value=cell,
                    remedy=finding.remedy,
                )


def _markup(cell: str, lines: tuple[tuple[int, str], ...]) -> _Finding | None:
    for found in _MARKUP.findall(cell):
        if found[0] != "<" or not any(found in text for _, text in lines):
            return _Finding(MARKUP, f"に「{shown(found)}」があります。")
    for address, message, remedy in urls.wrong_in_text(cell):
        if not any(address in text for _, text in lines):
            return _Finding(URL_IN_TEXT, f"の中の「{shown(address)}」{message}", remedy)
    return None


def _plain(cell: str, sources: _Sources) -> _Finding | None:
    """Text of an editor, who may quote a source."""
    if _DATE.fullmatch(cell):
        return _Finding(NAME_AS_DATE, "は、表計算ソフトが変えた日付のようです。")
    if not _ANY_DOUBTFUL.search(cell):
        return None
    for declared, pattern in _DOUBTFUL:
        for match in pattern.finditer(cell):
            if not _USUAL.fullmatch(match[0]) and not _is_quoted(declared, match, sources):
                return _Finding(declared, f"に「{shown(match[0])}」があります。")
    return None


def _is_quoted(declared: Rule, match: re.Match[str], sources: _Sources) -> bool:
    """Whether a source prints it: a word as a word, a character beside one of its neighbours."""
    if declared is FULL_WIDTH:
        return match[0] in sources.full_width
    before = match.string[max(0, match.start() - 1) : match.end()]
    after = match.string[match.start() : match.end() + 1]
    neighbours = [text for text in (before, after) if text != match[0]] or [match[0]]
    return any(text in sources.everything for text in neighbours)
