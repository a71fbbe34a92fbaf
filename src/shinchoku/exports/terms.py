"""What every download says of itself: where it comes from, on what terms, how to cite it.

All of it is put together from ``datapackage.json`` and ``sources.csv``, so that
no download can say something else. Written in Japanese, the README in English too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shinchoku import calculated
from shinchoku.package.descriptor import resources
from shinchoku.package.joins import Tables
from shinchoku.package.records import Source


def calculation_note(package: Tables) -> str:
    """Which columns and keys this site calculates."""
    of_disruption = () if package.disruption else ("reference_fiscal_year", "trend_from_reference", "course")
    return calculated.note(name for name in calculated.DEFINITIONS if name not in of_disruption)


def grant_links_note(package: Tables) -> str:
    """What the links between initiatives and grants are."""
    return resources(package.descriptor)["initiative_grants"]["description"]


class Operator(NamedTuple):
    """Who publishes this, and answers for it; the name is empty and the address ``None`` where none is given."""

    name: str
    email: str | None


def operator(package: Tables) -> Operator:
    """The contributors of the descriptor whose roles name a publisher."""
    publishers = [item for item in package.descriptor["contributors"] if "publisher" in item.get("roles", ())]
    addresses = (item["email"] for item in publishers if "email" in item)
    return Operator("、".join(item["title"] for item in publishers), next(addresses, None))


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
    descriptor = package.descriptor
    return (
        f"出典：{_document(source)}。「{descriptor['title']}」{descriptor['version']}版が表形式にしたもの。"
    )


def licence_note(package: Tables, source: Source) -> str:
    """The terms of what is quoted from a document, then those of this project's own work."""
    return f"{source.terms}{_licences(package)}"


def licence(package: Tables) -> str:
    """The same of all documents, as the text of ``LICENSE.txt``."""
    lines = [f"・{_document(source)}：{source.terms}" for source in package.sources]
    return (
        "\n".join([package.descriptor["title"], "", "原資料から引用した部分", *lines, "", _licences(package)])
        + "\n"
    )


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


def _licences(package: Tables) -> str:
    return "、".join(f"{item['title']} {item['path']}" for item in package.descriptor["licenses"])


_README = """\
{title}
{title_en}
バージョン {version}（{created}）{homepage_line}

■ これは何か

{description}

■ 原資料と利用条件

{licence}
■ 使うときの書き方（例）

{citation}

■ ファイル

{files}

■ 読み方

・文字コードはUTF-8（BOMなし）、改行はLFです。Excelでは、サイトにある xlsx のファイルをお使いください。
  サイトの initiatives/（事業ID）/data.csv だけは、Excelでそのまま開けるようにBOM付きです。出典は、資料ごとに1回、
  最初の行の attribution にあります。
・数値がないところは空で、その理由が status の列にあります。0 は、0 と印刷されている値です。
・年度（fiscal_year）は、その年度の4月がある年の西暦です。
・同じ年度の値が複数の報告に印刷されていれば、報告（source_id）ごとに行があります。
・値は印刷のままです。そのため「-」「=」「+」「@」などで始まる欄があります。CSVを表計算ソフトで直接開くと
  式として扱われることがあります。xlsx では、文字は文字として入れてあります。
・{calculation_note}
・{grant_links_note}{disruption_note}

■ In English

{title_en}, version {version} ({created}).
Unofficial. Every table, column and code is described in datapackage.json (Data Package v2), in English too.
What is quoted from the source documents (values, names, sentences, full texts) is the work of their
publishers, named above; the terms printed in each document, or their absence, are stated in sources.csv
(column "terms"). {licences} covers only this project's own work (structure, readings, notes, calculations).
CSV files are UTF-8 without a byte order mark, but for initiatives/(id)/data.csv, which spreadsheets open as it is;
there each document is attributed once, in the column "attribution" of the first row that quotes it.
A missing number is an empty cell whose reason stands in the column "status"; 0 is a printed 0.
A fiscal year is the year of its April. Assessments and achievement rates are calculated by this site.
Links between initiatives and grants are this project's reading; the documents do not state them.
Cells stay as printed, also those that begin with - = + @, which a spreadsheet may take for a formula
when it opens a CSV; the xlsx holds text as text.
"""


def readme(package: Tables, homepage: str, files: Mapping[str, str]) -> str:
    """The README of a folder or archive with these ``files`` (path → what it holds)."""
    descriptor = package.descriptor
    return _README.format(
        title=descriptor["title"],
        title_en=descriptor["title_en"],
        version=descriptor["version"],
        created=descriptor["created"][:10],
        homepage_line=f"\n{homepage}" if homepage else "",
        description=descriptor["description"],
        licence=licence(package).partition("\n\n")[2],
        licences=", ".join(item["name"] for item in descriptor["licenses"]),
        citation=citation(package, homepage, package.sources),
        files="\n".join(f"{path}  {held}" for path, held in sorted(files.items())),
        calculation_note=calculation_note(package),
        grant_links_note=grant_links_note(package),
        disruption_note=f"\n・{note}" if (note := disruption_note(package)) else "",
    )
