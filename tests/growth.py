"""How the cost of each stage grows with the number of initiatives.

Larger packages are the published one several times over, each copy with ids of
its own, so their rows have the lengths, the gaps and the links of real ones.
``scripts/benchmark.py`` runs it; tests take larger packages from it.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import frictionless

from frozen_project import copy_descriptor
from shinchoku import exports, pages, paths, validation
from shinchoku.package.descriptor import primary_key, resources
from shinchoku.package.editions import Package
from shinchoku.package.reading import read_package
from shinchoku.package.records import RECORD_TYPES, Correction, Policy, Reading, Source, columns
from shinchoku.package.writing import write_tables
from shinchoku.site import building

SIZES = (1, 10)
LARGE = 100

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


def bodies(published: Package) -> Iterator[str]:
    """The body of every page; what the pages calculate is calculated here."""
    for page in pages.of(published).values():
        yield page.html(published)


def _consume(texts: Iterable[str]) -> None:
    for _ in texts:
        pass


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000


def measure(project: Path, copies: int, build: bool) -> tuple[int, dict[str, float], dict[str, float]]:
    """(initiatives, seconds of each stage, megabytes of each output) at one size."""
    with tempfile.TemporaryDirectory(prefix="shinchoku-benchmark-") as temporary:
        directory, out, site = (Path(temporary, name) for name in ("package", "exports", "site"))
        for folder in (directory, out):
            folder.mkdir()
        write(project, copies, directory)
        published = read_package(directory).newest
        stages = {
            "読む": partial(read_package, directory),
            "検査": partial(validation.validate, directory),
            "frictionlessだけの検査": frictionless.Package(str(directory / paths.DESCRIPTOR)).validate,
            "ページ本文": lambda: _consume(bodies(published)),
            "書き出し": partial(exports.write_exports, published, directory, out),
        }
        if build:
            stages["サイト全体"] = partial(building.build, directory, site, say=lambda _: None)
        seconds = {}
        for name, stage in stages.items():
            start = time.perf_counter()
            stage()
            seconds[name] = time.perf_counter() - start
        sizes = {"データ": _megabytes(directory), "書き出し": _megabytes(out)}
        return len(published.initiatives), seconds, sizes | ({"サイト": _megabytes(site)} if build else {})


def main() -> None:
    """Measure at growing sizes and print one line each."""
    parser = argparse.ArgumentParser(
        prog="benchmark", description="件数を増やして、各段階の時間と大きさを測ります。"
    )
    parser.add_argument("--large", action="store_true", help=f"{LARGE}倍でも測ります（数分かかります）")
    parser.add_argument("--build", action="store_true", help="サイト全体を作る時間も測ります")
    arguments = parser.parse_args()
    for copies in (*SIZES, *([LARGE] if arguments.large else [])):
        initiatives, seconds, sizes = measure(paths.project(), copies, arguments.build)
        print(f"{initiatives:,}事業", flush=True)
        for name, value in seconds.items():
            print(f"  {value:8.2f} 秒  {value / initiatives * 1000:7.2f} ミリ秒/事業  {name}")
        for name, value in sizes.items():
            print(f"  {value:8.1f} MB  {value / initiatives * 1000:7.1f} kB/事業  {name}", flush=True)


if __name__ == "__main__":
    main()
