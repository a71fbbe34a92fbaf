// What pages need beyond HTML: the choice of light and dark, the navigation's lists, tables by keyboard,
// folded texts on paper, what is to be copied. Every page reads and works without it. One function, so that nothing leaks out.
(() => {
  // scheme.js chose before painting; from here on the reader does.
  const names = { auto: "表示：自動", light: "表示：明るい", dark: "表示：暗い" };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem("shinchoku.scheme");
    } catch {
      return null; // where pages may store nothing, reading throws
    }
  };
  const nav = document.querySelector("#menu");
  const button = Object.assign(document.createElement("button"), { className: "scheme" });
  let wish = stored() in names ? stored() : "auto";
  const show = () => {
    const isDark = wish === "dark" || (wish === "auto" && dark.matches);
    document.documentElement.dataset.mdColorScheme = isDark ? "slate" : "default";
    button.textContent = names[wish];
  };
  button.addEventListener("click", () => {
    const wishes = Object.keys(names);
    wish = wishes[(wishes.indexOf(wish) + 1) % wishes.length];
    try {
      localStorage.setItem("shinchoku.scheme", wish);
    } catch {
      // then it holds for this page
    }
    show();
  });
  dark.addEventListener("change", show);
  show();
  nav.append(button);

  // On a wide screen the lists of the navigation hang over the page: they close when left.
  const wide = matchMedia("(min-width: 60em)");
  const closeLists = (except) => {
    if (!wide.matches) return;
    for (const list of nav.querySelectorAll("details[open]")) if (!list.contains(except)) list.open = false;
  };
  document.addEventListener("click", (event) => closeLists(event.target));
  nav.addEventListener("focusout", (event) => closeLists(event.relatedTarget));
  nav.addEventListener("keydown", (event) => {
    const list = event.target.closest("details[open]");
    if (event.key !== "Escape" || !list || !wide.matches) return;
    list.open = false;
    list.querySelector("summary").focus();
  });
  wide.addEventListener("change", () => {
    if (nav.matches(":popover-open")) nav.hidePopover();
  });

  // What is to be copied: the element that the button names, or the address of the page to be sent to somebody. The
  // words after the button are a status: it says that it was done. Only a page that came safely may write to the clipboard.
  const actions = document.querySelector(".page--initiative .actions");
  if (actions) {
    const button = Object.assign(document.createElement("button"), { type: "button", hidden: true, textContent: "リンクをコピー" });
    button.dataset.copy = "";
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    actions.prepend(button, status, " ");
  }
  for (const copy of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const text = document.getElementById(copy.dataset.copy)?.textContent ?? location.href.split("#")[0];
      const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
      copy.nextElementSibling.textContent = copied ? "コピーしました" : text;
    });
  }

  // The contents of a long page make way for what was chosen in them.
  const contents = document.querySelector(".page-contents");
  contents?.addEventListener("click", (event) => event.target.closest("a") && contents.hidePopover());

  // A region that shows all it holds needs no stop for the keyboard.
  const regions = document.querySelectorAll(".table-scroll, .md-typeset table:not([class]), pre > code");
  const update = (region) => {
    const scrolls = region.scrollWidth > region.clientWidth;
    region.toggleAttribute("tabindex", scrolls);
    if (scrolls) region.tabIndex = 0;
  };
  // What is in a region grows without it, too: when its letters arrive.
  const observer = new ResizeObserver(() => regions.forEach(update));
  for (const region of regions) [region, ...region.children].forEach((part) => observer.observe(part));

  // What an address leads to may be folded; not every browser unfolds it by itself.
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    const details = target?.closest("details:not([open])");
    if (!details) return;
    details.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // Paper cannot be unfolded, and its links cannot be followed: their addresses stand beside them.
  const readable = (address) => {
    try {
      return decodeURI(address);
    } catch {
      return address; // it has a % that stands for no character
    }
  };
  let [folded, pressed] = [[], []];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("article details:not([open])")];
    for (const details of folded) details.open = true;
    for (const link of document.querySelectorAll("article a[href]:not([href^='#'])")) {
      link.dataset.address = readable(link.href);
    }
    // Headings of a table that can be pressed stand on the first sheet alone, words on each.
    pressed = [...document.querySelectorAll("thead button")].map((button) => {
      const words = document.createElement("span");
      words.append(...button.cloneNode(true).childNodes);
      button.replaceWith(words);
      return [words, button];
    });
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
    for (const [words, button] of pressed) words.replaceWith(button);
  });
})();
