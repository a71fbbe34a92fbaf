// What the list shows as rows of the published table, so that both say the same in the same columns.
const TABLE = new URL("../data/initiatives-newest.csv", import.meta.url);

const RECORD = /(?:"(?:[^"]|"")*"|[^"\n])+\n/g;
const CELL = /(^|,)("?)((?:""|[^"])*?)\2(?=,|\n$)/g;

// What a spreadsheet would take for a formula is made text by an apostrophe; a dash alone and a number are none.
export const asText = (cell) => (/^(?:[=+@＝＋－＠\t\r\n]|-(?!$|\d+(?:\.\d+)?$))/.test(cell) ? `'${cell}` : cell);
const recordAsText = (record) =>
  record.replace(CELL, (_, before, quote, cell) => `${before}${quote}${asText(cell)}${quote}`);

export const saveFile = (name, texts) => {
  // Excel takes a file for UTF-8 only if it begins with a byte order mark.
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", ...texts], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

/** Saves the rows of these initiatives, in this order; returns how many. */
export const save = async (ids) => {
  const answer = await fetch(TABLE);
  if (!answer.ok) throw new Error(answer.statusText);
  const [header, ...records] = (await answer.text()).match(RECORD);
  const byId = new Map(records.map((record) => [record.split(",", 1)[0], recordAsText(record)]));
  const rows = [...new Set(ids)].map((id) => byId.get(id));
  if (rows.includes(undefined)) throw new Error("a row is missing");
  saveFile("initiatives-shown.csv", [header, ...rows]);
  return rows.length;
};
