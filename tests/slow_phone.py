"""How long a slow phone on a slow line waits for a page of a built site until it can be used.

The phone is a Chromium with a quarter of this machine's speed; the line is the slow 4G of the developer tools;
the server compresses, as GitHub Pages does, but speaks HTTP/1.1: six files travel at a time, each a round trip.
No test: ``growth.py`` calls ``measure``, and

    python tests/slow_phone.py SITE [--area fields/tourism/]

prints what takes the time. Seconds count from the moment somebody follows a link to the page.
"""

from __future__ import annotations

import argparse
import gzip
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from shinchoku import addresses

RUNS = 3
CPU_THROTTLING = 4
#: Milliseconds, and bytes a second: a line carries a tenth less than it is sold for.
LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 1.6e6 / 8 * 0.9,
    "uploadThroughput": 0.75e6 / 8 * 0.9,
}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
#: One that few pages have, and one that very many have.
WORDS = ("雪まつり", "支援")
_PICTURES = (".png", ".jpg", ".ico")
_LONGEST = 120_000

#: In the page: ``frame()`` is over once what was changed before has been painted; ``until`` looks at every frame.
_IN_PAGE = """
const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
const until = async (holds) => { while (!holds()) await frame(); await frame(); };
const type = (field, value) => { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); };
const find = (selector) => document.querySelector(selector);
const answers = {};
const now = () => performance.now() / 1000;
"""
#: What a page is for → when it is usable, as a script that notes it in ``answers``.
READ = """
await until(() => document.readyState !== "loading" && find("h1"));
answers.usable = now();
"""
#: The first rows are shown, then a filter is chosen that some rows do not meet, then an order.
LIST = """
const count = () => find("[data-sum=count]").textContent;
const shown = () => [...document.querySelectorAll(".explorer__table tbody tr:nth-child(-n + 5) .row__name")].map((link) => link.href).join();
await until(() => find(".is-ready .explorer__table tbody .row__name"));
const [all, first] = [count(), shown()];
answers.ready = now();
find("[name=verdict][value=not_achieved]").click();
await until(() => count() !== all && shown() && shown() !== first);
answers.usable = now();
const [some, filtered] = [now(), shown()];
type(find("[name=sort]"), "rate");
await until(() => shown() && shown() !== filtered);
answers.sorted = now() - some;
"""
SEARCH = """
await until(() => find("[data-search-page] input"));
answers.ready = now();
type(find("[data-search-page] input"), %r);
await until(() => find(".search__results li"));
answers.usable = now();
"""


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        is_picture = path.suffix in _PICTURES
        body = path.read_bytes() if is_picture else _compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if not is_picture:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A page that is left needs its files no more."""


@contextmanager
def _served(site: Path) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), partial(_Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds from following the link, and what they were needed for."""

    #: ``usable``, and what else the page was asked for.
    seconds: Mapping[str, float]
    requests: int
    kilobytes: float
    nodes: int
    #: Seconds of the phone's processor until then, by what it did.
    work: Mapping[str, float]


def _visit(browser: Browser, address: str, steps: str) -> Visit:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.set_default_timeout(_LONGEST)
    session = context.new_cdp_session(page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    for domain in ("Network", "Performance"):
        session.send(f"{domain}.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_THROTTLING})
    page.add_init_script(f"window.used = (async () => {{ {_IN_PAGE} {steps} return answers; }})();")
    page.goto(address, wait_until="commit", timeout=_LONGEST)
    seconds = page.evaluate("window.used")
    counted = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    context.close()
    work = {name: counted[f"{name}Duration"] for name in ("Script", "Layout", "RecalcStyle", "Task")}
    return Visit(seconds, len(received), sum(received) / 1000, int(counted["Nodes"]), work)


def visits(
    site: Path, chromium: str, area: str, words: Sequence[str] = WORDS, runs: int = RUNS
) -> dict[str, list[Visit]]:
    """What was visited → each visit, with an empty cache."""
    asked = {
        "ホーム": (addresses.HOME, READ),
        "分野のページ": (area, READ),
        "事業一覧": (addresses.INITIATIVES, LIST),
        **{f"検索「{word}」": ("search/", SEARCH % word) for word in words},
    }
    with _served(site) as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = {
            name: [_visit(browser, root + address, steps) for _ in range(runs)]
            for name, (address, steps) in asked.items()
        }
        browser.close()
    return found


def measure(site: Path, chromium: str, area: str) -> dict[str, float]:
    """What was visited → seconds until it is usable, the median of a few visits."""
    return {
        name: median(visit.seconds["usable"] for visit in each)
        for name, each in visits(site, chromium, area).items()
    }


def main() -> None:
    """Print the medians, and of a middling visit what took the time."""
    parser = argparse.ArgumentParser(
        prog="slow_phone", description="遅い電話で、ページが使えるまでの秒数を測ります。"
    )
    parser.add_argument("site", type=Path)
    parser.add_argument("--area", default="fields/tourism/", help="分野のページのアドレス")
    parser.add_argument("--chromium", default="chromium")
    arguments = parser.parse_args()
    for name, each in visits(arguments.site, arguments.chromium, arguments.area).items():
        visit = sorted(each, key=lambda visit: visit.seconds["usable"])[len(each) // 2]
        said = "、".join(f"{key} {seconds:.2f}" for key, seconds in visit.seconds.items())
        work = "、".join(f"{key} {seconds:.2f}" for key, seconds in visit.work.items())
        print(
            f"{name}：{said}（{visit.requests}件 {visit.kilobytes:.0f} KB、{visit.nodes:,}節、{work}）",
            flush=True,
        )


if __name__ == "__main__":
    main()
