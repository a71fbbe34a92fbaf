// Finds pages in the files that src/shinchoku/search.py writes, and the words in their texts.
// Knows nothing of the page it runs in; search.js loads it when somebody first searches.

const MOST = 500; // pages looked through for one query
const folder = new URL("../search/", import.meta.url);
const files = new Map();
let alike = {};

const load = (name) => {
  if (!files.has(name)) {
    const file = fetch(new URL(`${name}.json`, folder)).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${name}.json`);
      return answer.json();
    });
    files.set(name, file);
    file.catch(() => files.delete(name)); // the next query tries again
  }
  return files.get(name);
};

const open = async () => {
  const index = await load("index");
  alike = index.alike;
  return index;
};

// The same as normalise() in search.py, where the reasons stand.
export const normalise = (text) =>
  Array.from(text.replace(/ +(?=[₀-₉])/g, "").normalize("NFKC").toLowerCase(), (one) => alike[one] ?? one)
    .join("")
    .replace(/(?<=[ぁ-ゖ])ー+(?![ぁ-ゖー])/g, "")
    .replace(/(?<=[0-9]),(?=[0-9]{3})/g, "")
    .replace(/平成(?=[0-9元])/g, "h")
    .replace(/令和(?=[0-9元])/g, "r")
    .replace(/(?<=[rh])元(?=年)/g, "1")
    .replace(/[^\p{L}\p{N}★☆\t\n]+/gu, " ")
    .replace(/(?<![a-z0-9]) +| +(?![a-z0-9])/g, "");

// Words, or several in quotes as one. Latin words and numbers are found where they begin, numbers
// also where they end: "it" is not in "city", and 300 neither in 1,300 nor in 3,000.
const termsOf = (query) =>
  (query.normalize("NFKC").replace(/[“”]/g, '"').match(/"[^"]*"|[^\s"]+/g) ?? [])
    .map(normalise)
    .filter(Boolean)
    .map((text) => {
      const before = /^[a-z]/.test(text) ? "(?<![a-z])" : /^[0-9]/.test(text) ? "(?<![0-9])" : "";
      const after = /[0-9]$/.test(text) ? "(?![0-9])" : "";
      return { text, pattern: new RegExp(before + text + after, "g") };
    });

const count = (text, term) => text.match(term.pattern)?.length ?? 0;
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

// Of several maps from a page's number to whether it is in the title: the pages in all of them.
const inAll = ([first, ...others]) => {
  const numbers = [...first.keys()].filter((number) => others.every((other) => other.has(number)));
  return new Map(numbers.map((number) => [number, [first, ...others].every((map) => map.get(number))]));
};

const withPair = async (pair, index) => {
  const file = await load(`pairs-${pair.codePointAt(0) % index.pairs}`);
  // A single character is in all pairs that begin with it.
  const isPair = Array.from(pair).length > 1;
  const keys = isPair ? [pair] : Object.keys(file).filter((key) => key.startsWith(pair));
  const found = new Map();
  for (const key of keys) {
    let number = 0;
    for (const code of file[key] ?? []) {
      number += code >> 1;
      found.set(number, Boolean(found.get(number) || code & 1));
    }
  }
  return found;
};

const withTerm = async (term, index) => {
  const characters = Array.from(term.text);
  const pairs = characters.slice(1).map((second, place) => characters[place] + second);
  return inAll(await Promise.all((pairs.length ? pairs : characters).map((pair) => withPair(pair, index))));
};

const pageAt = async (number, index) => {
  const shelf = index.first.filter((first) => first <= number).length - 1;
  const [address, kind, title, trail, text] = (await load(`pages-${shelf}`))[number - index.first[shelf]];
  return { address: new URL(`../${address}`, folder).href, kind, title, trail, text };
};

// {terms, pages, isAll}: the pages with every word of the query. The more of a title the words are the
// earlier it comes, and then the more of the text. Of very many only some are looked through.
export const find = async (query) => {
  const index = await open();
  const terms = termsOf(query);
  if (!terms.length) return { terms, pages: [], isAll: true };
  const candidates = [...inAll(await Promise.all(terms.map((term) => withTerm(term, index))))];
  candidates.sort(([one, oneInTitle], [other, otherInTitle]) => otherInTitle - oneInTitle || one - other);
  const read = candidates.slice(0, MOST).map(([number]) => pageAt(number, index));
  const pages = (await Promise.all(read)).filter((page) => {
    const [title, text] = [normalise(page.title), normalise(page.text)];
    const named = terms.filter((term) => count(title, term));
    page.isNamed = named.length === terms.length;
    page.ranks = [
      sum(named.map((term) => term.text.length)) / title.length,
      sum(terms.map((term) => count(text, term))) / text.length,
    ];
    return terms.every((term) => count(text, term));
  });
  pages.sort(({ ranks: one }, { ranks: other }) => other[0] - one[0] || other[1] - one[1]);
  return { terms, pages, isAll: candidates.length <= MOST };
};

// Whether a text that is normalised already has every word of a query.
export const matcher = async (query) => {
  await open();
  const terms = termsOf(query);
  return (plain) => terms.every((term) => count(plain, term));
};

// [[start, end], …] of the words in a text, in order and apart from each other.
export const places = (text, terms) => {
  const plain = normalise(text);
  const found = terms.flatMap((term) => [...plain.matchAll(term.pattern)]);
  found.sort((one, other) => one.index - other.index || other[0].length - one[0].length);
  const apart = found.filter((match, number) => {
    const before = found.slice(0, number).map((other) => other.index + other[0].length);
    return match.index >= Math.max(0, ...before);
  });
  return apart.map((match) => {
    const start = firstPlace(text, (place) => normalise(text.slice(0, place + 1)).length > match.index);
    const rest = plain.length - match.index - match[0].length;
    const end = firstPlace(text, (place) => normalise(text.slice(place)).length <= rest);
    return [between(text, start, -1), between(text, end, 1)];
  });
};

// The place, or one to its side where it parts the two halves of a character such as 𠮷.
const between = (text, place, side) => (/[\udc00-\udfff]/.test(text.charAt(place)) ? place + side : place);

// What was normalised cannot be counted back character by character, but halving finds the place.
const firstPlace = (text, holds) => {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

// The line of a page with the most of the words, cut to what stands around the first of them;
// of a row of a table, where that is far from its beginning, also the cell that says what the row is about.
export const excerpt = (page, terms, before = 25, length = 110) => {
  const lines = page.text.split("\n").slice(1);
  const counts = lines.map((line) => terms.filter((term) => count(normalise(line), term)).length);
  const line = lines[counts.indexOf(Math.max(...counts))] ?? "";
  const start = between(line, Math.max(0, (places(line, terms)[0]?.[0] ?? 0) - before), -1);
  const head = start && line.includes("\t") ? line.slice(0, Math.min(start, line.indexOf("\t"), length / 2)) : "";
  const cut = line.slice(start, between(line, start + length - head.length, 1));
  return head + (start ? "…" : "") + cut + (cut && line.endsWith(cut) ? "" : "…");
};
