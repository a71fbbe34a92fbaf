// What the list shows as rows of the published table, so that both say the same in the same columns.
const TABLE = new URL("../data/initiatives-newest.csv", import.meta.url);

const RECORD = /(?:"(?:[^"]|"")*"|[^"\n])+\n/g;
const CELL = /(^|,)("?)((?:""|[^"])*?)\2(?=,|\n$)/g;
// What a spreadsheet would take for a formula is made text by an apostrophe.
const asText = (record) =>
  record.replace(CELL, (cell, before, quote, text) =>
    /^(?:[=+@＝＋－＠\t\r]|-\D)/.test(text) ? `${before}${quote}'${text}${quote}` : cell,
  );

/** Saves the rows of these initiatives, in this order; returns how many. */
export const save = async (ids) => {
  const answer = await fetch(TABLE);
  if (!answer.ok) throw new Error(answer.statusText);
  const [header, ...records] = (await answer.text()).match(RECORD);
  const byId = new Map(records.map((record) => [record.split(",", 1)[0], asText(record)]));
  const rows = [...new Set(ids)].map((id) => byId.get(id));
  // Excel takes a file for UTF-8 only if it begins with a byte order mark.
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", header, ...rows], { type: "text/csv" }));
  link.download = "initiatives-shown.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  return rows.length;
};
