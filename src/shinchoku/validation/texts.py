"""Is text that was copied from a source as the source prints it, and is other text plain?

What stands in the line of the source that a row is from is right by definition,
whatever characters it is written with; so only the rest is looked at. Needs
sources whose texts are sound. At most one problem a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

from shinchoku.package.descriptor import primary_key
from shinchoku.text import shown
from shinchoku.validation import urls
from shinchoku.validation.cross_table import Sound, correction
from shinchoku.validation.layout import Table
from shinchoku.validation.problems import WARNING, Problem, Rule, Stage, rule

_rule = partial(rule, Stage.SOURCES)
_AS_PRINTED = "原資料を確かめて、印刷のとおりに直してください。"
_OR_CORRECT = "理由があって変えたのなら、次の行を corrections.csv の終わりに貼り、理由を書いてください。"

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
AS_PRINTED = _rule(
    "text-as-printed",
    "原資料から写した文字は、原資料のその行に、そのとおりに印刷されている。",
    f"印刷のとおりに写してください。{_OR_CORRECT}",
    example=("夜景推進事業所（印刷は夜景推進事業）", "夜景推進事業"),
    severity=WARNING,
)

#: Columns that hold the words of the source, in rows that name a line of it; beside those called ``…_printed``.
_COPIED = frozenset({"printed", "title", "name", "label", "text", "remark", "marker"})
#: … that may stand on another line than the row's: the text of one line, or several cells.
_ELSEWHERE = {("policies", "omission_printed"), ("source_notes", "printed")}

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
    """``spelt`` is how the source spells the text, where it does."""

    rule: Rule
    message: str
    remedy: str | None = None
    spelt: str | None = None


def check(sound: Sound, told: Collection[tuple[str, int | None]]) -> list[Problem]:
    """What is wrong with the texts of the tables; what is doubtful not in rows (file, line) with a problem."""
    if "sources" not in sound.tables:
        return []
    sources = _Sources(sound)
    return [problem for table in sound.tables.values() for problem in _table(sound, sources, table, told)]


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
        self._corrected = {
            (item.table_name, item.record_key, item.column_name) for item in sound.package.corrections
        }

    def is_corrected(self, table: Table, record: Any, column: str) -> bool:
        if not self._corrected:
            return False
        key = ":".join(str(getattr(record, name)) for name in primary_key(table.resource))
        return (table.name, key, column) in self._corrected

    def is_printed(self, table: Table, column: str, cell: str) -> bool:
        """Whether a cell that may stand anywhere in a source does."""
        return (table.name, column) in _ELSEWHERE and "".join(cell.split()) in self.everything

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


def _table(
    sound: Sound, sources: _Sources, table: Table, told: Collection[tuple[str, int | None]]
) -> Iterator[Problem]:
    numbers = tuple(name for name in table.columns if name.endswith("_line"))
    free = [
        (index, field["name"], _is_copied(table, field["name"]))
        for index, field in enumerate(table.resource["schema"]["fields"])
        if _is_free(field)
    ]
    for line, row, record in zip(table.lines, table.rows, getattr(sound.package, table.name), strict=True):
        lines = sound.lines_of(record, numbers)
        found = []
        for index, column, copied in free:
            cell = row[index]
            if not cell or any(cell in text for _, text in lines):
                continue
            finding = _markup(cell, lines)
            if finding is None and (table.file, line) in told:
                continue
            if finding is None and copied:
                if not sources.is_corrected(table, record, column):
                    finding = _copied(cell, lines)
            elif finding is None and not sources.is_printed(table, column, cell):
                finding = _plain(cell, sources)
            if finding is not None:
                found.append((column, cell, finding))
        yield from _problems(table, line, record, found)


def _is_copied(table: Table, column: str) -> bool:
    """Whether a column holds words of the line of the source that its row names."""
    is_of_line = "source_line" in table.columns or table.name == "sources"
    named = column in _COPIED or column.endswith("_printed")
    return is_of_line and named and (table.name, column) not in _ELSEWHERE


def _problems(
    table: Table, line: int, record: Any, found: list[tuple[str, str, _Finding]]
) -> Iterator[Problem]:
    """A problem a cell, but one for a row whose words all stand elsewhere: its line is wrong, not they."""
    line_column = "source_line" if "source_line" in table.columns else "title_line"
    elsewhere = [item for item in found if item[2].rule is AS_PRINTED and item[2].remedy is None]
    if len(elsewhere) > 1:
        found = [item for item in found if item not in elsewhere]
        column, cell, finding = elsewhere[0]
        columns = ", ".join(column for column, _, _ in elsewhere)
        remedy = "原資料の行番号（source_line など）か、写した文字を直してください。"
        found.append((columns, cell, finding._replace(remedy=remedy)))
    for column, cell, finding in found:
        is_offered = finding.rule is AS_PRINTED and column in table.columns
        yield finding.rule.problem(
            table.file,
            f"「{shown(cell)}」{finding.message}",
            line=line,
            column=column,
            value=cell,
            remedy=f"{finding.remedy}{_OR_CORRECT}" if is_offered and finding.remedy else finding.remedy,
            paste=correction(table, record, column, finding.spelt, line_column) if is_offered else None,
        )


def _markup(cell: str, lines: tuple[tuple[int, str], ...]) -> _Finding | None:
    for found in _MARKUP.findall(cell):
        if found[0] != "<" or not any(found in text for _, text in lines):
            return _Finding(MARKUP, f"に「{shown(found)}」があります。")
    for address, message, remedy in urls.wrong_in_text(cell):
        if not any(address in text for _, text in lines):
            return _Finding(URL_IN_TEXT, f"の中の「{shown(address)}」{message}", remedy)
    return None


def _copied(cell: str, lines: tuple[tuple[int, str], ...]) -> _Finding | None:
    """Text of the source that does not stand where it says."""
    if not lines:
        return None
    place = "・".join(f"{number}行目" for number, _ in lines)
    spelt = next((spelt for _, text in lines if (spelt := _spelt(cell, text))), None)
    remedy = f"原資料では「{shown(spelt)}」です。このとおりに直してください。" if spelt else None
    if _DATE.fullmatch(cell):
        return _Finding(NAME_AS_DATE, f"は、原資料の{place}にない日付です。", remedy)
    for declared, pattern in _DOUBTFUL:
        for found in pattern.findall(cell):
            if not any(found in text for _, text in lines):
                message = f"の「{shown(found)}」は、原資料の{place}にありません。"
                return _Finding(declared, message, remedy or _AS_PRINTED)
    return _Finding(AS_PRINTED, f"は、原資料の{place}にこのとおりにはありません。", remedy, spelt)


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


# -- how the source spells it -------------------------------------------------------

#: Characters that NFKC leaves apart and people take for each other.
_ALIKE = str.maketrans("〜～“”‘’−－—‖﨑", "~~\"\"''--―∥崎")


@lru_cache(maxsize=10_000)
def _folded(text: str) -> tuple[str, list[int]]:
    """The text without differences of width, spacing and the like, and where each character is from."""
    characters, origins = [], []
    for index, character in enumerate(text):
        for folded in unicodedata.normalize("NFKC", character.translate(_ALIKE)).casefold():
            if not folded.isspace():
                characters.append(folded)
                origins.append(index)
    return "".join(characters), origins


def _spelt(cell: str, text: str) -> str | None:
    """The part of a source line that says the same in other characters."""
    wanted, _ = _folded(cell)
    folded, origins = _folded(text)
    start = folded.find(wanted) if wanted else -1
    return None if start < 0 else text[origins[start] : origins[start + len(wanted) - 1] + 1]
