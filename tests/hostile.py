"""Texts that a cell of a CSV could carry and that must stand everywhere exactly, and run nowhere.

``PAYLOADS`` are the texts; those that run call ``attack()`` or set ``window.attacked``, those that fetch
ask ``evil.example``, those that include ask for a file called ``CANARY``. ``poisoned`` makes a package in
which every text column of the schema holds every one of them, so a table or column added to
``datapackage.json`` is attacked without a change here.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice, product
from pathlib import Path
from typing import Any

import yaml

from builders import write_descriptor
from shinchoku.package.descriptor import foreign_keys, primary_key, read_descriptor, resources
from shinchoku.package.writing import csv_bytes
from shinchoku.paths import DESCRIPTOR, GLOSSARY, SOURCES

CANARY = "canary.txt"

#: Family → what it is made of. A name of a payload is that of its family and its number there.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "jinja": (
        "{{ 7*7 }} {{ config.site_name }}",
        "{% for x in range(3) %}x{% endfor %} {# 消える #}",
        f'{{% include "{CANARY}" %}}',
        "%} }} #} {{ {%",
        "{% raw %}",
        "{{ glossary() }} {{ ''.__class__.__mro__ }}",
    ),
    "include": (
        f'--8<-- "{CANARY}"',
        f"--8<--\n{CANARY}\n--8<--",
        f"{{!{CANARY}!}} {{% include-markdown '{CANARY}' %}}",
        f'<!--#include virtual="/{CANARY}" --> .. include:: {CANARY}',
        f"../../../../etc/passwd ..\\..\\{CANARY} file:///etc/passwd",
    ),
    "markdown": (
        "*強調* _下線_ `コード` ~~消す~~ ==印== ^^上^^ ++Ctrl++ --> (c) $x$ \\(y\\)",
        "[リンク](javascript:attack()) <javascript:attack()> [参照][1] [^1]",
        "![絵](//evil.example/x.png){ .cls onerror=attack() }",
        "[1]: javascript:attack() [^1]: 注",
        "*[HTML]: 略語",
        "本文{: #id .cls onclick=attack() }",
        '!!! note "題"\n    中身',
        "```html\n<script>attack()</script>\n```",
        "# 見出し #",
        "題\n===",
        "- 箇条\n1. 番号",
        "> 引用 [TOC] :material-alert: :smile: ::: x",
        "\\* \\` \\{\\{ 末尾\\",
        "@user #1 https://evil.example/ www.evil.example a@evil.example",
    ),
    "front-matter": (
        "---\ntitle: 乗っ取り\n---",
        "title: x\ntemplate: evil.html",
        "&a [*a, *a] <<: *a",
        "!!python/object/apply:os.system ['id'] !ENV HOME",
        "'単' \"複\" : #注 \\u0041 \\x41",
        "{a: b, c: [1, 2]} %YAML 1.1 ...",
    ),
    "html": (
        "<script>attack()</script>",
        "<img src=x onerror=attack()>",
        "<svg onload=attack()><script>attack()</script><a href=javascript:attack()>x</a></svg>",
        "<iframe srcdoc='<script>parent.attack()</script>'></iframe>",
        "<style>* { display: none }</style><link rel=stylesheet href=//evil.example/x.css>",
        "<base href=//evil.example/><meta http-equiv=refresh content='0;url=//evil.example/'>",
        "</title><script>attack()</script>",
        "</script><script>attack()</script>",
        "</textarea></select></option></pre></code><b>",
        "</th></td></tr></table></div></article></main><h1>にせの見出し</h1>",
        '" onmouseover="attack()" autofocus onfocus="attack()" x="',
        "' onmouseover='attack()' autofocus onfocus='attack()' x='",
        "<details open ontoggle=attack()><form action=//evil.example/><input name=a>",
        "<object data=//evil.example/></object><embed src=//evil.example/>",
        "<!--",
        "<![CDATA[ <b>x</b> ]]>",
        "<noscript><p title='</noscript><img src=x onerror=attack()>'>",
        "<math><mtext><table><mglyph><style><img src=x onerror=attack()>",
        "<plaintext><template><b",
    ),
    "entity": (
        "&lt;script&gt;attack()&lt;/script&gt; &amp; &copy; &amp;amp;",
        "&#x6a;avascript:attack() &#123;&#123; 7*7 &#125;&#125; &#0; &#133;",
        "&notanentity; &amp &lt",
    ),
    "address": (
        "javascript:attack()",
        "JaVaScRiPt:attack()//\u3000 vbscript:attack()",
        "data:text/html,<script>attack()</script>",
        "//evil.example/x https://a:b@evil.example\\@x",
        "https://evil.example/?q=%E3%81&amp=1#x%",
    ),
    "css": (
        "'; } * { display: none } /*",
        "url(//evil.example/x.png) expression(attack()) </style>",
    ),
    "script": (
        "${attack()} `${attack()}`",
        "'-attack()-' \"};attack();//",
        '{"__proto__": {"attacked": 1}}',
        "__proto__ constructor toString hasOwnProperty",
    ),
    "formula": (
        '=HYPERLINK("https://evil.example/","x")',
        "=WEBSERVICE(\"https://evil.example/\")&cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd",
        "-1+1",
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
        "{=1+1}",
    ),
    "table": (
        "a|b|c | 表 | 欄 |",
        'a,b;c\td "引用" ""',
        '","=1+1","',
        "1行目\n2行目,=1+1",
    ),
    "bidi": (
        "逆\u202e逆\u202c \u2066別\u2069",
        "\u200f右\u061c左\u202a埋め込み",
    ),
    "unseen": (
        "ゼロ\u200b幅\u200d\ufeff\u00ad\u2060",
        "行\u2028段\u2029次\u0085終わり",
        "空白\u00a0\u3000\u2003\u202f",
        "\x1b[31m赤\x1b]8;;https://evil.example/\x07\x08\x7f",
        "\x01\x02wzxhzdk:0\x03\x0b\x0c\x1c\x1f",
        "\x80\x9b31m\x9f",
        "\ue000\uf8ff\ufffd\ufffe\uffff\U000e0041",
    ),
    "long": (
        "長" * 5000,
        "W" * 5000,
        "e" + "\u0301" * 300,
        "&" * 600,
    ),
    "letters": (
        "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 𠮷野家 t-CO₂",
        "か\u3099 ﾊﾝｶｸ Ｆｕｌｌ",
        "﨑 ㈱ ℡ ﷽ ǆ İ ß",
    ),
    "xml": (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
        "]]> <?xml version='1.0'?> <?php attack() ?>",
        "_x0041_ _x000D_ _x005F_",
    ),
    "pattern": (
        "(a+)+$ [^] .* \\d \\1 (?",
        "%s %d {0} {title} %(x)s $HOME $(id) `id`",
        "'; DROP TABLE initiatives;--",
        "+ADw-script+AD4-attack()+ADw-/script+AD4-",
    ),
}

#: Name → text.
PAYLOADS: dict[str, str] = {
    f"{family}-{number}": text for family, texts in _FAMILIES.items() for number, text in enumerate(texts, 1)
}


# -- where each of them stands --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A poisoned place: the name of its payload, and all that stands there."""

    table: str
    column: str
    payload: str
    text: str


MARK = re.compile(r"⟦([가-힣]{2})⟧")


class Marks:
    """Payloads for places, each followed by a mark that no other place has and by which it is found.

    The mark comes last: what a text can do often hangs on how it begins.
    """

    def __init__(self) -> None:
        self.cells: dict[str, Cell] = {}

    def put(self, table: str, column: str, number: int, *, on_one_line: bool = False) -> str:
        """The text for a place; ``number`` chooses the payload."""
        name = list(PAYLOADS)[number % len(PAYLOADS)]
        payload = re.sub(r"[\r\n]", " ", PAYLOADS[name]) if on_one_line else PAYLOADS[name]
        high, low = divmod(len(self.cells), 1000)
        mark = chr(ord("가") + high) + chr(ord("나") + low)  # two letters that stand together nowhere else
        self.cells[mark] = Cell(table, column, name, f"{payload}⟦{mark}⟧")
        return self.cells[mark].text


# -- a package with room for all of them ---------------------------------------------------

Row = dict[str, str]
#: How the ids of added rows begin.
_ADDED = "poison-"


def text_columns(resource: Mapping[str, Any]) -> list[str]:
    """The columns that the schema lets hold any text."""
    return [
        field["name"]
        for field in resource["schema"]["fields"]
        if field["type"] == "string"
        and not {"enum", "pattern"} & field.get("constraints", {}).keys()
        and "identity" not in field
        and field["name"] != "printed_column"
    ]


@dataclass
class Draft:
    """A package before it is written: its tables as text, and its documents by path."""

    descriptor: dict[str, Any]
    tables: dict[str, list[Row]]
    documents: dict[str, str]

    @property
    def text_columns(self) -> Iterator[tuple[str, str]]:
        """(table, column) of every column that may hold any text."""
        for name, resource in resources(self.descriptor).items():
            yield from ((name, column) for column in text_columns(resource))

    def rows_of(self, table: str, column: str) -> list[Row]:
        """The rows whose cell of a column may be changed: not those that are joined by it."""
        is_key = column in primary_key(resources(self.descriptor)[table])
        return self.tables[table][-len(PAYLOADS) :] if is_key else self.tables[table]

    def write(self, target: Path) -> None:
        """Write the folder, with the sizes and hashes of its documents as they are."""
        for row in self.tables["sources"]:
            content = self.documents[row["file"]].encode("utf-8")
            count_of_lines = len(content.removesuffix(b"\n").split(b"\n"))
            row |= {"sha256": hashlib.sha256(content).hexdigest(), "line_count": str(count_of_lines)}
        for path, text in self.documents.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(text.encode("utf-8"))
        for name, resource in resources(self.descriptor).items():
            columns = [field["name"] for field in resource["schema"]["fields"]]
            rows = ([row[column] for column in columns] for row in self.tables[name])
            (target / resource["path"]).write_bytes(csv_bytes(columns, rows))
        write_descriptor(target, self.descriptor)


def roomy(project: Path, *, apart: bool = False) -> Draft:
    """The package of a project with a row for every payload in each table: short ones are made longer.

    With ``apart``, with so many rows for each column of text. A column of text that is part of a key has these added rows for itself; the others keep their keys,
    so that what is joined by them still is.
    """
    descriptor = read_descriptor(project)
    declared = resources(descriptor)
    tables = {}
    for name, resource in declared.items():
        with (project / resource["path"]).open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    for name, resource in declared.items():
        has_text_in_key = bool(set(primary_key(resource)) & set(text_columns(resource)))
        needed = len(PAYLOADS) * (max(1, len(text_columns(resource))) if apart else 1)
        missing = needed - (0 if has_text_in_key else len(tables[name]))
        if missing > 0:
            template = tables[name][-1] if tables[name] else _first_row(resource, tables)
            keys = _unused_keys(resource, tables[name] or [template], tables)
            tables[name] += [{**template, **key} for key in islice(keys, missing)]
    documents = {}
    for row in tables["sources"]:
        if row["source_id"].startswith(_ADDED):
            row |= {"file": f"{SOURCES}/{row['source_id']}.txt", "report_fiscal_year": ""}
            documents[row["file"]] = "行\n" * 3
        else:
            documents[row["file"]] = (project / row["file"]).read_text(encoding="utf-8")
    return Draft(descriptor, tables, documents)


def _first_row(resource: Mapping[str, Any], tables: Mapping[str, list[Row]]) -> Row:
    """A row for a table that has none."""
    row = {}
    for field in resource["schema"]["fields"]:
        constraints = field.get("constraints", {})
        values = {"date": "2024-04-01", "yearmonth": "2024-04", "boolean": "false", "string": "text"}
        value = values.get(field["type"], str(constraints.get("minimum", 1)))
        row[field["name"]] = str(constraints.get("enum", [value])[0]) if constraints.get("required") else ""
    for here, table, there in foreign_keys(resource):
        if all(row[column] for column in here):
            row |= {column: tables[table][0][other] for column, other in zip(here, there, strict=True)}
    return row


def _unused_keys(
    resource: Mapping[str, Any], rows: list[Row], tables: Mapping[str, list[Row]]
) -> Iterator[Row]:
    """Values for the columns of the primary key that no row has yet."""
    key = primary_key(resource)
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    references = list(foreign_keys(resource))
    for column in key:
        if any(column in here for here, *_ in references):
            continue
        if fields[column]["type"] == "integer":
            first = 1 + max((int(row[column]) for row in rows), default=0)
            yield from ({column: str(number)} for number in count(first))
        if column in text_columns(resource) or column.endswith("_id"):
            yield from ({column: f"{_ADDED}{number}"} for number in count(1))
    # Each part is known from elsewhere: then combinations that are not there yet, within one document.
    used = {tuple(row[column] for column in key) for row in rows}
    for source_id in sorted({row.get("source_id", "") for row in rows}, key=_as_added):
        of_source = [row for row in rows if row.get("source_id", "") == source_id]
        known = {column: {row[column] for row in of_source} for column in key}
        known |= {
            column: {row[there[0]] for row in tables[table]}
            for (column, *more), table, there in references
            if column in key and column != "source_id" and not more
        }
        for values in product(*(sorted(found, key=_as_added) for found in known.values())):
            row = dict(zip(key, values, strict=True))
            if values not in used and all(_is_met(row, reference, tables) for reference in references):
                yield row


def _as_added(value: str) -> tuple[bool, str]:
    return value.startswith(_ADDED), value


def _is_met(row: Row, reference: tuple[Any, ...], tables: Mapping[str, list[Row]]) -> bool:
    here, table, there = reference
    if not set(here) <= row.keys():
        return True
    return any(all(row[c] == other[o] for c, o in zip(here, there, strict=True)) for other in tables[table])


# -- the poisoned package -----------------------------------------------------------------


def poisoned(project: Path, target: Path) -> dict[str, Cell]:
    """Write a package of which every text is a payload into ``target``; mark → where it stands."""
    marks = Marks()
    draft = roomy(project)
    _make_texts_seen(draft.tables)
    for number, (table, column) in enumerate(draft.text_columns):
        for index, row in enumerate(draft.rows_of(table, column)):
            row[column] = marks.put(table, column, index + number)
    for path, text in draft.documents.items():
        lines = (marks.put(SOURCES, "line", index, on_one_line=True) for index in range(text.count("\n")))
        draft.documents[path] = "".join(f"{line}\n" for line in lines)
    draft.documents[GLOSSARY] = _glossary(draft.tables["sources"][0]["source_id"], marks)
    _poison_descriptor(draft.descriptor, marks)
    draft.write(target)
    return marks.cells


def _make_texts_seen(tables: Mapping[str, list[Row]]) -> None:
    """Conditions on which pages show a text, met by enough rows."""
    for row in tables["observations"][: len(tables["observations"]) // 2]:
        row |= {"value": "", "status": "reported", "qualifier": "as_of"}
    for row in tables["settlements"][: len(PAYLOADS)]:
        row |= {"amount_thousand_yen": "", "status": "not_stated"}
    for row in tables["initiatives"]:
        row["lifecycle"] = "ended"
    # Nodes that pages say least of come first, for the payloads of the first rows come again later.
    tables["policies"].sort(key=lambda row: ("part", "field", "strategy").count(row["level"]), reverse=True)


def _glossary(source_id: str, marks: Marks) -> str:
    terms = [
        {
            "id": f"term-{number}",
            "term": marks.put(GLOSSARY, "term", number),
            "others": [marks.put(GLOSSARY, "others", number)],
            "meaning": marks.put(GLOSSARY, "meaning", number),
            "printed": {"source": source_id, "line": 1 + number},
        }
        for number in range(len(PAYLOADS))
    ]
    groups = [
        {"group": marks.put(GLOSSARY, "group", number), "terms": [term]} for number, term in enumerate(terms)
    ]
    return yaml.safe_dump(groups, allow_unicode=False, sort_keys=False)


#: What the descriptor says to people; the rest is for programs.
_SAID = ("title", "title_en", "description", "label", "unit", "version")


def _poison_descriptor(descriptor: dict[str, Any], marks: Marks) -> None:
    numbers = count()

    def poison(part: Any, place: str) -> None:
        children = part.items() if isinstance(part, dict) else enumerate(part)
        for name, child in list(children):
            if isinstance(child, dict | list):
                poison(child, f"{place}.{name}" if isinstance(name, str) else place)
            elif name in _SAID or place.endswith(".keywords"):
                part[name] = marks.put(DESCRIPTOR, f"{place}.{name}", next(numbers))

    poison(descriptor, "")
    first, *_ = descriptor["licenses"]
    descriptor["licenses"] = [
        {**first, "name": "other-open", "path": path}
        for path in ("javascript:attack()", "https://evil.example/%E3%81")
    ]
