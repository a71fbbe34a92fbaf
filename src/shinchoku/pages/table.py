"""``/data/tables/…/``: a published table: its columns, what its codes mean, rows of it, and what refers to it."""

from __future__ import annotations

from collections.abc import Iterator

from shinchoku import addresses, charts
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.pages.parts import published, repository
from shinchoku.pages.parts.rendering import render


def pages(package: Edition) -> Iterator[Page]:
    """One for every table, also for those that are computed."""
    for name, table in published.tables(package).items():
        yield Page(
            addresses.table(name),
            f"{table.doc.title}（{name}）",
            f"公開している表「{table.doc.title}」の、列の意味、コードと数、例、ほかの表とのつながりです。",
            body,
            (name,),
        )


def body(package: Edition, name: str) -> str:
    """A table by its name."""
    tables = published.tables(package)
    table = tables[name]
    refers_to, referred_by = published.about(package, name)
    documents = table.counts("source_id")
    return render(
        "table.html",
        addresses.table(name),
        package=package,
        table=table,
        tables=tables,
        refers_to=refers_to,
        referred_by=referred_by,
        keys=charts.references_chart(
            {each.doc.name: each.doc.title for each in tables.values()},
            [(each.table, each.key.table) for each in (*refers_to, *referred_by)],
            title=f"「{table.doc.title}」とつながっている表",
            about=name,
        ),
        file_address=repository.public(f"{addresses.DATA}{table.file}"),
        sources=[each for each in package.sources if not documents or each.source_id in documents],
        origins=() if table.is_derived else repository.of_files(table.doc.path),
    )
