"""``datapackage.json`` and its schemas: can the package be read with them, and do they say what they mean?

Checks the official Data Package v2 profile and what this project asks beyond it (``schemas``), then what
no schema can say: patterns that are no regular expression, keys to fields that do not exist, tables and
columns that are not those of ``model``, names that stand twice. Must not look at the data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from shinchoku import addresses, files
from shinchoku.package import reprint
from shinchoku.package.descriptor import LICENCE_FILE, PackageError, inside, is_derived
from shinchoku.package.records import (
    RECORD_TYPES,
    REQUIRED_TABLES,
    columns,
    optional_columns,
    required_columns,
)
from shinchoku.paths import DATA, DESCRIPTOR, RELEASES, SCHEMAS, SOURCES, links_outside
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import Place, Unreadable, line_of, read_json
from shinchoku.text import nearest, quoted, shown
from shinchoku.validation import urls
from shinchoku.validation.problems import RULES, Problem, Rule, Stage, rule

_rule = partial(rule, Stage.DESCRIPTOR)

LINK = _rule(
    "link-outside",
    f"{DATA}/ と {RELEASES}/ のファイルとフォルダは、このフォルダの外を指すリンクではない。",
    "リンクを消し、ファイルそのものを置いてください。",
    example=("data/glossary.yml が別のフォルダを指すリンク", "data/glossary.yml というファイル"),
)
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
    "表の列とその型、必須（required）の列は、このサイトが読むものと同じである。",
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
LEVELS = _rule(
    "descriptor-levels",
    "施策の階層（policies の level の categories）は上から順に並び、少なくとも1つにページ（pages）がある。"
    "階層の名前（value）は半角の英小文字で始まり、表の列の名前やサイトのほかのページの名前と重ならない。",
    "categories を上の階層から順に並べ、ページを作る階層に pages（アドレスの名前）を書いてください。",
    example=("どの階層にも pages がない", '"pages": "fields"'),
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
VERSION = _rule(
    "descriptor-version",
    "version は、3つの数（1.2.0 の形）である。サイトで配るデータでは、版のあとに直しがあれば「+」と8文字が続く。",
    "出した版のうち、いちばん新しいものの番号にしてください（版は release で出します）。",
    example=('"1.2"', '"1.2.0"'),
)
LICENCE = _rule(
    "descriptor-licence",
    "利用条件（licenses）の name は、書くなら、決まった名前（CC-BY-4.0 など）である。",
    "「CC-BY-4.0」などの決まった名前にしてください。決まった名前のない利用条件なら、name を消してください。",
    example=("CC-BY-9.9", "CC-BY-4.0"),
)
ADDRESS = _rule(
    "descriptor-address",
    "homepage と licenses・sources・contributors の path は、https:// で始まる1つのアドレスである"
    f"（sources は {SOURCES}/ のファイル、licenses は datapackage.json の隣の .md か .txt のファイルでもよい）。",
    "アドレスを直してください。",
    example=("javascript:alert(1)", "https://example.jp/"),
)
SPATIAL = _rule(
    "descriptor-spatial",
    "spatial（どこのデータか）には、code（全国地方公共団体コード）・name・name_en がある。",
    "3つとも書くか、spatial を消してください。",
    example=('"code": "1310"', '"code": "131016"'),
)
DISRUPTION = _rule(
    "descriptor-disruption",
    "disruption（大きな出来事の影響を受けた年度）には title・short・fiscal_years があり、"
    "年度は西暦で、古い順に1年ずつ続く。",
    "年度を「[2020, 2021]」の形にしてください。そのような年度がなければ、disruption を消してください。",
    example=('"fiscal_years": [2021, 2020]', '"fiscal_years": [2020, 2021]'),
)
KEYS = _rule(
    "descriptor-keys",
    "primaryKey と foreignKeys は、実際にある表の列を指し、ほかの表のIDの列には foreignKeys か identity がある。",
    "実際にある表と列の名前に直すか、消した foreignKeys を元に戻してください。",
    example=('"fields": "polcy_id"', '"fields": "policy_id"'),
)

_SCHEMA_PATH = re.compile(rf"{SCHEMAS}/[A-Za-z0-9_-]+\.json")
_SOURCE_PATH = re.compile(rf"{SOURCES}/(?!\.)[A-Za-z0-9._-]+")
#: The ids that a table gives and others point at; any other is another table's.
OWN_IDS = {
    ("sources", "source_id"),
    ("policies", "policy_id"),
    ("initiatives", "initiative_id"),
    ("indicators", "indicator_id"),
    ("grant_programmes", "programme_id"),
    ("grants", "grant_id"),
}
#: As long as a workbook lets the name of a sheet be.
_SHEET_NAME_LENGTH = 31


class _Text(NamedTuple):
    """A file of the descriptor as it is written."""

    file: str
    text: str


def check(directory: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The descriptor of a package folder, its schemas in it, or the problems that make it unusable."""
    if links := links_outside(directory):
        return None, [LINK.problem(link, "フォルダの外を指すリンクです。") for link in links]
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
    root = place[:3] if place[:3] in texts else ()
    file, text = texts[root]
    return declared.problem(
        file,
        f"{name_of(descriptor, place)}{message}",
        line=line_of(text, place[len(root) :]),
        value=_value(descriptor, place),
        remedy=remedy,
    )


def _value(value: Any, place: Place) -> str | None:
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return None if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)


def _read(directory: Path) -> tuple[Any, dict[Place, _Text], list[Problem]]:
    """The descriptor with its schemas in it, and the place of each file in it → the text of the file."""
    text, descriptor, problems = _read_object(directory, DESCRIPTOR)
    texts: dict[Place, _Text] = {(): _Text(DESCRIPTOR, text)}
    resources = descriptor.get("resources") if descriptor else None
    for index, resource in enumerate(resources if isinstance(resources, list) else ()):
        file = resource.get("schema") if isinstance(resource, dict) else None
        if not isinstance(file, str):
            continue
        place = ("resources", index, "schema")
        if _is_schema_file(directory, file):
            text, resource["schema"], found = _read_object(directory, file)
            texts[place] = _Text(file, text)
            problems += found
        else:
            message = f"が {SCHEMAS}/ の中のJSONではありません。"
            remedy = f"「{SCHEMAS}/表の名前.json」にしてください。"
            problems.append(_problem(PATH, descriptor, texts, place, message, remedy))
    return descriptor, texts, problems


def _is_schema_file(directory: Path, name: str) -> bool:
    try:
        inside(directory, name)
    except PackageError:
        return False
    return _SCHEMA_PATH.fullmatch(name) is not None


def _read_object(directory: Path, file: str) -> tuple[str, Any, list[Problem]]:
    """The text of a file that is a JSON object, and the object."""
    path = directory / file
    try:
        text, value = read_json(path)
        if not isinstance(value, dict):
            raise Unreadable("全体が { } で囲まれていません。", 1)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            message, stop, remedy = files.reason(error).partition("。")
            return "", None, [READABLE.problem(file, message + stop, remedy=remedy)]
        beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, beside, likeness=0.9)
        remedy = (
            f"「{near}」の名前を「{path.name}」に直してください。"
            if near
            else "ファイルを元に戻してください。"
        )
        return "", None, [READABLE.problem(file, "ファイルがありません。", remedy=remedy)]
    except Unreadable as error:
        problem = READABLE.problem(
            file, error.message, line=error.line, value=error.value, remedy=error.remedy
        )
        return "", None, [problem]
    return text, value, []


# -- the checks: each yields (rule, place in the JSON, message[, remedy]) -----

Found = Iterator[tuple[Rule, Place, str] | tuple[Rule, Place, str, str | None]]


def _profile(descriptor: Any) -> Found:
    seen = set()
    for found in findings("datapackage-2.0", descriptor):
        if found.place not in seen:
            seen.add(found.place)
            yield PROFILE, found.place, found.message


def _form(descriptor: Any, *, is_spelling: bool) -> Found:
    for found in findings("descriptor", descriptor):
        if (found.rule == SPELLING.id) == is_spelling:
            yield RULES[found.rule], found.place, found.message, found.remedy


def _tables(descriptor: Any) -> Found:
    names = [resource["name"] for resource in descriptor["resources"]]
    for index, name in enumerate(names):
        if is_derived(descriptor["resources"][index]):
            continue  # a published package has it, too
        if name not in RECORD_TYPES:
            near = nearest(name, RECORD_TYPES)
            remedy = f"「{near}」に直してください。" if near else "この表の定義を消してください。"
            yield TABLES, ("resources", index), f"「{shown(name)}」という表は使われません。", remedy
        elif names.index(name) < index:
            yield TABLES, ("resources", index), f"「{name}」が2回あります。", "どちらか1つを消してください。"
    # A misspelt table is already reported as one that is not used.
    missing = [name for name in RECORD_TYPES if name in REQUIRED_TABLES and name not in names]
    if missing and all(each["name"] in RECORD_TYPES or is_derived(each) for each in descriptor["resources"]):
        yield TABLES, ("resources",), f"に表{quoted(missing)}がありません。"


def _fields(descriptor: Any) -> Found:
    for index, resource in enumerate(descriptor["resources"]):
        place = ("resources", index, "schema")
        schema = resource.get("schema")
        if not isinstance(schema, dict):
            yield FIELDS, place, "（列の定義）がありません。"
            continue
        if is_derived(resource):
            continue
        names = tuple(field.get("name") for field in schema.get("fields", ()))
        kind = RECORD_TYPES[resource["name"]]
        expected = tuple(
            each for each in columns(kind) if each in names or each not in optional_columns(kind)
        )
        if names != expected:
            pairs = enumerate(zip(names, expected, strict=False))
            at = next((i for i, (name, other) in pairs if name != other), min(len(names), len(expected)))
            wanted = f"{at + 1}番目の列は「{expected[at]}」です。" if at < len(expected) else ""
            yield FIELDS, (*place, "fields", at), f"が、このサイトが読む列と違います。{wanted}"
            continue
        always = required_columns(kind)
        for at, field in enumerate(schema["fields"]):
            if field["name"] in always and not field.get("constraints", {}).get("required"):
                remedy = '"constraints" の "required": true を元に戻してください。'
                yield FIELDS, (*place, "fields", at), "が必須（required）ではありません。", remedy


def _categories(descriptor: Any) -> Found:
    for index, resource in enumerate(descriptor["resources"]):
        for number, field in enumerate(resource["schema"]["fields"]):
            allowed = field.get("constraints", {}).get("enum", [])
            values = [
                item["value"] if isinstance(item, dict) else item for item in field.get("categories", ())
            ]
            is_attribute = (resource["name"], field["name"]) == ("attributes", "attribute")
            for at, item in enumerate(field.get("categories", ())):
                if (
                    not is_attribute
                    and isinstance(item, dict)
                    and (extra := {"kind", "legend"} & item.keys())
                ):
                    where = ("resources", index, "schema", "fields", number, "categories", at)
                    message = f"の{quoted(sorted(extra))}は、attributes の attribute だけのものです。"
                    yield CATEGORIES, where, message, "消してください。"
            if values != allowed:
                differing = [
                    value for value in (*values, *allowed) if (value in values) != (value in allowed)
                ]
                place = ("resources", index, "schema", "fields", number, "categories")
                yield CATEGORIES, place, f"と enum が食い違っています{quoted(differing)}。"


def _levels(descriptor: Any) -> Found:
    """What the tree and the addresses hang on stands in the categories of one column."""
    for index, resource in enumerate(descriptor["resources"]):
        for number, field in enumerate(resource["schema"]["fields"]):
            is_level = (resource["name"], field["name"]) == ("policies", "level")
            found = [item for item in field.get("categories", ()) if isinstance(item, dict)]
            place = ("resources", index, "schema", "fields", number, "categories")
            if is_level and not any("pages" in item for item in found):
                yield LEVELS, place, "に、ページのある階層（pages）がありません。"
            names = [item["value"] for item in found]
            for at, item in enumerate(found):
                if is_level:
                    yield from _names_of_level(item, found[:at], (*place, at))
                if not is_level and (extra := quoted({"under", "pages", "filter"} & item.keys())):
                    yield LEVELS, (*place, at), f"の{extra}は、policies の level だけのものです。"
                for above in item.get("under", ()) if is_level else ():
                    if above is not None and above not in names[:at]:
                        message = f"の under の「{shown(above)}」は、その上の階層ではありません。"
                        yield LEVELS, (*place, at), message


def _names_of_level(level: Any, above: list[Any], place: Place) -> Found:
    """What a level is called becomes a column and a folder of the site."""
    name, folder = level["value"], level.get("pages")
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        remedy = "半角の英小文字で始め、英小文字・数字・「_」だけにしてください。"
        yield LEVELS, (*place, "value"), "は、列の名前に使えません。", remedy
    elif reprint.is_column(name) and not (folder and name == reprint.AREA):
        yield LEVELS, (*place, "value"), "は、公開する表のほかの列の名前です。", "別の名前にしてください。"
    if folder in addresses.TAKEN_FOLDERS:
        yield (
            LEVELS,
            (*place, "pages"),
            "は、サイトのほかのページのアドレスです。",
            "別の名前にしてください。",
        )
    if folder and folder in [each.get("pages") for each in above]:
        remedy = "階層ごとに別の名前にしてください。"
        yield LEVELS, (*place, "pages"), "は、ほかの階層のページのアドレスです。", remedy
    if level.get("under") == []:
        remedy = "上の階層の名前を書くか（いちばん上なら null）、under を消してください。"
        yield LEVELS, (*place, "under"), "に、上の階層が1つもありません。", remedy


def _unique(descriptor: Any) -> Found:
    paths, sheets = set(), {"readme"}  # the first sheet
    for index, resource in enumerate(descriptor["resources"]):
        path, sheet = resource["path"], resource["title"][:_SHEET_NAME_LENGTH].casefold()
        if path in paths:
            yield PATH, ("resources", index, "path"), "は、ほかの表と同じファイルです。"
        if sheet in sheets:
            yield TITLES, ("resources", index, "title"), "は、ほかの表の title と同じか、README です。"
        paths.add(path)
        sheets.add(sheet)


def _addresses(descriptor: Any) -> Found:
    files = {"sources": _SOURCE_PATH, "licenses": LICENCE_FILE}  # whether it is there is for ``surroundings``
    holders: list[tuple[Place, Any]] = [((), descriptor)]
    holders += [(("resources", index), each) for index, each in enumerate(descriptor["resources"])]
    places = [((*at, "homepage"), holder["homepage"]) for at, holder in holders if "homepage" in holder]
    for at, holder in holders:
        for kind in ("licenses", "contributors", "sources"):
            for index, entry in enumerate(holder.get(kind, ())):
                if "path" in entry and not (kind in files and files[kind].fullmatch(entry["path"])):
                    places.append(((*at, kind, index, "path"), entry["path"]))
    for place, address in places:
        if (found := urls.wrong(address)) is not None:
            message, remedy = found
            yield ADDRESS, place, message, remedy


def _disruption(descriptor: Any) -> Found:
    years = descriptor.get("disruption", {}).get("fiscal_years", [])
    for year, following in pairwise(years):
        if following != year + 1:
            message = f"の{following}が、{year}の次の年度ではありません。"
            yield DISRUPTION, ("disruption", "fiscal_years"), message


def _listed(key: str | list[str]) -> list[str]:
    return [key] if isinstance(key, str) else key


def _keys(descriptor: Any) -> Found:
    fields = {
        resource["name"]: {field["name"]: field for field in resource["schema"]["fields"]}
        for resource in descriptor["resources"]
    }
    for index, resource in enumerate(descriptor["resources"]):
        schema = resource["schema"]
        own = fields[resource["name"]]
        place = ("resources", index, "schema")
        key = _listed(schema["primaryKey"])
        yield from _known(key, own, (*place, "primaryKey"))
        for name in key:
            if name in own and not own[name].get("constraints", {}).get("required"):
                message = f"の列「{name}」が必須（required）ではありません。"
                yield KEYS, (*place, "primaryKey"), message, "必須にしてください。"
        for number, foreign in enumerate(schema.get("foreignKeys", ())):
            where = (*place, "foreignKeys", number)
            reference = foreign["reference"]
            target = reference.get("resource") or resource["name"]
            if target not in fields:
                message = f"の指す表「{shown(target)}」がありません。"
                yield KEYS, (*where, "reference", "resource"), message, _near_remedy(target, fields)
                continue
            here, there = _listed(foreign["fields"]), _listed(reference["fields"])
            if len(here) != len(there):
                yield KEYS, where, "の列の数が、指す先と違います。"
            yield from _known(here, own, (*where, "fields"))
            yield from _known(there, fields[target], (*where, "reference", "fields"))
        referring = {name for foreign in schema.get("foreignKeys", ()) for name in _listed(foreign["fields"])}
        for name in () if is_derived(resource) else own:
            if (
                name.endswith("_id")
                and "identity" not in own[name]
                and name not in (*referring, "note_id")
                and (resource["name"], name) not in OWN_IDS
            ):
                message = f"に、ほかの表を指す列「{name}」がありません。"
                yield (
                    KEYS,
                    (*place, "foreignKeys"),
                    message,
                    "消した foreignKeys か identity を元に戻してください。",
                )


def _known(names: Iterable[str], columns: Iterable[str], place: Place) -> Found:
    for name in names:
        if name not in columns:
            yield KEYS, place, f"の列「{shown(name)}」がありません。", _near_remedy(name, columns)


def _near_remedy(name: str, known: Iterable[str]) -> str | None:
    near = nearest(name, known)
    return f"「{near}」に直してください。" if near else None


_GROUPS = (
    (partial(_form, is_spelling=True),),
    (_profile,),
    (_tables,),
    (partial(_form, is_spelling=False),),
    (_unique, _fields),
    (_categories, _keys, _addresses, _disruption),
    (_levels,),
)
