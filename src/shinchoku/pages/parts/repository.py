"""The way from a page into the repository: the files and lines that it shows, and a report that a number is wrong.

Nowhere in the data stands an address: ``SHINCHOKU_SITE_URL`` is that of the site,
``SHINCHOKU_REPOSITORY_URL`` that of the repository which takes reports. Either may be
unknown; then there is nowhere to lead to, and a page names file and lines and gives the
text to send. ``SHINCHOKU_PACKAGE_DIR`` is the folder on this machine. Must not render anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shinchoku import addresses, paths
from shinchoku.package.descriptor import resources
from shinchoku.package.editions import Edition

#: The form of ``.github/ISSUE_TEMPLATE/``; a test keeps the fields of both the same.
FORM = "data-error.yml"
#: What the site is published from: .github/workflows/pages.yml.
_BRANCH = "main"


def public(page: str) -> str:
    """The public address of the page at address ``page``; empty where it is not known."""
    site_url = os.environ.get("SHINCHOKU_SITE_URL", "")
    return addresses.public(page, site_url) if site_url else ""


def address() -> str:
    """Of the repository; empty where none is known that can be trusted with a link."""
    url = os.environ.get("SHINCHOKU_REPOSITORY_URL", "").rstrip("/")
    return url if url.startswith("https://") else ""


# -- the files of what a page shows ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring lines of a file; ``url`` (``None``: nowhere known) shows them."""

    label: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of the repository, and where in it (nowhere: all of it)."""

    file: str
    runs: tuple[Run, ...]
    view_url: str | None
    edit_url: str | None

    @property
    def name(self) -> str:
        return self.file.rpartition("/")[2]

    @property
    def said(self) -> str:
        """The file and where in it, for who has read in which folder."""
        return " ".join(filter(None, [self.name, "・".join(run.label for run in self.runs)]))


def of_file(file: str, lines: Iterable[tuple[int, int]] = ()) -> Origin:
    """A file, given by its path in the repository, and the (first, last) lines of it, as text, that matter."""
    root = address()
    view = f"{root}/blob/{_BRANCH}/{file}?plain=1" if root else None

    def run(first: int, last: int) -> Run:
        if first == last:
            return Run(f"{first}行目", view and f"{view}#L{first}")
        return Run(f"{first}〜{last}行目", view and f"{view}#L{first}-L{last}")

    return Origin(
        file=file,
        runs=tuple(run(*ends) for ends in _joined(lines)),
        view_url=view,
        edit_url=f"{root}/edit/{_BRANCH}/{file}" if root else None,
    )


def of_text(file: str) -> tuple[Origin, ...]:
    """The text of a page by hand: of the project, else the program's, if that is in the repository."""
    project = Path(os.environ.get("SHINCHOKU_PACKAGE_DIR", "")).resolve()
    for folder in (project / paths.TEXTS, paths.PROGRAM / "site" / "docs"):
        if (folder / file).is_file() and folder.is_relative_to(project):
            return of_files((folder / file).relative_to(project).as_posix())
    return ()


def of_files(*files: str) -> tuple[Origin, ...]:
    """Whole files."""
    return tuple(map(of_file, files))


def of_rows(package: Edition, **tables: Iterable[Any]) -> tuple[Origin, ...]:
    """Rows by table, in this order; tables of which there are none are left out.

    A row whose line is not known (of a package that was not read from files) names its file alone.
    """
    declared = resources(package.descriptor)
    found = []
    for name, records in tables.items():
        if rows := list(records):
            lines = [package.row_lines[row] for row in rows if row in package.row_lines]
            found.append(of_file(declared[name]["path"], lines if len(lines) == len(rows) else ()))
    return tuple(found)


def _joined(lines: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(lines):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


# -- a number that is wrong -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """A prepared report: a mail and a form that hold it (``None``: nobody known to send it to), and what it says."""

    mail: str | None
    url: str | None
    text: str


def error_report(title: str, page: str, row: str, contact: str | None = None) -> ErrorReport:
    """About the page at address ``page``, called ``title``, and a printed ``row`` (may be empty).

    ``contact`` is the mail address of who answers for the site.
    """
    # Without the site's address, its path: below which folder it stands is not known either.
    where = public(page) or (f"{title}（{page}）" if page else title)
    root = address()
    subject = f"数字の誤り：{title}"
    fields = {"template": FORM, "title": subject, "page": where, "row": row}
    lines = [f"ページ：{where}"]
    lines += [f"資料の行：{row}"] if row else []
    lines += ["誤っている数字：", "正しいと思う数字：", "そう思う理由："]
    return ErrorReport(
        _mail(contact, subject, lines) if contact else None,
        f"{root}/issues/new?{addresses.query(fields)}" if root else None,
        "\n".join(lines),
    )


def mail_to(address: str) -> str:
    """A link; an address may hold characters (? & %) that would say more than to whom."""
    return f"mailto:{quote(address, safe='@')}"


def _mail(to: str, subject: str, lines: Iterable[str]) -> str:
    """As RFC 6068 has it: a mail program reads "+" as it stands, and wants both characters of a line end."""
    body = "\r\n".join([*lines, ""])
    return f"{mail_to(to)}?subject={quote(subject)}&body={quote(body)}"
