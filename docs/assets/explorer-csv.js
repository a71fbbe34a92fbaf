// What the list shows as a CSV (RFC 4180): numbers as numbers, and where there is none the reason in words.
import { parts, textOf } from "./explorer-text.js";

// What a spreadsheet would take for a formula is made text by an apostrophe. Numbers do not come this way.
const quote = (text) => {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const value = (cell) => {
  const { number, words, missing } = parts(cell);
  return number ?? quote(words ?? missing);
};
const note = (cell) => quote(parts(cell).note ?? "なし");
const has = (code) => (code ? "あり" : "なし");

/** Saves these rows of ``page``; ``actualOf(row)`` is the cell of the year that is shown. */
export const save = (page, rows, actualOf) => {
  const { amountYears, targetYear, documents, licences } = JSON.parse(page.querySelector(".explorer").dataset.config);
  const year = page.querySelector("[name=year]").selectedOptions[0]?.text;
  const inYear = (some, title) => (some ? `${some}の${title}` : title);
  const labels = new Map([["none", "なし"]]);
  for (const box of page.querySelectorAll(".finder [type=checkbox]"))
    labels.set(`${box.name}=${box.value}`, textOf(box.parentElement.querySelector("b")));
  for (const option of page.querySelectorAll("[name=pillar] option"))
    labels.set(`pillar=${option.value}`, textOf(option));
  const sinceTitle = page.querySelector("fieldset:has([name=since]) legend")?.textContent;
  const label = (name) => (row) => quote(labels.get(row[name] ? `${name}=${row[name]}` : "none"));

  const nameOf = (id) => labels.get(`area=${id}`) ?? labels.get(`pillar=${id}`);
  const columns = [
    ["事業ID", (row) => row.id],
    ["事業名", (row) => quote(row.name)],
    ["★印", (row) => has(row.star)],
    ["分野・戦略", label("area")],
    ["柱", label("pillar")],
    ["再掲の場所", (row) => quote((row.again ?? []).map(nameOf).join("、") || "なし")],
    ["終了の記載", label("state")],
    ["指標", (row) => quote(row.indicator)],
    ["集計の仕方", label("kind")],
    ["単位", (row) => quote(row.unit ?? "なし")],
    [inYear(year, "実績"), (row) => value(actualOf(row))],
    ["実績の注記", (row) => note(actualOf(row))],
    [inYear(targetYear, "目標"), (row) => value(row.target)],
    ["目標の注記", (row) => note(row.target)],
    ["判定（このサイトの計算）", label("verdict")],
    ["達成率%（このサイトの計算）", (row) => row.rate ?? "計算なし"],
    ["目標までの差（このサイトの計算）", (row) => row.short ?? "なし"],
    ["前の年度から（このサイトの計算）", label("trend")],
    ["前の年度との差（このサイトの計算）", (row) => row.diff ?? "計算なし"],
    ["前の年度からの変化%（このサイトの計算）", (row) => row.change ?? "計算なし"],
    ...(sinceTitle ? [[`${sinceTitle}（このサイトの計算）`, label("since")]] : []),
    ["前に届いた年度（西暦、このサイトの計算）", (row) => row.before ?? "なし"],
    ["判定への疑問", label("doubt")],
    [inYear(amountYears.at(-1), "決算見込額（千円）"), (row) => value(row.money.at(-1))],
    ["関係がありそうな交付金（このサイトの読み取り）", (row) => has(row.grant)],
    ["出典", (row) => quote(documents[row.source])],
    ["利用条件", (row) => quote(licences[row.source])],
    ["出典の行", (row) => row.line],
    ["アドレス", (row) => quote(row.link.href)],
  ];
  const lines = [columns.map(([title]) => quote(title)), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  // Excel takes a file for UTF-8 only if it begins with a byte order mark.
  const text = `\ufeff${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "initiatives.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
