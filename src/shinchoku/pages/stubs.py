"""The Markdown files the site generator starts from: an id and escaped front matter, no content.

What stands in such a file is executed by the generator's template engine and
then read as YAML, Markdown and HTML. So text from the package stands only in
the front matter, escaped for all four, and the body is one macro call with an
id. Must not render anything: bodies are made when the macro is called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from shinchoku import addresses, fiscal_year, reports_compared
from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy
from shinchoku.wording import one_line

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: What HTML, Jinja, Markdown or YAML might act on, as character references.
_REFERENCES = str.maketrans({character: f"&#{ord(character)};" for character in "&<>\"'{}%#`\\"})
#: What YAML takes for the end of a line, or does not take at all.
_NOT_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_HIDDEN = "hide: [navigation, toc]"


class UnsafeId(ValueError):
    """An id that cannot be the name of a page's own file and a macro's argument."""


def front_matter_text(text: str) -> str:
    """``text`` as a YAML string that neither Jinja nor HTML can run, on one line."""
    quoted = json.dumps(one_line(text).translate(_REFERENCES), ensure_ascii=False)
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _page(file: str, title: str, description: str, macro: str, *arguments: str) -> tuple[str, str]:
    for argument in arguments:
        if not _ID.fullmatch(argument):
            raise UnsafeId(f"「{argument}」はIDに使えません（英小文字・数字・ハイフンだけです）。")
    call = f"{macro}({', '.join(json.dumps(argument) for argument in arguments)})"
    return file, "\n".join(
        [
            "---",
            f"title: {front_matter_text(title)}",
            f"description: {front_matter_text(description)}",
            _HIDDEN,
            "---",
            f"{{{{ {call} }}}}",
            "",
        ]
    )


def _file(address: str) -> str:
    """The Markdown file that becomes the page at ``address``."""
    return f"{address.rstrip('/')}.md"


def stubs(package: Edition) -> dict[str, str]:
    """File below the docs folder → its text, for every page that is not written by hand."""
    files: dict[str, str] = {}
    for file, text in _pages(package):
        if file in files:  # an initiative called ``index`` would be the list of all
            raise UnsafeId(f"「{Path(file).stem}」はIDに使えません（{file} はほかのページのファイルです）。")
        files[file] = text
    return files


def _areas(package: Edition) -> Iterator[Policy]:
    """The areas of the edition, and those that only earlier reports have: their addresses stay."""
    earlier = (package.edition(year) for year in reversed(package.report_years))
    known: dict[str, Policy] = {}
    for edition in (package, *earlier):
        for area in edition.areas:
            known.setdefault(addresses.area(area), area)
    yield from known.values()


def _pages(package: Edition) -> Iterator[tuple[str, str]]:
    yield _page(
        f"{addresses.INITIATIVES}index.md",
        "事業一覧",
        "計画のすべての事業の実績、目標、判定、決算見込額の一覧です。",
        "initiative_list",
    )
    yield _page(
        f"{addresses.GRANTS}index.md",
        "地方創生関連交付金",
        "地方創生関連交付金の制度と対象事業、国費の額の一覧です。",
        "grant_list",
    )
    yield _page(
        _file(addresses.SPENDING),
        "使ったお金（決算見込額）",
        "決算見込額を、分野、柱と基本施策、事業ごとに示します。",
        "spending",
    )
    yield _page(
        _file(addresses.GLOSSARY),
        "用語",
        "このサイトと原資料に出てくる言葉の意味を、やさしい言葉で説明します。",
        "glossary",
    )
    yield _page(
        f"{addresses.DATA}index.md",
        "データのダウンロード",
        "すべての表のダウンロード、列の説明、利用条件、使い方の例です。",
        "data",
    )
    yield _page(
        f"{addresses.QUALITY}index.md",
        "データの品質",
        "値のない欄の理由、再掲の食い違い、印刷への疑問、読み取り、訂正の一覧です。",
        "quality",
    )
    yield _page(
        f"{addresses.CHANGES}index.md",
        "変更の記録",
        "公開したデータの値を、いつ、どこを、何から何に、なぜ変えたかの記録と、これまでに出した版です。",
        "changes",
    )
    yield _page(
        f"{addresses.REPORTS}index.md",
        "報告の年度",
        "年度ごとの報告の事業の数、判定、決算見込額を並べ、前の報告から変わったことを示します。",
        "report_list",
    )
    for year in package.report_years:
        era = fiscal_year.era(year)
        yield _page(
            _file(addresses.report(year)),
            f"{era}の報告",
            f"{era}の報告に載った全事業の判定、達成率、決算見込額と、分野ごとのまとめです。",
            "report",
            str(year),
        )
        edition = package.edition(year)
        for area in () if edition.is_newest else edition.areas:
            yield _page(
                _file(addresses.report_area(year, area)),
                f"{area.title}（{era}の報告）",
                f"{era}の報告の「{area.title}」の基本施策、事業ごとの実績と目標、決算見込額です。",
                "area",
                area.policy_id,
                str(year),
            )
    for area in _areas(package):
        yield _page(
            _file(addresses.area(area)),
            area.title,
            f"「{area.title}」の基本施策、取組の方向、事業ごとの実績と目標、決算見込額です。",
            "area",
            area.policy_id,
        )
    for source in package.sources:
        yield _page(
            _file(addresses.source(source.source_id)),
            source.title,
            f"{source.publisher}「{source.title}」の文字を、行の番号をつけてそのまま載せています。",
            "source",
            source.source_id,
        )
    for key in reports_compared.all_initiatives(package):
        initiative = reports_compared.latest_with(package, "initiative", key).initiative[key]
        yield _page(
            _file(addresses.initiative(key)),
            initiative.name,
            f"「{initiative.name}」の指標の実績と目標、内容、決算見込額、印刷された行です。",
            "initiative",
            key,
        )
    for grant in package.grants:
        yield _page(
            _file(addresses.grant(grant.grant_id)),
            grant.name,
            f"「{grant.name}」の国費の額、申請の形、説明、制度の読み取りです。",
            "grant",
            grant.grant_id,
        )
