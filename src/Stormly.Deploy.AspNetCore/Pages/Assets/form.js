// The fields: what is in them, as JSON text. A field that was filled from an example holds that example's own text until somebody edits it.
import { isJson, quote } from "./json.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * What a person wrote, as JSON. What does not fit the type is sent as text all the same: the endpoint says best what is wrong with it.
 * @param {string} kind What the field takes, as FieldKind names it.
 * @param {string} text
 * @returns {string | null} Null where nothing is to be sent.
 */
export function toJson(kind, text) {
  if (text === "") {
    return null;
  }

  const trimmed = text.trim();
  switch (kind) {
    case "text":
      return quote(text);
    case "number":
    case "integer":
      return NUMBER.test(trimmed) ? trimmed : quote(text);
    case "flag":
      return trimmed;
    default:
      return isJson(trimmed) ? trimmed : quote(text);
  }
}

/**
 * What stands in a field for a JSON value: texts without their quotes where the field takes text.
 * @param {string} kind
 * @param {string} json
 * @returns {string}
 */
export function toText(kind, json) {
  return json.startsWith('"') && (kind === "text" || (kind === "any" && !isJson(JSON.parse(json)))) ? JSON.parse(json) : json;
}

/** All fields of a page. */
export class Form {
  /** @type {Map<Control, string>} Examples that fields hold unedited. */
  #raw = new Map();

  /**
   * @param {ParentNode} root
   * @param {() => void} changed Called after every change.
   */
  constructor(root, changed) {
    this.changed = changed;
    /** @type {Control[]} */
    this.controls = [...root.querySelectorAll(/** @type {"input"} */ ("[data-name]"))];
    for (const control of this.controls) {
      control.addEventListener("input", () => {
        this.#raw.delete(control);
        this.changed();
      });
    }
    this.#begin();
  }

  /** Back to what the page came with. */
  reset() {
    this.#begin();
    this.changed();
  }

  #begin() {
    for (const control of this.controls) {
      this.#put(control, control.dataset.first ?? null);
    }
  }

  /**
   * @param {Control} control
   * @param {string | null} json
   */
  set(control, json) {
    this.#put(control, json);
    this.changed();
  }

  /**
   * @param {Control} control
   * @returns {string | null} The field's JSON; null where it is not sent.
   */
  get(control) {
    return this.#raw.get(control) ?? toJson(control.dataset.kind ?? "any", control.value);
  }

  /** @returns {[name: string, json: string][]} What is sent, in the order of the page. */
  props() {
    return this.controls.flatMap((control) => {
      const json = this.get(control);
      return json === null ? [] : [/** @type {[string, string]} */ ([control.dataset.name ?? "", json])];
    });
  }

  /** @param {Control} control @param {string | null} json */
  #put(control, json) {
    if (json === null) {
      this.#raw.delete(control);
      control.value = "";
    } else {
      control.value = toText(control.dataset.kind ?? "any", json);
      this.#raw.set(control, json);
    }
    if (!(control instanceof HTMLSelectElement)) {
      control.placeholder = json === '""' ? "empty text" : "not sent";
    }
  }
}
