"""What every download says of itself: where it comes from, on what terms, how to cite it.

All of it is put together from ``datapackage.json`` and ``sources.csv``, so that
no download can say something else. Written in Japanese, the README and the licence in English too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shinchoku import addresses, calculated
from shinchoku.package.descriptor import counts_calendar_years, licences, publishers, resources
from shinchoku.package.joins import Tables, kept
from shinchoku.package.records import Source
from shinchoku.package.releases import base_version
from shinchoku.paths import LICENCE


def calculation_note(package: Tables) -> str:
    """Which columns and keys this site calculates."""
    return calculated.note(package.places)


def grant_links_note(package: Tables) -> str:
    """What the links between initiatives and grants are; empty where a package has no place for them."""
    found = resources(package.descriptor).get("initiative_grants")
    return found["description"] if found else ""


class Operator(NamedTuple):
    """Who publishes this, and answers for it; the name is empty and the address ``None`` where none is given."""

    name: str
    email: str | None


def operator(package: Tables) -> Operator:
    """The contributors of the descriptor whose roles name a publisher."""
    found = publishers(package.descriptor)
    addresses = (item["email"] for item in found if "email" in item)
    return Operator("、".join(item["title"] for item in found), next(addresses, None))


def disruption_note(package: Tables) -> str:
    """What the descriptor's years of a disruption are; empty where it declares none."""
    if (disruption := package.disruption) is None:
        return ""
    years = "・".join(map(str, disruption.fiscal_years))
    return (
        f"datapackage.json の disruption は、{disruption.title}（{years}）です。"
        "このサイトの読み取りで、原資料はどの年度をそう呼ぶかを書いていません。"
    )


def attribution(package: Tables, source: Source) -> str:
    """The document quoted, and what turned it into data."""
    return f"出典：{_document(source)}。「{package.descriptor['title']}」が表形式にしたもの。"


@kept
def licence_note(package: Tables, site_url: str) -> str:
    """Where the terms of what is quoted stand, then those of this project's own work."""
    where = addresses.public(f"{addresses.DATA}{LICENCE}", site_url)
    own = f"独自部分は {named}。" if (named := _named_licences(package)) else ""
    return f"引用部分の利用条件は {where} にあります。{own}"


def own_licences(package: Tables) -> tuple[Mapping[str, Any], ...]:
    """The licences of this project's own work: all that have a name others know, each once.

    What is quoted has none that this project could give; a licence without a name is a text that says so.
    """
    named = (item for item in licences(package.descriptor) if "name" in item)
    return tuple({item["path"]: item for item in named}.values())


def own_tables(package: Tables) -> list[Mapping[str, Any]]:
    """The tables that are wholly this project's own work."""
    return [resource for resource in package.descriptor["resources"] if "licenses" in resource]


_LICENCE = """\
{title}：利用条件

■ 原資料から引用した部分（値・名称・文章・原資料の全文）

{quoted}

■ このプロジェクトの独自部分（構造・読み取り・注記・計算）

{own}

■ In English

{terms_in_english}
"""


def licence(package: Tables) -> str:
    """The text of ``LICENSE.txt``: the terms of what is quoted from each document, and of the rest."""
    own = [f"・{item['title']} {item['path']}" for item in own_licences(package)]
    terms_in_english = _terms_in_english(package)
    if own and (tables := [resource["name"] for resource in own_tables(package)]):
        own.append(
            f"・表 {'・'.join(tables)} は、全体が独自部分です（文の中に「」で引いた原資料の言葉を除く）。"
            "ほかの表には、原資料から引用した部分があります。"
        )
        terms_in_english += (
            f"\nThe tables {', '.join(tables)} are wholly its own (but for words quoted in a sentence);\n"
            "all others hold quotations."
        )
    return _LICENCE.format(
        title=package.descriptor["title"],
        quoted=_quoted(package),
        own="\n".join(own or [f"・{_title(item)}" for item in package.descriptor["licenses"]]),
        terms_in_english=terms_in_english,
    )


def _title(licence: Mapping[str, Any]) -> str:
    """With its address, if that leads anywhere: what is not on the web is called otherwise where it is published."""
    path = licence["path"]
    return f"{licence['title']} {path}" if addresses.is_on_the_web(path) else licence["title"]


def _quoted(package: Tables) -> str:
    return "\n".join(f"・{_document(source)}：{source.terms}" for source in package.sources)


def _terms_in_english(package: Tables) -> str:
    names = ", ".join(item["name"] for item in own_licences(package)) or "What datapackage.json names"
    return (
        "What is quoted from the source documents (values, names, sentences, full texts) is the work of their\n"
        "publishers, named above; the terms printed in each document, or their absence, are stated in sources.csv\n"
        f'(column "terms"). {names} covers only this project\'s own work (structure, readings, notes, calculations).'
    )


def version_note(package: Tables, *, in_english: bool = False) -> str:
    """That the data is not that of the version it is called after; empty where it is."""
    version = package.descriptor["version"]
    if (base := base_version(version)) == version:
        return ""
    if not package.releases:
        return "not released as a version yet" if in_english else "まだ版として出していません"
    return f"changed since version {base}" if in_english else f"版 {base} のあとに直しがあります"


def citation(package: Tables, address: str, sources: Iterable[Source]) -> str:
    """One line that names this data, where it is (empty: not known), and the documents quoted there."""
    descriptor = package.descriptor
    documents = "、".join(_document(source) for source in sources)
    return (
        f"{operator(package).name}『{descriptor['title']}』バージョン{descriptor['version']}、"
        f"{descriptor['created'][:10]}{f' {address}' if address else ''}（原資料：{documents}）"
    )


def _document(source: Source) -> str:
    label = f" {source.label_printed}" if source.label_printed else ""
    return f"{source.publisher}「{source.title}」{label}"


def _named_licences(package: Tables) -> str:
    return "、".join(f"{item['title']} {item['path']}" for item in own_licences(package))


def _licences(package: Tables) -> str:
    named = _named_licences(package)
    return f"このプロジェクトの独自部分（構造・読み取り・注記・計算）は {named}" if named else ""


_README = """\
{title}
{title_en}
バージョン {version}（{created}{version_note}）{homepage_line}

■ これは何か

{description}

■ 原資料と利用条件

原資料から引用した部分
{quoted}

{own}（LICENSE.txt に詳しくあります）

■ 使うときの書き方（例）

{citation}

■ {heading}

{files}

■ 読み方

・文字コードはUTF-8（BOMなし）、改行はLFです。Excelでは、サイトにある xlsx のファイルをお使いください。
  サイトの initiatives/（事業ID）/data.csv だけは、Excelでそのまま開けるようにBOM付きです。出典は、資料ごとに1回、
  最初の行の attribution にあります。
・数値がないところは空で、その理由が status（actual_status など）の列にあります。0 は、0 と印刷されている値です。
・{years_note}
・同じ年度の値が複数の報告に印刷されていれば、報告（source_id）ごとに行があります。
  initiatives-wide.csv と initiatives-newest.csv は、いちばん新しい報告だけです。
・値は印刷のままです。そのため「-」「=」「+」「@」などで始まる欄があります。CSVを表計算ソフトで直接開くと
  式として扱われることがあります。xlsx では、文字は文字として入れてあります。
{notes}

■ In English

{title_en}, version {version} ({created}{version_note_in_english}).
Unofficial. Every table, column and code is described in datapackage.json (Data Package v2), in English too.
{terms_in_english} See LICENSE.txt.
CSV files are UTF-8 without a byte order mark, but for initiatives/(id)/data.csv, which spreadsheets open as it is;
there each document is attributed once, in the column "attribution" of the first row that quotes it.
A missing number is an empty cell whose reason stands in the column "status" ("actual_status" etc.); 0 is a printed 0.
A value of one fiscal year that several reports print has a row for each; initiatives-wide.csv and
initiatives-newest.csv hold the newest report only.
{years_note_in_english} Assessments and achievement rates are calculated by this site.
{grant_links_in_english}Cells stay as printed, also those that begin with - = + @, which a spreadsheet may take for a formula
when it opens a CSV; the xlsx holds text as text.
"""


_GRANT_LINKS = (
    "Links between initiatives and grants are this project's reading; the documents do not state them.\n"
)


def _years_note(package: Tables) -> tuple[str, str]:
    if counts_calendar_years(package.descriptor):
        return "年（fiscal_year）は、1月から12月までの西暦の年です。", "A year is a calendar year."
    return (
        "年度（fiscal_year）は、その年度の4月がある年の西暦です。",
        "A fiscal year is the year of its April.",
    )


def readme(package: Tables, homepage: str, files: Mapping[str, str], heading: str = "ファイル") -> str:
    """The README of a folder, archive or workbook with these ``files`` (name → what it holds)."""
    descriptor = package.descriptor
    notes = (calculation_note(package), grant_links_note(package), disruption_note(package))
    return _README.format(
        title=descriptor["title"],
        title_en=descriptor["title_en"],
        version=descriptor["version"],
        created=descriptor["created"][:10],
        homepage_line=f"\n{homepage}" if homepage else "",
        description=descriptor["description"],
        version_note=f"。{note}" if (note := version_note(package)) else "",
        version_note_in_english=f"; {note}" if (note := version_note(package, in_english=True)) else "",
        quoted=_quoted(package),
        own=_licences(package) or "このプロジェクトの独自部分の利用条件",
        terms_in_english=_terms_in_english(package),
        citation=citation(package, homepage, package.sources),
        files="\n".join(f"{path}  {held}" for path, held in files.items()),
        heading=heading,
        notes="\n".join(f"・{note}" for note in notes if note),
        **dict(zip(("years_note", "years_note_in_english"), _years_note(package), strict=True)),
        grant_links_in_english=_GRANT_LINKS if "initiative_grants" in package.places else "",
    )
