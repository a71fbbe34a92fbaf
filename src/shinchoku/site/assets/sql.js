// The page for SQL: only when somebody runs a query, SQLite and the database are fetched, once; the query stands in
// the address. What cells say becomes text nodes, never markup.
import { asText, saveFile } from "./explorer-csv.js";
import { grouped, make } from "./explorer-text.js";

const READ = 10_000; // rows that are read, and saved
const SHOWN = 500; // rows of them that are shown
const LONGEST = 6_000; // what servers take for an address

const page = document.querySelector(".page--sql");
const form = page.querySelector(".query");
const field = form.elements.q;
const runButton = form.querySelector("[type=submit]");
const stopButton = form.querySelector("[data-stop]");
const said = page.querySelector(".query__said");
const place = page.querySelector(".query__result");
const first = field.value;

const say = (...texts) => {
  said.replaceChildren(...texts);
  said.scrollIntoView({ block: "nearest" }); // on a low screen it stands below what was pressed
};

// ---- SQLite

// Kept, so that a query that was stopped needs no network for the next one.
let fetched;
const files = () => {
  const file = (address, base = import.meta.url) =>
    fetch(new URL(address, base)).then((response) => {
      if (!response.ok) throw new Error(response.status);
      return response;
    });
  fetched ??= Promise.all([
    file("vendor/sqljs/sql-wasm-browser.js").then((response) => response.text()),
    file("sql-worker.js").then((response) => response.text()),
    file("vendor/sqljs/sql-wasm-browser.wasm").then((response) => response.arrayBuffer()),
    file(page.dataset.database, document.baseURI).then((response) => response.arrayBuffer()),
  ]).catch((error) => {
    fetched = undefined;
    throw error;
  });
  return fetched;
};

let worker;
const started = async () => {
  const [library, program, wasm, database] = await files();
  if (!worker) {
    const address = URL.createObjectURL(new Blob([library, "\n", program], { type: "text/javascript" }));
    worker = new Worker(address);
    URL.revokeObjectURL(address);
    worker.postMessage({ wasm, database });
  }
  return worker;
};

const ended = () => {
  worker?.terminate();
  worker = undefined;
};

// ---- What SQLite says, in Japanese

const MEANINGS = [
  [/^no such table: (.+)/, (name) => `「${name}」という表はありません。名前は「表と列」にあります。`],
  [/^no such column: (.+)/, (name) => `「${name}」という列はありません。名前は「表と列」にあります。`],
  [/^no such function: (.+)/, (name) => `「${name}」という関数はありません。`],
  [/^ambiguous column name: (.+)/, (name) => `どの表の「${name}」かわかりません。「表.列」のように書いてください。`],
  [/^near "(.+)": syntax error/s, (word) => `「${word}」のあたりの書き方が、SQLの決まりに合いません。`],
  [/^incomplete input/, () => "文が途中で終わっています。かっこや引用符が閉じているかを確かめてください。"],
  [/^unrecognized token/, () => "読めない記号があります。引用符や全角の記号を確かめてください。"],
  [/readonly/, () => "このデータベースは読むだけです。書き換える文は実行できません。"],
];
const meaning = (error) => {
  for (const [pattern, words] of MEANINGS) {
    const found = error.match(pattern);
    if (found) return words(found[1]);
  }
  return "このSQLは実行できませんでした。";
};

// ---- The result

const shown = (value) => {
  if (value === null) return make("td", {}, make("span", { className: "missing", textContent: "NULL" }));
  if (value === "") return make("td", {}, make("span", { className: "missing", textContent: "空の文字" }));
  if (value instanceof Uint8Array) return make("td", {}, `${value.length}バイトのデータ`);
  return make("td", { className: typeof value === "number" ? "num" : "" }, String(value));
};

const draw = ({ columns, rows, isMore }) => {
  const caption = make("caption", { id: "result", textContent: "問い合わせの結果" });
  const isNumeric = (index) => rows.every((row) => row[index] === null || typeof row[index] === "number");
  const heads = columns.map((name, index) => {
    const className = isNumeric(index) ? "num" : "";
    return make("th", { scope: "col", className, textContent: name });
  });
  const table = make("table", { className: "table" }, caption, make("thead", {}, make("tr", {}, ...heads)));
  table.append(make("tbody", {}, ...rows.slice(0, SHOWN).map((row) => make("tr", {}, ...row.map(shown)))));
  const region = make("div", { className: "table-scroll", tabIndex: 0, role: "region" }, table);
  region.setAttribute("aria-labelledby", "result");
  const save = make("button", { type: "button", className: "button", textContent: "CSVで保存" });
  save.addEventListener("click", () => saveCsv(columns, rows));
  place.replaceChildren(make("p", {}, save), region);

  const count = `${grouped(rows.length)}行${isMore ? "まで読みました。結果はもっとあるので、WHERE や LIMIT で絞ってください" : "の結果です"}。`;
  return rows.length > SHOWN ? `${count}画面には、はじめの${SHOWN}行を表示しています。CSVには${grouped(rows.length)}行が入ります。` : count;
};

// Numbers are numbers, NULL is empty.
const csvCell = (value) => {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = value instanceof Uint8Array ? `${value.length}バイトのデータ` : value;
  const safe = asText(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const saveCsv = (columns, rows) =>
  saveFile("sql-result.csv", [columns, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`));

// ---- Running

let run = 0; // the newest; what an earlier one answers is of no use any more
const busy = (is) => {
  stopButton.disabled = !is;
  place.setAttribute("aria-busy", String(is));
};

const ask = (at, sql) =>
  new Promise((resolve) => {
    at.onmessage = ({ data }) => resolve(data);
    at.onerror = ({ message }) => resolve({ error: message, isBroken: true });
    at.postMessage({ sql, most: READ });
  });

const execute = async (sql) => {
  const own = ++run;
  if (!stopButton.disabled) ended(); // one is still running
  place.replaceChildren();
  busy(true);
  say(worker ? "実行しています…" : "SQLiteとデータベースを読み込んで、実行しています…");
  const began = performance.now();
  let found;
  try {
    const at = await started();
    if (own === run) found = await ask(at, sql);
  } catch {
    if (own === run) say("読み込めませんでした。通信を確かめて、もう一度「実行」を押してください。");
  }
  if (own !== run) return;
  busy(false);
  if (!found) return;
  if (found.isBroken) ended();
  if (/not a database/.test(found.error)) {
    ended();
    fetched = undefined; // not what was asked for: the next time it is fetched anew
  }
  if (found.error !== undefined)
    say(`${meaning(found.error)}（SQLiteの言葉：`, make("code", { lang: "en", textContent: found.error }), "）");
  else if (!found.result.columns.length) say("実行しました。結果の表はありません。");
  else say(draw(found.result), `（${((performance.now() - began) / 1000).toFixed(2)}秒）`);
};

const addressOf = (sql) => {
  const query = `?${new URLSearchParams({ q: sql })}`;
  return query.length > LONGEST ? location.pathname : query;
};

const ran = () => history.state?.sql ?? new URLSearchParams(location.search).get("q") ?? undefined;

// What the entry of the history stands for that the page shows.
let noted;
const note = () => {
  noted = { sql: ran(), search: location.search };
};
note();

const submit = () => {
  const sql = field.value;
  if (!sql.trim()) {
    say("SQLを入れてください。");
    return;
  }
  if (sql !== ran()) history.pushState({ sql }, "", addressOf(sql));
  note();
  execute(sql);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  submit();
});
stopButton.addEventListener("click", () => {
  run += 1;
  ended();
  busy(false);
  say("止めました。");
  runButton.focus(); // not the field, which would bring up the keyboard of a phone
});
form.querySelector("[data-share]").addEventListener("click", async () => {
  const sql = field.value;
  const address = new URL(addressOf(sql), location.href).href;
  if (!address.includes("?")) say("長いので、アドレスに入りません。SQLそのものをコピーしてください。");
  else if (await navigator.clipboard?.writeText(address).then(() => true, () => false)) say("アドレスをコピーしました。");
  else say(address);
});
for (const link of page.querySelectorAll("[data-example]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a window of its own
    event.preventDefault();
    field.value = new URL(link.href).searchParams.get("q");
    field.scrollTop = 0;
    runButton.focus({ preventScroll: true });
    form.scrollIntoView();
    submit();
  });
}
addEventListener("popstate", ({ state }) => {
  const sql = ran();
  // A link within the page is an entry of its own, too, but of the same query.
  if (sql === noted.sql || (!state && location.search === noted.search)) return;
  note();
  field.value = sql ?? first;
  if (sql !== undefined && worker) execute(sql);
  else {
    place.replaceChildren();
    say("「実行」を押すと、このSQLの結果が出ます。");
  }
});

page.classList.add("is-ready");
// Beside the query where there is room (sql.css), so that names need not be remembered.
page.querySelector(".query__tables").open = matchMedia("(min-width: 60em)").matches;
if (ran() !== undefined) {
  field.value = ran();
  said.textContent = "アドレスに入っていたSQLです。「実行」を押すと、結果が出ます。";
}
