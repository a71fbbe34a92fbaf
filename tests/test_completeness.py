"""The proof of completeness: the printed documents are in the CSVs, cell by cell.

The source is read here with nothing but ``split``: the importer's parser is
what is being checked. Normalisation: markup removed, white space collapsed.
"""

import re

import pytest

import builders
from shinchoku import reprint
from shinchoku.package.editions import Package

FLAGSHIP, RELISTED = "★", "【再掲】"


def normalised(text: str) -> str:
    return " ".join(re.sub(r"<[^<>]*>", " ", text).split())


def source_lines(project, package, source_id) -> list[str]:
    return (project / package.source[source_id].file).read_text(encoding="utf-8").split("\n")


def is_data_row(cells: list[str]) -> bool:
    """A table row with a name and numbers: not a header, a rule or a heading."""
    is_rule = all(set(cell) == {"-"} and len(cell) > 1 for cell in cells if cell)
    return len([c for c in cells if c]) > 4 and "指標" not in cells and "内容" not in cells and not is_rule


def printed_headings(package: Package, source_id: str) -> list[tuple[int, str]]:
    """(line number, text) of the title, label, contents and headings of a report.

    「再掲のため省略」 is left out: its line is the next one with text after the
    direction it belongs to, and not stored.
    """
    source = package.source[source_id]
    lines = [(source.title_line, source.title)]
    if source.label_printed and source.label_line:
        lines.append((source.label_line, source.label_printed))
    for node in package.document(source_id).policies:
        if node.heading_printed:
            lines.append((node.source_line, node.heading_printed))
        if node.toc_printed and node.toc_line:
            page = f" {node.toc_page}" if node.toc_page else ""
            lines.append((node.toc_line, f"{node.toc_printed}{page}"))
    return sorted(lines)


@pytest.fixture(scope="module")
def reports(package):
    return [source.source_id for source in package.sources if source.report_fiscal_year is not None]


def test_every_printed_cell_is_found_again(project, package, reports):
    for source_id in reports:
        printed = {}
        for number, line in enumerate(source_lines(project, package, source_id), 1):
            cells = [normalised(cell) for cell in line.split("\t")]
            if is_data_row(cells):
                printed[number] = cells
        rows = {row.pop("source_line"): row for row in reprint.printed_rows(package, source_id)}
        assert rows.keys() == printed.keys()
        for number, cells in printed.items():
            row = rows[number]
            flag = FLAGSHIP if row["flagship"] else ""
            name = f"{RELISTED}{row['name']}" if row["relisted"] else row["name"]
            again = [name, *[str(value) for value in list(row.values())[8:]]]
            if cells[0] in ("", FLAGSHIP):
                assert cells == [flag, *again], number
            else:
                again[0] = f"{flag} {name}".strip()
                assert cells[: len(again)] == again, number
                assert set(cells[len(again) :]) <= {""}, number


def test_every_other_line_of_a_report_is_accounted_for(project, package, reports):
    for source_id in reports:
        lines = source_lines(project, package, source_id)
        rows = {row["source_line"] for row in reprint.printed_rows(package, source_id)}
        headings = dict(printed_headings(package, source_id))
        label = package.source[source_id].label_printed
        omissions = [p for p in package.policies if p.omission_printed and p.source_id == source_id]
        omitted = {}
        for policy in omissions:
            line = policy.source_line + 1
            while not lines[line - 1].strip():
                line += 1
            omitted[line] = policy.omission_printed
        for number, line in enumerate(lines, 1):
            text = normalised(line)
            if not text or number in rows or text in ("目次", label):
                continue
            cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
            is_header = cells[0] == "取組" or set(cells) <= {
                "実績(指標)",
                "内容",
                "決算見込額(千円)",
                "目標(指標)",
            }
            is_rule = set(text) <= {"-", " "}
            if is_header or is_rule:
                continue
            assert text == normalised(omitted.get(number) or headings.get(number, "")), number


def test_every_line_of_the_grants_documents_is_found_again(project, package, reports):
    others = [source.source_id for source in package.sources if source.source_id not in reports]
    assert others
    for source_id in others:
        printed = [
            (number, normalised(line))
            for number, line in enumerate(source_lines(project, package, source_id), 1)
            if line.strip()
        ]
        assert reprint.printed_lines(package, source_id) == printed


def test_the_published_data_has_the_size_of_the_documents(package):
    """Counted by hand in the documents, once."""
    assert len(package.listings) == 157
    assert len(package.initiatives) == 104
    assert sum(listing.is_relisted for listing in package.listings) == 53
    assert sum(initiative.is_flagship for initiative in package.initiatives) == 8
    levels = [policy.level for policy in package.policies]
    counted = {
        level: levels.count(level)
        for level in ("part", "field", "strategy", "pillar", "measure", "direction")
    }
    assert counted == {"part": 2, "field": 5, "strategy": 3, "pillar": 9, "measure": 43, "direction": 87}
    assert sum(policy.omission_printed is not None for policy in package.policies) == 6
    assert (len(package.grant_programmes), len(package.grants), len(package.initiative_grants)) == (4, 11, 17)


def test_a_row_is_quoted_in_the_order_of_its_line_with_its_marks():
    lines = (
        "★\t事業a\t来場者数(人)\t5\t<ul> ・苗\t4\t",
        "事業a\t来場者数(人)\t\t4\t・苗\t\t\t",
        "★ 事業a\t指標\t1\t2\t3",
    )
    data = builders.package(
        initiatives=[builders.initiative("a")],
        indicators=[builders.indicator("a-1", "a")],
        observations=[builders.observation("a-1", 2022, role, "4") for role in ("actual", "target")],
        settlements=[builders.settlement("a", 2022, 5)],
        source_lines={builders.SOURCE_ID: ("",) * 9 + lines},
    )
    quoted = [reprint.cells_on_line(data, builders.listing("a", line)) for line in (10, 11, 12)]
    assert quoted == [
        ["★ 事業a", "来場者数(人)", "5", "・苗", "4", ""],
        ["事業a", "来場者数(人)", "", "4", "・苗", ""],
        ["★ 事業a", "指標", "1", "2", "3"],
    ]
