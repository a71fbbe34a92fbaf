"""The pictures for those who share a page, drawn as PNG: what shows a preview understands nothing else.

The only module that knows the program that draws and the font it draws with. They are
libraries like any other, so that every machine draws the same picture. Where
one is missing, the site is complete without: pages share the general preview.
"""

from __future__ import annotations

from collections.abc import Callable

from shinchoku.charts import Preview
from shinchoku.charts.preview import FONT


def drawing() -> Callable[[Preview], bytes] | None:
    """What draws a preview; ``None`` where the program or the font is not installed."""
    try:
        import noto_cjk_sans_jp_bold
        import resvg_py
    except ImportError:
        return None
    font = str(noto_cjk_sans_jp_bold.FONT_PATH)

    def draw(preview: Preview) -> bytes:
        return resvg_py.svg_to_bytes(
            svg_string=preview.svg(),
            skip_system_fonts=True,
            font_files=[font],
            font_family=FONT,
            # Edges of text without shades: a third of the bytes, and previews are shown at half this size.
            text_rendering="optimize_speed",
        )

    return draw
