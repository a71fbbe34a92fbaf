"""``/data/``: for people who take the data away: by tool, the downloads, the terms, and which tables there are."""

from __future__ import annotations

from shinchoku import addresses, charts
from shinchoku.exports import terms, uniform_rules
from shinchoku.package.editions import Edition
from shinchoku.pages.page import the_one
from shinchoku.pages.parts import published, repository, staged
from shinchoku.pages.parts.rendering import render


def body(package: Edition) -> str:
    """What there is, and how it is taken."""
    tables, references = published.tables(package), published.references(package)
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
            title="表のつながり",
        ),
        downloads=staged.downloads(),
        examples=staged.examples(),
        rules=uniform_rules.checks(data) if data else [],
        folder=repository.public(addresses.DATA),
    )


pages = the_one(
    addresses.DATA,
    "データのダウンロード",
    "Excel・Python・R・SQL・JSONでの使い方、すべての表のダウンロード、利用条件です。",
    body,
)
