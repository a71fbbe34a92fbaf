// Finds pages in the files that src/shinchoku/site/search_index.py writes, and the words in their texts.
// Knows nothing of the page it runs in; search-panel.js loads it when somebody first types.

const MOST = 500; // pages looked through for one query
const folder = new URL("../search/", import.meta.url);
const files = new Map();
let alike = {};
let meant; // what people type, as it is compared → the words they mean by it
let typed; // finds what people type

const load = (name, read = (content) => content) => {
  if (!files.has(name)) {
    const file = fetch(new URL(`${name}.json`, folder)).then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${name}.json`);
      return read(await answer.json());
    });
    files.set(name, file);
    file.catch(() => files.delete(name)); // the next query tries again
  }
  return files.get(name);
};

const open = async () => {
  const index = await load("index");
  if (meant) return index;
  alike = index.alike;
  meant = new Map(Object.entries(index.aliases).map(([alias, words]) => [normalise(alias), words]));
  meant.delete("");
  const longestFirst = [...meant.keys()].sort((one, other) => other.length - one.length);
  typed = meant.size ? new RegExp(`(${longestFirst.map(bounded).join("|")})`) : /(?!)/;
  return index;
};

// The same as normalise() in src/shinchoku/text.py, where the reasons stand.
export const normalise = (text) =>
  Array.from(text.replace(/ +(?=[₀-₉])/g, "").normalize("NFKC").toLowerCase(), (one) => alike[one] ?? one)
    .join("")
    .replace(/(?<=[ぁ-ゖ])ー+(?![ぁ-ゖー])/g, "")
    .replace(/(?<=[0-9]),(?=[0-9]{3})/g, "")
    .replace(/平成(?=[0-9元])/g, "h")
    .replace(/令和(?=[0-9元])/g, "r")
    .replace(/(?<=[rh])元(?=年)/g, "1")
    .replace(/[^\p{L}\p{N}\u2600-\u266f\t\n]+/gu, " ")
    .replace(/(?<![a-z0-9]) +| +(?![a-z0-9])/g, "");

// Latin words and numbers are found where they begin, numbers also where they end: "it" is not in "city", and 300
// neither in 1,300 nor in 3,000. What people type in Latin letters for another word is a whole word.
const begun = (text) => (/^[a-z]/.test(text) ? "(?<![a-z])" : /^[0-9]/.test(text) ? "(?<![0-9])" : "") + text;
const ended = (text) => text + (/[0-9]$/.test(text) ? "(?![0-9])" : "");
const bounded = (text) => ended(begun(text)) + (/[a-z]$/.test(text) ? "(?![a-z])" : "");

// A word as it is looked for: as typed, and with the others that may be meant by any part of it.
const termOf = (word, isWhole = false) => {
  const text = normalise(word);
  const parts = text.split(typed);
  const others = parts.flatMap((part) => meant.get(part) ?? []);
  let forms = [""];
  for (const part of parts) {
    const meanings = [part, ...(meant.get(part) ?? []).map(normalise)];
    forms = forms.flatMap((form) => meanings.map((meaning) => form + meaning)).slice(0, 40);
  }
  forms.sort((one, other) => other.length - one.length);
  const pattern = new RegExp(forms.map((form) => ended(begun(form))).join("|"), "g");
  return { text, word, isWhole, others, forms, pattern };
};

// Words, or several in quotes as one.
const termsOf = (query) =>
  (query.normalize("NFKC").replace(/[“”]/g, '"').match(/"[^"]*"|[^\s"]+/g) ?? [])
    .map((word) => termOf(word.replaceAll('"', ""), word.startsWith('"')))
    .filter(({ text }) => text);

const count = (text, term) => text.match(term.pattern)?.length ?? 0;
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

// Of several maps from a page's number to whether it is in the title: the pages in all of them.
const inAll = ([first, ...others]) => {
  const numbers = [...first.keys()].filter((number) => others.every((other) => other.has(number)));
  return new Map(numbers.map((number) => [number, [first, ...others].every((map) => map.get(number))]));
};

// A file has the numbers of pages → the pairs on just these, one after another.
const pairsOf = (content) => {
  const found = new Map();
  for (const [codes, text] of Object.entries(content)) {
    const characters = Array.from(text);
    for (let place = 0; place < characters.length; place += 2) found.set(characters[place] + characters[place + 1], codes);
  }
  return found;
};

const withPair = async (pair, index) => {
  const file = await load(`pairs-${pair.codePointAt(0) % index.pairs}`, pairsOf);
  // A single character is in all pairs that begin with it.
  const isPair = Array.from(pair).length > 1;
  const keys = isPair ? [pair] : [...file.keys()].filter((key) => key.startsWith(pair));
  const found = new Map();
  for (const key of keys) {
    let number = 0;
    for (const code of file.get(key)?.split(",") ?? []) {
      number += code >> 1;
      found.set(number, Boolean(found.get(number) || code & 1));
    }
  }
  return found;
};

const pairsIn = (text) => {
  const characters = Array.from(text);
  const pairs = characters.slice(1).map((second, place) => characters[place] + second);
  return pairs.length ? pairs : characters;
};

const withForm = async (form, index) => inAll(await Promise.all(pairsIn(form).map((pair) => withPair(pair, index))));

// Of several such maps: the pages in any of them.
const inAny = (maps) => {
  const found = new Map();
  for (const [number, isInTitle] of maps.flatMap((map) => [...map])) found.set(number, found.get(number) || isInTitle);
  return found;
};

const withTerm = async ({ forms }, index) => inAny(await Promise.all(forms.map((form) => withForm(form, index))));

const pageAt = async (number, index) => {
  const shelf = index.first.filter((first) => first <= number).length - 1;
  const page = (await load(`pages-${shelf}`))[number - index.first[shelf]];
  page.plain ??= [normalise(page[2]), normalise(page[4])];
  const [address, kind, title, trail, text, facts] = page;
  return { address: new URL(`../${address}`, folder).href, kind, title, trail, text, facts, plain: page.plain };
};

const titlesFirst = (pages) => [...pages].sort(([one, a], [other, b]) => b - a || one - other).slice(0, MOST);

// How many of the words are in the title, and how much of the title, and of the text, they are.
const rank = (page, terms) => {
  const [title, text] = page.plain;
  const lengths = (term) => (title.match(term.pattern) ?? []).map((found) => found.length);
  const named = terms.map((term) => Math.max(0, ...lengths(term)));
  page.isNamed = named.every(Boolean);
  const length = sum(terms.map((term) => count(text, term)));
  page.ranks = [named.filter(Boolean).length, sum(named) / title.length, length / text.length];
  return page;
};

const byRank = ({ ranks: one }, { ranks: other }) =>
  other[0] - one[0] || other[1] - one[1] || other[2] - one[2];

// {terms, pages, isAll}: the pages with every word of the query. The more of them are in a title, and the
// more of it they are, the earlier it comes, and then the more of the text. Of very many only some are looked through.
// Where no page has them, ``isNear`` says that ``terms`` are what of it stands anywhere, and ``near`` other words.
export const find = async (query) => {
  const index = await open();
  const terms = termsOf(query);
  if (!terms.length) return { terms, pages: [], isAll: true };
  const candidates = inAll(await Promise.all(terms.map((term) => withTerm(term, index))));
  const read = await Promise.all(titlesFirst(candidates).map(([number]) => pageAt(number, index)));
  const pages = read.filter((page) => terms.every((term) => count(page.plain[1], term)));
  if (pages.length) {
    return { terms, pages: pages.map((page) => rank(page, terms)).sort(byRank), isAll: candidates.size <= MOST };
  }
  const parts = await known(terms, index);
  return parts.length
    ? { terms: parts, pages: await withMost(parts, index), isAll: true, isNear: true }
    : { terms, pages, isAll: true, near: await nearWords(terms, index) };
};

// ---- Where no page has all that was typed

const CHARACTERS = 60; // of a query that is taken apart
const LOOKED_AT = 40; // pages

const stands = async (term, index) => {
  if (!term.text) return false; // marks alone
  for (const [number] of titlesFirst(await withTerm(term, index)).slice(0, LOOKED_AT))
    if (count((await pageAt(number, index)).plain[1], term)) return true;
  return false;
};

// What belongs together: Latin words, and a number with what it counts.
const UNITS = /[a-z]+|[0-9.,]*[0-9][^0-9a-z]?|./giu;
// Kana are cut only where most of a word is kept: half of one is another.
const isMost = (part, word) => {
  const runs = word.match(/[ぁ-ゖ]+|[ァ-ヶー]+/g) ?? [];
  const run = runs.find((one) => one.includes(part));
  return !run || (part.length > 2 && part.length >= run.length * 0.6);
};
const PARTICLES = /^[はがのをにへとでもや]+(?=.*[^ぁ-ん])|(?<=[^ぁ-ん].*)[はがのをにへとでもや]+$/g;

// The parts of the query that stand somewhere, each as long as it can be; none if a number does not, as no other
// is as good. Single characters between them, particles and endings are not looked for.
const known = async (terms, index) => {
  const found = [];
  for (const { word, isWhole } of terms) {
    const units = isWhole ? [word] : word.match(UNITS).slice(0, CHARACTERS);
    for (let start = 0; start < units.length; ) {
      let end = units.length;
      while (end > start && !(await stands(termOf(units.slice(start, end).join("")), index))) end -= 1;
      if (end === start && /[0-9]/.test(units[start])) return [];
      // One kanji of a word that goes on is no word: 就 of 就職, where 就労 stands.
      const isCut = end < units.length && /.[はがのをにへとでもや][一-鿿]{2}$/.test(units.slice(start, end + 1).join(""));
      if (isCut) end -= 1;
      const part = units.slice(start, end).join("").replace(PARTICLES, "");
      if (Array.from(part).length > 1 && isMost(part, word)) found.push(part);
      start = Math.max(end, start + 1);
    }
  }
  const telling = found.filter((part) => /[^ぁ-ん]/.test(part));
  return [...new Set(telling.length ? telling : found)].map((part) => termOf(part));
};

// Endings say less than what they end.
const weigh = (terms) => sum(terms.map(({ word }) => word.length + 3 * word.replace(/[ぁ-ん]/g, "").length));

// The pages with at least half of the words; of equally good ones those with more come first.
const withMost = async (terms, index) => {
  const maps = await Promise.all(terms.map((term) => withTerm(term, index)));
  const read = await Promise.all(titlesFirst(inAny(maps)).map(([number]) => pageAt(number, index)));
  const held = (page) => weigh(terms.filter((term) => count(page.plain[1], term))) / weigh(terms);
  const pages = read.filter((page) => held(page) >= 0.5).map((page) => rank(page, terms));
  for (const page of pages) page.ranks = page.ranks.map((each) => each * held(page));
  return pages.sort(byRank);
};

// Words in a title: the dictionary of who has none. Those of kana alone are mostly endings, and Latin ones codes.
const WORD = /[\p{sc=Han}々]+[ぁ-ゖ]*|[ァ-ヶー]{2,}/giu;
const ENDING = /(?<=[^ぁ-ん])[はがのをにへとで][ぁ-ん]*$/; // 商店街における
const KANJI = /\p{sc=Han}/gu;
const pieces = (text) => new Set([...pairsIn(text), ...(text.match(KANJI) ?? [])]);

// The words most like those typed, of what is written to be typed and of the titles that share most with them: texts
// hold halves of words. A kanji says much, a pair of kana little.
const nearWords = async (terms, index) => {
  const found = new Map();
  for (const { text } of terms.filter(({ text }) => !/[0-9]/.test(text))) {
    const wanted = pieces(text);
    const shared = new Map();
    for (const piece of wanted)
      for (const [number, isInTitle] of await withPair(piece, index))
        if (isInTitle) shared.set(number, (shared.get(number) ?? 0) + 1);
    const nearest = [...shared].sort(([, one], [, other]) => other - one).slice(0, LOOKED_AT);
    const titles = await Promise.all(nearest.map(async ([number]) => (await pageAt(number, index)).title));
    const words = titles.flatMap((title) => title.match(WORD) ?? []).map((word) => word.replace(ENDING, ""));
    for (const word of [...[...meant.values()].flat(), ...words]) {
      const plain = normalise(word);
      const own = pieces(plain);
      const both = [...own].filter((piece) => wanted.has(piece));
      const isAlike = both.length > 1 || both.some((piece) => piece.length === 1);
      const likeness = isAlike ? (2 * both.length) / (own.size + wanted.size) : 0;
      if (likeness > (found.get(plain)?.[1] ?? 0)) found.set(plain, [word, likeness]);
    }
  }
  const best = [...found.values()].filter(([word, likeness]) => word.length > 1 && likeness >= 0.25);
  return best.sort(([, one], [, other]) => other - one).slice(0, 5).map(([word]) => word);
};

// For texts that are normalised already, by their parts: of each word of a query the first part that has it, as typed
// or else in other words; undefined where a word stands in none.
export const matcher = async (query) => {
  await open();
  const terms = termsOf(query).map((term) => {
    return [new RegExp(ended(begun(term.text))), new RegExp(term.pattern.source)];
  });
  return (parts) => {
    const found = terms.map(([asTyped, asMeant]) => {
      const part = parts.findIndex((text) => asMeant.test(text));
      return { part, isMeant: part >= 0 && !asTyped.test(parts[part]) };
    });
    return found.some(({ part }) => part < 0) ? undefined : found;
  };
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
