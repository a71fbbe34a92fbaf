"""Defects by chance: whatever is sent, the check answers, and finds what is wrong where it is.

More seeds than the fast suite has time for: ``SEEDS=100 pytest tests/test_validation_random.py``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest

import builders
from damaging import DAMAGES, Damaged, NotHere
from shinchoku import paths, validation

SMALL = Path(__file__).parent / "fixtures" / "small-package"
SEEDS = int(os.environ.get("SEEDS", "0"))
#: With how many of the damages a run without more seeds is content; each day's is the same.
SAMPLE = 16


def _packages(project: Path) -> list[Path]:
    return [SMALL / "data", project / paths.DATA]


def _copy(data: Path, project: Path, directory: Path) -> Path:
    shutil.copytree(data, directory / paths.DATA)
    builders.copy_descriptor(directory)
    return directory


def _sample() -> list[tuple[int, int]]:
    """(seed, number of the damage): every kind has its turn as far as there is time."""
    if SEEDS:
        return [(seed, number) for seed in range(SEEDS) for number in range(len(DAMAGES))]
    dice = random.Random(0)
    return [(0, number) for number in sorted(dice.sample(range(len(DAMAGES)), SAMPLE))]


@pytest.mark.parametrize(("seed", "number"), _sample())
def test_a_defect_is_found_where_it_is(seed, number, project, tmp_path):
    kind, damage = DAMAGES[number]
    dice = random.Random(f"{seed}-{number}")
    for data in dice.sample(_packages(project), 2):
        directory = _copy(data, project, tmp_path / data.parent.name)
        package = Damaged(directory, dice)
        try:
            place = damage(package)
            break
        except NotHere:
            continue
    package.write(directory)
    problems = validation.validate(directory)
    there = [
        problem
        for problem in problems
        if problem.file == place.file
        and place.line in (None, problem.line)
        and (place.column is None or place.column in (problem.column or place.column))
    ]
    said = validation.render_text(problems)
    assert there, f"kind {kind} at {place} is not found:\n{said}"
    # Of the last kind, there are more than anybody reads.
    assert len(problems) <= 2 or kind == 71, said
    assert len(said.splitlines()) < 40


def _noise(dice: random.Random) -> dict[str, bytes]:
    """Files that nobody would take for a table."""
    words = [
        "",
        '"',
        ",",
        "\n",
        "\r\n",
        "雪",
        "=1+1",
        "\x00",
        "\ufeff",
        "1,000",
        "'",
        ";",
        "\t",
        " ",
        "<b>",
        "A" * 999,
    ]
    return {
        "bytes": dice.randbytes(3000),
        "words": "".join(dice.choices(words, k=2000)).encode(),
        "one long line": b"x" * 3_000_000,
        "only quotes": b'"' * 200_001,
        "quoted lines": b'"a\n' * 20_000,
        "many columns": b",".join(b"c%d" % number for number in range(100_000)) + b"\n",
        "many empty lines": b"\n" * 200_000,
        "commas": b"," * 100_000 + b"\n" + b"," * 100_000,
        "surrogates": "\ud800".encode("utf-8", "surrogatepass") * 100,
        "utf-16 that ends too soon": "あ,い\n".encode("utf-16") + b"x",
    }


@pytest.mark.parametrize("name", _noise(random.Random(0)))
def test_files_never_seen_get_an_answer(name, project, tmp_path):
    dice = random.Random(name)
    directory = _copy(SMALL / "data", project, tmp_path)
    table = dice.choice(sorted((directory / paths.DATA).glob("*.csv")))
    table.write_bytes(_noise(dice)[name])
    problems, mended = validation.examine(directory)
    assert any(problem.file == f"data/{table.name}" for problem in problems)
    assert len(validation.render_text(problems)) < 20_000
    json.loads(validation.to_json(problems))
    assert set(mended) <= {f"data/{table.name}"}


@pytest.mark.parametrize("seed", range(SEEDS or 3))
def test_several_defects_are_an_answer_and_mended_once(seed, project, tmp_path):
    """Damages on top of each other raise nothing, and what is mended stays mended."""
    dice = random.Random(seed)
    directory = _copy(SMALL / "data", project, tmp_path)
    for _, damage in dice.sample(DAMAGES, 4):
        try:
            package = Damaged(directory, dice)
            damage(package)
            package.write(directory)
        except (NotHere, ValueError, LookupError, OSError):  # those before it have left nothing to break
            continue
    validation.render_text(validation.validate(directory))
    validation.fix(directory)
    mended = {path.name: path.read_bytes() for path in (directory / paths.DATA).glob("*.csv")}
    assert validation.fix(directory) == []
    assert mended == {path.name: path.read_bytes() for path in (directory / paths.DATA).glob("*.csv")}


@pytest.mark.parametrize("seed", range(SEEDS or 4))
def test_a_damaged_descriptor_or_glossary_is_an_answer(seed, project, tmp_path):
    dice = random.Random(seed)
    directory = _copy(SMALL / "data", project, tmp_path)
    path = directory / dice.choice([paths.DESCRIPTOR, f"{paths.SCHEMAS}/policies.json", paths.GLOSSARY])
    content = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(content))
        part = dice.choice(
            [b"", b"{", b"[", b"null", b": ", b'"', b"&a *a", b"\xff", b"\n- ", b"!!python/name:os"]
        )
        content[start : start + dice.randint(0, 5)] = part
    path.write_bytes(content)
    json.loads(validation.to_json(validation.validate(directory)))
    validation.fix(directory)
