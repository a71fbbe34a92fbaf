"""Addresses that are asked, on this machine only: no test goes to the net."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from shinchoku import cli, links
from shinchoku.links import Answer, Finding, Place


class Web(BaseHTTPRequestHandler):
    """A small web: the path says how a page answers."""

    seen: Counter[tuple[str, str]]

    def answer(self) -> None:
        self.seen[self.command, self.path] += 1
        word, _, number = self.path.strip("/").partition("-")
        getattr(self, f"on_{word}")(int(number or 0))

    do_HEAD = do_GET = answer

    def say(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def on_status(self, status: int) -> None:
        self.say(status)

    def on_get(self, status: int) -> None:
        """Answers a HEAD with a status of its own."""
        self.say(200 if self.command == "GET" else status)

    def on_moved(self, status: int) -> None:
        self.say(status, Location="/status-200")

    def on_circle(self, _: int) -> None:
        self.say(301, Location=self.path)

    def on_out(self, _: int) -> None:
        self.say(301, Location="file:///etc/hostname")

    def on_busy(self, times: int) -> None:
        """503 so many times, then an answer."""
        done = self.seen[self.command, self.path] > times
        self.say(200) if done else self.say(503, Retry_After="7")

    def on_later(self, seconds: int) -> None:
        self.say(429, Retry_After=str(seconds))

    def on_slow(self, _: int) -> None:
        threading.Event().wait(1)

    def on_noise(self, _: int) -> None:
        self.wfile.write(b"\x1b[31m no http\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[tuple[str, Counter]]:
    """The address of the small web, and what was asked of it."""
    seen: Counter[tuple[str, str]] = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Web,), {"seen": seen}))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def ask(web, pauses) -> Callable[[str], Answer]:
    def ask(path: str) -> Answer:
        url = path if path.startswith("http") else f"{web[0]}/{path}"
        (answer,) = links.check({url: (Place("a.md", 1),)}, pauses.append, timeout=0.3)
        return answer

    return ask


@pytest.mark.parametrize(
    ("path", "finding", "detail"),
    [
        ("status-200", Finding.ANSWERS, "200"),
        ("status-404", Finding.GONE, "404"),
        ("status-410", Finding.GONE, "410"),
        ("status-403", Finding.REFUSED, "403"),
        ("status-401", Finding.REFUSED, "401"),
        ("status-500", Finding.FAILS, "500"),
        # What answers a browser answers, whatever it says to a HEAD.
        ("get-405", Finding.ANSWERS, "200"),
        ("get-403", Finding.ANSWERS, "200"),
        ("get-404", Finding.ANSWERS, "200"),
        ("get-501", Finding.ANSWERS, "200"),
        ("moved-302", Finding.ANSWERS, "200"),
        ("moved-307", Finding.ANSWERS, "200"),
        ("circle", Finding.REFUSED, "301"),
        ("out", Finding.REFUSED, "301"),
    ],
)
def test_how_an_address_answers(ask, path, finding, detail):
    answer = ask(path)
    assert (answer.finding, answer.detail) == (finding, detail)


@pytest.mark.parametrize("status", [301, 308])
def test_what_has_moved_for_good_tells_where(ask, web, status):
    answer = ask(f"moved-{status}")
    assert (answer.finding, answer.detail) == (Finding.MOVED, f"{web[0]}/status-200")


def test_what_is_busy_is_asked_again_when_it_wants(ask, pauses):
    assert ask("busy-2").finding == Finding.ANSWERS
    assert pauses == [7, 20]


def test_what_asks_for_long_patience_is_left_alone(ask, web, pauses):
    assert ask("later-3600").finding == Finding.FAILS
    assert pauses == [] and web[1]["HEAD", "/later-3600"] == 1


@pytest.mark.parametrize("path", ["slow", "noise", "http://127.0.0.1:1/"])
def test_what_does_not_speak_is_tried_three_times_and_no_crash(ask, pauses, path):
    assert ask(path).finding == Finding.FAILS
    assert len(pauses) == 2


def test_two_addresses_of_a_host_are_asked_with_a_pause(web, pauses):
    links.check({f"{web[0]}/status-200": (), f"{web[0]}/status-204": ()}, pauses.append)
    assert pauses == [links.PAUSE]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[資料](https://www.city.test.jp/a_(b).pdf)。", ["https://www.city.test.jp/a_(b).pdf"]),
        ("「https://a.jp/b」、<http://c.jp/?d=1&e=2#f>", ["https://a.jp/b", "http://c.jp/?d=1&e=2"]),
        ('"path": "https://a.jp/b",', ["https://a.jp/b"]),
        ("https://example.org/ http://127.0.0.1:8000/ http://localhost/ https://a.example.com/x", []),
        ("https://[::1/ ftp://a.jp/ https:// なし", []),
    ],
)
def test_which_addresses_a_line_names(text, found):
    assert list(links.addresses_in(text)) == found


def test_the_addresses_of_this_project_are_found_where_they_stand(project):
    found = links.find(project)
    assert found, "the descriptor names a licence at least"
    for url, places in found.items():
        for place in places:
            assert url in (project / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]


ANSWERS = [
    Answer("https://a.jp/", Finding.ANSWERS, "200", (Place("a.md", 1),)),
    Answer("https://b.jp/?a=1%2C2", Finding.GONE, "404", (Place("docs/b,c.md", 2), Place("a.md", 3))),
    Answer("https://c.jp/", Finding.FAILS, "\x1b[31m\n::error::x <b>", (Place("a.md", 4),)),
]


def test_a_report_says_what_to_look_at_and_what_to_do():
    said = links.as_text(ANSWERS)
    assert said.startswith("外部のアドレス 3件のうち、2件を確かめてください。")
    assert "https://b.jp/?a=1%2C2 はありません（404）。移った先を探す" in said
    assert "https://a.jp/" not in said and "\x1b" not in said
    assert links.as_text(ANSWERS[:1]) == "外部のアドレス 1件のうち、すべてが答えます。"


def test_annotations_are_warnings_at_the_line_and_nothing_else():
    first, second, third = links.as_annotations(ANSWERS).splitlines()
    assert first.startswith(
        "::warning file=docs/b%2Cc.md,line=2,title=外部のリンク::https://b.jp/?a=1%252C2 は"
    )
    assert second.startswith("::warning file=a.md,line=3,")
    assert third.startswith("::warning file=a.md,line=4,") and "\x1b" not in third


def test_the_summary_shows_what_a_server_says_as_text():
    said = links.as_markdown(ANSWERS)
    assert "&lt;b&gt;" in said and "\x1b" not in said and "<b>" not in said
    assert "止めません" in said
    assert "<table>" not in links.as_markdown(ANSWERS[:1])


@pytest.fixture
def folder(web, tmp_path, monkeypatch) -> Path:
    """A project that names a page which is gone."""
    (tmp_path / "README.md").write_text("はじめ\nhttps://gone.jp/資料\n", encoding="utf-8")
    answers = [Answer("https://gone.jp/資料", Finding.GONE, "404", (Place("README.md", 2),))]
    monkeypatch.setattr(links, "check", lambda places: answers if list(places) == [answers[0].url] else [])
    return tmp_path


def test_the_command_fails_unless_told_never_to(folder, capsys):
    assert cli.main(["links", str(folder)]) == 1
    assert "README.md 2行目" in capsys.readouterr().out
    assert cli.main(["links", str(folder), "--never-fail"]) == 0


def test_for_github_it_annotates_and_adds_to_the_summary(folder, capsys):
    summary = folder / "summary.md"
    summary.write_text("前\n", encoding="utf-8")
    arguments = ["links", str(folder), "--never-fail", "--annotate", "--summary", str(summary)]
    assert cli.main(arguments) == 0
    assert "::warning file=README.md,line=2," in capsys.readouterr().out
    assert summary.read_text(encoding="utf-8").startswith("前\n## 外部のリンク")
