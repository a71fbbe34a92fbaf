"""Where a value differs from a JSON Schema, in Japanese. The only module that knows jsonschema.

The schemas here have four keywords of their own: ``message`` and ``remedy`` are said in place of the
general ones where a value breaks the keywords beside them, ``rule`` is the id of the rule that is broken
then (of the whole schema: the usual one), and ``misspelt`` (id of a rule) forbids properties that are
nearly those in ``properties``. Of the formats two are checked: ``regex``, and ``instant``, a moment since 1970.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any, NamedTuple

from shinchoku.schemas.reading import Place
from shinchoku.text import meant, nearest, quoted, shown

_TYPES = {
    "array": "一覧",
    "boolean": "true か false",
    "integer": "整数",
    "null": "空",
    "number": "数",
    "object": "「項目: 値」の組",
    "string": "文字",
}
#: What says which item of a list is meant: the first of these that it has.
_NAMES = ("name", "term", "group", "id")


class Finding(NamedTuple):
    """One difference. ``message`` follows the name of its place (``name_of``); ``rule`` may be empty."""

    place: Place
    rule: str
    message: str
    remedy: str | None
    value: object


def findings(schema: str, value: Any) -> tuple[Finding, ...]:
    """Where ``value`` differs from the schema of that name: one finding for a place and rule."""
    return _findings(schema, pickle.dumps(value))


# A descriptor, which takes the longest, is looked at again whenever a table is: by an import, by the server.
@lru_cache(maxsize=32)
def _findings(schema: str, pickled: bytes) -> tuple[Finding, ...]:
    validator = _validator(schema)
    found: dict[tuple[Place, str], Finding] = {}
    for error in validator.iter_errors(pickle.loads(pickled)):
        finding = _finding(_deepest(error), validator.schema.get("rule", ""))
        found.setdefault((finding.place, finding.rule), finding)
    return tuple(found.values())


def name_of(value: Any, place: Place) -> str:
    """``「policies › policy_id › type」``: an item that has a name stands for the list it is in, too."""
    names: list[str] = []
    for before, step in zip((None, *place), place, strict=False):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        own = value if isinstance(value, dict) else {}
        named = (own[name] for name in _NAMES if isinstance(own.get(name), str) and own[name].strip())
        name = next(named, None)
        if isinstance(step, str):
            names.append(step)
        elif name is None:
            names.append(f"{step + 1}番目")
        else:
            names[len(names) - isinstance(before, str) :] = [name]
    said = [name for name in names[:-1] if name != "schema"] + names[-1:]
    return f"「{shown(' › '.join(said))}」" if said else "全体"


def _finding(error: Any, usual_rule: str) -> Finding:
    notes = error.schema if isinstance(error.schema, dict) else {}
    message, remedy, rule = getattr(error, "said", (None, None, None))
    if message is None and "message" in notes:
        message, remedy = notes["message"], notes.get("remedy")
    elif message is None:
        message, remedy = _general(error.validator, error.validator_value, error.message)
    is_single = not isinstance(error.instance, dict | list)
    return Finding(
        tuple(error.absolute_path),
        rule or notes.get("rule") or usual_rule,
        message,
        remedy,
        error.instance if is_single else None,
    )


def _general(keyword: str, wanted: Any, original: str) -> tuple[str, str | None]:
    """What is wrong, and how to mend it, where a value breaks a keyword."""
    if keyword == "type":
        types = "か".join(_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted))
        quotes = "数は引用符で囲みます。" if "string" in wanted else ""
        return f"が{types}ではありません。", f"{types}にしてください。{quotes}"
    if keyword == "enum":
        return "に使えない値があります。", f"{quoted(wanted)}のどれかにしてください。"
    if keyword in ("minItems", "minLength", "minProperties"):
        return "が空です。", None
    if keyword == "uniqueItems":
        return "に同じ値が2回あります。", "片方を消してください。"
    if keyword == "pattern":
        return "の値の形が違います。", None
    return f"の書き方が違います（{shown(original)}）。", None


def _deepest(error: Any) -> Any:
    """The error inside an ``anyOf`` that comes nearest to what was meant: the branch that got furthest,
    of those whose ``type`` is the one that is written."""
    while error.context:
        other_kinds = {
            inner.schema_path[0]
            for inner in error.context
            if inner.validator in ("const", "enum") and list(inner.path) == ["type"]
        }
        error = min(
            [inner for inner in error.context if inner.schema_path[0] not in other_kinds] or error.context,
            key=lambda inner: (
                -len(inner.absolute_path),
                inner.validator == "type",
                inner.validator == "enum",
            ),
        )
    return error


@cache
def _validator(name: str) -> Any:
    schema = json.loads(files("shinchoku.schemas").joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return _kind()(schema)


@cache
def _kind() -> Any:
    """The validator of Draft 7 whose errors of some keywords have ``said``: (message, remedy, rule)."""
    import jsonschema  # takes its time, and only a check needs it

    draft = jsonschema.Draft7Validator

    def error(message: str, remedy: str | None = None, rule: str | None = None, path: Place = ()) -> Any:
        made: Any = jsonschema.ValidationError(message, path=path)
        made.said = message, remedy, rule
        return made

    def required(validator: Any, names: list[str], value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        # One that is misspelt is told already.
        is_told = schema.get("additionalProperties") is False and _unknown(value, schema)
        for name in names if isinstance(value, dict) and not is_told else ():
            if name not in value:
                yield error("がありません。", path=(name,))

    def others(validator: Any, allowed: Any, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        if allowed is not False:
            yield from draft.VALIDATORS["additionalProperties"](validator, allowed, value, schema)
        elif unknown := list(map(str, _unknown(value, schema))):
            first, *rest = unknown
            hint = meant(first, schema["properties"]) or None
            more = f"（ほかに{quoted(rest)}）" if rest else ""
            yield error(f"は知らない項目です{more}。", hint, path=(first,))

    def misspelt(validator: Any, rule: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        for name in _unknown(value, schema):
            if near := nearest(str(name), schema["properties"], likeness=0.8):
                yield error("は知らない項目です。", f"「{near}」に直してください。", rule, (name,))

    def pattern(validator: Any, wanted: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        # In a schema "$" is the end of the text, for Python also the place before a last line end.
        if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", wanted), value):
            yield jsonschema.ValidationError(f"{shown(value)} ≠ {wanted}")

    keywords = {
        "additionalProperties": others,
        "misspelt": misspelt,
        "pattern": pattern,
        "required": required,
    }
    # For JSON Schema 1.0 is an integer; for who counts lines with it, it is none.
    types = draft.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    formats = jsonschema.FormatChecker(formats=())
    formats.checks("regex", raises=(re.error, RecursionError, OverflowError))(
        lambda text: bool(re.compile(text))
    )
    formats.checks("instant", raises=(ValueError, OverflowError, OSError))(
        lambda text: datetime.fromisoformat(text).timestamp() >= 0
    )
    return partial(jsonschema.validators.extend(draft, keywords, type_checker=types), format_checker=formats)


def _unknown(value: Any, schema: Mapping[str, Any]) -> list[Any]:
    """The properties of an object that its schema does not name."""
    known = schema.get("properties", ())
    return [name for name in value if name not in known] if isinstance(value, dict) else []
