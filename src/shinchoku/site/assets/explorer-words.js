// Words that are typed into the list: the text the search of the site looks in, compared as there. Loaded when used.
import { matcher } from "./search-engine.js";

let texts;
const load = () =>
  (texts ??= fetch(new URL("../initiatives/searched.json", import.meta.url)).then((answer) => {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }));

/** Of the initiatives with every word of ``query``, by number: where each stands, as ``matcher`` says it. */
export const having = async (query) => {
  const [matches, all] = await Promise.all([matcher(query), load().catch((error) => {
    texts = undefined; // the next letter tries again
    throw error;
  })]);
  return new Map(all.map((parts, number) => [number, matches(parts)]).filter(([, found]) => found));
};
