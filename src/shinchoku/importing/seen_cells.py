"""Whether what a cell of a workbook holds is what is seen of it: all of it, once, and nothing else.

Struck out, raised, tiny or invisible text is not what it holds; a remark may take the place of a value.
Must not know what a cell is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.colors import COLOR_INDEX

from shinchoku.importing.problem import shortened

_Colour = tuple[float, ...]
_BLACK, _WHITE = (0.0, 0.0, 0.0), (255.0, 255.0, 255.0)
#: Parts of a colour that differ by less are not told apart.
_SAME_COLOUR = 24
#: Letters smaller than that, or than that part of their neighbours, are not read as one text with them.
_SMALLEST, _SMALLER = 5, 0.8

_ONE_LOOK = (
    "注の番号は消し、単位の文字は「²」「₂」のように書き、残す字句を同じ大きさと位置にそろえてください。"
)


class Unseen(ValueError):
    """What is held is not what is seen; ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


class Colours:
    """The colours of a workbook; ``theme`` is its part of that name."""

    def __init__(self, theme: bytes | None) -> None:
        self._theme: list[_Colour] = []
        if theme:
            scheme = next(ElementTree.fromstring(theme).iterfind(".//{*}clrScheme"), None)
            named = [item.get("lastClr") or item.get("val") or "" for one in scheme or () for item in one]
            self._theme = [_parts(text) for text in named]
            for at in (0, 2):  # stored dark first, counted light first
                self._theme[at : at + 2] = reversed(self._theme[at : at + 2])

    def of(self, colour: Any, otherwise: _Colour) -> _Colour:
        """Red, green and blue, of 255; ``otherwise`` where the colour is the program's own."""
        if colour is None:
            return otherwise
        if colour.type == "theme" and colour.theme < len(self._theme):
            parts = self._theme[colour.theme]
        elif colour.type == "rgb" and isinstance(colour.rgb, str):
            parts = _parts(colour.rgb)
        elif colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
            parts = _parts(COLOR_INDEX[colour.indexed])
        else:
            return otherwise
        tint = colour.tint or 0
        return tuple(part * (1 + tint) if tint < 0 else part + (255 - part) * tint for part in parts)

    def hides_by_condition(self, style: Any) -> bool:
        """Whether a style that a condition adds to a cell hides its letters."""
        fill = style.fill.bgColor if style.fill is not None else None
        letters = self.of(style.font.color, _BLACK)
        return _is_same(letters, self.of(fill, _WHITE))

    def hides(self, font: Any, fill: Any) -> bool:
        """Whether letters of this font are not seen on this fill."""
        if fill is not None and fill.fill_type not in (None, "none", "solid"):
            return False  # a pattern or gradient: some of it differs
        is_filled = fill is not None and fill.fill_type == "solid"
        behind = self.of(fill.fgColor, _WHITE) if is_filled else _WHITE
        return _is_same(self.of(font.color, _BLACK), behind)


def _is_same(one: _Colour, other: _Colour) -> bool:
    return all(abs(a - b) < _SAME_COLOUR for a, b in zip(one, other, strict=True))


def _parts(text: str) -> _Colour:
    return tuple(int(text[-6:][at : at + 2] or "0", 16) for at in (0, 2, 4))


def check(cell: Any, value: Any, colours: Colours) -> None:
    """Raise ``Unseen`` where ``value``, text or a number, is not all that is seen in ``cell``."""
    runs = list(_runs(cell, value))
    whole = shortened("".join(text for text, _ in runs))
    for text, font in runs:
        part = f"の「{shortened(text)}」" if text == whole else f"の「{whole}」のうち「{shortened(text)}」"
        if font.strike:
            raise Unseen(
                f"{part}に、取り消し線があります。", "取り消した字句を消し、今の字句だけを残してください。"
            )
        if font.vertAlign in ("superscript", "subscript"):
            raise Unseen(f"{part}が、上付きか下付きの文字です。", _ONE_LOOK)
        if colours.hides(font, cell.fill):
            raise Unseen(
                f"{part}が、背景と同じ色で見えません。", "値なら見える色にし、要らなければ消してください。"
            )
        if font.sz and font.sz < _SMALLEST:
            raise Unseen(f"{part}が、小さすぎて見えません。", _ONE_LOOK)
    sizes = [font.sz for _, font in runs if font.sz]
    if sizes and min(sizes) < _SMALLER * max(sizes):
        raise Unseen(f"の「{whole}」に、大きさの違う文字が混じっています。", _ONE_LOOK)
    border = cell.border
    if border.diagonal and border.diagonal.style and (border.diagonalUp or border.diagonalDown):
        raise Unseen(
            f"の「{whole}」に、斜線が引かれています。", "値のない欄なら字句を、値なら斜線を消してください。"
        )
    if cell.alignment.horizontal == "fill":
        raise Unseen(
            f"の「{whole}」が、セルいっぱいに繰り返して見えます。",
            "「セルの書式設定」の「配置」で「繰り返し」をやめてください。",
        )


def _runs(cell: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a text that look the same, blanks apart, each with its font."""
    if not isinstance(value, CellRichText):
        yield str(value), cell.font
        return
    for run in value:
        if str(run).strip():
            yield str(run), run.font if isinstance(run, TextBlock) else cell.font
