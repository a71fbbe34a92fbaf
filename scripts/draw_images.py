"""Draw the pictures that other programs need as PNG, from the SVG beside each.

To be run when such an SVG has changed; the PNGs are committed, so that building needs neither browser nor font.
"""

from __future__ import annotations

import chromium
from environment import ROOT, TEST, prepare, run

#: The preview that is shown where somebody shares a page, and the icon where SVG is not understood.
SIZES = {"docs/assets/preview": "1200,630", "src/shinchoku/site/assets/favicon": "180,180"}


def main() -> None:
    browser = chromium.provide(prepare(TEST))
    for name, size in SIZES.items():
        picture = ROOT / name
        shot = [f"--window-size={size}", f"--screenshot={picture}.png", "--default-background-color=00000000"]
        run([browser, "--headless", "--no-sandbox", *shot, picture.with_suffix(".svg").as_uri()])


if __name__ == "__main__":
    main()
