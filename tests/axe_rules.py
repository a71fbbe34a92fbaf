"""Which rules of axe are asked of a page, by its colour scheme and the width of the screen."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
#: Scheme → width → rules. The other rules would say the same again: dark differs from light in colours only, and
#: a screen of 390 pixels shows the same parts as one of 320, in other places.
RULES_OF_SCHEME = {
    "light": {320: RULES, 390: ["scrollable-region-focusable", "target-size"], 1366: RULES},
    "dark": dict.fromkeys((390, 1366), COLOURS),
}
