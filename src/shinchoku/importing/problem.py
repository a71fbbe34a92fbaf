"""What an import refuses to go on with. Must not import anything of this project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class ImportProblem(Exception):
    """A source document or decision that cannot be read without guessing.

    ``file`` is named as a maintainer would, ``line`` is the physical line
    (1-based) where there is one; ``message`` and ``remedy`` are Japanese. ``entry`` is what is to be
    written: the file of decisions, and a line of it that lacks only what nobody but a person can say.
    """

    def __init__(
        self, file: str, line: int | None, message: str, remedy: str, entry: tuple[str, str] | None = None
    ) -> None:
        super().__init__(file, line, message, remedy)
        self.file, self.line, self.message, self.remedy, self.entry = file, line, message, remedy, entry
        #: Itself, or each of several that were found.
        self.problems: list[ImportProblem] = [self]

    def __str__(self) -> str:
        place = f"{self.file} {self.line}行目" if self.line else self.file
        return f"{place}: {self.message}{self.answer}"

    @property
    def answer(self) -> str:
        """How to mend it, with the line to write."""
        return self.remedy + (f"\n    {self.entry[1]}" if self.entry else "")


class SeveralProblems(ImportProblem):
    """Everything that stops an import, at once: each with what to write where."""

    def __init__(self, problems: list[ImportProblem]) -> None:
        first = problems[0]
        super().__init__(first.file, first.line, first.message, first.remedy)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    @property
    def entries(self) -> dict[str, list[str]]:
        """File of decisions → the lines to write into it, for those who write all of them at once."""
        found: dict[str, list[str]] = {}
        for file, line in (each.entry for each in self.problems if each.entry):
            found.setdefault(file, []).append(line)
        return found


@contextmanager
def collected(problems: list[ImportProblem]) -> Iterator[None]:
    """What is raised within is added to ``problems``, so that what follows is read nevertheless."""
    try:
        yield
    except ImportProblem as error:
        problems += error.problems


def raise_all(problems: list[ImportProblem]) -> None:
    """Raise what was collected, if anything: file by file, from the top down."""
    files = {file: at for at, file in enumerate(dict.fromkeys(problem.file for problem in problems))}
    problems.sort(key=lambda problem: (files[problem.file], problem.line or float("inf")))
    if problems:
        raise SeveralProblems(problems) if len(problems) > 1 else problems[0]


def shortened(text: str, limit: int = 60) -> str:
    """``text`` short enough to quote in a message."""
    return text if len(text) <= limit else f"{text[:limit]}…"
