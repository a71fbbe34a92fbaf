"""The settings of a project, and the configuration that its site is built with.

``mkdocs.yml`` of a project says what only its people can say: the name of the site, a sentence or two. The one beside
this module holds what every site has. Both together, with the navigation that the package's pages make, are the
complete ``mkdocs.yml`` that either engine builds. Must not know what a page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from shinchoku import addresses, paths
from shinchoku.charts import Preview
from shinchoku.package.editions import Edition
from shinchoku.pages import pieces
from shinchoku.pages.page import literal
from shinchoku.schemas.checking import findings, name_of
from shinchoku.schemas.reading import Unreadable, line_of, read_yaml, repeated_keys
from shinchoku.schemas.writing import yaml_text

#: Where the engine finds them, below the folder of the configuration.
FILE, DOCS = "mkdocs.yml", "docs"
#: What every site has: theme, styles and scripts, texts by hand, the settings of the engine.
OF_EVERY_SITE = Path(__file__).parent

_FIRST_SENTENCE = re.compile(r"[^。\n]*。?")
AS_ASKED = "書ける項目は site_name、site_description、extra（mark、notice、heading、lead、about_sources）で、値はどれも文です。"
#: Pages by hand that a site may have or not, and its theme leads to.
_LANGUAGES = ("easy.md", "en.md")
#: Where the picture is for those who share a page that has none of its own.
PICTURE_OF = "assets/"
PICTURE = addresses.preview(PICTURE_OF)


class SettingsError(Exception):
    """Settings that cannot be used; the message is for a maintainer."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site is called and says of itself; ``extra`` is what its theme and its texts take from it."""

    site_name: str
    site_description: str
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def name_and_mark(self) -> str:
        """The name as others list it."""
        return self.site_name + (f"（{mark}）" if (mark := self.extra.get("mark")) else "")


def picture(settings: Settings) -> Preview:
    """What a site is, for those who share a page of it."""
    foot = f"{settings.extra.get('mark', '')}のオープンデータ".removeprefix("の")
    facts = (settings.site_description,)
    return Preview("", settings.site_name, verdict="", outcome="open", facts=facts, picture=None, foot=foot)


def settings(project: Path, descriptor: Mapping[str, Any]) -> Settings:
    """Those of a project; what they leave open is said as its descriptor says it. Raises ``SettingsError``."""
    try:
        text, found = read_yaml(project / paths.SETTINGS)
    except FileNotFoundError:
        text, found = "", {"site_name": descriptor["title"]}
    except Unreadable as error:
        remedy = error.remedy or "字下げをまわりの項目とそろえ、「:」の後に半角の空白を入れてください。"
        raise SettingsError(_said(error.line, error.message, remedy)) from None
    problems = [
        _said(line, f"「{key}」が2回あります。", "1つにまとめてください。")
        for key, line in repeated_keys(text)
    ] or [
        _said(
            line_of(text, each.place), f"{name_of(found, each.place)}{each.message}", each.remedy or AS_ASKED
        )
        for each in findings("settings", found)
    ]
    if problems:
        raise SettingsError("\n".join(problems))
    first_sentence = _FIRST_SENTENCE.match(descriptor.get("description", ""))
    found.setdefault("site_description", first_sentence and first_sentence[0] or found["site_name"])
    return Settings(**found)


def _said(line: int | None, message: str, remedy: str | None) -> str:
    return f"{paths.SETTINGS}{f' {line}行目' if line else ''}: {message}{remedy or ''}"


def complete(
    settings: Settings, published: Edition, staged: Set[str], site_url: str, *, has_bodies: bool = True
) -> str:
    """The whole configuration of a site whose docs folder holds the files ``staged``.

    The theme shows what it is given as it is, so all but the texts that are Markdown is escaped here.
    Without bodies (``has_bodies``) an engine finds no places in the pages of the package, and must not look for them.
    """
    _, base = read_yaml(OF_EVERY_SITE / FILE)
    if not has_bodies:
        base["validation"]["links"]["anchors"] = "ignore"
    base["theme"]["custom_dir"] = str(OF_EVERY_SITE / "theme")
    extra = settings.extra
    notice = extra.get("notice") or (
        f"{pieces.publishers(published)}の公式サイトではありません。" if "mark" in extra else ""
    )
    base["extra"] |= {
        "mark": escape(extra.get("mark", "")),
        "notice": escape(notice),
        "heading": literal(extra.get("heading", settings.site_name)),
        "lead": extra.get("lead", ""),
        "about_sources": extra.get("about_sources", ""),
        "footer": pieces.footer(published, notice),
        "languages": [file.removesuffix(".md") for file in _LANGUAGES if file in staged],
        "picture": PICTURE if PICTURE in staged else "",
    }
    base["nav"] = list(_navigation(base["nav"], published, staged))
    return yaml_text(
        {
            "site_name": escape(settings.site_name),
            "site_description": escape(settings.site_description),
            "site_url": site_url,
            "docs_dir": DOCS,
            **base,
        }
    )


def _navigation(entries: list[dict[str, str]], published: Edition, staged: Set[str]) -> Iterator[Any]:
    """The pages people start from, of those that are there; after the first, the areas in groups by their level."""
    groups: dict[str, list[str]] = {}
    for area in published.areas:
        groups.setdefault(area.level, []).append(f"{addresses.area(published, area).rstrip('/')}.md")
    first, *others = [entry for entry in entries if staged >= set(entry.values())]
    yield first
    for level, files in groups.items():
        yield {escape(published.level[level].label): files}
    yield from others
