// Sends the request and shows what comes back.
import { isJson, layOut } from "./json.js";
import { byId, coloured, lines, make, say } from "./dom.js";

const SHOWN = 100_000;

/**
 * @typedef {object} Problem
 * @property {string} [pointer]
 * @property {string} [rule]
 * @property {string} [remedy]
 * @property {string} [value]
 * @property {string} [explanation]
 */

/**
 * @param {string} address
 * @param {string} body
 * @param {AbortSignal} signal
 * @returns {Promise<{ status: number, text: string, type: string, wait: string | null, took: number }>}
 */
export async function send(address, body, signal) {
  const began = performance.now();
  const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body, signal, redirect: "manual" });
  const text = await response.text();
  return {
    status: response.status,
    text,
    type: response.headers.get("Content-Type") ?? "",
    wait: response.headers.get("Retry-After"),
    took: performance.now() - began,
  };
}

/**
 * @param {number} milliseconds
 * @returns {string}
 */
export const duration = (milliseconds) => (milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`);

/**
 * Pages may be open to more people than requests are.
 * @param {number} status 0 where the answer is a redirection, which is not followed: it leads to a page for people.
 * @returns {string | null} What an application means that asks who calls; null for any other answer.
 */
export function locked(status) {
  return status === 401
    ? "This endpoint wants to know who calls it, and this page has no credentials for it. Sign in, or use one of the programs with yours."
    : status === 403 ? "You may read this page, but not call this endpoint."
      : status === 0 ? "The application sends this request to another address instead of answering it, as many do with callers that have not signed in. Sign in, and send it again." : null;
}

/** Says that a request is under way. */
export function showWaiting() {
  byId("answer-code").replaceChildren();
  byId("answer-copy").hidden = true;
  byId("answer-body").replaceChildren(make("p", { class: "soft" }, "Waiting for the answer …"));
}

/**
 * Shows an answer.
 * @param {Awaited<ReturnType<typeof send>>} answer
 * @param {(problem: Problem) => string | null} place Says at a field what is wrong with it, and names the field.
 */
export function showAnswer(answer, place) {
  const good = answer.status >= 200 && answer.status < 300;
  const code = answer.status === 0 ? "Redirected" : String(answer.status);
  showCode(good ? "ok" : answer.status < 500 ? "warn" : "bad", code, duration(answer.took));
  const problem = answer.type.startsWith("application/problem+json") && isJson(answer.text) ? JSON.parse(answer.text) : null;
  const closed = locked(answer.status);
  const words = [...(problem ? describe(problem, answer, place) : []), ...(closed ? [make("p", {}, closed)] : [])];
  byId("answer-body").replaceChildren(...(words.length ? words : lay(answer.text)));
  say(good ? `Answered with ${code} after ${duration(answer.took)}.` : `${code}: ${problem?.title ?? closed ?? "no answer"}`);
}

/** Shows that no answer came. */
export function showLost() {
  showCode("bad", "No answer", "");
  byId("answer-body").replaceChildren(make("p", {}, "The request did not get through: the network is down, or the server is. Send it again when it is back."));
  say("No answer: the request did not get through.");
}

/** Shows that somebody gave up waiting. */
export function showCancelled() {
  showCode("idle", "Cancelled", "");
  byId("answer-body").replaceChildren(make("p", { class: "soft" }, "You cancelled this request."));
  say("Cancelled.");
}

/** @param {string} tone @param {string} word @param {string} time */
function showCode(tone, word, time) {
  byId("answer-code").replaceChildren(make("span", { class: `chip-state ${tone}` }, word), " ", make("span", { class: "soft figure" }, time));
}

/** @param {string} text */
function lay(text) {
  if (!isJson(text)) {
    return [make("pre", { tabindex: "0", "aria-label": "Answer" }, make("code", {}, ...lines([text.slice(0, SHOWN) || "(empty)"])))];
  }

  const { pieces, whole } = layOut(text, SHOWN);
  // What is cut would be copied as no JSON.
  byId("answer-copy").hidden = !whole;
  const pre = make("pre", { tabindex: "0", "aria-label": "Answer" }, make("code", { id: "answer-text" }, ...lines(coloured(pieces))));
  return whole
    ? [pre]
    : [pre, make("p", { class: "soft" }, `This is the beginning of an answer of ${text.length.toLocaleString("en")} characters.`)];
}

/**
 * @param {{ title?: string, detail?: string, problems?: Problem[], pluginStatus?: number }} problem
 * @param {{ wait: string | null }} answer
 * @param {(problem: Problem) => string | null} place
 */
function describe(problem, answer, place) {
  const parts = [make("p", { class: "problem-title" }, problem.title ?? "The request was refused.")];
  if (problem.detail) {
    parts.push(make("p", {}, problem.detail));
  }
  if (answer.wait) {
    parts.push(make("p", {}, `Try again in ${answer.wait} ${answer.wait === "1" ? "second" : "seconds"}.`));
  }
  if (problem.problems?.length) {
    parts.push(make("ul", { class: "problems" }, ...problem.problems.map((p) => item(p, place(p)))));
  }
  return parts;
}

/**
 * @param {Problem} problem
 * @param {string | null} field
 */
function item(problem, field) {
  const name = (problem.pointer ?? "").replace(/^\/props\//, "").replaceAll("~1", "/").replaceAll("~0", "~") || "the body";
  const subject = field ? make("a", { href: `#${field}`, "data-goto": field }, name) : make("code", {}, name);
  return make("li", {}, subject, " ", sentence(problem));
}

/**
 * @param {Problem} problem
 * @returns {string} What is wrong and what to do.
 */
export function sentence(problem) {
  const was = problem.value === undefined ? "" : `, was: ${problem.value}`;
  return `${problem.rule ?? "is wrong"}${was}. ${problem.remedy ?? ""}`.trim();
}
