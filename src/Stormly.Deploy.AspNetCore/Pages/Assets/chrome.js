// Theme, copying, tabs by arrow keys, times, the sheet on small screens, the filter: everything around the form.
import { all, byId, make, say } from "./dom.js";

const THEMES = ["auto", "light", "dark"];
const STORE = "stormly-theme";

/** The button that goes through the themes. */
export function startTheme() {
  const root = document.documentElement;
  for (const button of all(document, "[data-theme-toggle]")) {
    const label = () => {
      button.textContent = `Theme: ${root.dataset.theme ?? "auto"}`;
    };
    button.addEventListener("click", () => {
      const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
      if (next === "auto") {
        delete root.dataset.theme;
      } else {
        root.dataset.theme = next;
      }
      remember(STORE, next);
      label();
    });
    label();
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is forbidden: it holds for this page only.
  }
}

/** @param {string} key */
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Buttons that copy the text of another element. */
export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (button instanceof HTMLElement) {
      const shown = all(document, button.dataset.copy ?? "").find((e) => e.getClientRects().length > 0);
      const done = await copy(shown?.textContent ?? "");
      button.classList.toggle("done", done);
      say(done ? "Copied." : "Copying failed: select the text and copy it by hand.");
      setTimeout(() => button.classList.remove("done"), 1500);
    }
  });
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // There is no clipboard but on secure addresses; the old way works on all of them.
    const area = make("textarea", { class: "vh", "aria-hidden": "true" });
    const focused = document.activeElement;
    document.body.append(area);
    if (area instanceof HTMLTextAreaElement) {
      area.value = text;
      area.select();
    }
    const done = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) {
      focused.focus();
    }
    return done;
  }
}

/** Arrow keys, Home and End go from tab to tab. */
export function startTabs() {
  for (const nav of all(document, ".tabs")) {
    const links = all(nav, "a");
    links.find((l) => l.getAttribute("aria-current"))?.scrollIntoView({ block: "nearest", inline: "center" });
    nav.addEventListener("keydown", (event) => {
      const at = links.findIndex((l) => l === document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + links.length, Home: 0, End: links.length - 1 }[event.key];
      if (at >= 0 && to !== undefined) {
        event.preventDefault();
        links[to % links.length].focus();
      }
    });
  }
}

/** Times in words, with the exact time behind them. */
export function startTimes() {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  /** @type {[limit: number, seconds: number, unit: Intl.RelativeTimeFormatUnit][]} */
  const units = [[60, 1, "second"], [3600, 60, "minute"], [86400, 3600, "hour"], [Infinity, 86400, "day"]];
  for (const time of all(document, "time[datetime]")) {
    const seconds = (Date.parse(time.getAttribute("datetime") ?? "") - Date.now()) / 1000;
    const [, size, unit] = units.find(([limit]) => Math.abs(seconds) < limit) ?? units[3];
    time.title = time.textContent ?? "";
    time.textContent = words.format(Math.round(seconds / size), unit);
  }
}

/** The sheet at the lower edge of small screens. */
export function startSheet() {
  const [button] = all(document, "[data-sheet]");
  if (!button) {
    return { close: () => {} };
  }

  const sheet = byId("try");
  /** @param {boolean} open */
  const set = (open) => {
    sheet.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Close" : "Try it";
  };
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", () => {
    set(!isOpen());
    if (isOpen()) {
      byId("try-title").focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      set(false);
      button.focus();
    }
  });
  return { close: () => set(false) };
}

/** Finds inputs by their words. */
export function startFilter() {
  const field = document.getElementById("filter");
  if (!(field instanceof HTMLInputElement)) {
    return;
  }

  const rows = all(document, ".row").map((row) => ({ row, words: (row.querySelector("h3")?.textContent + " " + (row.querySelector(".says")?.textContent ?? "")).toLowerCase() }));
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let count = 0;
    for (const { row, words } of rows) {
      row.hidden = !words.includes(wanted);
      count += row.hidden ? 0 : 1;
    }
    byId("found").textContent = wanted ? `${count} of ${rows.length}` : "";
  });
}
