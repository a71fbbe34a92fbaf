"""``datapackage.json`` and its schemas: can the package be read with them, and do they say what they mean?

Checks the official Data Package v2 profile (vendored), then what neither the
profile nor frictionless enforces: misspelt properties, patterns that are no
regular expression, keys to fields that do not exist, that the tables are those
of ``package.records``, and that everything this project reads of it is there. Must not
look at the data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import yaml

from shinchoku.package.descriptor import PackageError, inside
from shinchoku.package.records import LOG, RECORD_TYPES, LogEntry, columns
from shinchoku.paths import DATA, DESCRIPTOR, SCHEMAS, SOURCES
from shinchoku.validation import urls
from shinchoku.validation.problems import Problem, Rule, Stage, nearest, quoted, rule, shown

_rule = partial(rule, Stage.DESCRIPTOR)

READABLE = _rule(
    "descriptor-readable",
    f"datapackage.json と {SCHEMAS}/ の表の定義は、UTF-8で書かれた正しいJSONである。",
    "その行の前後の引用符・コンマ・かっこを確かめるか、元のファイルに戻してください。",
    example=("コンマが1つ足りないJSON", "正しいJSON"),
)
PROFILE = _rule(
    "descriptor-profile",
    "datapackage.json は、Data Package v2 の公式の定義に合う。",
    "https://datapackage.org/standard/data-package/ の書き方に直してください。",
    example=('"type": "strin"', '"type": "string"'),
)
SPELLING = _rule(
    "descriptor-spelling",
    "datapackage.json の項目名につづりの間違いがない。",
    "項目名を正しいつづりに直してください。",
    example=("requierd", "required"),
)
TABLES = _rule(
    "descriptor-tables",
    "datapackage.json には、このサイトが使う表がすべて、ちょうど1回ずつある。",
    "表の定義を元に戻してください。",
    example=("表 policies の定義がない", "すべての表の定義がある"),
)
PATH = _rule(
    "descriptor-path",
    f"表の path は、このフォルダの {DATA}/ の中のCSVで、schema を別のファイルに書くなら {SCHEMAS}/ の中のJSONである。",
    f"path を「{DATA}/表の名前.csv」にしてください。",
    example=("../policies.csv", "data/policies.csv"),
)
FORMAT = _rule(
    "descriptor-format",
    "表の encoding は utf-8、区切りはコンマ、欠損値は空のセルだけである。",
    "値を元に戻してください。",
    example=('"encoding": "shift_jis"', '"encoding": "utf-8"'),
)
FIELDS = _rule(
    "descriptor-fields",
    "表の列とその型は、このサイトが読むものと同じである。",
    "列の定義を元に戻してください。列を変えるには、プログラム（package/records.py）も変える必要があります。",
    example=("列の名前を layer に変えた", "level"),
)
PATTERN = _rule(
    "descriptor-pattern",
    "pattern は正規表現として読め、半角の文字だけに合う。",
    "かっこなどの対応を確かめて、正規表現を直してください。",
    example=("^([a-z]+$", "^([a-z]+)$"),
)
BOUNDS = _rule(
    "descriptor-bounds",
    "数の列の minimum と maximum は数である。",
    "引用符のない半角の数にしてください。",
    example=('"maximum": "9999"', '"maximum": 9999'),
)
CATEGORIES = _rule(
    "descriptor-categories",
    "categories の値と enum の値は同じである。",
    "両方に同じ値を書いてください。",
    example=("enum にある値が categories にない", "両方に同じ値"),
)
COMPLETE = _rule(
    "descriptor-complete",
    "datapackage.json に、サイトとダウンロードのファイルに載る項目（題名、説明、版、作成日時、利用条件など）がすべてある。",
    "この項目を書いてください。",
    example=("表の title がない", '"title": "指標"'),
)
TITLES = _rule(
    "descriptor-titles",
    "表の title は、表ごとに初めの31文字が違う（表計算のファイルのシートの名前になる）。",
    "別の題名にしてください。",
    example=("2つの表の title がどちらも「指標」", "「指標」と「指標の値」"),
)
NAME = _rule(
    "descriptor-name",
    "name は、半角の英小文字・数字・「.」「_」「-」だけで、「.」で始まらず、100文字以下である（ファイルの名前になる）。",
    "name を直してください。",
    example=("../data", "city-plan-progress"),
)
CREATED = _rule(
    "descriptor-created",
    "created は、時差まで書いた1970年以後の日時である。",
    "「2026-11-22T00:00:00Z」の形にしてください。",
    example=('"2026-11-22"', '"2026-11-22T00:00:00Z"'),
)
ADDRESS = _rule(
    "descriptor-address",
    "homepage と licenses・sources・contributors の path は、https:// で始まる1つのアドレスである"
    f"（sources は {SOURCES}/ のファイルでもよい）。",
    "アドレスを直してください。",
    example=("javascript:alert(1)", "https://example.jp/"),
)
KEYS = _rule(
    "descriptor-keys",
    "primaryKey と foreignKeys は、実際にある表の列を指す。",
    "実際にある表と列の名前に直してください。",
    example=('"fields": "polcy_id"', '"fields": "policy_id"'),
)

_TYPES = frozenset({"string", "integer", "number", "boolean", "date", "yearmonth"})
_SCHEMA_PATH = re.compile(rf"{SCHEMAS}/[A-Za-z0-9_-]+\.json")
_SAFE_PATH = re.compile(rf"{DATA}/[A-Za-z0-9_-]+\.csv")
_DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}

# The properties of the standard and the few this project adds (title_en, unit, allowEmpty).
_KNOWN = {
    "package": "$schema profile name id title title_en description homepage version created keywords image "
    "licenses resources sources contributors",
    "resource": "$schema profile name type path data title title_en description homepage sources licenses scheme "
    "format mediatype encoding bytes hash dialect schema allowEmpty",
    "schema": "$schema fields fieldsMatch missingValues primaryKey foreignKeys uniqueKeys",
    "field": "name type format title title_en description example unit constraints categories categoriesOrdered "
    "missingValues rdfType decimalChar groupChar bareNumber trueValues falseValues",
    "constraints": "required unique pattern minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength "
    "enum jsonSchema",
    "dialect": "$schema delimiter lineTerminator quoteChar doubleQuote escapeChar nullSequence skipInitialSpace "
    "header headerRows headerJoin commentRows commentChar caseSensitiveHeader",
}

#: What the dictionary, the downloads, the pages and the build read, all of it text. The standard asks for none of it.
_READ = {
    "package": ("name", "title", "title_en", "description", "version", "created"),
    "licenses": ("name", "title", "path"),
    "sources": ("title", "path"),
    "contributors": ("title",),
    "resource": ("title", "title_en", "description"),
    "field": ("type", "title", "title_en", "description"),
    "category": ("label",),
}
_NAME = re.compile(r"(?!\.)[a-z0-9._-]{1,100}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_SOURCE_PATH = re.compile(rf"{SOURCES}/(?!\.)[A-Za-z0-9._-]+")
#: As long as a workbook lets the name of a sheet be.
_SHEET_NAME_LENGTH = 31

#: Steps from the top of the JSON to a value.
Place = Sequence[str | int]


@cache
def profile() -> Mapping[str, Any]:
    """The official profile of a Data Package v2 descriptor."""
    return json.loads(
        files("shinchoku").joinpath("profiles/datapackage-2.0.json").read_text(encoding="utf-8")
    )


class _Text(NamedTuple):
    """A file of the descriptor as it is written."""

    file: str
    text: str


def check(directory: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The descriptor of a package folder, its schemas in it, or the problems that make it unusable."""
    descriptor, texts, problems = _read(directory)
    if problems:
        return None, problems
    # Each group may rely on what the one before it has established.
    for group in _GROUPS:
        for find in group:
            for declared, place, message, *remedy in find(descriptor):
                problems.append(_problem(declared, descriptor, texts, place, message, *remedy))
        if problems:
            return None, problems
    return descriptor, []


def _problem(
    declared: Rule,
    descriptor: Any,
    texts: Mapping[Place, _Text],
    place: Place,
    message: str,
    remedy: str | None = None,
) -> Problem:
    """A problem at a place of the descriptor, in the file where that is written."""
    root = tuple(place[:3]) if tuple(place[:3]) in texts else ()
    file, text = texts[root]
    return declared.problem(
        file,
        f"{_shown_place(descriptor, place)}{message}",
        line=line_of(text, place[len(root) :]),
        value=_value(descriptor, place),
        remedy=remedy,
    )


def _read(directory: Path) -> tuple[Any, dict[Place, _Text], list[Problem]]:
    """The descriptor with its schemas in it, and the place of each file in it → the text of the file."""
    text, descriptor, problems = _read_json(directory, DESCRIPTOR)
    texts: dict[Place, _Text] = {(): _Text(DESCRIPTOR, text)}
    if problems:
        return None, texts, problems
    for where, resource in _items((), descriptor, "resources"):
        file, place = resource.get("schema"), (*where, "schema")
        if not isinstance(file, str):
            continue
        if not _is_schema_file(directory, file):
            message = f"の schema が {SCHEMAS}/ の中のJSONではありません。"
            remedy = f"「{SCHEMAS}/表の名前.json」にしてください。"
            problems.append(_problem(PATH, descriptor, texts, place, message, remedy))
            continue
        text, resource["schema"], found = _read_json(directory, file)
        texts[place] = _Text(file, text)
        problems += found
    return descriptor, texts, problems


def _is_schema_file(directory: Path, name: str) -> bool:
    try:
        inside(directory, name)
    except PackageError:
        return False
    return _SCHEMA_PATH.fullmatch(name) is not None


def _read_json(directory: Path, file: str) -> tuple[str, Any, list[Problem]]:
    """The text of a file that is a JSON object, and the object."""
    path = directory / file
    if not path.is_file():
        beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, beside, likeness=0.9)
        remedy = (
            f"「{near}」の名前を「{path.name}」に直してください。"
            if near
            else "ファイルを元に戻してください。"
        )
        return "", None, [READABLE.problem(file, "ファイルがありません。", remedy=remedy)]
    content = path.read_bytes()
    if content.startswith(b"\xef\xbb\xbf"):
        remedy = "「UTF-8（BOMなし）」で保存し直してください。"
        return "", None, [READABLE.problem(file, "先頭にBOMがあります。", line=1, remedy=remedy)]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remedy = "「UTF-8（BOMなし）」で保存し直してください。"
        return "", None, [READABLE.problem(file, "UTF-8として読めません。", line=line, remedy=remedy)]
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            names = [name for name, _ in items]
            repeated.extend(sorted({name for name in names if names.count(name) > 1}))
        return found

    def constant(name: str) -> None:
        raise ValueError(name)

    try:
        descriptor = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1] if text else ""
        message = f"JSONとして読めません（{error.colno}文字目）。"
        return "", None, [READABLE.problem(file, message, line=error.lineno, value=line.strip())]
    except (ValueError, RecursionError):
        return "", None, [READABLE.problem(file, "JSONとして読めません。")]
    if repeated:
        message = f"1つのかっこの中に同じ項目{quoted(repeated)}が2回あります。"
        remedy = "どちらか1つを消してください。"
        return "", None, [READABLE.problem(file, message, value=repeated[0], remedy=remedy)]
    try:
        json.dumps(descriptor, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        message = "\\ud800 のような、1文字にならない符号があります。"
        return "", None, [READABLE.problem(file, message, remedy="その符号を消してください。")]
    if not isinstance(descriptor, dict):
        return "", None, [READABLE.problem(file, "全体が { } で囲まれていません。", line=1)]
    return text, descriptor, []


# -- where in the JSON ------------------------------------------------------


def line_of(text: str, place: Iterable[str | int]) -> int | None:
    """The line of a value in JSON or YAML, or of the deepest of its parents that exists.

    JSON is read as YAML because that parser keeps positions.
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if node is None:
        return None
    for step in place:
        if isinstance(node, yaml.MappingNode):
            child = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
        else:
            child = None
        if child is None:
            break
        node = child
    return node.start_mark.line + 1


def _value(descriptor: Any, place: Place) -> str | None:
    value = descriptor
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return None if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)


def _shown_place(descriptor: Any, place: Place) -> str:
    """``「policies › policy_id › type」``: list items by their name, containers left out."""
    names = []
    value = descriptor
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(step, str):
            names.append(step)
        elif isinstance(value, dict) and isinstance(value.get("name"), str):
            names[-1] = value["name"]
        else:
            names.append(f"{step + 1}番目")
    return f"「{shown(' › '.join(name for name in names if name != 'schema'))}」" if names else ""


# -- the checks: each yields (rule, place in the JSON, message[, remedy]) -----

Found = Iterator[tuple[Rule, Place, str] | tuple[Rule, Place, str, str]]


def _profile(descriptor: Any) -> Found:
    seen = set()
    for error in jsonschema.Draft7Validator(profile()).iter_errors(descriptor):
        deepest = _deepest(error)
        place = tuple(deepest.absolute_path)
        if place not in seen:
            seen.add(place)
            yield (
                PROFILE,
                place,
                _PROFILE_MESSAGES.get(deepest.validator, _NOT_IN_PROFILE).format(error=deepest),
            )


_NOT_IN_PROFILE = "は、Data Package v2 の定義に合いません（{error.message}）。"
_PROFILE_MESSAGES = {
    "type": "の値の種類（文字、数、一覧など）が違います。",
    "enum": "に使えない値があります。",
    "pattern": "の値の形が違います。",
    "minItems": "が空です。",
    "required": "に必要な項目がありません（{error.message}）。",
}


def _deepest(error: jsonschema.ValidationError) -> jsonschema.ValidationError:
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


def _spelling(descriptor: Any) -> Found:
    for kind, place, properties in _objects(descriptor):
        known = _KNOWN[kind].split()
        for name in properties:
            near = nearest(name, known, likeness=0.8) if name not in known else None
            if near:
                remedy = f"「{near}」に直してください。"
                yield SPELLING, (*place, name), "は知らない項目です。", remedy


def _objects(descriptor: Any) -> Iterator[tuple[str, Place, Mapping[str, Any]]]:
    """Every JSON object whose properties are known, with its kind. Nothing is taken for granted yet."""
    yield "package", (), descriptor
    for place, resource in _items((), descriptor, "resources"):
        yield "resource", place, resource
        for name in ("dialect", "schema"):
            if isinstance(resource.get(name), dict):
                yield name, (*place, name), resource[name]
        schema = resource.get("schema")
        for where, field in _items((*place, "schema"), schema if isinstance(schema, dict) else {}, "fields"):
            yield "field", where, field
            if isinstance(field.get("constraints"), dict):
                yield "constraints", (*where, "constraints"), field["constraints"]


def _items(place: Place, parent: Mapping[str, Any], name: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    items = parent.get(name)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (*place, name, index), item


def _tables(descriptor: Any) -> Found:
    names = [resource["name"] for resource in descriptor["resources"]]
    for index, name in enumerate(names):
        if name == LOG and descriptor["resources"][index].get("derived") is True:
            continue  # a published package has it, too
        if name not in RECORD_TYPES:
            near = nearest(name, RECORD_TYPES)
            remedy = f"「{near}」に直してください。" if near else "この表の定義を消してください。"
            yield TABLES, ("resources", index), f"「{shown(name)}」という表は使われません。", remedy
        elif names.index(name) < index:
            yield TABLES, ("resources", index), f"「{name}」が2回あります。", "どちらか1つを消してください。"
    # A misspelt table is already reported as one that is not used.
    missing = [name for name in RECORD_TYPES if name not in names]
    if missing and all(name in RECORD_TYPES or name == LOG for name in names):
        yield TABLES, ("resources",), f"に表{quoted(missing)}がありません。"


def _paths(descriptor: Any) -> Found:
    seen: set[str] = set()
    for index, resource in enumerate(descriptor["resources"]):
        path = resource.get("path")
        if not isinstance(path, str) or not _SAFE_PATH.fullmatch(path):
            yield PATH, ("resources", index, "path"), f"が {DATA}/ の中のCSVではありません。"
        elif path in seen:
            yield PATH, ("resources", index, "path"), "は、ほかの表と同じファイルです。"
        else:
            seen.add(path)


def _format(descriptor: Any) -> Found:
    for index, resource in enumerate(descriptor["resources"]):
        place = ("resources", index)
        if resource.get("encoding") != "utf-8":
            yield FORMAT, (*place, "encoding"), "が utf-8 ではありません。", "「utf-8」にしてください。"
        dialect = resource.get("dialect")
        if not isinstance(dialect, dict) or {**_DIALECT, **dialect} != _DIALECT:
            yield FORMAT, (*place, "dialect"), "が、このサイトが読むCSVの書き方ではありません。"
        schema = resource.get("schema")
        if isinstance(schema, dict) and schema.get("missingValues", [""]) != [""]:
            yield (
                FORMAT,
                (*place, "schema", "missingValues"),
                "が空のセルだけではありません。",
                '[""] にしてください。',
            )
        if isinstance(schema, dict) and schema.get("fieldsMatch", "exact") not in ("exact", ["exact"]):
            yield (
                FORMAT,
                (*place, "schema", "fieldsMatch"),
                "が exact ではありません。",
                "この項目を消してください。",
            )


def _fields(descriptor: Any) -> Found:
    for index, resource in enumerate(descriptor["resources"]):
        place = ("resources", index, "schema")
        schema = resource.get("schema")
        if not isinstance(schema, dict):
            yield FIELDS, place, "（列の定義）がありません。"
            continue
        names = tuple(field.get("name") for field in schema.get("fields", ()))
        expected = columns(RECORD_TYPES.get(resource["name"], LogEntry))
        if names != expected:
            pairs = enumerate(zip(names, expected, strict=False))
            differing = next(
                (i for i, (name, wanted) in pairs if name != wanted), min(len(names), len(expected))
            )
            wanted = (
                f"{differing + 1}番目の列は「{expected[differing]}」です。"
                if differing < len(expected)
                else ""
            )
            yield FIELDS, (*place, "fields", differing), f"が、このサイトが読む列と違います。{wanted}"
            continue
        for number, field in enumerate(schema["fields"]):
            if field.get("type", "string") not in _TYPES:
                yield FIELDS, (*place, "fields", number, "type"), "は、このサイトが読まない型です。"


def _all_fields(descriptor: Any) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for index, resource in enumerate(descriptor["resources"]):
        for number, field in enumerate(resource["schema"]["fields"]):
            yield ("resources", index, "schema", "fields", number), field


def _patterns(descriptor: Any) -> Found:
    for place, field in _all_fields(descriptor):
        pattern = field.get("constraints", {}).get("pattern")
        if pattern is None:
            continue
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            yield PATTERN, (*place, "constraints", "pattern"), f"は正規表現として読めません（{error}）。"
            continue
        if re.search(r"(?<!\\)(?:\\\\)*\\[dw]", pattern):
            remedy = "\\d は [0-9]、\\w は [A-Za-z0-9_] のように書いてください。"
            yield (
                PATTERN,
                (*place, "constraints", "pattern"),
                "の \\d や \\w は、全角の文字にも合います。",
                remedy,
            )


def _bounds(descriptor: Any) -> Found:
    for place, field in _all_fields(descriptor):
        for name in ("minimum", "maximum"):
            bound = field.get("constraints", {}).get(name, 0)
            if field.get("type") in ("integer", "number") and not isinstance(bound, int | float):
                yield BOUNDS, (*place, "constraints", name), "が数ではありません。"


def _categories(descriptor: Any) -> Found:
    for place, field in _all_fields(descriptor):
        allowed = field.get("constraints", {}).get("enum")
        categories = field.get("categories")
        if categories is None and allowed is None:
            continue
        values = [item["value"] if isinstance(item, dict) else item for item in categories or ()]
        if values != allowed:
            allowed = allowed or ()
            differing = [value for value in (*values, *allowed) if (value in values) != (value in allowed)]
            yield CATEGORIES, (*place, "categories"), f"と enum が食い違っています{quoted(differing)}。"


def _complete(descriptor: Any) -> Found:
    objects = list(_objects(descriptor))
    for kind in ("licenses", "sources", "contributors"):
        entries = descriptor.get(kind)
        if not entries:
            yield COMPLETE, (kind,), "が1つもありません。"
        objects += [(kind, (kind, number), entry) for number, entry in enumerate(entries or ())]
    for place, field in _all_fields(descriptor):
        for number, category in enumerate(field.get("categories", ())):
            objects.append(("category", (*place, "categories", number), category))
    for kind, place, properties in objects:
        for name in _READ.get(kind, ()):
            value = properties.get(name) if isinstance(properties, dict) else None
            if not isinstance(value, str) or not value.strip():
                yield COMPLETE, (*place, name), "がないか、文字ではありません。"


def _titles(descriptor: Any) -> Found:
    seen = {"readme"}  # the first sheet
    for index, resource in enumerate(descriptor["resources"]):
        sheet = str(resource.get("title"))[:_SHEET_NAME_LENGTH].casefold()
        if sheet in seen:
            yield TITLES, ("resources", index, "title"), "は、ほかの表の title と同じか、README です。"
        seen.add(sheet)


def _name(descriptor: Any) -> Found:
    if not _NAME.fullmatch(descriptor["name"]):
        yield NAME, ("name",), "は、ファイルの名前にできません。"


def _created(descriptor: Any) -> Found:
    created = descriptor["created"]
    try:
        is_moment = _DATE_TIME.fullmatch(created) and datetime.fromisoformat(created).timestamp() >= 0
    except ValueError:
        is_moment = False
    if not is_moment:
        yield CREATED, ("created",), "が、時差まで書いた日時ではありません。"


def _addresses(descriptor: Any) -> Found:
    places: list[tuple[Place, str]] = []
    if "homepage" in descriptor:
        places.append((("homepage",), descriptor["homepage"]))
    for kind in ("licenses", "contributors", "sources"):
        for place, entry in _items((), descriptor, kind):
            is_a_file = kind == "sources" and _SOURCE_PATH.fullmatch(entry["path"])
            if "path" in entry and not is_a_file:
                places.append(((*place, "path"), entry["path"]))
    for place, address in places:
        if (found := urls.wrong(address)) is not None:
            message, remedy = found
            yield ADDRESS, place, message, remedy or ADDRESS.remedy


def _listed(key: Any) -> list[str]:
    return [key] if isinstance(key, str) else list(key or [])


def _keys(descriptor: Any) -> Found:
    fields = {
        resource["name"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in descriptor["resources"]
    }
    for index, resource in enumerate(descriptor["resources"]):
        schema = resource["schema"]
        own = fields[resource["name"]]
        place = ("resources", index, "schema")
        key = _listed(schema.get("primaryKey"))
        if not key:
            yield KEYS, place, "に primaryKey がありません。"
        for name in key:
            if name not in own:
                yield (
                    KEYS,
                    (*place, "primaryKey"),
                    f"の列「{shown(name)}」がありません。",
                    _near_remedy(name, own),
                )
            elif not schema["fields"][own.index(name)].get("constraints", {}).get("required"):
                yield (
                    KEYS,
                    (*place, "primaryKey"),
                    f"の列「{name}」が必須（required）ではありません。",
                    "必須にしてください。",
                )
        for number, foreign in enumerate(schema.get("foreignKeys", ())):
            where = (*place, "foreignKeys", number)
            target = foreign["reference"].get("resource") or resource["name"]
            if target not in fields:
                message = f"の指す表「{shown(target)}」がありません。"
                yield KEYS, (*where, "reference", "resource"), message, _near_remedy(target, list(fields))
                continue
            here, there = _listed(foreign["fields"]), _listed(foreign["reference"]["fields"])
            if len(here) != len(there):
                yield KEYS, where, "の列の数が、指す先と違います。"
            for names, known, step in (
                (here, own, ("fields",)),
                (there, fields[target], ("reference", "fields")),
            ):
                for name in names:
                    if name not in known:
                        message = f"の列「{shown(name)}」がありません。"
                        yield KEYS, (*where, *step), message, _near_remedy(name, known)


def _near_remedy(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return f"「{near}」に直してください。" if near else KEYS.remedy


_GROUPS = (
    (_spelling,),
    (_profile,),
    (_tables,),
    (_paths, _format, _fields),
    (_patterns, _bounds, _categories, _keys, _complete),
    (_titles, _name, _created, _addresses),
)
