"""axe, asked of pages in a browser by its rules, and of each colour that texts are seen in only once."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
#: Scheme → width → rules. The other rules would say the same again: dark differs from light in colours only, and
#: a screen of 390 pixels shows the same parts as one of 320, in other places.
RULES_OF_SCHEME = {
    "light": {320: RULES, 390: ["scrollable-region-focusable", "target-size"], 1366: RULES},
    "dark": dict.fromkeys((390, 1366), COLOURS),
}

SCRIPT = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
RUN = """([tags, left, preload]) => axe.run(document, {
    runOnly: tags, resultTypes: ["violations"], preload,
    rules: Object.fromEntries(left.map(rule => [rule, {enabled: false}])),
  }).then(({ passes, violations }) => {
    if (!passes.length) throw new Error("axe has looked at nothing");
    return violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 200)]));
  })"""
#: Judges the texts of a page that differ from all judged before in something that their contrast hangs on.
JUDGE = """([rules, judged]) => {
  const remembering = of => {
    const known = new Map();
    return item => {
      if (!known.has(item)) known.set(item, of(item));
      return known.get(item);
    };
  };
  const style = remembering(item => getComputedStyle(item));
  const isShown = remembering(item => !item || !item.inert && style(item).clip === "auto"
    && style(item).clipPath === "none" && (item.matches(":modal") || isShown(item.parentElement)));
  const ground = remembering(item => {
    if (!item) return "";
    const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode } = style(item);
    const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode].join(" ");
    const around = ground(item.parentElement);
    return own === "rgba(0, 0, 0, 0) none 1 none normal" ? around : `${around} > ${own}`;
  });
  const letters = remembering(item => {
    const { color, fontSize, fontWeight, textDecorationLine, textShadow, borderBottom } = style(item);
    return [color, fontSize, fontWeight, textDecorationLine, textShadow, borderBottom].join(" ");
  });
  const kinds = new Map(), known = new Set(judged), modal = document.querySelector("dialog:modal");
  for (const item of (modal ?? document.body).querySelectorAll("*:not(svg *)")) {
    const says = [...item.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!(says || item.matches("a, input, select, textarea")) || !item.checkVisibility() || !isShown(item)) continue;
    const kind = [item.localName, item.disabled, letters(item), letters(item.parentElement), ground(item)].join(" | ");
    if (!known.has(kind) && !kinds.has(kind)) kinds.set(kind, item);
  }
  if (!kinds.size) return [[], []];
  return axe.run({ include: [...kinds.values()] }, {
    runOnly: rules, resultTypes: ["passes", "violations"], preload: false, elementRef: true,
  }).then(({ passes, violations }) => {
    const seen = new Set([...passes, ...violations].flatMap(rule => rule.nodes.map(node => node.element)));
    return [
      [...kinds].filter(([, item]) => seen.has(item)).map(([kind]) => kind),
      violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 200)])),
    ];
  });
}"""


class Axe:
    """What axe finds on pages.

    Colours take it most of its time. A text in colours, of a size and on a ground that it has judged already
    is not judged again.
    """

    def __init__(self) -> None:
        self.judged: set[str] = set()

    def violations(self, page: Page, rules: list[str], *, preload: bool = False) -> list[tuple[str, str]]:
        """(rule, what breaks it) of a page as it is shown now. ``preload`` fetches its style sheets."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(SCRIPT)
        found = []
        if rules is not COLOURS:
            found += page.evaluate(RUN, [rules, COLOURS, preload])
        if rules in (RULES, COLOURS):
            judged, wrong = page.evaluate(JUDGE, [COLOURS, sorted(self.judged)])
            self.judged.update(judged)
            found += wrong
        return found
