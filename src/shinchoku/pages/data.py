"""``/data/``: for people who take the data away: by tool, the downloads, the terms, and which tables there are."""

from __future__ import annotations

from shinchoku import addresses, charts
from shinchoku.exports import terms, uniform_rules
from shinchoku.package.editions import Edition
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import published, repository, staged
from shinchoku.pages.parts.rendering import render

#: File of an example → its name in the address of the page, and what it is written in; in this order.
_EXAMPLES = {
    "python.py": ("pandas", "Python（pandas）"),
    "r.R": ("r", "R"),
    "duckdb.sql": ("duckdb", "SQL（DuckDB）"),
    "sqlite.sql": ("sqlite", "SQL（SQLite）"),
    "javascript.mjs": ("javascript", "JavaScript"),
    "excel.txt": ("excel", "Excel"),
}


def body(package: Edition) -> str:
    """What there is, and how it is taken."""
    tables, references = published.tables(package), published.references(package)
    found = staged.examples()
    data = staged.folder(addresses.DATA)
    return render(
        "data.html",
        addresses.DATA,
        package=package,
        disruption_note=terms.disruption_note(package),
        tables=tables,
        references=references,
        keys=charts.references_chart(
            {each.doc.name: each.doc.title for each in tables.values()},
            [(each.table, each.key.table) for each in references],
            title="どの表がどの表を指すか",
        ),
        downloads=staged.downloads(),
        examples=[(*said, found[name]) for name, said in _EXAMPLES.items() if name in found],
        rules=uniform_rules.checks(data) if data else [],
        folder=repository.public(addresses.DATA),
    )


pages = the_one(
    addresses.DATA,
    "データのダウンロード",
    "Excel・Python・R・SQL・JSONでの使い方、すべての表のダウンロード、利用条件です。",
    body,
)
