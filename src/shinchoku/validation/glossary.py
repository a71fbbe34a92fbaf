"""The glossary, written by hand: can it be read, and is a word printed where it says?

A package may be without one. Its properties and their types stand in
``package``, which reads it; here every defect gets its line. A glossary of wrong
form is looked at no further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import yaml

from shinchoku.package.glossary import GLOSSARY_TYPES
from shinchoku.paths import GLOSSARY
from shinchoku.validation.across import Sound
from shinchoku.validation.descriptor import Place, line_of
from shinchoku.validation.problems import Problem, Rule, Stage, meant, quoted, rule, shown

_rule = partial(rule, Stage.GLOSSARY)

READABLE = _rule(
    "glossary-readable",
    f"{GLOSSARY} は、UTF-8で書かれた正しいYAMLである。",
    "その行の前後の字下げ・引用符・かっこを確かめるか、元のファイルに戻してください。",
    example=("かっこが閉じていない", "閉じている"),
)
FORM = _rule(
    "glossary-form",
    f"{GLOSSARY} は、まとまり（group と terms）の一覧で、用語には id・term・meaning がある。",
    "ファイルの初めの説明のとおりに書いてください。",
    example=("用語に meaning がない", "id・term・meaning がある"),
)
DUPLICATE_KEY = _rule(
    "glossary-duplicate-key",
    "1つの用語の中に、同じ項目（meaning など）は1回だけある。",
    "どちらか1つを消してください。",
    example=("meaning が2回ある用語", "meaning が1回ある用語"),
)
DUPLICATE = _rule(
    "glossary-duplicate",
    "用語の id と言葉（others も）は、用語ごとに違う。",
    "片方を消すか、別の id や言葉にしてください。",
    example=("同じ id の用語が2つ", "id は1つずつ"),
)
PRINTED = _rule(
    "glossary-printed",
    "用語の printed は、その言葉が印刷された原資料の行を指す。",
    "source と line を直してください。印刷にない言葉なら、printed を消してください。",
    example=("その言葉のない行の番号", "印刷された行の番号"),
)

_OPTIONAL = frozenset({"others", "linked", "printed"})
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KINDS = {str: "文字", list: "一覧", bool: "true か false", int: "整数", dict: "source と line の組"}


class _Found(NamedTuple):
    rule: Rule
    place: Place
    value: object
    message: str
    remedy: str | None = None


def check(sound: Sound) -> list[Problem]:
    """What is wrong with the glossary of a package; where it is from only if the sources are sound."""
    path = sound.directory / GLOSSARY
    if not path.is_file():
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remedy = "「UTF-8（BOMなし）」で保存し直してください。"
        return [READABLE.problem(GLOSSARY, "UTF-8として読めません。", line=line, remedy=remedy)]
    try:
        groups = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [READABLE.problem(GLOSSARY, "YAMLとして読めません。", line=mark and mark.line + 1)]
    except (KeyError, ValueError, AttributeError, RecursionError):  # of values like 2024-13-45
        return [READABLE.problem(GLOSSARY, "YAMLとして読めない値があります。")]
    if repeated := list(_repeated(yaml.compose(text, Loader=yaml.SafeLoader))):
        # Of two values the last counts, silently; so what else is wrong may be of the other one.
        return [
            DUPLICATE_KEY.problem(
                GLOSSARY, f"1つの用語に「{shown(key)}」が2回あります。", line=line, value=key
            )
            for key, line in repeated
        ]
    found = list(_form(groups)) or [*_duplicates(groups), *_printed(groups, sound)]
    return [
        item.rule.problem(
            GLOSSARY, item.message, line=line_of(text, item.place), value=item.value, remedy=item.remedy
        )
        for item in found
    ]


def _repeated(root: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """(key, line) of the keys that stand twice in one mapping."""
    nodes, visited = [root], set()
    while nodes:
        node = nodes.pop()
        if id(node) in visited:  # an alias may name what it is part of
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            first = {key.value: key for key in reversed(keys)}
            yield from ((key.value, key.start_mark.line + 1) for key in keys if first[key.value] is not key)
            nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value


# -- its form -----------------------------------------------------------------


def _form(groups: Any) -> Iterator[_Found]:
    if not isinstance(groups, list):
        yield _Found(FORM, (), None, "全体が、まとまりの一覧（- group: で始まる）ではありません。")
        return
    for number, group in enumerate(groups):
        found = list(_properties("group", (number,), group, f"{number + 1}番目のまとまり"))
        yield from found
        if not found:
            for index, entry in enumerate(group["terms"]):
                yield from _entry((number, "terms", index), entry)


def _entry(place: Place, entry: Any) -> Iterator[_Found]:
    word = entry.get("term") if isinstance(entry, dict) else None
    name = f"用語「{shown(word)}」" if isinstance(word, str) else "用語"
    found = list(_properties("term", place, entry, name))
    yield from found
    if found:
        return
    if not _ID.fullmatch(entry["id"]):
        message = f"{name}の id が、半角の英小文字・数字をハイフンでつないだ形ではありません。"
        yield _Found(FORM, (*place, "id"), entry["id"], message, "id を直してください。")
    for number, other in enumerate(entry.get("others", ())):
        if not isinstance(other, str) or not other.strip():
            message = f"{name}の others に、文字ではないものがあります。"
            remedy = "言葉を書くか、消してください。数は引用符で囲みます。"
            yield _Found(FORM, (*place, "others", number), other, message, remedy)
    if "printed" in entry:
        yield from _properties("printed", (*place, "printed"), entry["printed"], f"{name}の printed ")


def _properties(kind: str, place: Place, entry: Any, name: str) -> Iterator[_Found]:
    """Properties of an entry that are missing, unknown, empty or of another type."""
    types = GLOSSARY_TYPES[kind]
    if not isinstance(entry, dict):
        yield _Found(FORM, place, None, f"{name}が、「項目: 値」の形ではありません。")
        return
    unknown = [str(key) for key in entry if key not in types]
    if unknown:
        message = f"{name}に、知らない項目{quoted(unknown)}があります。"
        yield _Found(FORM, (*place, unknown[0]), None, message, meant(unknown[0], types) or None)
    for key in types:
        if key not in entry:
            # One that is misspelt is told already.
            if key not in _OPTIONAL and not unknown:
                yield _Found(FORM, place, None, f"{name}に「{key}」がありません。")
        elif type(entry[key]) is not types[key]:  # exactly: for Python True is a number
            message = f"{name}の「{key}」が{_KINDS[types[key]]}ではありません。"
            remedy = f"{_KINDS[types[key]]}にしてください。" + (
                "数は引用符で囲みます。" * (types[key] is str)
            )
            yield _Found(FORM, (*place, key), entry[key], message, remedy)
        elif types[key] is str and not entry[key].strip():
            yield _Found(FORM, (*place, key), None, f"{name}の「{key}」が空です。")


# -- what it says ---------------------------------------------------------------


def _entries(groups: list[Mapping[str, Any]]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for number, group in enumerate(groups):
        for index, entry in enumerate(group["terms"]):
            yield (number, "terms", index), entry


def _words(entry: Mapping[str, Any]) -> list[str]:
    return [entry["term"], *entry.get("others", ())]


def _duplicates(groups: list[Mapping[str, Any]]) -> Iterator[_Found]:
    ids: set[str] = set()
    words: set[str] = set()
    for place, entry in _entries(groups):
        if entry["id"] in ids:
            message = f"id「{entry['id']}」が2回あります。"
            yield _Found(DUPLICATE, (*place, "id"), entry["id"], message)
        ids.add(entry["id"])
        for word in _words(entry):
            if word in words:
                yield _Found(DUPLICATE, (*place, "term"), word, f"言葉「{shown(word)}」が2回あります。")
            words.add(word)


def _printed(groups: list[Mapping[str, Any]], sound: Sound) -> Iterator[_Found]:
    if "sources" not in sound.tables:
        return
    known = [source.source_id for source in sound.package.sources]
    lines = {name: text.decode("utf-8", "replace").split("\n") for name, text in sound.source_texts.items()}
    for place, entry in _entries(groups):
        if "printed" not in entry:
            continue
        source_id, number = entry["printed"]["source"], entry["printed"]["line"]
        at = (*place, "printed")
        if source_id not in known:
            message = f"原資料「{shown(source_id)}」はありません。"
            remedy = meant(source_id, known) + PRINTED.remedy
            yield _Found(PRINTED, (*at, "source"), source_id, message, remedy)
        elif source_id in lines:
            printed = lines[source_id][number - 1] if 0 < number <= len(lines[source_id]) else ""
            if not any(word in printed for word in _words(entry)):
                message = f"「{source_id}」の{number}行目に「{shown(entry['term'])}」はありません。"
                yield _Found(PRINTED, (*at, "line"), number, message)
