"""What stands around the tables: the documents that the descriptor names, and the published versions.

Needs a descriptor that is sound. Must not know what a document says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from shinchoku.package.descriptor import PackageError, licence_files
from shinchoku.package.records import Release
from shinchoku.package.releases import (
    base_version,
    read_released,
    read_releases,
    release_files,
    version_number,
)
from shinchoku.paths import DESCRIPTOR, RELEASES, SOURCES
from shinchoku.text import quoted, shown
from shinchoku.validation.cross_table import Sound
from shinchoku.validation.descriptor import OWN_IDS, VERSION
from shinchoku.validation.problems import RULES, Problem, Stage, rule
from shinchoku.validation.rules import is_in_future

_rule = partial(rule, Stage.CROSS_TABLE)

SOURCE_ENTRIES = _rule(
    "source-entry",
    "datapackage.json の sources は、sources.csv の原資料を、その題名（title）とファイル（path）で残らず挙げる。",
    "sources.csv の title と file のとおりに書いてください。",
    example=("sources.csv にないファイル", "data/sources/progress.txt"),
)
LICENCE_TEXT = _rule(
    "licence-file",
    "datapackage.json の licenses が path で指すファイルは、datapackage.json の隣にある。",
    "利用条件の文章を、その名前のファイルに書いてください。",
    example=("LICENCE.md（つづりの間違い）", "LICENSE-DATA.md"),
)
RELEASED = _rule(
    "release-as-published",
    f"出した版（{RELEASES}/）は、出したときのままである。",
    "出した版は変えられません。",
    example=("出した版の中のファイルを書き換えた", "出したときのファイル"),
)
UNFINISHED = _rule(
    "release-unfinished",
    f"datapackage.json の version の版は、{RELEASES}/ にある（版をまだ出していなければ、なくてよい）。",
    "途中で止まった shinchoku release は、同じ命令をもう一度実行すると終わります。"
    "その版を消したのなら元に戻し、手で書き換えたのなら version を元に戻してください。",
    example=("version が 1.1.0 で、releases/ には 1.0.0 だけ", "releases/1.1.0 もある"),
)
PUBLISHED_ID = _rule(
    "published-id",
    "出した版にある原資料・施策・事業・指標・交付金のIDは、なくならない（IDは公開したアドレスの一部である）。",
    "IDを元に戻してください。終わった事業などのIDも、前の報告の行に残ります。",
    example=("出した版のID old-name を new-name に変えた", "old-name"),
)


def check(sound: Sound, descriptor: Mapping[str, Any], problems: Collection[Problem]) -> list[Problem]:
    """What is wrong around the tables; ids not of files with an error, which may be that of the id."""
    found = [*_sources(sound, descriptor), *_licences(sound.directory, descriptor)]
    if is_in_future(descriptor["created"][:10]):
        message = f"created の「{descriptor['created']}」は、まだ来ていません。"
        found.append(RULES["date-in-future"].problem(DESCRIPTOR, message, value=descriptor["created"]))
    try:
        releases = read_releases(sound.directory)
        for release in releases:
            release_files(sound.directory, release)
        newest = read_released(sound.directory, releases[-1])[1] if releases else {}
    except PackageError as error:
        place, _, message = str(error).partition(": ")
        file = Path(place).relative_to(sound.directory).as_posix()
        return [*found, RELEASED.problem(file, message)]
    found += _version(sound.directory, descriptor["version"], releases)
    told = {problem.file for problem in problems if problem.severity == "error"}
    for name, column in sorted(OWN_IDS):
        if name not in newest or name not in sound.tables or sound.tables[name].file in told:
            continue
        now = {getattr(record, column) for record in getattr(sound.package, name)}
        if gone := sorted({row[column] for row in newest[name].rows} - now):
            message = f"出した版 {releases[-1].version} にあるIDがありません{quoted(gone)}。"
            found.append(PUBLISHED_ID.problem(sound.tables[name].file, message, column=column))
    return found


def _sources(sound: Sound, descriptor: Mapping[str, Any]) -> Iterator[Problem]:
    if "sources" not in sound.tables:
        return
    titles = {item.file: item.title for item in sound.package.sources if item.file}
    named = {entry["path"]: entry["title"] for entry in descriptor["sources"]}
    for path, title in named.items():
        if path.startswith(f"{SOURCES}/") and path not in titles:
            message = f"sources の「{shown(path)}」は、sources.csv にない原資料です。"
            yield SOURCE_ENTRIES.problem(DESCRIPTOR, message, value=path)
        elif path in titles and titles[path] not in title:
            message = (
                f"sources の「{shown(title)}」は、「{path}」の題名「{shown(titles[path])}」ではありません。"
            )
            yield SOURCE_ENTRIES.problem(DESCRIPTOR, message, value=title)
    if len(named) < len(descriptor["sources"]):
        yield SOURCE_ENTRIES.problem(DESCRIPTOR, "sources に、同じ path の原資料が2回あります。")
    if missing := [path for path in titles if path not in named]:
        yield SOURCE_ENTRIES.problem(DESCRIPTOR, f"sources に原資料がありません{quoted(missing)}。")


def _licences(directory: Path, descriptor: Mapping[str, Any]) -> Iterator[Problem]:
    for path in licence_files(descriptor):
        if not (directory / path).is_file():
            message = f"licenses の「{shown(path)}」というファイルがありません。"
            yield LICENCE_TEXT.problem(DESCRIPTOR, message, value=path)


def _version(directory: Path, version: str, releases: tuple[Release, ...]) -> Iterator[Problem]:
    """The version of the descriptor is that of the newest release; a copy may be without any."""
    newest = releases[-1].version if releases else "0.0.0"
    is_begun = any((directory / RELEASES).glob(".writing-*"))
    version = base_version(version)
    if version_number(version) < version_number(newest):
        message = f"version の「{version}」は、出した版「{newest}」より前です。"
        yield VERSION.problem(DESCRIPTOR, message, value=version)
    elif version != newest and (releases or is_begun):
        message = f"version は「{version}」ですが、{RELEASES}/ にその版がありません。"
        yield UNFINISHED.problem(DESCRIPTOR, message, value=version)
