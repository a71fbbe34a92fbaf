// The list of all 事業: filters and sorting. The table is complete without this script.
// Each row says in data-row what its texts do not; the address says what is asked for, so that it can be shared.
import { button, cellNodes, folding, go, grouped, make, parts, textOf, yen } from "./explorer-text.js";

const page = document.querySelector(".page--explorer");
const find = (selector) => page.querySelector(selector);
const form = find(".finder");
const fields = form.elements;
const table = find(".explorer__table");
const FILTERS = ["area", "pillar", "verdict", "kind", "state", "star", "grant"];
const fold = folding(JSON.parse(find(".explorer").dataset.config).alike);

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

const asked = () =>
  new URLSearchParams(
    [...new FormData(form)]
      .map(([name, value]) => [name, value.trim()])
      .filter(([name, value]) => value && (name !== "year" || chosenYear())),
  );

const remember = () => {
  const parameters = asked();
  for (const [name, value] of new URLSearchParams(location.search))
    if (name === "pick" || name === "compare") parameters.set(name, value);
  go(parameters);
};

const restore = () => {
  form.reset();
  for (const [name, value] of new URLSearchParams(location.search)) {
    for (const control of controls(name)) {
      if (control.type === "checkbox") control.checked ||= control.value === value;
      else if (!control.options || [...control.options].some((option) => option.value === value))
        control.value = value;
    }
  }
  draw();
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
  const [era, western] = fields.year.selectedOptions[0].text.split(/(?=（)/);
  const heads = table.tHead.querySelectorAll("[data-sort=actual] .sub");
  [heads[0].textContent, heads[1].textContent] = [era, western];
  table.style.setProperty("--actual-label", `"${era}の実績"`);
};

const drawSums = () => {
  const counted = [...new Set(shown.map((row) => row.id))].map((id) => initiatives.get(id));
  const sum = (some) => some.reduce((total, row) => total + (KEYS.money(row) ?? 0), 0);
  const total = sum(counted);
  const loan = sum(counted.filter((row) => row.loan));
  const missing = counted.filter((row) => KEYS.money(row) === undefined).length;
  const amount = (thousands) => `${grouped(thousands)}千円（${yen(thousands)}）`;
  const texts = {
    all: `${grouped(initiatives.size)}件中`,
    count: `${grouped(counted.length)}件`,
    total: amount(total),
    without: amount(total - loan),
    "missing-count": missing,
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

// ---- Comparing: loaded when it is used

let started;
const comparing = () =>
  (started ??= import("./explorer-comparison.js").then(({ start }) => start(page, rows, initiatives, say)));

const restoreComparing = async () => {
  if (started || /[?&](pick|compare)=/.test(location.search)) (await comparing()).restore();
};

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
  row.box.addEventListener("change", async () => (await comparing()).pick(row.id, row.box.checked));
  row.cells[0].prepend(make("label", { className: "pick" }, row.box, make("span", {}, "比べる")));
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
addEventListener("popstate", () => {
  restore();
  restoreComparing();
});

page.classList.add("is-ready");
restore();
restoreComparing();
