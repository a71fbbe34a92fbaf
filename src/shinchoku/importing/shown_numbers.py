"""What a spreadsheet shows of a number: ``412018`` with the format ``#,##0`` is ``412,018``.

A report is a print of its spreadsheet, so what counts is what is seen in the
cell and not how the file keeps it. The formats that such tables use are known
here; of any other nothing is guessed. Must not know how a workbook is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: A spreadsheet keeps this many digits of a number; what a file has beyond them is its way of counting in binary.
_DIGITS_KEPT = 15
#: How many characters a number without a format of its own may take.
_GENERAL_WIDTH = 11

_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"'
    r"|\\(?P<escaped>.)"
    r"|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]"
    r"|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?[0-9]+|黒|青|水|緑|紫|赤|白|黄|色 ?[0-9]+)\]"
    r"|_.|\* "  # a gap as wide as a character; blanks that fill the cell (anything else would be read with it)
    r"|(?P<general>General|G/標準|@)"
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+)(?P<thousands>,*)"
    r"|(?P<percent>%)"
    r"|(?P<literal>[-+()¥$:!&'~{}<>= ]|[^\x00-\x7f])",
    re.IGNORECASE,
)


class UnknownFormat(ValueError):
    """The number may be shown in a way that is not known here, or not shown at all."""


@dataclass(frozen=True)
class _Section:
    """A part of a format, for numbers of one sign: what stands before, how the digits look, what follows."""

    before: str
    digits: str
    after: str
    percents: int
    is_general: bool


def shown(value: int | float, number_format: str) -> str:
    """``value`` as a cell of this format shows it. Raises ``UnknownFormat``.

    A number of which no digit would be seen (``;;;``, or ``-`` for zero) is
    refused too: whoever reads the table cannot know that it is there.
    """
    number = _kept(value)
    sections = _sections(number_format)
    if len(sections) > 4:
        raise UnknownFormat(number_format)
    is_negative = number < 0
    index = 1 if is_negative and len(sections) > 1 else 2 if number == 0 and len(sections) > 2 else 0
    section = _parsed(sections[index])
    text = _digits(abs(number), section)
    sign = "-" if is_negative and index == 0 and re.search(r"[1-9]", text) else ""
    around = section.before + section.after
    is_sign_lost = is_negative and index == 1 and not re.search(r"[-−－▲△(]", around)
    if not re.search(r"[0-9]", text) or re.search(r"[0-9０-９]", around) or is_sign_lost:
        raise UnknownFormat(number_format)
    return f"{sign}{section.before}{text}{section.after}".strip()


def shown_text(text: str, number_format: str) -> str:
    """Text as a cell of this format shows it. Raises ``UnknownFormat``, also where it is not shown."""
    sections = _sections(number_format)
    if len(sections) < 4 and "@" not in re.sub(r'"[^"]*"|\\.', "", sections[-1]):
        return text
    section = _parsed(sections[-1])
    if not section.is_general or re.search(r"[0-9０-９]", section.before + section.after):
        raise UnknownFormat(number_format)
    return f"{section.before}{text}{section.after}"


def is_rounded(value: int | float, text: str) -> bool:
    """Whether what is shown of a number says less than it, or counts it in another unit."""
    match = re.search(r"[0-9][0-9,]*(?:\.[0-9]+)?", text)
    digits = Decimal(match[0].replace(",", "")) if match else Decimal(0)
    return digits.scaleb(-2 * text.count("%")) != abs(_kept(value))


def _kept(value: int | float) -> Decimal:
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_DIGITS_KEPT}g}")
    if not number.is_finite() or number.adjusted() >= _DIGITS_KEPT:
        raise UnknownFormat(str(value)[:40])
    return number


def _sections(number_format: str) -> list[str]:
    """The parts between semicolons that are not themselves text."""
    parts = [""]
    for piece in re.findall(r'"[^"]*"|\\.|[_*].|.', number_format, re.DOTALL):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _parsed(section: str) -> _Section:
    before, after, digits, percents, is_general = "", "", None, 0, False
    position = 0
    while position < len(section):
        match = _TOKENS.match(section, position)
        if match is None:
            raise UnknownFormat(section)
        position = match.end()
        if match["digits"] or match["general"]:
            if digits is not None:
                raise UnknownFormat(section)
            digits, is_general = match["digits"] or "", bool(match["general"])
            digits += match["thousands"] or ""
            continue
        percents += match["percent"] is not None
        text = next(
            (match[name] for name in ("quoted", "escaped", "currency", "literal", "percent") if match[name]),
            "",
        )
        if digits is None:
            before += text
        else:
            after += text
    if digits is None:
        raise UnknownFormat(section)
    return _Section(before, digits, after, percents, is_general)


def _digits(number: Decimal, section: _Section) -> str:
    number = number.scaleb(2 * section.percents)
    if section.is_general:
        return _general(number)
    whole, _, decimals = section.digits.rstrip(",").partition(".")
    number = number.scaleb(-3 * (len(section.digits) - len(section.digits.rstrip(","))))
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    integer, _, fraction = f"{rounded:f}".partition(".")
    needed = whole.count("0")
    integer = integer.lstrip("0").rjust(needed, "0")
    if "," in whole:
        integer = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", integer)
    fraction = fraction[: decimals.rfind("0") + 1] + fraction[decimals.rfind("0") + 1 :].rstrip("0")
    return f"{integer}.{fraction}" if fraction else integer


def _general(number: Decimal) -> str:
    """Without a format: as many decimals as fit, never ``1.2E+05``."""
    integer = f"{number:f}".partition(".")[0]
    decimals = max(0, _GENERAL_WIDTH - 1 - len(integer))
    rounded = f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    if number and not re.search(r"[1-9]", rounded):
        raise UnknownFormat(f"{number}")
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
