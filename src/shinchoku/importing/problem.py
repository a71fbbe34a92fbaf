"""What an import refuses to go on with. Must not import anything of this project."""

from __future__ import annotations


class ImportProblem(Exception):
    """A source document or decision that cannot be read without guessing.

    ``file`` is named as a maintainer would, ``line`` is the physical line
    (1-based) where there is one; ``message`` and ``remedy`` are Japanese.
    """

    def __init__(self, file: str, line: int | None, message: str, remedy: str) -> None:
        self.file, self.line, self.message, self.remedy = file, line, message, remedy
        place = f"{file} {line}行目" if line else file
        super().__init__(f"{place}: {message}{remedy}")


def shortened(text: str, limit: int = 60) -> str:
    """``text`` short enough to quote in a message."""
    return text if len(text) <= limit else f"{text[:limit]}…"
