// JSON as text: digits, escapes and order stay as they were written. The same rules as JsonLayout, SafeJson and RequestText on the server.

const LONGEST_LINE = 60;
const LONGEST_BODY_LINE = 64;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,]/g;

/** @typedef {{ kind: "" | "k" | "s" | "n" | "w", text: string }} Piece */

/**
 * @param {string} text
 * @returns {boolean} Whether it is one JSON value.
 */
export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes hidden characters and those that turn the direction of writing visible, as escapes with the same meaning.
 * @param {string} json
 * @returns {string}
 */
export function show(json) {
  return Array.from(json, (c) => ("\t\n\r".includes(c) || !HIDDEN.test(c) ? c : escape(c))).join("");
}

/**
 * @param {string} text
 * @returns {string} The text as a JSON string.
 */
export function quote(text) {
  /** @type {Record<string, string>} */
  const short = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${Array.from(text, (c) => short[c] ?? (HIDDEN.test(c) ? escape(c) : c)).join("")}"`;
}

/** @param {string} character */
function escape(character) {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
}

/**
 * @param {[name: string, json: string][]} props
 * @returns {string} The body of a request: on one line where it is short, else one line for each input.
 */
export function requestText(props) {
  const members = props.map(([name, json]) => `${quote(name)}: ${show(json)}`);
  const line = `{"props": {${members.join(", ")}}}`;
  return line.length <= LONGEST_BODY_LINE && !line.includes("\n")
    ? line
    : `{\n  "props": {\n${members.map((m) => `    ${m}`).join(",\n")}\n  }\n}`;
}

/**
 * Lays JSON out for reading.
 * @param {string} json Text that is JSON.
 * @param {number} limit About how many characters are shown at most.
 * @returns {{ pieces: Piece[], whole: boolean }}
 */
export function layOut(json, limit) {
  const tokens = json.match(TOKEN) ?? [];
  const short = findShort(tokens);
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {{ inline: boolean, line: string, count: number, isObject: boolean }[]} */
  const open = [];
  let length = 0;
  let line = "\n";
  let name = false;

  /** @param {Piece["kind"]} kind @param {string} text */
  const add = (kind, text) => {
    length += text.length;
    const last = pieces.at(-1);
    if (kind === "" && last?.kind === "") {
      last.text += text;
    } else {
      pieces.push({ kind, text });
    }
  };

  for (let i = 0; i < tokens.length && length < limit; i++) {
    const token = tokens[i];
    const holder = open.at(-1);
    if (token === "}" || token === "]") {
      open.pop();
      line = holder?.line ?? "\n";
      add("", holder && !holder.inline && holder.count > 0 ? line + token : token);
      continue;
    }

    if (token === ",") {
      name = holder?.isObject ?? false;
      add("", holder?.inline ? ", " : `,${line}`);
      continue;
    }

    if (token === ":") {
      add("", ": ");
      name = false;
      continue;
    }

    if (holder && holder.count++ === 0) {
      add("", holder.inline ? "" : line);
    }

    if (token === "{" || token === "[") {
      const isObject = token === "{";
      const inline = (holder?.inline ?? false) || ((open.length > 0 || !isObject) && short.has(i));
      open.push({ inline, line, count: 0, isObject });
      line = inline ? line : `${line}  `;
      name = isObject;
      add("", token);
    } else {
      const text = show(token);
      add(token[0] !== '"' ? (/[tfn]/.test(token[0]) ? "w" : "n") : name ? "k" : "s", text.length > limit - length ? `${text.slice(0, limit - length)}…` : text);
    }
  }

  return { pieces: pieces.filter((p) => p.text), whole: length < limit };
}

/**
 * @param {string[]} tokens
 * @returns {Set<number>} Where arrays and objects begin that fit on a line.
 */
function findShort(tokens) {
  const short = new Set();
  /** @type {[index: number, length: number][]} */
  const open = [];
  let length = 0;
  tokens.forEach((token, i) => {
    length += token.length + (token === "," || token === ":" ? 1 : 0);
    if (token === "{" || token === "[") {
      open.push([i, length]);
    } else if (token === "}" || token === "]") {
      const [start, from] = open.pop() ?? [0, 0];
      if (length - from < LONGEST_LINE) {
        short.add(start);
      }
    }
  });
  return short;
}
