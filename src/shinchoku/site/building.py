"""From the folder of a project, or of a package alone, to a finished site.

The site generator runs as a program of its own and makes the pages by hand and the shells of all others
(``shells``) while the downloads are written; then all pages are made (``making``). The result is moved into place
only when it is complete. What a page shows is for ``pages``; this module must not import the generator.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from fnmatch import fnmatch
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath

from shinchoku import addresses, exports, files, pages, paths
from shinchoku.exports import terms
from shinchoku.package.editions import Edition
from shinchoku.site import configuration, describing, making, minifying, search_index, shells
from shinchoku.site.making import Maker
from shinchoku.site.previews import drawing
from shinchoku.site.staging import BuildError, Project

Say = Callable[[str], None]

#: The workshop of a site that is served.
STAGED = Path("build")
#: Pictures for those who share a page: as many as a site can carry. Beyond, only areas have one.
MOST_PREVIEWS = 1_000
#: Pages that a worker makes at a time: enough that the way to it does not count, few enough that none waits for another.
_AT_A_TIME = 25

_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t]+.*\n)*", re.MULTILINE)
_LINK = re.compile(r"\]\(\s*<?([^()\s#?]+\.md)\b(?:#([^()\s>]+))?")
_MACRO = re.compile(r"\{\{.*?\}\}")
_NOT_DRAWN = "共有用の画像を描くライブラリがないので、ページごとの画像を作りません（resvg-py と noto-cjk-sans-jp-bold を入れると作ります）。"


# -- the generator ------------------------------------------------------------


def generator_environment(project: Path, workshop: Path, published: Edition) -> dict[str, str]:
    """What the macros read, and a clock that stands still between builds."""
    created = datetime.fromisoformat(published.descriptor["created"])
    return {
        **os.environ,
        "SHINCHOKU_DOCS_DIR": str(workshop.resolve() / configuration.DOCS),
        "SHINCHOKU_PACKAGE_DIR": str(project.resolve()),
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", str(int(created.timestamp()))),
        "PYTHONUTF8": "1",
        "NO_MKDOCS_2_WARNING": "1",
    }


def _run_generator(workshop: Path, environment: dict[str, str], site: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    process = subprocess.Popen(
        command,
        cwd=workshop,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    with process:
        try:
            lines = [line for line in process.stdout or () if not line.startswith(("INFO", "DEBUG"))]
        except BaseException:  # Ctrl-C
            process.kill()
            raise
    if process.returncode != 0:
        said = _TRACEBACK.sub("", "".join(lines)).strip()
        if refused := re.search(r"^\w*Error: \[Errno (\d+)\]", said, re.MULTILINE):
            raise OSError(int(refused[1]), os.strerror(int(refused[1])), str(site))
        raise BuildError("ページを組み立てられませんでした。\n" + "\n".join(said.splitlines()[-20:]))


# -- what it makes --------------------------------------------------------------


def _with_preview(project: Project) -> Iterator[str]:
    """Addresses of the pages with a picture of their own."""
    found = [address for address, page in project.pages.items() if page.preview]
    if len(found) > MOST_PREVIEWS:
        return (address for address in found if address in project.in_navigation)
    return iter(found)


def _linked(by_hand: Mapping[str, bytes]) -> set[tuple[str, str, str]]:
    """(Text by hand, file that it links to, place there); the file is a pattern where a macro says which."""
    return {
        (file, normpath(join(dirname(file), target)), place)
        for file, content in by_hand.items()
        if file.endswith(".md")
        for target, place in _LINK.findall(_MACRO.sub("*", content.decode("utf-8", "replace")))
    }


def _check_places(project: Project, site: Path) -> None:
    """The generator knows the pages that texts link to, but not what stands in the bodies. Raises ``BuildError``."""
    of_file = {page.file: address for address, page in project.pages.items()}
    for text, file, place in sorted(_linked(project.by_hand)):
        if place and file in of_file and place[0] != "*":
            html = (site / of_file[file] / "index.html").read_text(encoding="utf-8")
            if f'id="{place}"' not in html:
                raise BuildError(f"docs/{text} のリンクの先 {file} に、場所「#{place}」がありません。")


def _stubs(project: Project, maker: Maker) -> dict[str, str]:
    """What the generator makes: pages that stand alone, and of the others one for all of their kind in a folder."""
    linked = {file for _, file, _ in _linked(project.by_hand)}
    stubs: dict[str, str] = {}
    for address, page in project.pages.items():
        if address == addresses.HOME:  # whose text is written by hand
            continue
        if not page.ids or address in project.in_navigation:
            stubs[page.file] = page.stub(maker.said(page))
            continue
        shell = shells.of_kind(page, has_preview=address in maker.with_preview)
        if shell.file not in stubs:
            stubs[shell.file] = shells.stub(shell, has_preview=address in maker.with_preview)
        if any(fnmatch(page.file, pattern) for pattern in linked):
            stubs[page.file] = page.stub(maker.said(page))
    return stubs


def _move_files(engine: Path, site: Path) -> None:
    """What the generator has made and is no page: pictures, styles, scripts."""
    minifying.compact(engine)
    for path in engine.rglob("*"):
        name = path.relative_to(engine)
        if path.is_file() and path.suffix != ".html" and not path.name.startswith("sitemap.xml"):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, site / name)


def _write_sitemap(site: Path, project: Project) -> None:
    """The pages for search engines, where their public addresses are known."""
    pages = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    lines = [
        f"<url><loc>{escape(addresses.public(f'{page}/'.removeprefix('./'), project.site_url))}</loc></url>"
        for page in (pages if project.site_url else ())
    ]
    start = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    (site / "sitemap.xml").write_text(
        "\n".join([start, *lines, "</urlset>", ""]), encoding="utf-8", newline="\n"
    )


# -- the whole --------------------------------------------------------------------


def build(folder: Path, site_dir: Path, say: Say = print) -> None:
    """Build the site of a project, or of a package alone, into ``site_dir``.

    What stands in its ``docs/`` is run by the generator: such a folder is trusted, unlike its data.
    Raises ``BuildError`` or ``PackageError``.
    """
    site_dir = Path(os.path.realpath(site_dir))
    _check_replaceable(site_dir)
    with files.workshop() as workshop, files.replacing(site_dir) as finished:
        say("[1/4] ページの下書きとダウンロード用のファイルを用意しています。")
        project = Project.read(folder)
        draw = drawing() if project.site_url else None
        if project.site_url and draw is None:
            say(_NOT_DRAWN)
        maker = Maker(
            project.published,
            workshop / "engine",
            finished,
            project.settings.name_and_mark,
            draw,
            frozenset(_with_preview(project) if draw else ()),
        )
        with making.workers(maker) as pool:
            found = list(_made(project, maker, workshop, pool, say))
        say("[3/4] 検索の索引を作っています。")
        search_index.write(finished, found, project.published.aliases)
        describing.add(finished, project.published, project.site_url)
        _write_sitemap(finished, project)
        say(f"[4/4] {site_dir} に置いています。")
    if missing := missing_operator(project.published):
        say(missing)


def _made(
    project: Project, maker: Maker, workshop: Path, pool: Executor, say: Say
) -> Iterator[search_index.Page]:
    """Has every file made; yields what the search keeps of the pages."""
    downloads = pool.submit(
        exports.write_exports, project.published, project.folder, maker.out, project.site_url
    )
    stubs = _stubs(project, maker)
    draws_picture = maker.draw is not None and configuration.PICTURE not in project.by_hand
    project.stage(workshop, stubs, has_bodies=False, has_picture=draws_picture)
    say(f"[2/4] {len(project.pages)}ページを組み立てています。")
    environment = generator_environment(project.folder, workshop, project.published)
    _run_generator(workshop, environment | {"SHINCHOKU_SHELLS": "1"}, maker.engine)
    _move_files(maker.engine, maker.out)
    for name, content in pages.files(project.published).items():
        files.write_if_changed(maker.out / name, content)
    if draws_picture and maker.draw:
        files.write_if_changed(
            maker.out / configuration.PICTURE, maker.draw(configuration.picture(project.settings))
        )
    built = [path.relative_to(maker.engine).as_posix() for path in sorted(maker.engine.rglob("*.html"))]
    built = [file for file in built if shells.PLACE not in file]
    filled = sorted(address for address in project.pages if f"{address}index.html" not in set(built))
    tasks = [
        pool.submit(making.fill, filled[at : at + _AT_A_TIME]) for at in range(0, len(filled), _AT_A_TIME)
    ]
    downloads.result()  # some pages show what there is
    tasks += [pool.submit(making.finish, [file]) for file in built]
    for task in tasks:
        yield from task.result()
    _check_places(project, maker.out)


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
