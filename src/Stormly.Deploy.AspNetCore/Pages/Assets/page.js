// The explain page: keeps programs in step with the form, and sends what the form holds.
import { byId, all, lines, make, say } from "./dom.js";
import { recall, remember, startCopy, startFilter, startSheet, startTabs, startTheme, startTimes } from "./chrome.js";
import { Form } from "./form.js";
import { requestText, show } from "./json.js";
import { send, sentence, showAnswer, showCancelled, showLost, showWaiting } from "./send.js";
import { writers } from "./snippets.js";

startTheme();
startCopy();
startTabs();
startTimes();
startFilter();
const sheet = startSheet();
const endpoint = document.getElementById("endpoint");
if (endpoint) {
  start(new URL(endpoint.dataset.call ?? "", location.href).href, endpoint);
}

/** @param {string} address @param {HTMLElement} shown */
function start(address, shown) {
  shown.textContent = address;
  const programs = all(document, "[data-program]").map((p) => ({ write: writers[p.dataset.program ?? ""], code: /** @type {HTMLElement} */ (p.querySelector("code")) }));
  const form = new Form(document, () => refresh());
  const chips = makeChips(form);
  const refresh = () => {
    const body = requestText(form.props());
    for (const { write, code } of programs) {
      code.replaceChildren(...lines([write(address, body)]));
    }
    for (const { chip, control, json } of chips) {
      chip.setAttribute("aria-pressed", String(form.get(control) === json));
    }
  };
  for (const control of form.controls) {
    control.addEventListener("input", () => clearWrong(control));
  }
  startLanguages();
  startOverrides(form);
  startSending(address, form);
  refresh();
}

/**
 * Examples become buttons that fill their field; pressed again they empty it.
 * @param {Form} form
 */
function makeChips(form) {
  return all(document, ".chip").map((text) => {
    const control = /** @type {import("./form.js").Control} */ (text.closest(".form")?.querySelector("[data-name]"));
    const json = text.dataset.json ?? text.querySelector("bdi")?.textContent ?? "";
    const chip = make("button", { type: "button", class: "chip", "aria-pressed": "false" }, ...text.childNodes);
    chip.addEventListener("click", () => {
      form.set(control, form.get(control) === json ? null : json);
      clearWrong(control);
    });
    text.replaceWith(chip);
    return { chip, control, json };
  });
}

/** The language that was read last is shown first. */
function startLanguages() {
  const radios = /** @type {HTMLInputElement[]} */ (all(document, ".languages input"));
  const last = recall("stormly-language");
  for (const radio of radios) {
    radio.checked = radio.value === last || (radio.checked && !radios.some((r) => r.value === last));
    radio.addEventListener("change", () => remember("stormly-language", radio.value));
  }
}

/**
 * Detected values get a field only when somebody wants another one.
 * @param {Form} form
 */
function startOverrides(form) {
  for (const button of all(document, "[data-override]")) {
    const id = button.dataset.override;
    const box = byId(`${id}-form`);
    const control = /** @type {import("./form.js").Control} */ (/** @type {unknown} */ (byId(`${id}-value`)));
    const [name] = all(button, ".vh");
    button.addEventListener("click", () => {
      const open = box.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
      button.replaceChildren(open ? "Leave it" : "Override", name);
      if (open) {
        control.focus();
      } else {
        form.set(control, null);
        clearWrong(control);
      }
    });
  }
}

/** @returns {Record<string, string>} What this page knows of the visit, so that the endpoint finds what the page found. */
function visit() {
  return { pageUrl: location.href, ...(document.referrer ? { referrer: document.referrer } : {}) };
}

/** @param {string} address @param {Form} form */
function startSending(address, form) {
  const [button] = all(document, "[data-send]");
  /** @type {AbortController | null} */
  let under = null;
  button.addEventListener("click", async () => {
    if (under) {
      under.abort();
      return;
    }

    under = new AbortController();
    button.textContent = "Cancel";
    form.controls.forEach(clearWrong);
    showWaiting();
    try {
      const props = form.props().map(([name, json]) => `${JSON.stringify(name)}:${json}`);
      const answer = await send(address, `{"props":{${props.join(",")}},"context":${JSON.stringify(visit())}}`, under.signal);
      showAnswer(answer, (problem) => placeWrong(form, problem));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") {
        showCancelled();
      } else {
        showLost();
      }
    } finally {
      under = null;
      button.textContent = "Send request";
      byId("answer").scrollIntoView({ block: "nearest" });
    }
  });
  for (const reset of all(document, "[data-reset]")) {
    reset.addEventListener("click", () => {
      form.reset();
      form.controls.forEach(clearWrong);
      say("The form is as it was in the beginning.");
    });
  }
  document.addEventListener("keydown", (event) => {
    // A key that is held down sends once: the next click would cancel.
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
      button.click();
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-goto]") : null;
    if (link instanceof HTMLElement) {
      event.preventDefault();
      sheet.close();
      byId(link.dataset.goto ?? "").focus();
    }
  });
}

/**
 * Says beside a field what is wrong with it.
 * @param {Form} form
 * @param {import("./send.js").Problem} problem
 */
function placeWrong(form, problem) {
  const control = form.controls.find((c) => `/props/${(c.dataset.name ?? "").replaceAll("~", "~0").replaceAll("/", "~1")}` === problem.pointer);
  if (!control) {
    return null;
  }

  control.closest(".form")?.classList.add("open");
  control.setAttribute("aria-invalid", "true");
  const wrong = byId(control.id.replace(/-value$/, "-wrong"));
  wrong.textContent = show(sentence(problem));
  wrong.hidden = false;
  return control.id;
}

/** @param {import("./form.js").Control} control */
function clearWrong(control) {
  control.removeAttribute("aria-invalid");
  const wrong = byId(control.id.replace(/-value$/, "-wrong"));
  wrong.hidden = true;
  wrong.textContent = "";
}
