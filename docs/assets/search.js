// The search of every page: turns the link .search-open into a button that opens a dialog, and fills
// [data-search-address] (the page for addresses that do not exist) with what the address may mean.
// Nothing else is fetched before it is used.
(() => {
  const AT_ONCE = 20; // results shown before a reader asks for more
  const PAUSE = 150; // milliseconds without a keystroke before looking
  const engine = new URL("search-engine.js", document.currentScript.src);
  const link = document.querySelector(".search-open");

  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const setting = {
    get: () => {
      try {
        return localStorage.getItem("search.slash") !== "off";
      } catch {
        return true; // the reader's browser keeps nothing
      }
    },
    set: (on) => {
      try {
        localStorage.setItem("search.slash", on ? "on" : "off");
      } catch {} // then it holds until the page is left
    },
  };

  // ---- One search: field, count and results ---------------------------------

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

  const result = (page, terms, { excerpt, places }) => {
    const text = excerpt(page, terms).replaceAll("\t", "　");
    const found = places(text, terms);
    const words = found.length && !page.isNamed ? text.slice(...found[0]) : "";
    return element("li", {},
      // Browsers that know text fragments go to the words on a long page, others to its top.
      element("a", { className: "search__link", href: page.address + (words && `#:~:text=${encodeURIComponent(words)}`) },
        element("span", { className: "search__kind" }, page.kind), " ",
        element("span", { className: "search__title" }, ...marked(page.title, places(page.title, terms))),
        element("span", { className: "search__trail" }, page.trail),
        element("span", { className: "search__excerpt" }, ...marked(text, found))));
  };

  const summary = ({ terms, pages, isAll }) => {
    if (!terms.length) return "言葉か数を入れてください。記号だけでは探せません。";
    if (!pages.length) return "すべての語を含むページはありません。短い語に変えてお試しください。";
    const kinds = new Map();
    for (const { kind } of pages) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const each = [...kinds].map(([kind, count]) => `${kind}${count}`).join("、");
    return `${pages.length}ページ${isAll ? "" : "以上"}見つかりました（${each}）。`;
  };

  const panel = (label) => {
    const input = element("input", { type: "search", className: "search__input", autocomplete: "off", spellcheck: false });
    input.setAttribute("enterkeyhint", "search");
    const status = element("p", { className: "search__status", role: "status" });
    const list = element("ol", { className: "search__results" });
    const more = element("button", { type: "button", className: "search__more", hidden: true });
    const form = element("form", { className: "search__form", role: "search" },
      element("label", { className: "search__label" }, element("span", {}, label), input));
    const links = () => [...list.querySelectorAll("a")];
    let [latest, timer] = [0, 0];

    const show = (answer, functions, from) => {
      const items = answer.pages.slice(from, from + AT_ONCE).map((page) => result(page, answer.terms, functions));
      list.append(...items);
      const rest = answer.pages.length - from - items.length;
      more.hidden = rest <= 0;
      more.textContent = `続きを表示（あと${rest}ページ）`;
      more.onclick = () => {
        show(answer, functions, from + AT_ONCE);
        links()[from + AT_ONCE].focus();
      };
    };

    const look = async () => {
      clearTimeout(timer);
      list.ariaBusy = "true";
      const mine = ++latest;
      const query = input.value;
      let [answer, functions, message] = [null, null, ""];
      if (query.trim()) {
        try {
          functions = await import(engine);
          answer = await functions.find(query);
          message = summary(answer);
        } catch {
          message = "検索に使うファイルを読み込めませんでした。通信を確かめるか、一覧からお探しください。";
        }
      }
      if (mine !== latest) return null; // another query has been typed meanwhile
      list.replaceChildren();
      more.hidden = true;
      status.textContent = message;
      if (answer) show(answer, functions, 0);
      list.ariaBusy = "false";
      return answer;
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      list.ariaBusy = "true";
      timer = setTimeout(look, PAUSE);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await look()) links()[0]?.focus();
    });
    const body = element("div", { className: "search__panel" }, form, status, list, more);
    body.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.isComposing) return;
      const stops = [input, ...links()];
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (!next || !stops.includes(document.activeElement)) return;
      event.preventDefault();
      next.focus();
    });
    return { body, input, look };
  };

  // ---- The dialog -----------------------------------------------------------

  let dialog;
  let search;

  const build = () => {
    search = panel("このサイトを検索");
    search.body.querySelector("label").id = "search-label";
    const close = element("button", { type: "button", className: "search__close" }, "閉じる");
    const slash = element("input", { type: "checkbox", checked: setting.get() });
    slash.addEventListener("change", () => setting.set(slash.checked));
    dialog = element("dialog", { className: "search" }, close, search.body,
      element("div", { className: "search__foot" },
        element("p", {}, "空白で区切ると、すべての語を含むページを探します。"),
        element("p", {}, element("a", { href: link.href }, "事業一覧から探す")),
        element("label", {}, slash, "「/」キーで検索を開く")));
    dialog.setAttribute("aria-labelledby", "search-label");
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
  };

  const open = () => {
    if (!dialog) build();
    if (!dialog.open) dialog.showModal();
    search.input.focus();
    search.input.select();
  };

  const button = element("button", { type: "button", className: link.className }, ...link.childNodes);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-keyshortcuts", "Control+K Meta+K");
  button.addEventListener("click", open);
  link.replaceWith(button);

  document.addEventListener("keydown", (event) => {
    const { target, key, altKey, ctrlKey, metaKey, isComposing } = event;
    const isTyping = target.isContentEditable || target.matches("input, textarea, select");
    const isSlash = key === "/" && !altKey && !ctrlKey && !metaKey && !isTyping && setting.get();
    const isChord = key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey;
    if (isComposing || !(isSlash || isChord)) return;
    event.preventDefault();
    open();
  });

  // ---- The page for addresses that do not exist -------------------------------

  const wordsOf = (address) => {
    const name = address.split("/").filter(Boolean).pop()?.replace(/\.html?$/, "") ?? "";
    try {
      return decodeURIComponent(name).match(/[\p{L}\p{N}]+/gu) ?? [];
    } catch {
      return []; // no valid encoding, so no words
    }
  };

  const place = document.querySelector("[data-search-address]");
  if (place) {
    const found = panel("探す言葉");
    place.replaceChildren(found.body);
    const words = wordsOf(location.pathname).filter((word) => word !== "404");
    const all = words.join(" ");
    const byLength = [...words].sort((one, other) => other.length - one.length);
    (async () => {
      for (const query of all ? [all, ...byLength, all] : []) {
        found.input.value = query;
        if ((await found.look())?.pages.length) return;
      }
    })();
  }
})();
