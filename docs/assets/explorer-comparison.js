// Two to four 事業 side by side, from what the list already holds: one column each, one line a year.
import { button, cellNodes, make } from "./explorer-text.js";

const head = (scope, ...children) => {
  const cell = make("th", {}, ...children);
  cell.scope = scope;
  return cell;
};

// 「令和4年度（2022年度）」 with the second era smaller, as in every table.
const yearHead = (label, role) => {
  const [, era, western] = label.match(/^([^（]*)(.*)$/);
  return [`${era}${role}`, make("span", { className: "sub", textContent: western })];
};

const copied = (index) => (row) => [...row.cells[index].childNodes].map((node) => node.cloneNode(true));

/** Fills the comparison of ``page`` with these rows; ``remove(id)`` is called for one that is taken out. */
export const compare = (page, rows, remove) => {
  const table = page.querySelector(".comparison__table");
  const years = [...page.querySelector("[name=year]").options].map((option) => option.text).toReversed();
  const { amountYears, targetYear } = JSON.parse(page.querySelector(".explorer").dataset.config);

  const line = (title, content) =>
    make("tr", {}, head("row", ...title), ...rows.map((row) => make("td", {}, ...content(row))));
  const group = (title, ...lines) => {
    const heading = head("rowgroup", title);
    heading.colSpan = rows.length + 1;
    return make("tbody", {}, make("tr", { className: "group" }, heading), ...lines);
  };

  // Rates have one scale for all: every bar can be held against the same mark for its target.
  const longest = Math.max(100, ...rows.map((row) => Number(row.rate ?? 0)));
  const rate = (row) => {
    if (!row.rate) return copied(6)(row);
    const bar = make("span", { className: `meter meter--${row.verdict}` });
    bar.style.setProperty("--rate", Number(row.rate) / longest);
    bar.style.setProperty("--goal", 100 / longest);
    return [...copied(6)(row), bar];
  };

  const names = rows.map((row) => {
    const [, ...name] = copied(0)(row); // without the box to choose it
    return head("col", ...name, button("button", "外す", `「${row.name}」を比較から外す`, () => remove(row.id)));
  });
  table.tHead.replaceChildren(make("tr", {}, head("col", "項目"), ...names));
  for (const body of [...table.tBodies]) body.remove();
  table.append(
    group("事業", line(["分野・戦略"], copied(1)), line(["指標"], copied(2))),
    group(
      "指標の実績と目標",
      ...years.map((year, index) => line(yearHead(year, "の実績"), (row) => cellNodes(row.actual[index], row.unit))),
      line(yearHead(targetYear, "の目標"), copied(4)),
      line(["判定"], copied(5)),
      line(["達成率"], rate),
    ),
    group(
      "決算見込額",
      ...amountYears.map((year, index) => line(yearHead(year, ""), (row) => cellNodes(row.money[index], "千円"))),
    ),
  );
};
