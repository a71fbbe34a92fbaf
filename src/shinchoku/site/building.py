"""From the folder of a project, or of a package alone, to a finished site.

The site generator makes the pages by hand and the shells of all others (``engine``) while the downloads are
written; then all pages are made (``making``). The result is moved into place only when it is complete. What a page
shows is for ``pages``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager, nullcontext
from html import escape
from pathlib import Path

from shinchoku import addresses, files, pages, paths, validation
from shinchoku.exports import terms
from shinchoku.package.editions import Edition
from shinchoku.site import configuration, describing, engine, making, search_index
from shinchoku.site.making import Maker
from shinchoku.site.previews import drawing
from shinchoku.site.staging import BuildError, Project
from shinchoku.validation import Problem

Say = Callable[[str], None]

SITEMAP = "sitemap.xml"
#: Pictures for those who share a page: as many as a site can carry. Beyond, only areas have one.
MOST_PREVIEWS = 1_000
#: Pages that a worker makes at a time: enough that the way to it does not count, few enough that none waits long.
_AT_A_TIME = 25

_NOT_DRAWN = "共有用の画像を描くライブラリがないので、ページごとの画像を作りません（resvg-py と noto-cjk-sans-jp-bold を入れると作ります）。"


class Unsound(Exception):
    """The data has errors, which are its ``problems``."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} errors")
        self.problems = problems


def build(folder: Path, site_dir: Path, say: Say = print, *, check: bool = False) -> None:
    """Build the site of a project, or of a package alone, into ``site_dir``.

    What stands in its ``docs/`` is run by the generator: such a folder is trusted, unlike its data, which must be
    sound. Where that is not known yet it is checked meanwhile (``check``), and comes before any other trouble.
    Raises ``BuildError``, ``PackageError`` or ``Unsound``.
    """
    site_dir = Path(os.path.realpath(site_dir))
    _check_replaceable(site_dir)
    with files.workshop() as workshop, files.replacing(site_dir) as finished:
        say("[1/4] ページの下書きとダウンロード用のファイルを用意しています。")
        with _checked(folder, say) if check else nullcontext():
            project = Project.read(folder)
        draw = drawing() if project.site_url else None
        if project.site_url and draw is None:
            say(_NOT_DRAWN)
        maker = Maker(project, workshop, finished, draw, frozenset(_with_preview(project) if draw else ()))
        draws_picture = draw is not None and configuration.PICTURE not in project.by_hand
        stubs = engine.stubs(project, maker.said)  # here, before workers inherit what previews say
        with (
            engine.running(project, workshop, stubs, has_picture=draws_picture) as engine_made,
            making.workers(maker) as pool,
            _checked(folder, say, pool) if check else nullcontext(),
        ):
            downloads = pool.submit(making.export)
            say(f"[2/4] {len(project.pages)}ページを組み立てています。")
            site = engine_made()
            engine.move_files(site, finished)
            if draw and draws_picture:
                picture = draw(configuration.picture(project.settings))
                files.write_if_changed(finished / configuration.PICTURE, picture)
            found = list(_made(maker, site, pool, downloads))
            engine.check_places(project, finished)
        say("[3/4] 検索の索引を作っています。")
        search_index.write(finished, found, project.published.aliases)
        describing.add(finished, project.published, project.site_url)
        say(f"[4/4] {site_dir} に置いています。")
    if missing := missing_operator(project.published):
        say(missing)


@contextmanager
def _checked(folder: Path, say: Say, pool: Executor | None = None) -> Iterator[None]:
    """Checks the data beside the block where there is a ``pool``, else when that fails. Raises ``Unsound``."""
    checking = pool.submit(validation.validate, folder) if pool else None

    def refuse() -> None:
        problems = checking.result() if checking else validation.validate(folder)
        if errors := [problem for problem in problems if problem.severity == "error"]:
            raise Unsound(errors)

    try:
        yield
    except Exception:
        refuse()
        raise
    if checking:
        refuse()
        say(validation.render_text(checking.result()))


def _with_preview(project: Project) -> Iterator[str]:
    """Addresses of the pages with a picture of their own."""
    found = [address for address, page in project.pages.items() if page.preview]
    if len(found) > MOST_PREVIEWS:
        return (address for address in found if address in project.in_navigation)
    return iter(found)


def _made(maker: Maker, site: Path, pool: Executor, downloads: Future[None]) -> Iterator[search_index.Page]:
    """Has all pages made from what the engine put into ``site``; yields what the search keeps of them."""
    project, built = maker.project, engine.pages_of(site)
    for name, content in pages.files(project.published).items():
        files.write_if_changed(maker.out / name, content)
    files.write_if_changed(maker.out / SITEMAP, sitemap(project, built).encode("utf-8"))
    filled = sorted(address for address in project.pages if f"{address}index.html" not in set(built))
    tasks = [
        pool.submit(making.fill, filled[at : at + _AT_A_TIME]) for at in range(0, len(filled), _AT_A_TIME)
    ]
    downloads.result()  # some pages show what there is
    tasks += [pool.submit(making.finish, [file]) for file in built]
    for task in tasks:
        yield from task.result()


def sitemap(project: Project, built: Iterable[str]) -> str:
    """The pages for search engines, where their public addresses are known; ``built`` are files by the engine."""
    by_hand = {file.removesuffix("index.html") for file in built if file.endswith("index.html")}
    every = sorted(by_hand | project.pages.keys()) if project.site_url else ()
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *(f"<url><loc>{escape(addresses.public(page, project.site_url))}</loc></url>" for page in every),
            "</urlset>",
            "",
        ]
    )


def missing_operator(published: Edition) -> str | None:
    """What readers ask of who answers for the site, and nobody has said yet: for a maintainer."""
    operator = terms.operator(published)
    if operator.name and operator.email:
        return None
    if operator.name:
        found = f"いまの運営者は「{operator.name}」で、連絡先のメールアドレスがありません。"
    else:
        found = "運営者がありません。"
    return (
        f"注意：{found}読む人が、だれに聞けばよいかわかりません。\n"
        f'  {paths.DESCRIPTOR} の contributors の、roles に "publisher" のある項目に、'
        '"title"（運営者の名前）と "email"（連絡先のメールアドレス）を書いてください。'
    )


def _check_replaceable(site_dir: Path) -> None:
    """Only an empty folder or an earlier site is replaced, never somebody's other files."""
    if not site_dir.exists():
        return
    if not site_dir.is_dir():
        raise BuildError(f"{site_dir} はフォルダではありません。")
    if any(site_dir.iterdir()) and not (site_dir / addresses.DATA / paths.DESCRIPTOR).is_file():
        raise BuildError(
            f"{site_dir} には、サイトではないファイルがあります。"
            "空のフォルダか、新しい名前を指定してください。"
        )
