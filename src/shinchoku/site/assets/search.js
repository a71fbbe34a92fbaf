// The search of every page: turns the link .search-open into a button that opens a dialog, and fills
// [data-search-page] (the page of the search, whose address holds what is searched) and [data-search-address]
// (the page for addresses that do not exist). Nothing else is fetched before a search is opened.
(() => {
  const script = document.currentScript.src;
  const page = new URL("../search/", script).href;
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

  // A field whose results are shown below it. Submitted, it leads to the page of the search unless told otherwise.
  const field = (label) => {
    const input = element("input", { type: "search", name: "q", className: "search__input", autocomplete: "off", spellcheck: false });
    input.setAttribute("enterkeyhint", "search");
    const status = element("p", { className: "search__status", role: "status" });
    const list = element("ol", { className: "search__results" });
    const form = element("form", { className: "search__form", role: "search", action: page },
      element("label", { className: "search__label" }, element("span", {}, label), input));
    form.addEventListener("submit", (event) => input.value.trim() || event.preventDefault());
    const body = element("div", { className: "search__panel" }, form, status, list);
    let started;
    const start = () => {
      import(new URL("search-engine.js", script)).catch(() => {}); // while somebody types; who needs it says what fails
      started ??= import(new URL("search-panel.js", script)).then((module) => module.start({ body, form, input, status, list, page }));
      started.catch(() => {
        started = null; // the next key tries again
        list.ariaBusy = "false";
        status.textContent = "検索を読み込めませんでした。通信を確かめるか、一覧からお探しください。";
      });
      return started;
    };
    input.addEventListener("input", () => {
      list.ariaBusy = "true";
      start();
    });
    return { body, form, input, start };
  };

  // ---- The dialog -----------------------------------------------------------

  let dialog;
  let search;

  // Who comes back from a result finds the dialog as it was.
  const remember = (search) => history.replaceState({ ...history.state, search }, "");

  const build = () => {
    search = field("このサイトを検索");
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
    dialog.addEventListener("close", () => remember());
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog) dialog.close();
      const result = target.closest("a");
      if (result) remember({ query: search.input.value, result: result.href });
    });
    document.body.append(dialog);
  };

  const open = () => {
    if (!dialog) build();
    if (!dialog.open) dialog.showModal();
    search.input.focus();
    search.input.select();
    return search.start();
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

  const before = history.state?.search;
  if (before) {
    open().then(async ({ look, links }) => {
      search.input.value = before.query;
      await look();
      links().find(({ href }) => href === before.result)?.focus();
    });
  }

  // ---- The page of the search, and the page for addresses that do not exist -------

  const wordsOf = (address) => {
    const name = address.split("/").filter(Boolean).pop()?.replace(/\.html?$/, "") ?? "";
    try {
      return decodeURIComponent(name).match(/[\p{L}\p{N}]+/gu) ?? [];
    } catch {
      return []; // no valid encoding, so no words
    }
  };

  const place = document.querySelector("[data-search-page], [data-search-address]");
  if (place) {
    const found = field("探す言葉");
    place.replaceChildren(found.body);
    const hasAddress = "searchPage" in place.dataset;
    const words = hasAddress ? [] : wordsOf(location.pathname).filter((word) => word !== "404");
    found.input.value = hasAddress ? new URLSearchParams(location.search).get("q") : words.join(" ");
    found.start().then(({ stay }) => stay(hasAddress, words));
  }
})();
