// The rows of the list. What is asked of all of them comes in one file of columns, what is shown of one with those beside
// it, when it is shown, and what all are sorted by when that is asked for. A row in the page is taken as it stands there,
// any other is drawn.
import { cellNodes, grouped, make, textOf } from "./explorer-text.js";

const folder = new URL("../initiatives/", import.meta.url);
const loads = new Map();
const load = (name) => {
  if (!loads.has(name)) {
    const file = fetch(new URL(`${name}.json`, folder)).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${name}.json`);
      return answer.json();
    });
    loads.set(name, file);
    file.catch(() => loads.delete(name)); // who asks next tries again
  }
  return loads.get(name);
};

// A column is a value for each row, or the values there are and which of them each row has.
const valueAt = (column, place) => (Array.isArray(column) ? column[place] : column.of[column.is[place]]);
const fill = (rows, columns) => {
  for (const [name, column] of Object.entries(columns))
    rows.forEach((row, place) => {
      const value = valueAt(column, place);
      if (value !== null && value !== "") row[name] = value;
    });
};

const span = (className, ...children) => make("span", { className }, ...children);
const missing = (textContent) => span("missing", textContent);

/** The rows of ``page``; ``onPick(row, isPicked)`` answers the box of each. */
export const open = async (page, onPick) => {
  const { size, rows: count, codes, columns, first } = await load("rows");
  const rows = Array.from({ length: count }, (_, place) => ({ place, codes: {} }));
  fill(rows, columns);
  fill(rows.map((row) => row.codes), codes);
  for (const [place, row] of rows.entries()) {
    row.first = row.more ? rows[place - 1].first : row;
    row.number = row.more ? row.first.number : place && rows[place - 1].number + 1;
  }

  const table = page.querySelector(".explorer__table");
  const printed = [...table.tBodies[0].rows];
  const { labels, doubts, eras } = JSON.parse(page.querySelector(".explorer").dataset.config);
  const shownColumns = new Set([...table.tHead.querySelectorAll("[data-sort]")].map((head) => head.dataset.sort));

  // What a code is called, and its symbol, stands where it can be chosen.
  const choice = (name, code) => page.querySelector(`[name="${name}"][value="${CSS.escape(code)}"]`)?.nextSibling;
  const called = (name, code) => textOf(choice(name, code).querySelector("b"));
  const symbolOf = (name, code) => textOf(choice(name, code).querySelector(".option__symbol"));
  const hidden = (text, properties = {}) => Object.assign(make("span", properties, text), { ariaHidden: "true" });
  // The levels of the plan that are filters.
  const levels = [...page.querySelectorAll(".finder__panel select")].filter(({ name }) => name !== "year").map(({ name }) => name);

  const TEXTS = {
    area: ({ codes, again: places = [] }) => {
      const nodes = levels.map((name) => codes[name] && page.querySelector(`[name="${name}"] [value="${CSS.escape(codes[name])}"]`));
      const again = places.filter((code) => choice("area", code)).map((code) => called("area", code));
      return [
        called("area", codes.area),
        ...nodes.filter(Boolean).map((node) => span("sub", textOf(node))),
        ...(again.length ? [span("sub", `再掲：${again.join("、")}`)] : []),
      ];
    },
    indicator: ({ codes, indicator }) => [
      indicator ?? missing("指標の記載なし"),
      ...(indicator && codes.kind !== "unspecified" ? [" ", span("kind", called("kind", codes.kind))] : []),
      ...(codes.shared ? [" ", span("tag", "同じ指標の事業あり")] : []),
    ],
    actual: (row) => cellNodes(row.actual.at(-1), row.unit),
    target: (row) => cellNodes(row.target, row.unit),
    verdict: ({ id, codes }) => {
      const mark = hidden(symbolOf("verdict", codes.verdict), { className: "verdict__mark" });
      const verdict = span(`verdict verdict--${codes.verdict}`, mark, called("verdict", codes.verdict));
      return codes.doubt ? [verdict, " ", make("a", { className: "revised", href: `${id}/#notes`, textContent: doubts[codes.doubt] })] : [verdict];
    },
    rate: (row) => [
      row.rate ? span("value", `${grouped(row.rate)}%`) : missing("計算なし"),
      ...(row.short ? [span("sub", `あと${row.short}`, make("wbr"), row.per ?? "")] : []),
    ],
    progress: (row) => [row.progress ? span("value", `${grouped(row.progress)}%`) : missing("計算なし")],
    trend: (row) => {
      const { trend } = row.codes;
      const word = called("trend", trend);
      if (trend === "not_comparable") return [missing(word)];
      const said = span(`trend trend--${trend}`, hidden(symbolOf("trend", trend)), ` ${word}${row.estimate ? "（見込み）" : ""}`);
      return row.signed ? [said, span("sub", row.signed, make("wbr"), row.per ?? "")] : [said];
    },
    before: (row) => [row.before ? eras[row.before] : missing(row.target.missing ? "計算なし" : "なし")],
    money: (row) => cellNodes(row.money.at(-1), "千円"),
  };
  const NUMBERS = new Set(["actual", "target", "rate", "progress", "money"]);
  const OWN = new Set(["target", "verdict", "rate", "progress", "trend", "before", "money"]);
  const classOf = (name) => [OWN.has(name) && `of-${name}`, NUMBERS.has(name) && "num"].filter(Boolean).join(" ");

  const draw = (row) => {
    const tag = (text, more = "") => [" ", span(`tag${more}`, text)];
    const name = make("th", { scope: "row" },
      make("a", { className: "row__name", href: `${row.id}/`, textContent: row.name }),
      ...(row.codes.star ? [" ", page.querySelector(".found ~ .sub .star").cloneNode(true)] : []),
      ...(row.codes.state === "continuing" ? [] : tag(called("state", row.codes.state), " tag--ended")),
      ...(row.policy ? tag(`${row.policy}の指標`) : []),
      ...(row.grades ?? []).flatMap((grade) => tag(grade)),
      ...(row.codes.grant ? tag("関係がありそうな交付金", " tag--more") : []));
    const cells = Object.keys(TEXTS).filter((column) => shownColumns.has(column)).map((column) => {
      const cell = make("td", classOf(column) ? { className: classOf(column) } : {}, ...TEXTS[column](row));
      cell.dataset.label = labels[column];
      return cell;
    });
    return make("tr", {}, name, ...cells);
  };

  // With its element, and the box that chooses it.
  const prepare = (row) => {
    if (row.element) return;
    row.element = printed[row.place] ?? draw(row);
    row.cells = [...row.element.cells];
    row.link = row.cells[0].querySelector("a");
    row.drawnYear = 0; // the newest year is the first that can be chosen
    row.box = make("input", { type: "checkbox" });
    row.box.setAttribute("aria-label", `${row.name}を比べる`);
    row.box.addEventListener("change", () => onPick(row, row.box.checked));
    row.cells[0].prepend(make("label", { className: "pick" }, row.box, make("span", {}, "比べる")));
  };

  const parts = new Set();
  const take = (number, { columns: shown, years }) => {
    if (parts.has(number)) return;
    parts.add(number);
    const here = rows.slice(number * size, (number + 1) * size);
    fill(here, shown);
    here.forEach((row, place) => {
      row.unit ??= "";
      for (const [name, columns] of Object.entries(years)) row[name] = columns.map((column) => valueAt(column, place));
      [row.target] = row.target;
    });
  };
  const partOf = (row) => Math.floor(row.place / size);
  take(0, first);

  return {
    rows,
    isComplete: (row) => parts.has(partOf(row)),
    /** Once all is known of these rows. */
    complete: (some) => {
      const asked = [...new Set(some.map(partOf))].filter((part) => !parts.has(part));
      return Promise.all(asked.map(async (part) => take(part, await load(`rows-${part}`))));
    },
    prepare,
    /** Once the ids of all rows are known, and the numbers they are sorted by. */
    sortable: async () => {
      if (!rows.isSortable) fill(rows, await load("keys"));
      rows.isSortable = true;
    },
  };
};
