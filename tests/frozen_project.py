"""The project with the data of its first version, whatever has become of ``data/`` since.

What a published figure or a printed line is can only be tested of data that stay as they are; what ``data/`` holds
is corrected, and grows by a report a year (``test_live_data.py``). The documents and what people have written are
those of ``releases/1.0.0``; the decisions and layouts, which it does not hold, are in ``fixtures/report-2022``. The
tables are imported from them, so they have the columns of today. Program, pages and schemas are those of the project.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from shinchoku import importing, paths
from shinchoku.adding import import_all
from shinchoku.importing.layouts import Layout, read_layout
from shinchoku.package.descriptor import levels, read_descriptor

PROJECT = Path(__file__).resolve().parents[1]
VERSION = "1.0.0"
#: Where its downloads say that they are.
SITE_URL = "https://a-long-name.example/of-a-repository/"
LICENCE = "LICENSE-DATA.md"
WRITTEN = PROJECT / "tests" / "fixtures" / "report-2022"

LEVELS = levels(read_descriptor(PROJECT))

#: Declared since, and a decision like those of ``WRITTEN``: figures are tested of these years.
DISRUPTION = {
    "title": "新型コロナウイルス感染症の影響が大きかった年度",
    "short": "コロナ禍",
    "fiscal_years": [2020, 2021],
}


def layout(name: str = "industrial-vision") -> Layout:
    """The form of a document of this version."""
    return read_layout(WRITTEN, name)


def archive() -> ZipFile:
    """The released package."""
    (path,) = (PROJECT / paths.RELEASES / VERSION).glob("*.zip")
    return ZipFile(path)


def of_the_release() -> dict[str, Any]:
    """What a descriptor says of this version of the data; all else in it is as it is today."""
    with archive() as released:
        whole = json.loads(released.read(paths.DESCRIPTOR))
    return {key: whole[key] for key in ("version", "created", "sources")} | {"disruption": DISRUPTION}


def descriptor() -> bytes:
    """The descriptor of the project as it would be with this version of the data."""
    today = json.loads((PROJECT / paths.DESCRIPTOR).read_text(encoding="utf-8"))
    return (json.dumps(today | of_the_release(), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def frozen_package(target: Path) -> None:
    """Make the package in ``target``, with its release and with what an import reads."""
    for folder in (paths.SCHEMAS, f"{paths.RELEASES}/{VERSION}"):
        shutil.copytree(PROJECT / folder, target / folder)
    for folder in (paths.DECISIONS, paths.LAYOUTS):
        shutil.copytree(WRITTEN / folder, target / folder)
    (target / paths.DESCRIPTOR).write_bytes(descriptor())
    shutil.copy(PROJECT / LICENCE, target)
    by_hand = {paths.GLOSSARY, *(f"{paths.DATA}/{name}.csv" for name in importing.EDITORIAL_TABLES)}
    with archive() as released:
        for name in released.namelist():
            if name in by_hand or name.startswith(f"{paths.SOURCES}/"):
                released.extract(name, target)
    import_all(target)


def copy_descriptor(project: Path, target: Path) -> None:
    """The descriptor, and the licence that it names."""
    for name in (paths.DESCRIPTOR, LICENCE):
        shutil.copy(project / name, target)


def frozen_project(target: Path) -> None:
    """The same with what a site is built of."""
    frozen_package(target)
    shutil.copytree(PROJECT / paths.TEXTS, target / paths.TEXTS)
    shutil.copy(PROJECT / paths.SETTINGS, target)
