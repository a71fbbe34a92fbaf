// What stands below a field of the search: how many pages there are, and the results. search.js loads it when a
// search is opened, with what finds the pages.

const AT_ONCE = 10; // results shown before a reader asks for more; as many are read at a time
const UNREAD = "検索に使うファイルを読み込めませんでした。通信を確かめるか、一覧からお探しください。";
const PAUSE = 150; // milliseconds without a keystroke before looking

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const span = (className, ...children) => element("span", { className }, ...children);

const marked = (text, places) => {
  const parts = [];
  let end = 0;
  for (const [from, to] of places) {
    parts.push(text.slice(end, from), element("mark", {}, text.slice(from, to)));
    end = to;
  }
  parts.push(text.slice(end));
  return parts;
};

// A sign, what it means, and the values it is about.
const fact = (line) => {
  const [sign, words, ...values] = line.split(" ");
  const symbol = span("search__sign", sign);
  symbol.ariaHidden = "true";
  return span("search__fact", element("b", {}, symbol, words), ` ${values.join(" ")}`);
};

const result = (page, terms, { excerpt, places }) => {
  const text = excerpt(page, terms).replaceAll("\t", "　");
  const found = places(text, terms);
  const words = found.length && !page.isNamed ? text.slice(...found[0]) : "";
  return element("li", {},
    // Browsers that know text fragments go to the words on a long page, others to its top.
    element("a", { className: "search__link", href: page.address + (words && `#:~:text=${encodeURIComponent(words)}`) },
      span("search__kind", page.kind), " ",
      span("search__title", ...marked(page.title, places(page.title, terms))),
      ...page.facts.split("\n").filter(Boolean).map(fact),
      span("search__trail", page.trail),
      span("search__excerpt", ...marked(text, found))));
};

const quoted = (words) => words.map((word) => `「${word}」`).join("");

const summary = ({ terms, pages, isAll, isNear, near }) => {
  if (!terms.length) return "言葉か数を入れてください。記号だけでは探せません。";
  const typed = quoted(terms.map(({ word }) => word));
  if (!pages.length) {
    const whole = terms.length > 1 ? `${typed}をすべて含む` : `${typed}を含む`;
    return `${whole}ページはありません。${near.length ? "近い言葉を下から選ぶか、" : ""}短い語に変えてお試しください。`;
  }
  const kinds = new Map();
  for (const { kind } of pages) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const each = [...kinds].map(([kind, count]) => `${kind}${count}`).join("、");
  const others = quoted([...new Set(terms.flatMap(({ others }) => others))]);
  return (isNear ? `入れた言葉をそのまま含むページはないので、${typed}で探しました。` : "")
    + `${isAll ? "" : "約"}${pages.length}ページ見つかりました（${each}）。`
    + (others && `${others}でも探しました。`);
};

export const start = ({ body, form, input, status, list, page }) => {
  const near = element("ul", { className: "search__near", hidden: true });
  const note = element("p", { className: "search__note", hidden: true }, "判定は、このサイトの計算です。");
  const more = element("button", { type: "button", className: "search__more", hidden: true });
  const all = element("a", { className: "search__all", hidden: true }, "この結果を、アドレスのあるページで見る");
  list.before(near);
  body.append(more, note, all);
  const links = () => [...list.querySelectorAll("a")];
  let [latest, timer] = [0, 0];
  let onLook = () => {};

  const show = (answer, functions, from) => {
    const items = answer.pages.slice(from, from + AT_ONCE).map((page) => result(page, answer.terms, functions));
    list.append(...items);
    note.hidden = !list.querySelector(".search__fact");
    const rest = answer.pages.length - from - items.length;
    more.hidden = rest <= 0;
    more.textContent = `続きを表示（あと${rest}ページ）`;
    more.onclick = async () => {
      const [mine, ask] = [latest, more.onclick];
      more.onclick = null; // a second click before the answer asks for nothing more
      try {
        await answer.read(from + AT_ONCE);
      } catch {
        if (mine === latest) [status.textContent, more.onclick] = [UNREAD, ask];
        return;
      }
      if (mine !== latest) return;
      show(answer, functions, from + AT_ONCE);
      (links()[from + AT_ONCE] ?? links().at(-1)).focus();
    };
  };

  const offer = (words) => {
    near.hidden = !words.length;
    near.replaceChildren(...words.map((word) => {
      const button = element("button", { type: "button", className: "search__close" }, word);
      button.addEventListener("click", () => {
        input.value = word;
        input.focus();
        look();
      });
      return element("li", {}, button);
    }));
  };

  const look = async () => {
    clearTimeout(timer);
    list.ariaBusy = "true";
    const mine = ++latest;
    const query = input.value;
    let [answer, functions, message] = [null, null, ""];
    if (query.trim()) {
      try {
        functions = await import("./search-engine.js");
        answer = await functions.find(query);
        message = summary(answer);
      } catch {
        message = UNREAD;
      }
    }
    if (mine !== latest) return null; // another query has been typed meanwhile
    list.replaceChildren();
    more.hidden = note.hidden = true;
    status.textContent = message;
    offer(answer?.near ?? []);
    if (answer) show(answer, functions, 0);
    all.hidden = !answer?.pages.length || form.action !== page;
    all.href = `${page}?q=${encodeURIComponent(query)}`;
    list.ariaBusy = "false";
    onLook(query);
    return answer;
  };

  const wait = () => {
    clearTimeout(timer);
    list.ariaBusy = "true";
    timer = setTimeout(look, PAUSE);
  };
  input.addEventListener("input", wait);
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    const stops = [input, ...links()];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!next || !stops.includes(document.activeElement)) return;
    event.preventDefault();
    next.focus();
  });
  if (input.value) wait(); // since before this was loaded

  // For a field that is a page's own: results stay below it. With an address, that says what is searched;
  // else the words are tried, all of them and then each.
  const stay = async (hasAddress, words = []) => {
    all.remove();
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await look()) links()[0]?.focus();
    });
    if (hasAddress) {
      const title = document.title;
      onLook = (query) => {
        const asked = query.trim();
        history.replaceState(history.state, "", asked ? `?${new URLSearchParams({ q: asked })}` : location.pathname);
        document.title = asked ? `「${asked}」の${title}` : title;
      };
      input.focus({ preventScroll: true }); // whoever comes back from a result is further down
      if (input.value) await look();
      return;
    }
    const whole = words.join(" ");
    const byLength = [...words].sort((one, other) => other.length - one.length);
    for (const query of whole ? [whole, ...byLength, whole] : []) {
      input.value = query;
      if ((await look())?.pages.length) return;
    }
  };

  return { look, links, stay };
};
