// The list of all 事業: filters, sorting, choosing. The table is complete without this script.
// Each row says in data-row what its texts do not; the address says what is asked for, so that it can be shared.
import { button, cellNodes, fold, grouped, make, parts, textOf, yen } from "./explorer-text.js";

const page = document.querySelector(".page--explorer");
const find = (selector) => page.querySelector(selector);
const form = find(".finder");
const fields = form.elements;
const table = find(".explorer__table");
const FILTERS = ["area", "pillar", "verdict", "kind", "state", "star", "grant"];
const MOST = 4;

const say = (text) => {
  find("[data-say]").textContent = text;
};

// ---- Rows, read once

const rows = [...table.tBodies[0].rows].map((element) => {
  const cells = [...element.cells];
  const link = cells[0].querySelector("a");
  const [name, indicator] = [textOf(link), textOf(cells[2].firstChild)];
  const searched = fold(`${name}\n${indicator}`).replace(/ /g, "");
  // The newest year is the first that can be chosen, and stands in the page.
  return { ...JSON.parse(element.dataset.row), element, cells, link, name, indicator, searched, drawnYear: 0 };
});
const initiatives = new Map(rows.toReversed().map((row) => [row.id, row]));

const controls = (name) => [...fields].filter((control) => control.name === name);
const rank = (name) => new Map(controls(name).map((control, index) => [control.value, index]));
const ranks = { area: rank("area"), verdict: rank("verdict") };
const chosenYear = () => fields.year.selectedIndex;
const actualOf = (row) => row.actual.at(-1 - chosenYear());
const numberOf = (cell) => {
  const { number } = parts(cell);
  return number && Number(number);
};
const KEYS = {
  name: (row) => row.name,
  area: (row) => ranks.area.get(row.area),
  indicator: (row) => row.indicator,
  actual: (row) => numberOf(actualOf(row)),
  target: (row) => numberOf(row.target),
  verdict: (row) => ranks.verdict.get(row.verdict),
  rate: (row) => row.rate && Number(row.rate),
  money: (row) => numberOf(row.money.at(-1)),
};

// ---- The address

let picks = [];
let isComparing = false;

const asked = () =>
  new URLSearchParams(
    [...new FormData(form)]
      .map(([name, value]) => [name, value.trim()])
      .filter(([name, value]) => value && (name !== "year" || chosenYear())),
  );

const remember = (isNewView) => {
  const parameters = asked();
  if (picks.length) parameters.set(isComparing ? "compare" : "pick", picks.join(","));
  const query = String(parameters).replaceAll("%2C", ",");
  history[isNewView ? "pushState" : "replaceState"](null, "", query ? `?${query}` : location.pathname);
};

const restore = () => {
  const parameters = new URLSearchParams(location.search);
  form.reset();
  for (const [name, value] of parameters) {
    for (const control of controls(name)) {
      if (control.type === "checkbox") control.checked ||= control.value === value;
      else if (!control.options || [...control.options].some((option) => option.value === value))
        control.value = value;
    }
  }
  const ids = (parameters.get("compare") ?? parameters.get("pick") ?? "").split(",");
  picks = [...new Set(ids)].filter((id) => initiatives.has(id)).slice(0, MOST);
  isComparing = parameters.has("compare") && picks.length > 1;
  draw();
  drawPicks();
};

// ---- Filtering and sorting

const collator = new Intl.Collator("ja", { numeric: true });
let shown = rows;
let [sorted, sortedBy] = [rows, ""];

const inOrder = () => {
  const [name, order] = [fields.sort.value, fields.order.value];
  const by = name && [name, order, chosenYear()].join();
  if (by === sortedBy) return sorted;
  const sign = order ? -1 : 1;
  const keyed = rows.map((row) => [KEYS[name]?.(row), row]);
  // Without a value a row stands last in both directions; equal rows keep the order of print.
  keyed.sort(([a], [b]) => {
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    return sign * (typeof a === "string" ? collator.compare(a, b) : a - b);
  });
  [sorted, sortedBy] = [keyed.map(([, row]) => row), by];
  return sorted;
};

const matching = () => {
  const data = new FormData(form);
  const terms = fold(data.get("q")).split(/\s+/);
  const wanted = FILTERS.map((name) => [name, data.getAll(name).filter(Boolean)]).filter(([, codes]) => codes.length);
  return inOrder().filter(
    (row) =>
      wanted.every(([name, codes]) => codes.includes(row[name])) && terms.every((term) => row.searched.includes(term)),
  );
};

const drawYear = () => {
  for (const row of shown) {
    if (row.drawnYear === chosenYear()) continue;
    row.drawnYear = chosenYear();
    row.cells[3].replaceChildren(...cellNodes(actualOf(row), row.unit));
  }
  const label = fields.year.selectedOptions[0].text;
  find("[data-year]").textContent = label;
  table.style.setProperty("--actual-label", `"${label.split("（")[0]}の実績"`);
};

const drawSums = () => {
  const counted = [...new Set(shown.map((row) => row.id))].map((id) => initiatives.get(id));
  const sum = (some) => some.reduce((total, row) => total + (KEYS.money(row) ?? 0), 0);
  const total = sum(counted);
  const loan = sum(counted.filter((row) => row.loan));
  const missing = counted.filter((row) => KEYS.money(row) === undefined).length;
  const texts = {
    total: `${grouped(total)}千円`,
    "total-yen": `（${yen(total)}）`,
    without: `${grouped(total - loan)}千円`,
    "without-yen": `（${yen(total - loan)}）`,
    "missing-count": missing,
    all: `${grouped(initiatives.size)}件中`,
    count: `${grouped(counted.length)}件`,
  };
  const isNew = find('[data-sum="count"]').textContent !== texts.count;
  for (const [name, text] of Object.entries(texts)) find(`[data-sum="${name}"]`).textContent = text;
  find('[data-sum="loan"]').hidden = !loan;
  find('[data-sum="missing"]').hidden = !missing;
  if (isNew) say(`${texts.all}${texts.count}を表示しています`);
};

const drawChips = () => {
  const chips = find(".chips");
  const chip = (label, clear) =>
    make("li", {}, button("chip", label, `条件「${label}」を外す`, () => {
      clear();
      update();
      (chips.querySelector("button") ?? fields.q).focus();
    }));
  const made = [...form.querySelectorAll("input:checked")].map((box) => {
    const [legend, label] = [box.closest("fieldset").firstElementChild, box.parentElement.querySelector("b")];
    return chip(`${textOf(legend)}：${textOf(label)}`, () => (box.checked = false));
  });
  if (fields.pillar?.value) made.unshift(chip(textOf(fields.pillar.selectedOptions[0]), () => (fields.pillar.value = "")));
  if (fields.q.value.trim()) made.unshift(chip(`言葉：${fields.q.value.trim()}`, () => (fields.q.value = "")));
  chips.replaceChildren(...made);
  chips.hidden = !made.length;
};

const drawSorting = () => {
  for (const head of table.tHead.querySelectorAll("[data-sort]")) {
    if (head.dataset.sort !== fields.sort.value) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", fields.order.value ? "descending" : "ascending");
  }
};

function draw() {
  const matched = matching();
  const isSame = matched.length === shown.length && matched.every((row, index) => row === shown[index]);
  shown = matched;
  drawYear();
  if (!isSame) {
    const fragment = new DocumentFragment();
    for (const row of shown) fragment.append(row.element);
    table.tBodies[0].replaceChildren(fragment);
  }
  table.hidden = !shown.length;
  find("[data-empty]").hidden = shown.length > 0;
  find("[data-reset]").hidden = !String(asked());
  drawSums();
  drawChips();
  drawSorting();
}

function update() {
  draw();
  remember();
}

// ---- Choosing and comparing

const bar = find(".picks");
const quoted = (id) => `「${initiatives.get(id).name}」`;
const explain = (text) => {
  bar.querySelector("p").textContent = text;
};

function drawPicks() {
  for (const row of rows) row.box.checked = picks.includes(row.id);
  const items = picks.map((id) =>
    make("li", {}, button("chip", initiatives.get(id).name, `${quoted(id)}を選択から外す`, () => {
      pick(id, false);
      (bar.querySelector(".chip") ?? fields.q).focus();
    })),
  );
  bar.querySelector("ul").replaceChildren(...items);
  const more = picks.length < 2 ? `あと${2 - picks.length}件選ぶと比べられます（` : "比べられます（";
  explain(`${picks.length}件を選んでいます。${more}${MOST}件まで）。`);
  find("[data-compare]").hidden = picks.length < 2;
  bar.hidden = isComparing || !picks.length;
  find(".explorer").hidden = isComparing;
  find(".comparison").hidden = !isComparing;
  document.documentElement.classList.toggle("has-picks", !bar.hidden);
  if (isComparing) drawComparison();
}

async function drawComparison() {
  const { compare } = await import("./explorer-comparison.js");
  const columns = picks.flatMap((id) => rows.filter((row) => row.id === id));
  compare(page, columns, (id) => {
    isComparing = picks.length > 2;
    pick(id, false);
    (isComparing ? find("#comparison-title") : fields.q).focus();
  });
}

function pick(id, isPicked) {
  const isTooMany = isPicked && picks.length >= MOST;
  if (!isTooMany) picks = picks.filter((picked) => picked !== id).concat(isPicked ? id : []);
  drawPicks();
  if (isTooMany) explain(`比べられるのは${MOST}件までです。どれかを外してから選んでください。`);
  say(`${isTooMany ? "" : `${quoted(id)}を${isPicked ? "選びました" : "外しました"}。`}${bar.querySelector("p").textContent}`);
  remember();
}

function show(comparison) {
  isComparing = comparison;
  drawPicks();
  remember(true);
  page.scrollIntoView();
  (isComparing ? find("#comparison-title") : find("[data-compare]")).focus({ preventScroll: true });
  if (isComparing) say(`${picks.length}件の事業を並べました`);
}

// ---- Beginning

for (const head of table.tHead.querySelectorAll("[data-sort]")) {
  head.append(make("button", { type: "button", className: "sort" }, ...head.childNodes));
  head.firstChild.addEventListener("click", () => {
    // Up, down, and back to the order of print.
    const isSorted = fields.sort.value === head.dataset.sort;
    fields.sort.value = isSorted && fields.order.value ? "" : head.dataset.sort;
    fields.order.value = isSorted && !fields.order.value ? "desc" : "";
    update();
  });
}
for (const row of rows) {
  row.box = make("input", { type: "checkbox" });
  row.box.setAttribute("aria-label", `${row.name}を比べる`);
  row.box.addEventListener("change", () => pick(row.id, row.box.checked));
  row.cells[0].prepend(make("label", { className: "pick" }, row.box, "比べる"));
}

let waiting;
document.addEventListener("input", ({ target }) => {
  if (target.form !== form) return;
  clearTimeout(waiting);
  waiting = setTimeout(update, target.type === "search" ? 150 : 0);
});
form.addEventListener("submit", (event) => event.preventDefault());
find(".finder__toggle").addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-expanded", form.classList.toggle("is-open"));
});
const onClick = (name, action) => find(`[data-${name}]`).addEventListener("click", action);
onClick("reset", () => {
  form.reset();
  update();
  fields.q.focus();
});
onClick("csv", async () => {
  const { save } = await import("./explorer-csv.js");
  save(page, shown, actualOf);
  say(`${shown.length}行をCSVで保存しました`);
});
onClick("compare", () => show(true));
onClick("close", () => show(false));
onClick("clear", () => {
  picks = [];
  drawPicks();
  remember();
  say("選択をやめました");
  fields.q.focus();
});
addEventListener("popstate", restore);

page.classList.add("is-ready");
restore();
