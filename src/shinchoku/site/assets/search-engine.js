// Finds pages in the files that src/shinchoku/site/search_index.py writes, and the words in their texts.
// Knows nothing of the page it runs in.

const FIRST = 10; // results that are read, and with them others of as many shelves
const folder = new URL("../search/", import.meta.url);
const files = new Map();
const keys = new Map(); // what was looked for → its pages
let alike = {};
let isAlike; // finds the characters that are
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

load("index").catch(() => {}); // who is first to need it says what fails

const open = async () => {
  const index = await load("index");
  if (meant) return index;
  alike = index.alike;
  isAlike = new RegExp(`[${Object.keys(alike).join("")}]`, "gu");
  index.plain = normalise(index.common.join("\n")).split("\n");
  meant = new Map(Object.entries(index.aliases).map(([alias, words]) => [normalise(alias), words]));
  meant.delete("");
  const longestFirst = [...meant.keys()].sort((one, other) => other.length - one.length);
  typed = meant.size ? new RegExp(`(${longestFirst.map(bounded).join("|")})`) : /(?!)/;
  return index;
};

// The same as normalise() in src/shinchoku/text.py, where the reasons stand.
export const normalise = (text) =>
  text.replace(/ +(?=[₀-₉])/g, "").normalize("NFKC").toLowerCase()
    .replace(isAlike, (one) => alike[one])
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
const inAll = (maps) => {
  const [first, ...others] = maps.sort((one, other) => one.size - other.size);
  const found = new Map();
  for (const [number, isInTitle] of first) {
    if (others.every((other) => other.has(number))) found.set(number, isInTitle && others.every((other) => other.get(number)));
  }
  return found;
};

// The pages in any of them.
const inAny = (maps) => {
  const found = new Map();
  for (const map of maps) for (const [number, isInTitle] of map) found.set(number, found.get(number) || isInTitle);
  return found;
};

// What stands in the files: see search_index.py.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HIGHER = "!#$%&'()*+,-./:;<=>?@[]^_\x60{}";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
const NUMBER = /[0-9]+/g;

const numbersIn = (posting) => {
  const numbers = [];
  let [number, higher, again] = [-1, 0, false];
  for (const character of posting) {
    const digit = VALUES.get(character);
    if (character === "~") again = true;
    else if (digit === undefined) higher = higher * HIGHER.length + HIGHER.indexOf(character);
    else {
      const value = higher * DIGITS.length + digit;
      if (again) for (let one = 0; one < value; one += 1) numbers.push((number += 1));
      else numbers.push((number += value));
      [higher, again] = [0, false];
    }
  }
  return numbers;
};

const postingsOf = (content) => {
  const found = new Map();
  for (const [posting, text] of Object.entries(content)) {
    const [pairs, ...numbers] = text.split("\t");
    const characters = Array.from(pairs);
    for (let place = 0; place < characters.length; place += 2) found.set(characters[place] + characters[place + 1], posting);
    for (const number of numbers) found.set(number, posting);
  }
  return found;
};

const keysIn = (form) => {
  const characters = Array.from(form.replace(/(?<![a-z])[a-z]{1,2}/g, (start) => start.toUpperCase()));
  const pairs = characters.slice(1).map((second, place) => characters[place] + second);
  const keys = [...pairs.filter((pair) => !/^[0-9]{2}$/.test(pair)), ...(form.match(NUMBER) ?? [])];
  return keys.length ? keys : characters;
};

const filesOf = (key, count) => {
  if (/^[0-9]+$/.test(key)) return [Number(key.slice(-4)) % count];
  const spread = 1 + Math.floor(count / 32);
  const [first, second] = Array.from(key, (character) => character.codePointAt(0));
  const places = second === undefined ? [...Array(spread).keys()] : [second % spread];
  return [...new Set(places.map((place) => (first * spread + place) % count))];
};

const withKey = (key, index) => {
  if (!keys.has(key)) {
    const pages = readKey(key, index);
    keys.set(key, pages);
    pages.catch(() => keys.delete(key));
  }
  return keys.get(key);
};

const readKey = async (key, index) => {
  const files = await Promise.all(filesOf(key, index.pairs).map((file) => load(`pairs-${file}`, postingsOf)));
  // A single character is in all pairs that begin with it.
  const isOne = Array.from(key).length === 1 && !/[0-9]/.test(key);
  const keys = (file) => (isOne ? [...file.keys()].filter((pair) => pair.startsWith(key)) : [key]);
  const postings = new Set(files.flatMap((file) => keys(file).map((each) => file.get(each) ?? "")));
  const found = new Map();
  for (const [all, titled] of [...postings].map((posting) => posting.split("|"))) {
    for (const number of numbersIn(all)) if (!found.has(number)) found.set(number, false);
    for (const number of numbersIn(titled ?? "")) found.set(number, true);
  }
  return found;
};

const withForm = async (form, index) => inAll(await Promise.all(keysIn(form).map((key) => withKey(key, index))));

const withCommon = async ({ pattern }, index) => {
  const having = [...index.plain.keys()].filter((place) => index.plain[place].match(pattern));
  const postings = having.map(async (place) => (await load(`common-${Math.floor(place / index.each)}`))[place % index.each]);
  return (await Promise.all(postings)).map((posting) => new Map(numbersIn(posting).map((number) => [number, false])));
};

// The pages with a term, for certain if it has a single key, else probably: a page may have all keys apart from each other.
const withTerm = async (term, index) => {
  const [own, common] = await Promise.all([Promise.all(term.forms.map((form) => withForm(form, index))), withCommon(term, index)]);
  return inAny([...own, ...common]);
};
const isCertain = ({ forms }) => forms.every((form) => keysIn(form).length === 1);

const shelfOf = (number, index) => {
  let [low, high] = [0, index.first.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (index.first[middle] <= number) low = middle;
    else high = middle;
  }
  return low;
};

// A page with what its shelf says of it.
const readPage = async (page, index) => {
  if (page.plain) return page;
  const shelf = shelfOf(page.number, index);
  const [address, title, trail, text, facts] = (await load(`pages-${shelf}`))[page.number - index.first[shelf]];
  const whole = (coded) => coded.replace(/\uf8ff(.)|[\ue000-\uf8fe]/g, (code, own) => own ?? index.common[code.charCodeAt(0) - 0xe000]);
  const name = address.split("/").at(-2) ?? "";
  const lines = [title, whole(text), name].filter(Boolean).join("\n");
  return Object.assign(page, {
    address: new URL(`../${address}`, folder).href, title, trail: whole(trail).replaceAll("\t", " › "), text: lines, facts,
    plain: [normalise(title), normalise(lines)],
  });
};
const pageAt = (number, index) => readPage({ number }, index);

// What is known of a page before it is read, and then: how many of the words are in the title, and how much of the
// title, and of the text, they are.
const rank = (page, terms, index) => {
  if (!page.plain) {
    const named = terms.filter((_, place) => page.titled[place]);
    const length = VALUES.get(index.titles[page.number]);
    page.ranks = [named.length, Math.min(1, sum(named.map(({ text }) => text.length)) / length), 0];
    return page;
  }
  const [title, text] = page.plain;
  const lengths = (term) => (title.match(term.pattern) ?? []).map((found) => found.length);
  const named = terms.map((term) => Math.max(0, ...lengths(term)));
  page.isNamed = named.every(Boolean);
  const length = sum(terms.map((term) => count(text, term)));
  page.ranks = [named.filter(Boolean).length, sum(named) / title.length, length / text.length];
  return page;
};

const byRank = ({ ranks: one, number: first }, { ranks: other, number: second }) =>
  other[0] - one[0] || other[1] - one[1] || other[2] - one[2] || first - second;

// Endings say less than what they end.
const weigh = (terms) => sum(terms.map(({ word }) => word.length + 3 * word.replace(/[ぁ-ん]/g, "").length));

// The pages with at least this share of the words; of equally good ones those with more come first. The first are read.
const ranked = async (terms, least, index) => {
  const maps = await Promise.all(terms.map((term) => withTerm(term, index)));
  const all = weigh(terms);
  const ranks = (page, has) => {
    const held = weigh(terms.filter(has)) / all;
    if (held < least) return false;
    rank(page, terms, index);
    page.ranks = page.ranks.map((each) => each * held);
    return true;
  };
  let pages = [...inAny(maps).keys()]
    .map((number) => ({ number, kind: index.kinds[VALUES.get(index.kind[number])], titled: maps.map((map) => map.get(number)) }))
    .filter((page) => ranks(page, (_, place) => maps[place].has(page.number)))
    .sort(byRank);
  const read = async (from) => {
    const shelves = new Set(pages.slice(from, from + FIRST).map(({ number }) => shelfOf(number, index)));
    for (const { number } of pages.slice(from)) if (shelves.size < FIRST) shelves.add(shelfOf(number, index));
    const close = pages.slice(from).filter((page) => !page.plain && shelves.has(shelfOf(page.number, index)));
    await Promise.all(close.map((page) => readPage(page, index)));
    const wrong = new Set(close.filter((page) => !ranks(page, (term) => count(page.plain[1], term))));
    pages = [...pages.slice(0, from), ...pages.slice(from).filter((page) => !wrong.has(page)).sort(byRank)];
    if (pages.slice(from, from + FIRST).some((page) => !page.plain)) await read(from);
    return pages;
  };
  await read(0);
  return { terms, read, isAll: terms.every(isCertain) || pages.every(({ plain }) => plain), get pages() { return pages; } };
};

// {terms, pages, isAll, read}: the pages with every word of the query. The more of them are in a title, and the more of
// it they are, the earlier it comes, and then the more of the text. The first are read and certain to have them, others
// only probably, unless ``isAll``; ``read(from)`` reads more. Where no page has them, ``isNear`` says that ``terms`` are
// what of it stands anywhere, and ``near`` other words.
export const find = async (query) => {
  const index = await open();
  const terms = termsOf(query);
  const nothing = { terms, pages: [], isAll: true };
  if (!terms.length) return nothing;
  const answer = await ranked(terms, 1, index);
  if (answer.pages.length) return answer;
  const parts = await known(terms, index);
  if (parts.length) {
    const some = await ranked(parts, 0.5, index);
    if (some.pages.length) return Object.assign(some, { isNear: true });
  }
  return { ...nothing, near: await nearWords(terms, index) };
};

// ---- Where no page has all that was typed

const CHARACTERS = 60; // of a query that is taken apart
const LOOKED_AT = 20; // pages

const stands = async (term, index) => {
  if (!term.text) return false; // marks alone
  const pages = [...(await withTerm(term, index)).keys()].slice(0, LOOKED_AT);
  if (!pages.length || isCertain(term)) return pages.length > 0;
  const read = await Promise.all(pages.map((number) => pageAt(number, index)));
  return read.some((page) => count(page.plain[1], term));
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

// Words in a title: the dictionary of who has none. Those of kana alone are mostly endings, and Latin ones codes.
const WORD = /[\p{sc=Han}々]+[ぁ-ゖ]*|[ァ-ヶー]{2,}/giu;
const ENDING = /(?<=[^ぁ-ん])[はがのをにへとで][ぁ-ん]*$/; // 商店街における
const KANJI = /\p{sc=Han}/gu;
const pieces = (text) => new Set([...keysIn(text), ...(text.match(KANJI) ?? [])]);

// The words most like those typed, of what is written to be typed and of the titles that share most with them: texts
// hold halves of words. A kanji says much, a pair of kana little.
const nearWords = async (terms, index) => {
  const found = new Map();
  for (const { text } of terms.filter(({ text }) => !/[0-9]/.test(text))) {
    const wanted = pieces(text);
    const shared = new Map();
    for (const piece of wanted)
      for (const [number, isInTitle] of await withKey(piece, index))
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
