"""How a reader tells that a number is wrong: a form with the place already filled in, or a text to send.

Without a repository that takes reports there is nowhere to lead to, and the page gives the text
instead. The fields are those of ``.github/ISSUE_TEMPLATE/data-error.yml``; a test keeps both the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from shinchoku.pages import publication

FORM = "data-error.yml"


@dataclass(frozen=True, slots=True)
class Report:
    """A prepared report: where to send it (``None``: nowhere known), and what it says."""

    url: str | None
    text: str


def report(title: str, page: str, row: str) -> Report:
    """About the page at address ``page``, called ``title``, and a printed ``row`` (may be empty)."""
    # Without the site's address, its path: below which folder it stands is not known either.
    where = publication.public(page) or (f"{title}（{page}）" if page else title)
    repository = publication.repository()
    fields = {"template": FORM, "title": f"数字の誤り：{title}", "page": where, "row": row}
    url = f"{repository}/issues/new?{urlencode(fields)}" if repository else None
    lines = [f"数字の誤り：{title}", f"ページ：{where}"]
    lines += [f"印刷された行：{row}"] if row else []
    return Report(url, "\n".join([*lines, "誤っている数字：", "正しいと思う数字：", "そう思う理由："]))
