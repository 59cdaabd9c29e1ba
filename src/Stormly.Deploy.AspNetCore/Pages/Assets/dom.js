// Small things for building and finding elements. Text always goes in as text.

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`This page has no ${id}.`);
  }
  return element;
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const all = (root, selector) => [...root.querySelectorAll(/** @type {"div"} */ (selector))];

/**
 * Tells people who listen.
 * @param {string} text
 */
export function say(text) {
  const live = byId("live");
  live.textContent = "";
  // The same text twice is no news to a screen reader; an emptied region makes it one.
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}

/**
 * Lines as boxes of their own: stacked accents end at their edges.
 * @param {(Node | string)[]} parts Only texts hold line ends.
 * @returns {HTMLElement[]}
 */
export function lines(parts) {
  const found = [make("span", { class: "line" })];
  for (const part of parts) {
    const [first, ...more] = typeof part === "string" ? part.split(/(?<=\n)/) : [part];
    found[found.length - 1].append(first);
    found.push(...more.map((text) => make("span", { class: "line" }, text)));
  }
  return found;
}

/**
 * @param {import("./json.js").Piece[]} pieces
 * @returns {(Node | string)[]}
 */
export const coloured = (pieces) => pieces.map((p) => (p.kind ? make("span", { class: p.kind }, p.text) : p.text));
