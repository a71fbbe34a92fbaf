"""Records everything the product says, and compares a later state of the project with that.

    python tests/golden_copy.py record OUT
    python tests/golden_copy.py compare OUT
    python tests/golden_copy.py compare OUT --only validate,diff

A net below a change that must not change behaviour; no test of pytest. It knows the product by its console
command alone, and packages by the helpers ``next_report`` and the cases of ``fixtures/broken/cases.yml``, so
that modules may be renamed and moved. Ids in the SVG of a page may be others, if what refers to what stays.
Charts are drawn anew, never taken from the cache of the project.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import difflib
import io
import json
import multiprocessing
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))  # this checkout, wherever another one is installed

import yaml  # noqa: E402

import next_report  # noqa: E402
from broken import break_file, prepare  # noqa: E402
from builders import copy_descriptor  # noqa: E402
from frozen_project import frozen_package  # noqa: E402

FIXTURES = PROJECT / "tests" / "fixtures"
CASES = FIXTURES / "broken" / "cases.yml"
FORMATS = ("markdown", "html")
SITE_URL = "https://example.org/shinchoku/"
#: What a build says, beside the site; a build that fails is a difference, but nothing to record.
PRINTED = "printed.txt"
#: Processes at work at once, and into how many jobs a part is divided.
PROCESSES = 2
JOBS = {"validate": 8, "diff": 2}
#: Of so many broken cases one is shown in every format.
EVERY = 12
#: What a comparison prints at most: files, differing places of each, characters of each line.
SHOWN_FILES, SHOWN_PLACES, SHOWN_WIDTH = 40, 3, 160

#: Where a report is not decided on rightly: decision text → what is written instead.
WRONG_DECISIONS = {
    "no-target": ("into: tourism-statistics, ", ""),
    "other-source": ("source: progress-r5, outcome: merged", "source: progress-r6, outcome: merged"),
    "other-name": ("name: 観光情報発信・魅力発信事業", "name: 観光情報魅力事業"),
    "taken-id": ("tourism-m1-d4, level", "tourism-m1-d1, level"),
    "misspelt-new": ("name: 都心アート回遊事業", "name: 都心アート散歩事業"),
    "unknown-indicator": ("hospitality-1:\n  printed_as", "hospitality:\n  printed_as"),
}
COMMANDS = (
    *("validate", "rules", "build", "serve", "import", "import progress", "reprint", "export"),
    *("export workbook", "diff", "links", "release"),
)


# -- running the product -------------------------------------------------------


def environment(temporary: Path, **more: str) -> dict[str, str]:
    """The same surroundings everywhere: no address, no cache, a clock and a terminal that stand still."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHINCHOKU_", "GITHUB_"))
    }
    return kept | {
        "SOURCE_DATE_EPOCH": "1700000000",
        "SHINCHOKU_CACHE_DIR": str(temporary / "cache"),
        "TMPDIR": str(temporary),
        "TZ": "UTC",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join([str(PROJECT / "src"), *kept.get("PYTHONPATH", "").split(os.pathsep)]),
        **more,
    }


def normalised(text: str, temporary: Path) -> str:
    """Without what differs from run to run: temporary folders, and where the project is."""
    text = text.replace(str(temporary), "<TMP>").replace(str(PROJECT), "<PROJECT>")
    return re.sub(r"(shinchoku-[a-z]+-|-building-)[a-z0-9_]{8}(?![a-z0-9_])", r"\1<RANDOM>", text)


def report(code: int, output: str, errors: str) -> str:
    """Exit code, standard output and standard error as one text."""
    return f"exit code: {code}\n-- stdout\n{output}\n-- stderr\n{errors}"


def run_program(temporary: Path, *arguments: str | Path, **more: str) -> str:
    """What the console command says, as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "shinchoku", *map(str, arguments)],
        cwd=temporary,
        env=environment(temporary, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return normalised(report(done.returncode, done.stdout, done.stderr), temporary)


@cache
def _warm_up() -> None:
    """Bring the libraries of the product into memory: they take ten times as long as most commands."""
    with contextlib.redirect_stdout(io.StringIO()):
        _main(["validate", str(FIXTURES / "small-package")])


def _main(arguments: list[str]) -> int:
    """``python -m shinchoku`` in this process."""
    sys.argv = ["shinchoku", *arguments]
    try:
        runpy.run_module("shinchoku", run_name="__main__", alter_sys=True)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 0 if stopped.code is None else 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def run(temporary: Path, *arguments: str | Path) -> str:
    """What the console command says, in a fork of this process, which has its libraries in memory already."""
    if not hasattr(os, "fork"):
        return run_program(temporary, *arguments)
    _warm_up()
    words = [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                os.chdir(temporary)
                tempfile.tempdir = str(temporary)
                os.environ.update(environment(temporary))
                code = _main(words)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", errors="backslashreplace"))
    return normalised(report(code, *texts), temporary)


# -- folders ----------------------------------------------------------------------


def write(path: Path, content: str | bytes) -> None:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def contents(folder: Path) -> dict[str, bytes]:
    """Relative path → bytes of every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def adopting(target: Path, file: Path) -> list[str | Path]:
    """The command that adds the next report to a package."""
    return ["import", "progress", file, target, "--source-id", next_report.SOURCE_ID]


def adopt(temporary: Path, target: Path, file: Path, *more: str | Path) -> str:
    """Add the next report to a package."""
    return run(temporary, *adopting(target, file), *more)


def shared_packages(temporary: Path) -> tuple[Path, Path]:
    """The package of the first version and that of two reports; made once, only read by the parts."""
    return temporary / "one", temporary / "two"


def make_shared_packages(temporary: Path) -> None:
    """Make both."""
    one, two = shared_packages(temporary)
    frozen_package(one)
    shutil.copytree(one, two)
    next_report.decide(two)
    said = run_program(temporary, *adopting(two, next_report.REPORT))
    if not said.startswith("exit code: 0\n"):
        sys.exit(f"The next report could not be added, so there is nothing to compare.\n{said}")


# -- the parts ----------------------------------------------------------------------


def make_site(out: Path, temporary: Path, shared: Path) -> None:
    """The site of the project, without an address of its own."""
    one, _ = shared_packages(shared)
    _keep_site(out, temporary, one, "")


def make_site_two(out: Path, temporary: Path, shared: Path) -> None:
    """The site of two reports, with an address."""
    _, two = shared_packages(shared)
    _keep_site(out, temporary, two, SITE_URL)


def _keep_site(out: Path, temporary: Path, package: Path, address: str) -> None:
    site = temporary / "site"
    write(out / PRINTED, run_program(temporary, "build", package, "--site", site, SHINCHOKU_SITE_URL=address))
    if site.exists():
        shutil.move(site, out / "files")


def broken_package(folder: Path, case: dict[str, Any]) -> None:
    """The small package with what a case is given and then breaks."""
    shutil.copytree(FIXTURES / "small-package", folder)
    copy_descriptor(folder)
    prepare(folder, case)
    break_file(folder, case)


def make_validate(out: Path, temporary: Path, shared: Path, job: int) -> None:
    """Every so-manieth broken case: as JSON, and what ``--fix`` says and changes where there is a repair.

    Some cases in the other formats, too, and with ``--fix`` where it has to leave all as it is.
    """
    folder = temporary / "package"
    cases = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    for number, case in list(enumerate(cases))[job :: JOBS["validate"]]:
        name = case["id"]
        broken_package(folder, case)
        said = run(temporary, "validate", "--json", folder)
        write(out / "json" / f"{name}.txt", said)
        if number % EVERY == 0:
            write(out / "github" / f"{name}.txt", run(temporary, "validate", "--format", "github", folder))
        if number % EVERY == 0 or "mended" in case or '"fixed": "' in said:
            _fix(out, name, temporary, folder)
        shutil.rmtree(folder)
    if job == 0:
        for name, package in zip(("one", "two"), shared_packages(shared), strict=True):
            for form in ("text", "json", "github"):
                said = run(temporary, "validate", "--format", form, package)
                write(out / "sound" / f"{name}-{form}.txt", said.replace(str(shared), "<TMP>"))


def _fix(out: Path, name: str, temporary: Path, folder: Path) -> None:
    """Keep what ``--fix`` says, and the files it writes."""
    before = contents(folder)
    said = run(temporary, "validate", "--fix", folder)
    after = contents(folder)
    changed = [path for path in after if after[path] != before.get(path)]
    lines = [f"removed: {path}\n" for path in before if path not in after]
    lines += [f"written: {path}\n" for path in changed]
    write(out / "fix" / f"{name}.txt", f"{said}\n-- files\n{''.join(lines)}")
    for path in changed:
        write(out / "fixed" / name / path, after[path])


def _edit(folder: Path, table: str, edit: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of a table in place."""
    path = folder / "data" / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    columns = list(rows[0])
    edit(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def _count_pending(folder: Path) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if row["status"] == "pending" and row["role"] == "actual")
        row.update(value="306", status="reported", printed="306")

    _edit(folder, "observations", edit)


def _spend_more(folder: Path) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        for row in [row for row in rows if row["amount_thousand_yen"]][:3]:
            amount = int(row["amount_thousand_yen"]) + 1234
            row.update(amount_thousand_yen=str(amount), printed=f"{amount:,}")

    _edit(folder, "settlements", edit)


def _rename(folder: Path) -> None:
    """A name with what must be made harmless; an id; and another file of the package."""
    _edit(folder, "initiatives", lambda rows: rows[0].update(name="<b>新しい</b> | @octocat `#1` 事業\u202e"))
    ids: list[str] = []
    _edit(folder, "initiatives", lambda rows: ids.append(rows[1]["initiative_id"]))
    path = folder / "data"
    for table in sorted(path.glob("*.csv")):
        text = table.read_text(encoding="utf-8")
        table.write_text(
            re.sub(rf"(?<![\w-]){re.escape(ids[0])}(?![\w-])", f"{ids[0]}-renamed", text), encoding="utf-8"
        )
    (path / "glossary.yml").write_text("[]\n", encoding="utf-8")


def _remove(folder: Path) -> None:
    """An indicator with its values, an activity and a note less."""
    ids: list[str] = []

    def indicator(rows: list[dict[str, str]]) -> None:
        ids.append(rows.pop(5)["indicator_id"])

    def values(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for row in rows if row["indicator_id"] != ids[0]]

    _edit(folder, "indicators", indicator)
    _edit(folder, "observations", values)
    _edit(folder, "activities", lambda rows: rows.pop(3))
    _edit(folder, "source_notes", lambda rows: rows.pop(0))


def _drop_column(folder: Path) -> None:
    """As if the settlements had never had a column for what was printed."""
    path = folder / "data" / "settlements.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    at = rows[0].index("printed")
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([*row[:at], *row[at + 1 :]] for row in rows)
    path.write_bytes(text.getvalue().encode("utf-8"))
    schema = folder / "data" / "schemas" / "settlements.json"
    document = json.loads(schema.read_text(encoding="utf-8"))
    document["fields"] = [field for field in document["fields"] if field["name"] != "printed"]
    write(schema, json.dumps(document, ensure_ascii=False))


def _nothing(folder: Path) -> None:
    """Leave it as it is."""


def _values(folder: Path) -> None:
    """A value that was still being counted, and more money spent."""
    _count_pending(folder)
    _spend_more(folder)


EDITS: dict[str, Callable[[Path], None]] = {
    "equal": _nothing,
    "values": _values,
    "renamed": _rename,
    "removed": _remove,
    "column": _drop_column,
}
#: What is compared, and in which formats: each takes seconds.
DIFFS = {
    "next-report": FORMATS,
    "report-less": FORMATS,
    "equal": FORMATS,
    "values": FORMATS,
    "renamed": FORMATS,
    "removed": FORMATS,
    "column": FORMATS,
}


def make_diff(out: Path, temporary: Path, shared: Path, job: int) -> None:
    """What changed: a report more, a report less, and small edits."""
    one, two = (Path(shutil.copytree(path, temporary / path.name)) for path in shared_packages(shared))
    for name in list(DIFFS)[job :: JOBS["diff"]]:
        old, new = {"next-report": (one, two), "report-less": (two, one)}.get(name, (one, temporary / name))
        if name in EDITS:
            shutil.copytree(one, new)
            EDITS[name](new)
        for form in DIFFS[name]:
            said = run(temporary, "diff", old, new, "--format", form, "--site-url", SITE_URL)
            write(out / f"{name}.{form}.txt", said)


def make_import(out: Path, temporary: Path, shared: Path) -> None:
    """The next report: asked, refused, adopted in each form, corrected; the published one again."""
    adopted = Path(shutil.copytree(shared_packages(shared)[0], temporary / "adopted"))
    write(out / "undecided.txt", adopt(temporary, adopted, next_report.REPORT))
    next_report.decide(adopted)
    for name, (old, new) in WRONG_DECISIONS.items():
        folder = Path(shutil.copytree(adopted, temporary / "wrong"))
        for path in (folder / "data" / "decisions").glob("*.yml"):
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        write(out / "refused" / f"{name}.txt", adopt(temporary, folder, next_report.REPORT))
        shutil.rmtree(folder)
    forms = {
        "workbook": next_report.as_workbook(temporary / "progress-r5.xlsx"),
        "csv": next_report.as_csv(temporary / "progress-r5.csv"),
    }
    for name, file in forms.items():
        folder = Path(shutil.copytree(adopted, temporary / name))
        write(out / f"{name}.txt", adopt(temporary, folder, file))
        _keep_package(folder, out / name)
    summary = temporary / "summary.md"
    write(out / "adopted.txt", adopt(temporary, adopted, next_report.REPORT, "--summary", summary))
    write(out / "adopted-summary.md", summary.read_bytes())
    _keep_package(adopted, out / "adopted")
    write(out / "again.txt", adopt(temporary, adopted, next_report.REPORT))
    write(out / "refreshed.txt", run(temporary, "import", adopted))
    corrected = temporary / "corrected.txt"
    write(corrected, next_report.REPORT.read_text(encoding="utf-8").replace("15,956", "15,965"))
    write(out / "other-document.txt", adopt(temporary, adopted, corrected))
    write(out / "replaced.txt", adopt(temporary, adopted, corrected, "--replace", "--as-printed"))
    _keep_package(adopted, out / "replaced")
    for table in ("observations", "listings"):  # what an import writes anew from the documents
        _edit(adopted, table, lambda rows: rows.pop())
    write(out / "rewritten.txt", run(temporary, "import", adopted))


def _keep_package(package: Path, target: Path) -> None:
    """The files of a package, with the schemas in its descriptor, wherever they are written."""
    document = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for resource in document["resources"]:
        if isinstance(resource["schema"], str):
            resource["schema"] = json.loads((package / resource["schema"]).read_text(encoding="utf-8"))
    write(target / "datapackage.json", json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    for path, content in contents(package).items():
        if path.startswith("data/") and not path.startswith("data/schemas/"):
            write(target / path, content)


def make_reprint(out: Path, temporary: Path, shared: Path) -> None:
    """Every document printed again from the tables."""
    for name, package in zip(("one", "two"), shared_packages(shared), strict=True):
        write(out / f"{name}.txt", run(temporary, "reprint", package))


def make_workbook(out: Path, temporary: Path, shared: Path) -> None:
    """The forms in which a report is sent back, of each report and for the next."""
    one, two = shared_packages(shared)
    wanted: dict[str, tuple[str | Path, ...]] = {
        "one": (one,),
        "one-next": (one, "--next"),
        "two": (two,),
        "two-next": (two, "--next"),
        "two-first": (two, "--source-id", "progress-r4"),
    }
    out.mkdir(parents=True)
    for name, arguments in wanted.items():
        file = temporary / f"{name}.xlsx"
        said = run(temporary, "export", "workbook", *arguments, "--out", file)
        write(out / f"{name}.txt", said)
        if file.exists():
            shutil.copy(file, out)


def make_words(out: Path, temporary: Path, shared: Path) -> None:
    """What the commands say of themselves and the rules."""
    for command in COMMANDS:
        write(out / "help" / f"{command.replace(' ', '-')}.txt", run(temporary, *command.split(), "--help"))
    write(out / "rules.txt", run(temporary, "rules"))
    write(out / "usage.txt", run(temporary, "validate", "nowhere"))


PARTS: dict[str, Callable[..., None]] = {
    "site-two": make_site_two,
    "site": make_site,
    "validate": make_validate,
    "import": make_import,
    "diff": make_diff,
    "workbook": make_workbook,
    "words": make_words,
    "reprint": make_reprint,
}


def _end_with_the_command() -> None:
    """In a process of the pool: end when the command has been killed, which would leave it waiting for ever."""

    def wait() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _make(part: str, job: int | None, out: Path, shared: Path) -> tuple[str, float]:
    """One job of the pool: the part, and the seconds of a processor that it took."""
    started = sum(os.times()[:4])
    with tempfile.TemporaryDirectory(prefix="golden-") as name:
        temporary = Path(name).resolve()
        arguments = () if job is None else (job,)
        PARTS[part](out / part, temporary, shared, *arguments)
    return part, sum(os.times()[:4]) - started


def make(out: Path, parts: list[str]) -> None:
    """Make the parts below ``out``."""
    jobs = [
        (part, job)
        for part in PARTS
        if part in parts
        for job in (range(JOBS[part]) if part in JOBS else (None,))
    ]
    seconds = dict.fromkeys(parts, 0.0)
    with tempfile.TemporaryDirectory(prefix="golden-shared-") as name:
        shared = Path(name).resolve()
        make_shared_packages(shared)
        method = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(PROCESSES, mp_context=method, initializer=_end_with_the_command) as pool:
            for done in [pool.submit(_make, part, job, out, shared) for part, job in jobs]:
                part, taken = done.result()
                seconds[part] += taken
    print("processor seconds:", ", ".join(f"{part} {taken:.0f}" for part, taken in seconds.items()))


# -- comparing ---------------------------------------------------------------------


_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_ID = re.compile(r"""\bid=(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))""")


def with_plain_ids(page: str) -> str:
    """A page in which the ids of its SVGs are numbers, and what refers to them too."""
    known: dict[str, str] = {}

    def renamed(text: str, names: dict[str, str]) -> str:
        if not names:
            return text
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        token = re.compile(rf"(?<=[\"'=#\s])(?:{'|'.join(longest_first)})(?=[\"'\s>)])")
        attribute = re.compile(
            r"""\b(?:id|for|headers|href|xlink:href|aria-[a-z]+|begin|style|fill|stroke|mask|filter|clip-path|"""
            r"""marker-[a-z]+)=(?:"[^"]*"|'[^']*'|[^\s"'>]+(?=[\s>]))"""
        )

        def in_attribute(match: re.Match[str]) -> str:
            return token.sub(lambda found: names[found[0]], match[0] + " ")[:-1]

        return attribute.sub(in_attribute, text)

    def plain(match: re.Match[str]) -> str:
        number = len(counted)
        counted.append(number)
        names: dict[str, str] = {}
        for found in _ID.finditer(match[0]):
            name = found[1] or found[2] or found[3]
            names.setdefault(name, f"svg-{number}-{len(names)}")
        for name, other in names.items():
            known.setdefault(name, other)
        return renamed(match[0], names)

    counted: list[int] = []
    pictures: list[str] = []

    def aside(match: re.Match[str]) -> str:
        pictures.append(plain(match))
        return f"\0{len(pictures) - 1}\0"

    rest = renamed(_SVG.sub(aside, page), known)
    return re.sub("\0(\\d+)\0", lambda match: pictures[int(match[1])], rest)


def comparable(path: str, content: bytes) -> bytes:
    """What of a file has to stay."""
    if path.startswith(("site/", "site-two/")) and path.endswith(".html") and b"<svg" in content:
        return with_plain_ids(content.decode("utf-8")).encode("utf-8")
    return content


def _around(old: str, new: str) -> tuple[str, str]:
    """Two lines from a little before the place where they part."""
    at = len(os.path.commonprefix([old, new]))
    start = max(0, at - SHOWN_WIDTH // 3)
    before = "…" if start else ""
    return tuple(
        before + text[start : start + SHOWN_WIDTH] + ("…" if len(text) > start + SHOWN_WIDTH else "")
        for text in (old, new)
    )


def _places(old: list[str], new: list[str]) -> Iterator[tuple[int, str, str]]:
    """Line number, old and new of the first lines that differ."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if len(old) * len(new) > 4_000_000:  # too slow: the first place alone
        at = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
        at = min(len(old), len(new)) if at is None else at
        yield at + 1, *("".join(lines[at : at + 1]) for lines in (old, new))
        return
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            for offset in range(max(end - start, new_end - new_start)):
                was = old[start + offset] if start + offset < end else ""
                now = new[new_start + offset] if new_start + offset < new_end else ""
                yield start + offset + 1, was, now


def differences(old: bytes, new: bytes) -> list[str]:
    """Lines for people that say where two files part."""
    if old[:4] == new[:4] == b"PK\x03\x04":
        return list(_members(old, new))[: SHOWN_PLACES * 3]
    try:
        before, after = (content.decode("utf-8").splitlines() for content in (old, new))
    except UnicodeDecodeError:
        return [f"    binary: {len(old):,} and {len(new):,} bytes"]
    if before == after:
        return ["    only the ends of the lines"]
    said = []
    for place, (line, was, now) in enumerate(_places(before, after)):
        if place == SHOWN_PLACES:
            said.append("    …")
            break
        was, now = _around(was, now)
        said += [f"    {line} - {was}", f"    {line} + {now}"]
    return said


def _members(old: bytes, new: bytes) -> Iterator[str]:
    """The members of two archives that differ."""
    archives = [zipfile.ZipFile(io.BytesIO(content)) for content in (old, new)]
    before, after = ({name: each.read(name) for name in each.namelist()} for each in archives)
    same = True
    for name in sorted(before.keys() | after.keys()):
        if name not in after or name not in before:
            same = False
            yield f"    member {name}: {'missing' if name in before else 'new'}"
        elif before[name] != after[name]:
            same = False
            yield f"    member {name} differs"
            yield from differences(before[name], after[name])
    if same:
        yield "    the members are the same, but not their order, times or compression"


def compare(recorded: Path, parts: list[str]) -> bool:
    """Print what differs; whether nothing does."""
    with tempfile.TemporaryDirectory(prefix="golden-copy-") as name:
        made = Path(name).resolve()
        make(made, parts)
        lines: list[str] = []
        counts: list[str] = []
        is_same, shown = True, 0
        for part in parts:
            old, new = contents(recorded / part), contents(made / part)
            missing, added = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
            differing = []
            for path in sorted(old.keys() & new.keys()):
                before, after = old[path], new[path]
                if before != after:
                    before, after = (comparable(f"{part}/{path}", content) for content in (before, after))
                if before != after:
                    differing.append((path, before, after))
            is_same = is_same and bool(old) and not (missing or added or differing)
            counts.append(
                f"{part:<10} {len(old):>5} recorded {len(missing):>5} missing {len(added):>5} new"
                f" {len(differing):>5} differ" + ("" if old else "   NOT RECORDED")
            )
            found = [
                *([f"missing: {part}/{path}"] for path in missing),
                *([f"new:     {part}/{path}"] for path in added),
                *([f"differs: {part}/{path}", before, after] for path, before, after in differing),
            ]
            share = max(5, (SHOWN_FILES - shown) // 2) if part != parts[-1] else max(5, SHOWN_FILES - shown)
            for headline, *pair in found[:share]:
                lines += [headline, *(differences(*pair) if pair else [])]
            shown += min(share, len(found))
            if len(found) > share:
                lines.append(f"… and {len(found) - share} more files of {part}")
    print("\n".join([*lines, "", *counts] if lines else counts))
    print("no difference" if is_same else "DIFFERENT")
    return is_same


def record(out: Path, parts: list[str]) -> None:
    """Write the parts below ``out``, in the place of what was recorded there."""
    with tempfile.TemporaryDirectory(prefix="golden-copy-") as name:
        made = Path(name).resolve()
        make(made, parts)
        for path in made.glob(f"*/{PRINTED}"):
            said = path.read_text(encoding="utf-8")
            if not said.startswith("exit code: 0\n"):
                sys.exit(f"{path.parent.name} could not be built, so nothing was recorded.\n{said}")
        out.mkdir(parents=True, exist_ok=True)
        for part in parts:
            shutil.rmtree(out / part, ignore_errors=True)
            shutil.copytree(made / part, out / part)
            print(f"{part:<10} {len(contents(out / part)):>5} recorded")


def _parts(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"{name} is none of {','.join(PARTS)}")
    return names


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=("record", "compare"))
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder of the recorded copy")
    parser.add_argument("--only", type=_parts, default=list(PARTS), metavar="PART,…", help=",".join(PARTS))
    arguments = parser.parse_args()
    os.environ.update(TZ="UTC", PYTHONUTF8="1", OPENBLAS_NUM_THREADS="1")  # of the processes of the pool
    if arguments.command == "record":
        record(arguments.out, arguments.only)
        return 0
    return 0 if compare(arguments.out, arguments.only) else 1


if __name__ == "__main__":
    sys.exit(main())
