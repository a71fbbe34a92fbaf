"""Where a value differs from a JSON Schema, in Japanese. The only module that knows jsonschema.

The schemas here have four keywords of their own: ``message`` and ``remedy`` are said in place of the
general ones where a value breaks the keywords beside them, ``rule`` is the id of the rule that is broken
then (of the whole schema: the usual one), and ``misspelt`` (id of a rule) forbids properties that are
nearly those in ``properties``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from shinchoku.schemas.reading import Place
from shinchoku.wording import meant, nearest, quoted, shown

_TYPES = {
    "array": "一覧",
    "boolean": "true か false",
    "integer": "整数",
    "null": "空",
    "number": "数",
    "object": "「項目: 値」の組",
    "string": "文字",
}
#: Keyword → what is wrong where a value breaks it and its schema has no ``message``.
_MESSAGES = {
    "enum": "に使えない値があります。",
    "minItems": "が空です。",
    "minLength": "が空です。",
    "pattern": "の値の形が違います。",
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


def findings(schema: str, value: Any) -> list[Finding]:
    """Where ``value`` differs from the schema of that name: one finding for a place and rule."""
    validator = _validator(schema)
    found: dict[tuple[Place, str], Finding] = {}
    for error in validator.iter_errors(value):
        finding = _finding(_deepest(error), validator.schema.get("rule", ""))
        found.setdefault((finding.place, finding.rule), finding)
    return list(found.values())


def name_of(value: Any, place: Place) -> str:
    """``「policies › policy_id › type」``: an item that has a name stands for the list it is in, too."""
    names: list[str] = []
    for before, step in zip((None, *place), place, strict=False):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        own = value if isinstance(value, dict) else {}
        name = next((own[name] for name in _NAMES if isinstance(own.get(name), str)), None)
        if isinstance(step, str):
            names.append(step)
        elif name is None:
            names.append(f"{step + 1}番目")
        else:
            names[len(names) - isinstance(before, str) :] = [name]
    return f"「{shown(' › '.join(name for name in names if name != 'schema'))}」" if names else "全体"


def _finding(error: Any, usual_rule: str) -> Finding:
    notes = error.schema if isinstance(error.schema, dict) else {}
    message, remedy, rule = getattr(error, "said", (None, None, None))
    if message is None:
        general = f"の書き方が違います（{shown(error.message)}）。"
        message = notes.get("message") or _MESSAGES.get(error.validator, general)
        remedy = notes.get("remedy")
        if error.validator == "enum" and "message" not in notes:
            remedy = f"{quoted(error.validator_value)}のどれかにしてください。"
    is_single = not isinstance(error.instance, dict | list)
    return Finding(
        tuple(error.absolute_path),
        rule or notes.get("rule") or usual_rule,
        message,
        remedy,
        error.instance if is_single else None,
    )


def _deepest(error: Any) -> Any:
    """The error inside an ``anyOf`` that comes nearest to what was meant: the branch that got furthest."""
    while error.context:
        error = min(
            error.context,
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

    def error(message: str, remedy: str | None = None, rule: str | None = None, path: Place = ()) -> Any:
        made = jsonschema.ValidationError(message, path=path)
        made.said = message, remedy, rule
        return made

    def kind(validator: Any, types: str | list[str], value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        wanted = [types] if isinstance(types, str) else types
        if any(validator.is_type(value, name) for name in wanted):
            return
        if "message" in schema:
            yield error(schema["message"], schema.get("remedy"))
            return
        words = "か".join(_TYPES[name] for name in wanted)
        quotes = "数は引用符で囲みます。" if "string" in wanted else ""
        yield error(f"が{words}ではありません。", f"{words}にしてください。{quotes}")

    def required(validator: Any, names: list[str], value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        # One that is misspelt is told already.
        is_told = schema.get("additionalProperties") is False and _unknown(value, schema)
        for name in names if isinstance(value, dict) and not is_told else ():
            if name not in value:
                yield error("がありません。", path=(name,))

    def others(validator: Any, allowed: Any, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        unknown = _unknown(value, schema)
        if allowed is not False:
            for name in unknown:
                yield from validator.descend(value[name], allowed, path=name)
        elif unknown:
            first, *rest = map(str, unknown)
            others = f"（ほかに{quoted(rest)}）" if rest else ""
            hint = meant(first, schema["properties"]) or None
            yield error(f"は知らない項目です{others}。", hint, path=(first,))

    def misspelt(validator: Any, rule: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        for name in _unknown(value, schema):
            if near := nearest(str(name), schema["properties"], likeness=0.8):
                yield error("は知らない項目です。", f"「{near}」に直してください。", rule, (name,))

    def pattern(validator: Any, wanted: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        # In a schema "$" is the end of the text, for Python also the place before a last line end.
        if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", wanted), value):
            yield jsonschema.ValidationError(f"{shown(value)} ≠ {wanted}")

    return jsonschema.validators.extend(
        jsonschema.Draft7Validator,
        {
            "additionalProperties": others,
            "misspelt": misspelt,
            "pattern": pattern,
            "required": required,
            "type": kind,
        },
        # For JSON Schema 1.0 is an integer; for who counts lines with it, it is none.
        type_checker=jsonschema.Draft7Validator.TYPE_CHECKER.redefine(
            "integer", lambda _, value: type(value) is int
        ),
    )


def _unknown(value: Any, schema: Mapping[str, Any]) -> list[Any]:
    """The properties of an object that its schema does not name."""
    return (
        [name for name in value if name not in schema.get("properties", ())]
        if isinstance(value, dict)
        else []
    )
