// The list of all 事業: filters and sorting. Without this script the page has them all, or the first of very many.
// The address says what is asked for, so that it can be shared.
import { open } from "./explorer-rows.js";
import { button, cellNodes, go, grouped, make, parts, textOf, yen } from "./explorer-text.js";

const page = document.querySelector(".page--explorer");
const find = (selector) => page.querySelector(selector);
const form = find(".finder");
const fields = form.elements;
const table = find(".explorer__table");
const heads = table.tHead.querySelectorAll("[data-sort]");
// Relisted initiatives are found in these places (an area, levels of the plan) too.
const { places: PLACES, filters: FILTERS, rankings, parts: partNames, searched: everywhere } = JSON.parse(find(".explorer").dataset.config);
// An initiative is judged, and counted everywhere, by its first indicator.
const JUDGED = "verdict trend since reached doubt shared".split(" ");
// Half and full width, and letters of either case, are the same also where the search is out of reach.
const fold = (text) => text.normalize("NFKC").toLowerCase();

const say = (text) => {
  find("[data-say]").textContent = text;
};

// ---- Rows

const empty = find("[data-empty]");
const nothing = empty.textContent;
const unreachable = (error) => {
  const text = "一覧のデータを読み込めませんでした。通信を確かめて、ページを読み込み直してください。";
  say(text);
  Object.assign(empty, { textContent: text, hidden: false });
  throw error;
};
const { rows, isComplete, complete, prepare, sortable } = await open(page, (row, isPicked) =>
  comparing().then(({ pick }) => pick(row.id, isPicked)),
).catch(unreachable);
const initiatives = rows.filter((row) => row.first === row);

const boxes = () => form.querySelectorAll("[type=checkbox]");
const controls = (name) => [...fields].filter((control) => control.name === name);
const rank = (name) => new Map(controls(name).map((control, index) => [control.value, index]));
const ranks = { area: rank("area"), verdict: rank("verdict"), trend: rank("trend") };
ranks.trend.delete("not_comparable"); // last, as everything without a value
// The first also where no year has an actual, and none can be chosen.
const chosenYear = () => Math.max(0, fields.year.selectedIndex);
const actualOf = (row) => row.actual.at(-1 - chosenYear());
const numberOf = (cell) => {
  const { number } = parts(cell);
  return number && Number(number);
};
const of = (name) => (row) => row[name] && Number(row[name]);
const KEYS = {
  name: (row) => row.name,
  area: (row) => ranks.area.get(row.codes.area),
  indicator: (row) => row.indicator,
  actual: (row) => (chosenYear() ? numberOf(actualOf(row)) : of("newest")(row)),
  target: of("aim"),
  verdict: (row) => ranks.verdict.get(row.codes.verdict),
  rate: of("rate"),
  progress: of("progress"),
  trend: (row) => ranks.trend.get(row.codes.trend),
  // What became worse is below nothing, also where a lower value is better.
  change: (row) => row.change && Math.abs(row.change) * (row.codes.trend === "worse" ? -1 : 1),
  before: (row) => row.before,
  money: of("settled"),
};

// What rows are sorted by that is not known of all of them at once.
const known = () => {
  const { value } = fields.sort;
  if (value === "name" || value === "indicator" || (value === "actual" && chosenYear())) return complete(rows);
  return KEYS[value] && sortable();
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
  most = history.state?.most ?? many();
  await ask();
  if (started || /[?&](pick|compare)=/.test(location.search)) await (await comparing()).restore();
};

// ---- Filtering and sorting

const collator = new Intl.Collator("ja", { numeric: true });
// Nobody scrolls through a hundred cards on a phone, and a browser is slow to lay out thousands of rows:
// the rest is drawn on demand.
const many = () => (matchMedia("(max-width: 75.9375em)").matches ? 30 : 300);
let [most, shown, drawn] = [many(), rows, rows.slice(0, table.tBodies[0].rows.length)];
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

// ---- Words: the initiatives, by number, found as by the search of the site, or null where it cannot be reached

let [words, found, asking] = ["", null, 0];
const engine = () => import("./explorer-words.js");

const lookUp = async () => {
  const query = fields.q.value.trim();
  if (query === words) return;
  const mine = ++asking;
  const numbers = query && (await engine().then(({ having }) => having(query)).catch(() => null));
  if (query && !numbers) await complete(rows).catch(() => {});
  if (mine === asking) [words, found] = [query, numbers];
};

const hasWords = (row) => {
  if (!words || found?.has(row.number)) return true;
  const searched = () => (row.searched ??= fold(`${row.name}\n${row.indicator ?? ""}`));
  return !found && isComplete(row) && fold(words).split(/\s+/).every((word) => searched().includes(word));
};

// Whether all words stand in its name or its indicators, which are what it is about; and else where.
const isNamed = (row) => !found || found.get(row.number).every(({ part }) => part < 2);
const whereOf = (row) => {
  const places = (words && found?.get(row.number)) || [];
  const said = places.map(({ part, isMeant }) => partNames[part] + (isMeant ? "（言いかえ）" : ""));
  return places.every(({ part, isMeant }) => !part && !isMeant) ? "" : `言葉の場所：${[...new Set(said)].join("、")}`;
};

// The codes a row is found by.
const codesOf = (row, name) => [
  (JUDGED.includes(name) ? row.first : row).codes[name],
  ...(PLACES.includes(name) && !fields.first?.checked ? (row.again ?? []) : []),
];

// The rows that meet every condition; and for each option, what it would find beside the other conditions.
const matching = () => {
  const data = new FormData(form);
  const wanted = FILTERS.map((name) => [name, data.getAll(name).filter(Boolean)]).filter(([, codes]) => codes.length);
  const options = [...boxes()].filter((box) => box.name !== "first");
  const counts = Object.fromEntries(FILTERS.map((name) => [name, {}]));
  for (const { name, value } of options) counts[name][value] = new Set();
  const matched = inOrder().filter((row) => {
    if (!hasWords(row)) return false;
    const failed = wanted
      .filter(([name, codes]) => !codesOf(row, name).some((code) => codes.includes(code)))
      .map(([name]) => name);
    for (const name of failed.length ? failed : FILTERS)
      if (failed.length < 2) for (const code of codesOf(row, name)) counts[name][code]?.add(row.number);
    return !failed.length;
  });
  if (words && !fields.sort.value) matched.sort((one, other) => isNamed(other) - isNamed(one));
  for (const row of matched)
    row.isAgain = wanted.some(([name, codes]) => PLACES.includes(name) && !codes.includes(row.codes[name]));
  for (const box of options) box.parentElement.querySelector(".sub").textContent = counts[box.name][box.value].size;
  return matched;
};

const drawYear = () => {
  const [year] = fields.year.selectedOptions;
  const [era, western] = year?.text.split(/(?=（)/) ?? [];
  for (const row of drawn) {
    if (row.drawnYear === chosenYear()) continue;
    row.drawnYear = chosenYear();
    row.cells[3].replaceChildren(...cellNodes(actualOf(row), row.unit));
    if (year) row.cells[3].dataset.label = `${era}の実績`;
  }
  if (!year) return;
  const eras = table.tHead.querySelectorAll("[data-sort=actual] .sub");
  [eras[0].textContent, eras[1].textContent] = [era, western];
};

// Whether some that are found have the words neither in their name nor in an indicator.
let areSomeElsewhere = false;
const drawSums = () => {
  const again = new Set(shown.filter((row) => row.isAgain).map((row) => row.first));
  const counted = [...new Set(shown.map((row) => row.first))];
  const first = counted.filter((row) => !again.has(row));
  const sum = (some) => Number(some.reduce((total, row) => total + (KEYS.money(row) ?? 0), 0).toFixed(3));
  const loan = (some) => sum(some.filter((row) => row.loan));
  const missing = counted.filter((row) => KEYS.money(row) === undefined).length;
  const amount = (thousands) => `${grouped(thousands)}千円（${yen(thousands)}）`;
  const without = (some) => (loan(some) ? `、貸付資金を除くと${amount(sum(some) - loan(some))}` : "");
  const named = words ? counted.filter(isNamed) : counted;
  const texts = {
    all: `${grouped(initiatives.length)}件中`,
    count: `${grouped(counted.length)}件`,
    again: `（最初に載っているもの${first.length}件、再掲${again.size}件）`,
    total: amount(sum(counted)),
    without: amount(sum(counted) - loan(counted)),
    "missing-count": missing,
    part: named.length ? `うち事業名か指標に言葉があるもの ${grouped(named.length)}事業 ` : "",
    named: named.length ? `${amount(sum(named))}。` : "",
    first: `このうち、ここに最初に載っている${first.length}件の合計は${amount(sum(first))}${without(first)}です。ほかの${again.size}件は再掲で、それぞれの最初の場所で数えるため、全体の合計には1回だけ入ります。`,
  };
  // A plan without money has no part that speaks of it.
  const part = (name) => find(`[data-sum="${name}"]`) ?? make("span");
  areSomeElsewhere = named.length < counted.length;
  const isNew = part("count").textContent !== texts.count;
  for (const [name, text] of Object.entries(texts)) part(name).textContent = text;
  part("loan").hidden = !loan(counted);
  part("missing").hidden = !missing;
  part("about").hidden = !areSomeElsewhere;
  part("total").classList.toggle("is-loose", areSomeElsewhere);
  part("again").hidden = part("first").hidden = !again.size;
  if (isNew) say(`${texts.all}${texts.count}${again.size ? texts.again : ""}を表示しています`);
};

// What is shown, in words: what was searched, in which order, and the name of a ranking.
const title = document.title;
const drawWords = () => {
  const searched = find("[data-searched]");
  const where = found ? everywhere : "事業名と指標だけ";
  searched.hidden = !words;
  searched.textContent = `「${words}」を${where}から探しました。${found ? "" : "ほかの文は読み込めませんでした。"}`;

  const { text, dataset } = fields.sort.selectedOptions[0];
  const orders = dataset.orders.split(",");
  [...fields.order.options].forEach((option, index) => (option.text = orders[index]));
  const order = orders[fields.order.selectedIndex];
  fields.order.closest("label").hidden = !fields.sort.value;
  table.dataset.sorted = fields.sort.value;
  const first = areSomeElsewhere ? "事業名か指標に言葉があるものが先、" : "";
  find("[data-order]").textContent = fields.sort.value ? `${text}（${order}）` : first + order;

  const sortedQuery = (query) => [...new URLSearchParams(query)].map(String).sort().join("&");
  const ranking = Object.entries(rankings).find(([query]) => sortedQuery(query) === sortedQuery(asked()))?.[1];
  const place = find("[data-ranking]");
  place.hidden = !ranking;
  const [heading, note] = ranking ?? [];
  const caution = place.lastElementChild;
  if (ranking) place.replaceChildren(make("h2", { textContent: heading }), make("p", { textContent: note }), caution);
  document.title = ranking ? `${heading} - ${title}` : title;
};

const drawChips = () => {
  const labelOf = (box) =>
    `${textOf(box.closest("fieldset").firstElementChild)}：${textOf(box.nextSibling.querySelector("b"))}`;
  const { q } = fields;
  const chosen = [...boxes()].filter((box) => box.checked).map((box) => [box, labelOf(box)]);
  for (const place of PLACES.flatMap(controls))
    if (place.options && place.value) chosen.unshift([place, textOf(place.selectedOptions[0])]);
  if (q.value.trim()) chosen.unshift([q, `言葉：${q.value.trim()}`]);
  const chips = find(".chips");
  const made = chosen.map(([control, label]) =>
    button("chip", label, `条件「${label}」を外す`, async () => {
      control[control.type === "checkbox" ? "checked" : "value"] = "";
      await update();
      (chips.querySelector("button") ?? q).focus();
    }),
  );
  chips.replaceChildren(...made.map((chip) => make("li", {}, chip)));
  chips.hidden = !made.length;
};

const drawRows = () => {
  const before = drawn;
  drawn = shown.slice(0, most);
  drawn.forEach(prepare);
  drawYear();
  if (drawn.length !== before.length || drawn.some((row, index) => row !== before[index])) {
    const fragment = new DocumentFragment();
    for (const row of drawn) fragment.append(row.element);
    table.tBodies[0].replaceChildren(fragment);
  }
  for (const row of drawn) {
    row.element.classList.toggle("is-picked", (row.box.checked = Boolean(row.isPicked)));
    if (row.isAgain) row.cells[0].append((row.mark ??= make("span", { className: "tag", textContent: "再掲" })));
    else row.mark?.remove();
    const where = whereOf(row);
    if (where) row.cells[0].append((row.where ??= make("span", { className: "sub" })));
    else row.where?.remove();
    if (where) row.where.textContent = where;
  }
  const rest = shown.length - drawn.length;
  find("[data-more]").hidden = !rest;
  find("[data-more]").textContent = rest > many() ? `次の${many()}件を表示（残り${grouped(rest)}件）` : `残り${rest}件も表示`;
  // Who listens hears how many rows there are, in the page or not.
  if (rest) table.setAttribute("aria-rowcount", shown.length + 1);
  else table.removeAttribute("aria-rowcount");
  table.hidden = !shown.length;
};

// What is counted is said at once; rows that are not known yet are drawn as soon as they are.
let latest = 0;
const draw = async () => {
  const mine = ++latest;
  if (!fields.sort.value) fields.order.value = "";
  shown = matching();
  Object.assign(empty, { textContent: nothing, hidden: shown.length > 0 });
  find("[data-reset]").hidden = !String(asked());
  drawSums();
  drawWords();
  drawChips();
  for (const head of heads) {
    if (head.dataset.sort !== fields.sort.value) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", fields.order.value ? "descending" : "ascending");
  }
  const wanted = shown.slice(0, most);
  if (!wanted.every(isComplete)) await complete(wanted).catch(unreachable);
  if (mine !== latest) return;
  drawRows();
  table.removeAttribute("aria-busy");
};

// The rows as the form asks for them, once that can be answered.
let asks = 0;
const ask = async () => {
  const mine = ++asks;
  table.setAttribute("aria-busy", true);
  await Promise.all([lookUp(), known()]).catch(unreachable);
  if (mine === asks) await draw();
};

async function update() {
  most = many();
  const asking = ask();
  history.replaceState({ ...history.state, most }, "");
  remember();
  await asking;
}

// ---- Comparing: loaded when it is used

let started;
const comparing = () =>
  (started ??= import("./explorer-comparison.js").then(({ start }) => start(page, { rows, initiatives, complete, prepare, sortable }, say)));

// ---- Beginning

for (const head of heads) {
  // For the mouse; by keyboard the menu above the list does the same in one stop.
  head.append(make("button", { type: "button", className: "sort", tabIndex: -1 }, ...head.childNodes));
  head.firstChild.addEventListener("click", () => {
    // Up, down, and back to the order of print.
    const isSorted = fields.sort.value === head.dataset.sort;
    fields.sort.value = isSorted && fields.order.value ? "" : head.dataset.sort;
    fields.order.value = isSorted && !fields.order.value ? "desc" : "";
    update();
  });
}
let waiting;
document.addEventListener("input", ({ target }) => {
  if (target.form !== form) return;
  clearTimeout(waiting);
  waiting = setTimeout(update, target.type === "search" ? 150 : 0);
});
form.addEventListener("submit", (event) => event.preventDefault());
for (const toggle of form.querySelectorAll(".finder__toggle")) {
  toggle.addEventListener("click", () => {
    const panel = document.getElementById(toggle.getAttribute("aria-controls"));
    panel.hidden = !panel.hidden;
    toggle.setAttribute("aria-expanded", !panel.hidden);
  });
}
fields.q.addEventListener("focus", () => engine().catch(() => {}), { once: true });
const onClick = (name, action) => find(`[data-${name}]`).addEventListener("click", action);
onClick("reset", () => {
  form.reset();
  update();
  fields.q.focus();
});
onClick("more", async () => {
  most += many();
  history.replaceState({ ...history.state, most }, "");
  const next = shown[drawn.length];
  await draw();
  next.link.focus();
  say(`${grouped(drawn.length)}行目までを表示しています`);
});
onClick("csv", async () => {
  const saved = await Promise.all([import("./explorer-csv.js"), sortable()])
    .then(([{ save }]) => save(shown.map((row) => row.id)))
    .catch(() => {});
  const said = saved === undefined ? "表を取り出せませんでした。もう一度押してください。" : `${saved}事業をCSVで保存しました`;
  say(said);
  find("[data-saved]").textContent = said;
});
onClick("detail", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-pressed", page.classList.toggle("is-detailed"));
});
addEventListener("popstate", restore);
// Who comes back finds as many rows, and the place among them.
addEventListener("pagehide", () => history.replaceState({ ...history.state, most, top: scrollY }, ""));
// Paper has no button for the rest: what is known of it is printed, which of a list of usual length is all.
let mostOnScreen = most;
addEventListener("beforeprint", () => {
  [mostOnScreen, most] = [most, shown.findIndex((row) => !isComplete(row))];
  if (most < 0) most = Infinity;
  if (most > mostOnScreen) drawRows();
});
addEventListener("afterprint", () => {
  most = mostOnScreen;
  drawRows();
});

const top = history.state?.top;
await restore();
page.classList.add("is-ready");
if (top) scrollTo(0, top);
sortable().catch(() => {}); // what is asked for next
