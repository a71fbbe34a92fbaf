"""From the folder of a project, or of a package alone, to a finished site.

First everything the site generator starts from is staged in one folder, the
workshop: its configuration and, below ``docs/``, what every site has, the texts
of the project, which take the place of those, a stub for every generated page,
and the downloads. Then the generator runs there as a program of its own, and its
result is moved into place only when it is complete. What a page shows is for
``pages``; this module must not import the generator.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from shinchoku import addresses, exports, files, pages, paths
from shinchoku.charts import Preview
from shinchoku.exports import bundle, terms
from shinchoku.package.editions import Edition
from shinchoku.site import configuration, contents, describing, joining, minifying, search_index
from shinchoku.site.previews import drawing

Say = Callable[[str], None]

#: The workshop of a site that is served.
STAGED = Path("build")

_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t]+.*\n)*", re.MULTILINE)


class BuildError(Exception):
    """The site could not be built; the message is for a maintainer."""


# -- staging ----------------------------------------------------------------


def stage(project: Path, workshop: Path, say: Say = print) -> Edition:
    """Bring ``workshop`` to what the generator starts from; only files that differ are written."""
    published = bundle.as_published(project)
    site_url = os.environ.get("SHINCHOKU_SITE_URL", "")
    try:
        settings = configuration.settings(project, published.descriptor)
        by_hand = _by_hand(project)
        # Who shows a preview needs its whole address, which is known only when published.
        previews = pages.previews(published, settings.name_and_mark) if site_url else {}
        if site_url and configuration.PICTURE not in by_hand:
            previews[configuration.PICTURE_OF] = configuration.picture(settings)
        drawn = _drawn(previews, say)
        said = {address: preview.said for address, preview in previews.items() if drawn}
        stubs = pages.stubs(published, said)
    except (pages.UnsafeId, configuration.SettingsError) as error:
        raise BuildError(str(error)) from None
    generated = drawn | {name: text.encode("utf-8") for name, text in stubs.items()}
    generated |= pages.files(published)
    twice = sorted(generated.keys() & by_hand.keys())
    if twice:
        raise BuildError(f"docs/{twice[0]} は、データから作るページと同じ名前です。名前を変えてください。")
    docs = workshop / configuration.DOCS
    for name, content in (generated | by_hand).items():
        files.write_if_changed(docs / name, content)
    exported = exports.write_exports(published, project, docs, site_url)
    _remove_others(docs, {*generated, *by_hand, *exported})
    complete = configuration.complete(settings, published, generated.keys() | by_hand.keys(), site_url)
    files.write_if_changed(workshop / configuration.FILE, complete.encode("utf-8"))
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


def _drawn(previews: Mapping[str, Preview], say: Say) -> dict[str, bytes]:
    """The previews of pages as pictures, by the files they are; nothing where they cannot be drawn."""
    draw = drawing()
    if previews and draw is None:
        say(
            "共有用の画像を描くライブラリがないので、ページごとの画像を作りません（resvg-py と noto-cjk-sans-jp-bold を入れると作ります）。"
        )
    return {addresses.preview(address): draw(each) for address, each in previews.items()} if draw else {}


def _remove_others(folder: Path, expected: set[str]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in expected:
            path.unlink()


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


def build(project: Path, site_dir: Path, say: Say = print) -> None:
    """Build the site of a project, or of a package alone, into ``site_dir``.

    What stands in its ``docs/`` is run by the generator: such a folder is trusted, unlike its data.
    Raises ``BuildError`` or ``PackageError``.
    """
    site_dir = Path(os.path.realpath(site_dir))
    _check_replaceable(site_dir)
    with files.workshop() as workshop, files.replacing(site_dir) as finished:
        say("[1/4] ページの下書きとダウンロード用のファイルを用意しています。")
        published = stage(project, workshop, say)
        say(f"[2/4] {len(list(workshop.rglob('*.md')))}ページを組み立てています。")
        _run_generator(workshop, generator_environment(project, workshop, published), finished)
        contents.add(finished)
        minifying.compact(finished)
        say("[3/4] 検索の索引を作っています。")
        search_index.write_index(finished, published.aliases)
        describing.add(finished, published, os.environ.get("SHINCHOKU_SITE_URL", ""))
        say(f"[4/4] {site_dir} に置いています。")
    if missing := missing_operator(published):
        say(missing)


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
