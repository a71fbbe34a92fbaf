"""What a site is made of, and the folder that an engine starts from: the workshop.

It holds the configuration and, below ``docs/``, what every site has, the texts of the project, which take the
place of those, and stubs of the pages that the engine makes. Must not import an engine, nor render anything.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shinchoku import addresses, exports, files, pages, paths
from shinchoku.exports import bundle
from shinchoku.package.editions import Edition
from shinchoku.pages.page import Page
from shinchoku.site import configuration, joining


class BuildError(Exception):
    """The site could not be built; the message is for a maintainer."""


@dataclass(frozen=True)
class Project:
    """What was read of a project, or of a package alone; ``by_hand`` are files below the docs folder."""

    folder: Path
    site_url: str
    published: Edition
    settings: configuration.Settings
    by_hand: Mapping[str, bytes]
    pages: Mapping[str, Page]

    @classmethod
    def read(cls, folder: Path) -> Project:
        """Raises ``BuildError`` or ``PackageError``."""
        published = bundle.as_published(folder)
        try:
            settings = configuration.settings(folder, published.descriptor)
            of = pages.of(published)
        except (pages.UnsafeId, configuration.SettingsError) as error:
            raise BuildError(str(error)) from None
        by_hand = _by_hand(folder)
        if twice := sorted({page.file for page in of.values() if page.address} & by_hand.keys()):
            raise BuildError(
                f"docs/{twice[0]} は、データから作るページと同じ名前です。名前を変えてください。"
            )
        return cls(folder, os.environ.get("SHINCHOKU_SITE_URL", ""), published, settings, by_hand, of)

    @cached_property
    def in_navigation(self) -> frozenset[str]:
        """The addresses of pages of which there are several, and that the navigation names."""
        return frozenset(addresses.area(self.published, area) for area in self.published.areas)

    def stage(
        self, workshop: Path, stubs: Mapping[str, str], *, has_bodies: bool = True, has_picture: bool = False
    ) -> set[str]:
        """Bring ``workshop`` to what an engine starts from; only files that differ are written.

        ``stubs`` are the pages it makes, by their files, with bodies or calls of them; ``has_picture`` tells that one
        of the whole site will be drawn. Returns what it wrote below the docs folder.
        """
        texts = {name: text.encode("utf-8") for name, text in stubs.items()}
        for name, content in {**texts, **self.by_hand}.items():
            files.write_if_changed(workshop / configuration.DOCS / name, content)
        complete = self.configuration(has_bodies=has_bodies, has_picture=has_picture)
        files.write_if_changed(workshop / configuration.FILE, complete.encode("utf-8"))
        return {*texts, *self.by_hand}

    def configuration(self, *, has_bodies: bool = True, has_picture: bool = False) -> str:
        """The configuration of an engine."""
        known = {page.file for page in self.pages.values()} | self.by_hand.keys()
        if has_picture:
            known.add(configuration.PICTURE)
        return configuration.complete(
            self.settings, self.published, known, self.site_url, has_bodies=has_bodies
        )


def stage(folder: Path, workshop: Path) -> Edition:
    """Bring ``workshop`` to what an engine starts from that makes every page itself, with its body."""
    project = Project.read(folder)
    published, docs = project.published, workshop / configuration.DOCS
    staged = project.stage(workshop, pages.stubs(published))
    for name, content in pages.files(published).items():
        files.write_if_changed(docs / name, content)
        staged.add(name)
    staged.update(exports.write_exports(published, folder, docs, project.site_url))
    remove_others(docs, staged)
    return published


def _by_hand(project: Path) -> dict[str, bytes]:
    """Texts, pictures, styles and scripts of every site, and in their place or beside them those of the project."""
    found = {}
    every, own = configuration.OF_EVERY_SITE, project / paths.TEXTS
    for folder, below in ((every / "assets", "assets"), (every / paths.TEXTS, ""), (own, "")):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                if folder == own and not paths.is_inside(path, own):
                    raise BuildError(
                        f"{path} は、フォルダの外へのリンクです。ファイルそのものを置いてください。"
                    )
                found[Path(below, path.relative_to(folder)).as_posix()] = path.read_bytes()
    return joining.joined(found)


def remove_others(folder: Path, expected: set[str]) -> None:
    """Take away what is in a folder and is not expected there."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in expected:
            path.unlink()
