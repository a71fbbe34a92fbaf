"""The glossary, written by hand: can it be read, and is a word printed where it says?

A package may be without one. What it must be like stands in ``schemas/glossary.json``; a glossary of wrong
form is looked at no further.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from shinchoku import files
from shinchoku.paths import GLOSSARY
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import Place, Unreadable, line_of, read_yaml, repeated_keys
from shinchoku.text import meant, normalise, shown
from shinchoku.validation.cross_table import Sound
from shinchoku.validation.problems import Problem, Rule, Stage, rule

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
ALIAS = _rule(
    "glossary-alias",
    "用語の aliases と words の言いかえは、書かなくても同じに探される書き方ではなく、1つの言葉に1回だけある。",
    "消してください。",
    example=("雪まつり: [雪マツリ]", "雪まつり: [雪祭り]"),
)
PRINTED = _rule(
    "glossary-printed",
    "用語の printed は、その言葉が印刷された原資料の行を指す。",
    "source と line を直してください。印刷にない言葉なら、printed を消してください。",
    example=("その言葉のない行の番号", "印刷された行の番号"),
)

Found = Iterator[tuple[Rule, Place, object, str, str | None]]


def check(sound: Sound) -> list[Problem]:
    """What is wrong with the glossary of a package; where it is from only if the sources are sound."""
    path = sound.directory / GLOSSARY
    if not os.path.lexists(path):
        return []
    try:
        text, groups = read_yaml(path)
    except OSError as error:
        message, stop, remedy = files.reason(error).partition("。")
        return [READABLE.problem(GLOSSARY, message + stop, remedy=remedy)]
    except Unreadable as error:
        return [READABLE.problem(GLOSSARY, error.message, line=error.line, remedy=error.remedy)]
    if repeated := list(repeated_keys(text)):
        # Of two values the last counts, silently; so what else is wrong may be of the other one.
        return [
            DUPLICATE_KEY.problem(
                GLOSSARY, f"1つの用語に「{shown(key)}」が2回あります。", line=line, value=key
            )
            for key, line in repeated
        ]
    found = list(_form(groups)) or [*_duplicates(groups), *_aliases(groups), *_printed(groups, sound)]
    return [
        declared.problem(GLOSSARY, message, line=line_of(text, place), value=value, remedy=remedy)
        for declared, place, value, message, remedy in found
    ]


def _form(groups: Any) -> Found:
    for found in findings("glossary", groups):
        message = f"{name_of(groups, found.place)}{found.message}"
        yield FORM, found.place, found.value, message, found.remedy


# -- what it says ---------------------------------------------------------------


def _entries(groups: list[Mapping[str, Any]]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for number, group in enumerate(groups):
        for index, entry in enumerate(group.get("terms", ())):
            yield (number, "terms", index), entry


def _words(entry: Mapping[str, Any]) -> list[str]:
    return [entry["term"], *entry.get("others", ())]


def _duplicates(groups: list[Mapping[str, Any]]) -> Found:
    ids: set[str] = set()
    words: set[str] = set()
    for place, entry in _entries(groups):
        if entry["id"] in ids:
            message = f"id「{entry['id']}」が2回あります。"
            yield DUPLICATE, (*place, "id"), entry["id"], message, None
        ids.add(entry["id"])
        for word in _words(entry):
            if word in words:
                message = f"言葉「{shown(word)}」が2回あります。"
                yield DUPLICATE, (*place, "term"), word, message, None
            words.add(word)


def _aliases(groups: list[Mapping[str, Any]]) -> Found:
    terms = (
        ((*place, "aliases"), entry["term"], entry.get("aliases", ())) for place, entry in _entries(groups)
    )
    others = (
        ((number, "words", word), word, aliases)
        for number, group in enumerate(groups)
        for word, aliases in group.get("words", {}).items()
    )
    for place, word, aliases in chain(terms, others):
        known = {normalise(word)}
        for index, alias in enumerate(aliases):
            if (plain := normalise(alias)) in known or not plain:
                message = (
                    f"「{shown(word)}」の「{shown(alias)}」は、書かなくても探されるか、探せない言いかえです。"
                )
                yield ALIAS, (*place, index), alias, message, None
            known.add(plain)


def _printed(groups: list[Mapping[str, Any]], sound: Sound) -> Found:
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
            yield PRINTED, (*at, "source"), source_id, message, remedy
        elif source_id in lines:
            printed = lines[source_id][number - 1] if 0 < number <= len(lines[source_id]) else ""
            if not any(word in printed for word in _words(entry)):
                message = f"「{source_id}」の{number}行目に「{shown(entry['term'])}」はありません。"
                yield PRINTED, (*at, "line"), number, message, None
