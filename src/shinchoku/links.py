"""Do the addresses that the data and the texts name still answer?

A web server that does not answer today is nobody's mistake here: what is found is for a person to
look at, and no change of the data waits for it. Asks politely: one request at a time, a pause
between two to the same host, the head only where that is enough, and the name of who asks.
Must not import anything of this project; what to print is for the caller.
"""

from __future__ import annotations

import html
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

#: Where addresses for readers stand. What is fetched to build the project is not among them.
FILES = (
    "datapackage.json",
    "mkdocs.yml",
    "*.md",
    "docs/**/*.md",
    "data/*.csv",
    "data/*.yml",
    "data/decisions/*.yml",
)

USER_AGENT = "shinchoku-links (checks once a week whether cited documents are still there)"
TIMEOUT = 20.0
#: Seconds between two requests to the same host, and before each further attempt.
PAUSE = 1.0
RETRIES = (5.0, 20.0)
#: A server that asks for more patience is not asked again.
_LONGEST_WAIT = 60.0

_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f<>\"'`|\\（）「」『』、。，：；]+")
_TRAILING = ".,;:!?)]}*_"
#: Reserved for examples, or for this machine.
_NOWHERE = re.compile(r"(.*\.)?(example(\.(com|net|org))?|test|invalid|localhost)|127\.[\d.]+|\[::1\]")


class Finding(StrEnum):
    """What became of an address."""

    ANSWERS = auto()
    MOVED = auto()
    GONE = auto()
    REFUSED = auto()
    FAILS = auto()


#: Finding → what it is called, and what to do about it.
WORDS: dict[Finding, tuple[str, str]] = {
    Finding.ANSWERS: ("答えます", ""),
    Finding.MOVED: ("移りました", "新しいアドレスに書き換えてください。"),
    Finding.GONE: ("ありません", "移った先を探すか、アドレスを消して、資料の名前だけを残してください。"),
    Finding.REFUSED: ("プログラムには答えません", "ブラウザで開けば、そのままでかまいません。"),
    Finding.FAILS: ("つながりません", "何日か続くなら、アドレスを確かめてください。"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address stands."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; ``detail`` is a status, a reason or the new address."""

    url: str
    finding: Finding
    detail: str
    places: tuple[Place, ...] = ()


def find(directory: Path) -> dict[str, tuple[Place, ...]]:
    """Address → where it stands, in the files of a project, in order."""
    found: dict[str, list[Place]] = {}
    paths = dict.fromkeys(path for pattern in FILES for path in sorted(directory.glob(pattern)))
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for url in addresses_in(line):
                found.setdefault(url, []).append(Place(path.relative_to(directory).as_posix(), number))
    return {url: tuple(places) for url, places in found.items()}


def addresses_in(text: str) -> Iterator[str]:
    """The addresses in a line, without the sign that ends its sentence and without examples."""
    for match in _ADDRESS.finditer(text):
        url = match[0].rstrip(_TRAILING).partition("#")[0]
        try:
            host = urlsplit(url).hostname
        except ValueError:
            continue
        if host and not _NOWHERE.fullmatch(host):
            yield url


# -- asking -----------------------------------------------------------------


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects as ever, and remembers whether all of them are for good."""

    def __init__(self) -> None:
        self.are_permanent = True

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        self.are_permanent &= code in (301, 308)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check(
    places: dict[str, tuple[Place, ...]],
    pause: Callable[[float], object] = time.sleep,
    timeout: float = TIMEOUT,
) -> list[Answer]:
    """Ask every address, one after the other."""
    asked: set[str] = set()
    answers = []
    for url, where in places.items():
        host = urlsplit(url).netloc
        if host in asked:
            pause(PAUSE)
        asked.add(host)
        answers.append(_ask_patiently(url, where, pause, timeout))
    return answers


def _ask_patiently(
    url: str, places: tuple[Place, ...], pause: Callable[[float], object], timeout: float
) -> Answer:
    for wait in (*RETRIES, None):
        finding, detail, asks_for = _ask(url, timeout)
        if wait is None or finding != Finding.FAILS or asks_for > _LONGEST_WAIT:
            break
        pause(max(wait, asks_for))
    return Answer(url, finding, detail, places)


def _ask(url: str, timeout: float) -> tuple[Finding, str, float]:
    """One attempt: what was found, and how many seconds the server wants to be left alone."""
    finding, detail, asks_for = _request(url, "HEAD", timeout)
    # Some servers know no HEAD, or answer it otherwise than what a browser sends.
    return (
        _request(url, "GET", timeout)
        if finding in (Finding.GONE, Finding.REFUSED)
        else (finding, detail, asks_for)
    )


def _request(url: str, method: str, timeout: float) -> tuple[Finding, str, float]:
    redirects = _Redirects()
    opener = urllib.request.build_opener(redirects)
    try:
        request = urllib.request.Request(
            url, method=method, headers={"User-Agent": USER_AGENT, "Accept": "*/*"}
        )
        with opener.open(request, timeout=timeout) as response:
            is_moved = response.url != url and redirects.are_permanent
            return (
                (Finding.MOVED, response.url, 0) if is_moved else (Finding.ANSWERS, str(response.status), 0)
            )
    except urllib.error.HTTPError as error:
        with error:
            wait = error.headers.get("Retry-After", "")
        if error.code == 429 or error.code >= 500 and error.code != 501:
            return Finding.FAILS, str(error.code), float(wait) if wait.isdecimal() else 0
        return Finding.GONE if error.code in (404, 410) else Finding.REFUSED, str(error.code), 0
    except urllib.error.URLError as error:
        return Finding.FAILS, str(error.reason), 0
    except (OSError, HTTPException, ValueError) as error:
        return Finding.FAILS, str(error) or type(error).__name__, 0


# -- telling ----------------------------------------------------------------


def headline(answers: Iterable[Answer]) -> str:
    """How many addresses, and how many of them to look at."""
    found = list(answers)
    open_ = sum(answer.finding != Finding.ANSWERS for answer in found)
    return f"外部のアドレス {len(found)}件のうち、{f'{open_}件を確かめてください。' if open_ else 'すべてが答えます。'}"


def sentence(answer: Answer) -> str:
    """What was found and what to do."""
    what, remedy = WORDS[answer.finding]
    return f"{answer.url} は{what}（{_on_one_line(answer.detail)}）。{remedy}"


def _on_one_line(text: str) -> str:
    """What a server said, fit for a log: no control characters, and no command of GitHub's runner."""
    return "".join(each if each.isprintable() else " " for each in text)[:200].replace("##[", "## [")


def as_text(answers: Iterable[Answer]) -> str:
    """For a terminal: what is to be looked at."""
    found = list(answers)
    lines = [headline(found)]
    for answer in found:
        if answer.finding != Finding.ANSWERS:
            lines += [sentence(answer), *(f"  {place.file} {place.line}行目" for place in answer.places)]
    return "\n".join(lines)


def as_annotations(answers: Iterable[Answer]) -> str:
    """For GitHub: a warning at every line that names such an address. Never an error."""
    return "".join(
        f"::warning file={_property(place.file)},line={place.line},title=外部のリンク::{_data(sentence(answer))}\n"
        for answer in answers
        if answer.finding != Finding.ANSWERS
        for place in answer.places
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_markdown(answers: Iterable[Answer]) -> str:
    """For the summary of a job; what a server says is text and nothing else."""
    found = list(answers)
    rows = [
        f"<tr><td><code>{html.escape(answer.url)}</code></td><td>{WORDS[answer.finding][0]}<br>"
        f"<code>{html.escape(_on_one_line(answer.detail))}</code></td><td>{WORDS[answer.finding][1]}</td><td>"
        + "<br>".join(f"<code>{html.escape(place.file)}</code> {place.line}行目" for place in answer.places)
        + "</td></tr>"
        for answer in found
        if answer.finding != Finding.ANSWERS
    ]
    head = "<tr><th>アドレス</th><th>答え</th><th>どうするか</th><th>書いてある所</th></tr>"
    table = "\n".join(["<table>", head, *rows, "</table>"]) if rows else ""
    note = "この確認は、データの取り込みも公開も止めません。"
    return "\n\n".join(part for part in ("## 外部のリンク", headline(found), table, note) if part) + "\n"
