"""From a Vega-Lite spec to a chart, and the memory that draws a chart only when it has changed.

The only module that knows the renderer. Must not know what a chart shows.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shinchoku.charts import svg
from shinchoku.charts.layers import printable

#: The grammar the specs are written in, fixed: a newer one could lay the same spec out otherwise.
_GRAMMAR = "5.20"


@dataclass(frozen=True, slots=True)
class ChartTable:
    """What a chart shows, as text in rows: for those who do not see it, and for exact values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture for a page: ``svg`` is finished HTML, everything else is plain text."""

    svg: str
    title: str
    description: str
    table: ChartTable | None


class ChartCache:
    """Finished charts in a folder, by a key made of everything their bytes depend on.

    Several builds may share a folder: an entry is written beside its place and
    then moved, so that it is there as a whole or not at all.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, key: str, draw: Callable[[], str]) -> str:
        """The entry of ``key``, drawn if there is none."""
        path = self._directory / f"{key}.svg"
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = draw().encode("utf-8")
            self._write(path, content)
        else:
            os.utime(path)  # when it was last used, for `prune`
        return content.decode("utf-8")

    def _write(self, path: Path, content: bytes) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".drawing-", suffix=".svg", dir=self._directory)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise

    def prune(self, unused_since: float) -> int:
        """Remove what was last used before a time (``time.time()``), half-written files too."""
        stale = [path for path in self._directory.glob("*.svg") if path.stat().st_mtime < unused_since]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)


@cache
def _renderer() -> str:
    return f"vl-convert-python {version('vl-convert-python')}, Vega-Lite {_GRAMMAR}, svg {svg.VERSION}"


def _vega_lite_to_svg(spec: dict[str, Any]) -> str:
    # Loading the renderer takes longer than a whole build in which no chart has changed.
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, vl_version=_GRAMMAR, allowed_base_urls=[])


def _drawn(spec: dict[str, Any]) -> tuple[str, list[str]]:
    """The drawing with a number for every text, and the texts.

    The renderer measures texts, which takes most of its time and differs with
    the fonts of a machine; nor can a number be taken for an expression.
    """
    texts: list[str] = []
    drawn_layers = []
    for layer in spec["layer"]:
        rows = layer["data"]["values"]
        if layer["mark"]["type"] == "text":
            held = [{**row, "text": str(len(texts) + i)} for i, row in enumerate(rows)]
            texts += [row["text"] for row in rows]
            layer = {**layer, "data": {"values": held}}
        drawn_layers.append(layer)
    return _vega_lite_to_svg({**spec, "layer": drawn_layers}), texts


def chart(
    spec: dict[str, Any],
    *,
    name: str,
    title: str,
    description: str,
    table: ChartTable | None,
    cache: ChartCache,
) -> Chart:
    """The chart of a spec. ``name`` keeps charts of different things with the same content apart."""
    title, description = printable(title), printable(description)
    content = json.dumps([_renderer(), name, title, description, spec], ensure_ascii=True, sort_keys=True)
    key = sha256(content.encode("ascii")).hexdigest()
    picture = cache.get(
        key, lambda: svg.finished(*_drawn(spec), key=key, title=title, description=description)
    )
    return Chart(picture, title, description, table)
