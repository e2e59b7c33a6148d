// Talking with our own API: truth is fetched, never taken from a card's props; a failure is one sentence.

const ANSWERS = new Map();
const KEPT = new Map();

/** What went wrong, as a person reads it. `status` is 0 when the server was not reached. */
export class Problem extends Error {
  constructor(sentence, { status = 0, code = "", fields = [], reasons = [] } = {}) {
    super(sentence);
    Object.assign(this, { status, code, fields, reasons });
  }
}

const SENTENCES = {
  0: "The room cannot be reached right now.",
  401: "You are signed out. Reload the page to sign in again.",
  403: "You are not allowed to do this.",
  404: "This is no longer here.",
  409: "Somebody was faster. What you see now is the newest state.",
  413: "This is too large.",
  429: "Too many requests at once. Wait a moment and try again.",
};

/** An RFC 9457 document -> one sentence; its `reasons`, if any, stay readable one by one. */
export function toProblem(status, body) {
  const known = SENTENCES[status] || (status >= 500 ? "Something broke on our side; nothing was lost." : "This did not work.");
  if (!body || typeof body !== "object") return new Problem(known, { status });
  const detail = typeof body.detail === "string" && body.detail.trim() ? body.detail : body.title;
  return new Problem(detail || known, { status, code: body.code, fields: body.fields || [], reasons: body.reasons || [] });
}

export const newKey = () =>
  crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

/**
 * Call the API. Every change carries an Idempotency-Key; pass the same `key` to repeat a change safely.
 * @throws {Problem}
 */
export async function call(method, path, body, { key, signal, keepalive } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["Idempotency-Key"] = key || newKey();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(`/api${path}`, { method, headers, signal, keepalive, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(SENTENCES[0]);
  }
  const json = (response.headers.get("content-type") || "").includes("json") ? await response.json() : null;
  if (!response.ok) throw toProblem(response.status, json);
  return json;
}

const ASKED = new Map();

/** Several cards that ask for the same thing at once share one request. */
export function get(path, options) {
  if (options?.signal) return call("GET", path, undefined, options);
  if (!ASKED.has(path)) ASKED.set(path, call("GET", path).finally(() => ASKED.delete(path)));
  return ASKED.get(path);
}
export const post = (path, body = {}, options) => call("POST", path, body, options);
export const put = (path, body, options) => call("PUT", path, body, options);

/**
 * Bring a file; `onProgress` is told the share that is there, 0 to 1. The answer names it by `uploadId`.
 * @throws {Problem}
 */
export function upload(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/uploads");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Problem(SENTENCES[0]));
    request.onload = () => (request.status < 300 ? resolve(request.response) : reject(toProblem(request.status, request.response)));
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

/** The last answer for a path, so that a card that is drawn again does not flash; always re-fetched as well. */
export const answers = {
  read: (path) => ANSWERS.get(path),
  write: (path, value) => {
    ANSWERS.set(path, value);
    if (ANSWERS.size > 300) ANSWERS.delete(ANSWERS.keys().next().value);
  },
};

/** What a person was in the middle of (an open fold, half-typed words); survives a card being drawn anew. */
export const kept = {
  read: (key, initial) => (KEPT.has(key) ? KEPT.get(key) : initial),
  write: (key, value) => KEPT.set(key, value),
  drop: (key) => KEPT.delete(key),
};

/** Save text or bytes as a file on the person's machine. */
export function download(name, text, type = "text/plain;charset=utf-8") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const fileName = (title, extension) =>
  `${String(title).normalize("NFKD").replace(/[^\w\s-]/g, "").trim().replace(/\s+/g, "-").toLowerCase().slice(0, 80) || "adroom"}.${extension}`;
