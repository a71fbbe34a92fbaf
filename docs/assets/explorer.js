// The list of all 事業, which is complete without this script: filters and sorting.
// A row says in data-row what its texts do not. The address says what is asked for, so that it can be shared.
import { button, cellNodes, folding, go, grouped, make, parts, textOf, yen } from "./explorer-text.js";

const page = document.querySelector(".page--explorer");
const find = (selector) => page.querySelector(selector);
const form = find(".finder");
const fields = form.elements;
const table = find(".explorer__table");
const heads = table.tHead.querySelectorAll("[data-sort]");
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

const boxes = () => form.querySelectorAll("[type=checkbox]");
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
    [...new FormData(form)].filter(([name, value]) => value.trim() && (name !== "year" || chosenYear())),
  );

const remember = () => {
  const parameters = asked();
  for (const [name, value] of new URLSearchParams(location.search))
    if (name === "pick" || name === "compare") parameters.set(name, value);
  go(parameters);
};

const restore = async () => {
  form.reset();
  for (const [name, value] of new URLSearchParams(location.search)) {
    for (const control of controls(name)) {
      if (control.type === "checkbox") control.checked ||= control.value === value;
      else if (!control.options || [...control.options].some((option) => option.value === value))
        control.value = value;
    }
  }
  draw();
  if (started || /[?&](pick|compare)=/.test(location.search)) (await comparing()).restore();
};

// ---- Filtering and sorting

const collator = new Intl.Collator("ja", { numeric: true });
// A browser is slow to lay out thousands of rows; the rest is drawn on demand.
const MANY = 300;
let [most, shown, drawn] = [MANY, rows, rows];
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

// The rows that meet every condition; and for each option, what it would find beside the other conditions.
const matching = () => {
  const data = new FormData(form);
  const terms = fold(data.get("q")).split(/\s+/);
  const wanted = FILTERS.map((name) => [name, data.getAll(name).filter(Boolean)]).filter(([, codes]) => codes.length);
  const found = Object.fromEntries([...boxes()].map((box) => [box.name + box.value, new Set()]));
  const matched = inOrder().filter((row) => {
    if (!terms.every((term) => row.searched.includes(term))) return false;
    const failed = wanted.filter(([name, codes]) => !codes.includes(row[name])).map(([name]) => name);
    for (const name of failed.length ? failed : FILTERS) if (failed.length < 2) found[name + row[name]]?.add(row.id);
    return !failed.length;
  });
  for (const box of boxes()) box.parentElement.querySelector(".sub").textContent = found[box.name + box.value].size;
  return matched;
};

const drawYear = () => {
  for (const row of drawn) {
    if (row.drawnYear === chosenYear()) continue;
    row.drawnYear = chosenYear();
    row.cells[3].replaceChildren(...cellNodes(actualOf(row), row.unit));
  }
  const [era, western] = fields.year.selectedOptions[0].text.split(/(?=（)/);
  const eras = table.tHead.querySelectorAll("[data-sort=actual] .sub");
  [eras[0].textContent, eras[1].textContent] = [era, western];
  table.style.setProperty("--actual-year", `"${era}の"`);
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
  const part = (name) => find(`[data-sum="${name}"]`);
  const isNew = part("count").textContent !== texts.count;
  for (const [name, text] of Object.entries(texts)) part(name).textContent = text;
  part("loan").hidden = !loan;
  part("missing").hidden = !missing;
  if (isNew) say(`${texts.all}${texts.count}を表示しています`);
};

const drawChips = () => {
  const labelOf = (box) => `${textOf(box.closest("fieldset").firstElementChild)}：${textOf(box.nextSibling.querySelector("b"))}`;
  const { q, pillar } = fields;
  const chosen = [...boxes()].filter((box) => box.checked).map((box) => [box, labelOf(box)]);
  if (pillar?.value) chosen.unshift([pillar, textOf(pillar.selectedOptions[0])]);
  if (q.value.trim()) chosen.unshift([q, `言葉：${q.value.trim()}`]);
  const chips = find(".chips");
  const made = chosen.map(([control, label]) =>
    button("chip", label, `条件「${label}」を外す`, () => {
      control[control.type === "checkbox" ? "checked" : "value"] = "";
      update();
      (chips.querySelector("button") ?? q).focus();
    }),
  );
  chips.replaceChildren(...made.map((chip) => make("li", {}, chip)));
  chips.hidden = !made.length;
};

function draw() {
  shown = matching();
  const before = drawn;
  drawn = shown.slice(0, most);
  drawYear();
  if (drawn.length !== before.length || drawn.some((row, index) => row !== before[index])) {
    const fragment = new DocumentFragment();
    for (const row of drawn) fragment.append(row.element);
    table.tBodies[0].replaceChildren(fragment);
  }
  find("[data-more]").hidden = drawn.length === shown.length;
  find("[data-more]").textContent = `残り${grouped(shown.length - drawn.length)}件も表示`;
  table.hidden = !shown.length;
  find("[data-empty]").hidden = shown.length > 0;
  find("[data-reset]").hidden = !String(asked());
  drawSums();
  drawChips();
  for (const head of heads) {
    if (head.dataset.sort !== fields.sort.value) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", fields.order.value ? "descending" : "ascending");
  }
}

function update() {
  most = MANY;
  draw();
  remember();
}

// ---- Comparing: loaded when it is used

let started;
const comparing = () =>
  (started ??= import("./explorer-comparison.js").then(({ start }) => start(page, rows, initiatives, say)));


// ---- Beginning

for (const head of heads) {
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
  row.box.addEventListener("change", ({ target: { checked } }) => comparing().then(({ pick }) => pick(row.id, checked)));
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
onClick("more", () => {
  most = Infinity;
  const next = shown[drawn.length];
  draw();
  next.link.focus();
});
onClick("csv", async () => {
  const { save } = await import("./explorer-csv.js");
  save(page, shown, actualOf);
  say(`${shown.length}行をCSVで保存しました`);
});
addEventListener("popstate", restore);

page.classList.add("is-ready");
restore();
