"""The project with the data of its first version, whatever has become of this repository's own since.

What a published figure or a printed line is can only be tested of data that stay as they are; what ``data/`` holds
is corrected, grows by a report a year (``city/test_live_data.py``), and may be another city's. All of it is in
``fixtures/report-2022``: the documents and what people have written as ``releases/1.0.0`` there, the rest as files.
The tables are imported from them, so they have the columns of the schemas there.

After a change of this repository's schemas, settings or texts that tests should know of, freeze them anew:
``python tests/frozen_project.py``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

from shinchoku import importing, paths
from shinchoku.adding import import_all
from shinchoku.importing.layouts import Layout, read_layout
from shinchoku.package.descriptor import levels, read_descriptor

PROJECT = Path(__file__).resolve().parents[1]
FROZEN = PROJECT / "tests" / "fixtures" / "report-2022"
VERSION = "1.0.0"
#: Where its downloads say that they are.
SITE_URL = "https://a-long-name.example/of-a-repository/"
LICENCE = "LICENSE-DATA.md"

LEVELS = levels(read_descriptor(FROZEN))

#: Declared since, and a decision like those in ``FROZEN``: figures are tested of these years.
DISRUPTION = {
    "title": "新型コロナウイルス感染症の影響が大きかった年度",
    "short": "コロナ禍",
    "fiscal_years": [2020, 2021],
}


def layout(name: str = "industrial-vision") -> Layout:
    """The form of a document of this version."""
    return read_layout(FROZEN, name)


def archive() -> ZipFile:
    """The released package."""
    (path,) = (FROZEN / paths.RELEASES / VERSION).glob("*.zip")
    return ZipFile(path)


def frozen_package(target: Path) -> None:
    """Make the package in ``target``, with its release and with what an import reads."""
    for folder in (paths.SCHEMAS, f"{paths.RELEASES}/{VERSION}", paths.DECISIONS, paths.LAYOUTS):
        shutil.copytree(FROZEN / folder, target / folder)
    copy_descriptor(FROZEN, target)
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
    shutil.copytree(FROZEN / paths.TEXTS, target / paths.TEXTS)
    shutil.copy(FROZEN / paths.SETTINGS, target)


def freeze() -> None:
    """Take schemas, descriptor, settings and texts as they are today; a package has the glossary of its version."""
    for folder in (paths.SCHEMAS, paths.TEXTS):
        shutil.rmtree(FROZEN / folder, ignore_errors=True)
        shutil.copytree(PROJECT / folder, FROZEN / folder, ignore=shutil.ignore_patterns("screenshot.png"))
    for name in (LICENCE, paths.SETTINGS, paths.GLOSSARY):
        shutil.copy(PROJECT / name, FROZEN / name)
    with archive() as released:
        whole = json.loads(released.read(paths.DESCRIPTOR))
    of_the_release = {key: whole[key] for key in ("version", "created", "sources")}
    today = json.loads((PROJECT / paths.DESCRIPTOR).read_text(encoding="utf-8"))
    frozen = json.dumps(today | of_the_release | {"disruption": DISRUPTION}, ensure_ascii=False, indent=2)
    (FROZEN / paths.DESCRIPTOR).write_text(frozen + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()
