// Two to four 事業 side by side: choosing them, and their table. Loaded when the first is chosen.
// What is chosen stands in the address: ?pick= while choosing, ?compare= while they are shown.
import { button, cellNodes, go, make, parts } from "./explorer-text.js";

const MOST = 4;
const SUGGESTED = 3;

const head = (scope, ...children) => {
  const cell = make("th", {}, ...children);
  cell.scope = scope;
  return cell;
};

// 「令和4年度（2022年度）」 with the Western year smaller, as in every table.
const small = (textContent) => make("span", { className: "sub", textContent });
const yearHead = (label) => {
  const [era, western] = label.split(/(?=（)/);
  return [era, small(western)];
};

// ---- The actuals as columns, the target as a line: as high as their number on a scale that units share

const SVG = "http://www.w3.org/2000/svg";
const drawing = (name, attributes, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
const [HEIGHT, STEP] = [64, 26];
const numbers = (row) => [...row.actual, row.target].map((cell) => Number(parts(cell).number)).filter(Boolean);

const chart = (row, [lowest, highest]) => {
  const width = STEP * row.actual.length;
  const y = (number) => 4 + ((highest - number) / (highest - lowest)) * (HEIGHT - 4);
  const zero = y(0);
  const columns = row.actual.map((cell, index) => {
    const { number } = parts(cell);
    const x = STEP * index + 3;
    if (number === undefined) return drawing("text", { x: x + 6, y: zero - 3, class: "small__none" }, "−");
    // 0 is a line, a missing value a sign.
    const height = Math.max(2, Math.abs(zero - y(number)));
    return drawing("rect", { x, y: number < 0 ? zero : zero - height, width: STEP - 6, height, class: "small__actual" });
  });
  const { number: target } = parts(row.target);
  const line = target === undefined ? [] : [drawing("path", { d: `M0 ${y(target)}H${width}`, class: "small__target" })];
  const said = `${row.name}の実績の図。数値は次の行からの表にあります。`;
  return drawing("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, class: "small", role: "img", "aria-label": said }, ...columns, ...line);
};

/** Fills the comparison of ``page`` with these rows; ``remove(id)`` is called for one that is taken out. */
const fill = (page, rows, remove) => {
  const table = page.querySelector(".comparison__table");
  const years = [...page.querySelector("[name=year]").options].map((option) => option.text).toReversed();
  const { amountYears, targetYear } = JSON.parse(page.querySelector(".explorer").dataset.config);

  // By what a column is sorted by; a plan may be without some of them.
  const heads = new Map([...page.querySelectorAll(".explorer__table [data-sort]")].map((cell) => [cell.dataset.sort, cell]));
  const copied = (name) => (row) => [...row.cells[heads.get(name).cellIndex].childNodes].map((node) => node.cloneNode(true));
  const line = (title, content) =>
    make("tr", {}, head("row", ...title), ...rows.map((row) => make("td", {}, ...content(row))));
  // The line of a column, where there is one; its title is that of the column unless told.
  const column = (name, title = [heads.get(name)?.querySelector("b").textContent], content = copied(name)) =>
    heads.has(name) ? [line(title, content)] : [];
  const group = (title, ...lines) => {
    if (!lines.length) return "";
    const heading = head("rowgroup", title);
    heading.colSpan = rows.length + 1;
    return make("tbody", {}, make("tr", { className: "group" }, heading), ...lines);
  };

  // Rates have one scale for all: every bar can be held against the same mark for its target.
  const longest = Math.max(100, ...rows.map((row) => Number(row.rate ?? 0)));
  const rate = (row) => {
    if (!row.rate) return copied("rate")(row);
    const bar = make("span", { className: `meter meter--${row.codes.verdict}` });
    bar.style.setProperty("--rate", Number(row.rate) / longest);
    bar.style.setProperty("--goal", 100 / longest);
    return [...copied("rate")(row), bar];
  };

  // What has the same unit has the same scale; heights in different units are not to be compared.
  const units = new Map();
  for (const row of rows) {
    const all = [...(units.get(row.unit) ?? [0]), ...numbers(row)];
    units.set(row.unit, [Math.min(...all), Math.max(...all)]);
  }
  const columns = (row) =>
    units.get(row.unit).some(Boolean) ? [chart(row, units.get(row.unit))] : [make("span", { className: "missing", textContent: "図なし" })];
  const drawn = rows.filter((row) => numbers(row).length);
  const shared = [...units.keys()].filter((unit) => unit && drawn.filter((row) => row.unit === unit).length > 1);
  page.querySelector("[data-scales]").textContent = [
    "図は、棒が実績、横線が目標です。",
    shared.length ? `単位が同じ（${shared.join("、")}）図は、目盛りも同じです。` : "",
    units.size > 1 ? "単位の違う図どうしは、高さを比べられません。" : "",
  ].join("");
  const since = (row) => {
    const option = page.querySelector(`[name=since][value=${row.codes.since}]`);
    return [...option.nextSibling.cloneNode(true).childNodes].slice(0, -1);
  };
  const sinceTitle = page.querySelector("fieldset:has([name=since]) legend")?.textContent;

  const names = rows.map((row) => {
    // without the box to choose it, and the marks of a filter
    const [, ...name] = [...row.cells[0].childNodes].filter((node) => node !== row.mark && node !== row.where).map((node) => node.cloneNode(true));
    return head("col", ...name, button("button", "外す", `「${row.name}」を比較から外す`, () => remove(row.id)));
  });
  table.style.setProperty("--columns", rows.length);
  table.tHead.replaceChildren(make("tr", {}, head("col", "項目"), ...names));
  for (const body of [...table.tBodies]) body.remove();
  table.append(
    group("事業", ...column("area"), ...column("indicator")),
    group(
      "実績",
      line(["実績の図"], columns),
      ...years.map((year, index) => line(yearHead(year), (row) => cellNodes(row.actual[index], row.unit))),
    ),
    group(
      heads.has("verdict") ? "目標と判定" : "目標",
      ...column("target", ["目標", ...targetYear.split(/(?=（)/).map(small)]),
      ...column("verdict"),
      ...column("rate", ["達成率"], rate),
      ...column("progress"),
      ...column("before"),
    ),
    group(
      "変化",
      ...column("trend"),
      ...(sinceTitle ? [line([sinceTitle], since)] : []),
    ),
    group(
      heads.get("money")?.querySelector("b").textContent,
      ...amountYears.map((year, index) => line(yearHead(year), (row) => cellNodes(row.money[index], "千円"))),
    ),
  );
};

// Initiatives with an indicator of the same name, then those in the same place of the plan; each with the reason.
const neighbours = (rows, initiatives) => {
  const chosen = rows.filter((row) => row.isPicked);
  const others = initiatives.filter((row) => !row.isPicked);
  const having = (name, reason) => {
    const values = new Set(chosen.map((row) => row[name]).filter(Boolean));
    return others.filter((row) => values.has(row[name])).map((row) => [row, reason]);
  };
  const found = [...having("near", "計画の同じ場所"), ...having("alike", "同じ名前の指標")];
  const reasons = new Map(found); // the stronger reason stays
  return [...reasons].sort(([, one], [, other]) => other.includes("指標") - one.includes("指標")).slice(0, SUGGESTED);
};

/** The rows of the list, the first of each initiative, how more is found out about them, and how to say something to who listens. */
export const start = (page, { rows, initiatives, complete, prepare, sortable }, say) => {
  const find = (selector) => page.querySelector(selector);
  const bar = find(".picks");
  const words = bar.querySelector("p");
  let picks = [];
  let isComparing = false;
  const rowsOf = (ids) => ids.flatMap((id) => rows.filter((row) => row.id === id));
  const name = (id) => rowsOf([id])[0].name;

  const remember = (method) => {
    const parameters = new URLSearchParams(location.search);
    parameters.delete("pick");
    parameters.delete("compare");
    if (picks.length) parameters.set(isComparing ? "compare" : "pick", picks.join(","));
    go(parameters, method);
  };

  const suggest = async () => {
    const asked = picks;
    const found = picks.length && picks.length < MOST ? neighbours(rows, initiatives) : [];
    await complete(found.map(([row]) => row));
    if (picks === asked) for (const place of page.querySelectorAll("[data-near]")) offer(place, found);
  };

  const offer = (place, found) => {
    place.hidden = !found.length;
    place.replaceChildren(
      place.firstElementChild,
      make("ul", {}, ...found.map(([row, reason]) =>
        make("li", {}, button("button", `＋ ${row.name}`, `「${row.name}」も比べる（${reason}）`, () => {
          pick(row.id, true);
          (isComparing ? find("#comparison-title") : find(picks.length > 1 ? "[data-compare]" : "[name=q]")).focus();
        }), " ", make("span", { className: "sub", textContent: reason })))),
    );
  };

  const draw = () => {
    for (const row of rows) {
      row.isPicked = picks.includes(row.id);
      if (!row.element) continue;
      row.box.checked = row.isPicked;
      row.element.classList.toggle("is-picked", row.isPicked);
    }
    const chips = picks.map((id) =>
      make("li", {}, button("chip", name(id), `「${name(id)}」を選択から外す`, () => {
        pick(id, false);
        (bar.querySelector(".chip") ?? find("[name=q]")).focus();
      })),
    );
    bar.querySelector("ul").replaceChildren(...chips);
    suggest().catch(() => {});
    const more = picks.length < 2 ? `あと${2 - picks.length}件選ぶと、` : "";
    words.textContent = `${picks.length}件を選んでいます。${more}並べて比べられます（${MOST}件まで）。`;
    find("[data-compare]").hidden = picks.length < 2;
    bar.hidden = isComparing || !picks.length;
    find(".explorer").hidden = isComparing;
    find(".comparison").hidden = !isComparing;
    document.documentElement.classList.toggle("has-picks", !bar.hidden);
    if (!isComparing) return;
    const compared = rowsOf(picks);
    compared.forEach(prepare);
    fill(page, compared, remove);
  };

  const pick = (id, isPicked) => {
    const isTooMany = isPicked && picks.length >= MOST;
    if (!isTooMany) picks = picks.filter((picked) => picked !== id).concat(isPicked ? id : []);
    draw();
    if (isTooMany) words.textContent = `比べられるのは${MOST}件までです。どれかを外してから選んでください。`;
    const done = isTooMany ? "" : `「${name(id)}」を${isPicked ? "選びました" : "外しました"}。`;
    say(done + words.textContent);
    remember();
  };

  const remove = (id) => {
    isComparing = picks.length > 2;
    pick(id, false);
    find(isComparing ? "#comparison-title" : "[name=q]").focus();
  };

  const show = (isShown) => {
    isComparing = isShown;
    draw();
    remember("pushState");
    page.scrollIntoView();
    find(isShown ? "#comparison-title" : "[data-compare]").focus({ preventScroll: true });
    say(isShown ? `${picks.length}件の事業を並べました` : "一覧に戻りました");
  };

  const restore = async () => {
    const parameters = new URLSearchParams(location.search);
    const ids = (parameters.get("compare") ?? parameters.get("pick") ?? "").split(",");
    await sortable();
    const known = [...new Set(ids)].filter((id) => rowsOf([id]).length).slice(0, MOST);
    await complete(rowsOf(known));
    picks = known;
    isComparing = parameters.has("compare") && picks.length > 1;
    // Who came to compare one is first offered another.
    bar.querySelector("details").open = parameters.has("compare") && picks.length === 1;
    draw();
  };

  find("[data-compare]").addEventListener("click", () => show(true));
  find("[data-close]").addEventListener("click", () => show(false));
  find("[data-clear]").addEventListener("click", () => {
    picks = [];
    draw();
    remember();
    say("選択をやめました");
    find("[name=q]").focus();
  });
  return { pick, restore };
};
