// What the explorer's scripts share: elements, numbers and words. Every text becomes a text node, never markup.

export const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export const button = (className, text, ariaLabel, onClick) => {
  const made = make("button", { type: "button", className, textContent: text });
  made.setAttribute("aria-label", ariaLabel);
  made.addEventListener("click", onClick);
  return made;
};

// As a browser shows it; an ideographic space is text.
export const textOf = (node) => node.textContent.replace(/[ \t\n\f\r]+/g, " ").replace(/^ | $/g, "");

// 93,198,101
export const grouped = (digits) => {
  const [whole, ...rest] = String(digits).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
};

// 約931億9,810万円: an amount as the pages say it.
export const yen = (thousands) => {
  if (thousands < 10) return `${grouped(thousands * 1000)}円`;
  const rounded = Math.round(thousands / 10);
  const [oku, man] = [Math.floor(rounded / 10000), rounded % 10000];
  return `${thousands % 10 ? "約" : ""}${oku ? `${grouped(oku)}億` : ""}${man ? `${grouped(man)}万` : ""}円`;
};

// A cell as it is fetched: the digits of a number, or an object that names what it holds.
export const parts = (cell) => (typeof cell === "string" ? { number: cell } : cell);

export const cellNodes = (cell, unit) => {
  const { number, words, missing, note } = parts(cell);
  const span = (className, textContent) => make("span", { className, textContent });
  const nodes = [missing ? span("missing", missing) : span("value", words ?? grouped(number))];
  if (number && unit) nodes.push(span("unit", unit));
  if (note) nodes.push(span("printed", note));
  return nodes;
};

// To an address with these parameters, without loading anything.
export const go = (parameters, method = "replaceState") => {
  const query = String(parameters).replaceAll("%2C", ",");
  history[method](method === "pushState" ? null : history.state, "", query ? `?${query}` : location.pathname);
};
