// The service: one function that asks, and one kind of error.

const KEY = "sentiment-key";

/** What went wrong, by the service's own code, or `unreachable`. */
export class Problem extends Error {
  constructor(status, code, detail, retryAfterS) {
    super(detail);
    Object.assign(this, { status, code, detail, retryAfterS });
  }

  /** Whether the same request may be answered later. */
  get isPassing() {
    return this.status === 429 || this.status === 503 || this.code === "unreachable";
  }
}

/** @param path relative to the page. Throws Problem, or AbortError when the signal says so. */
export async function ask(path, body, signal) {
  const headers = body ? { "content-type": "application/json" } : {};
  if (readKey()) headers.authorization = `Bearer ${readKey()}`;
  let reply;
  try {
    reply = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", error.message, 0);
  }
  let json = null;
  try {
    json = await reply.json();
  } catch (error) {
    if (error.name === "AbortError") throw error; // else a proxy's own page
  }
  if (reply.ok && json) return json;
  const retryAfterS = Number(reply.headers.get("retry-after")) || 0;
  throw new Problem(reply.status, json?.code ?? "unknown", json?.detail ?? reply.statusText, retryAfterS);
}

/** Wait; rejects with AbortError when the signal says so. */
export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException("", "AbortError"));
    if (signal.aborted) return stop();
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal.addEventListener("abort", () => (clearTimeout(timer), stop()), { once: true });
  });
}

let key = "";

export function readKey() {
  try {
    return key || (sessionStorage.getItem(KEY) ?? "");
  } catch {
    return key; // a browser that stores nothing
  }
}

/** Kept until the tab closes. */
export function keepKey(text) {
  key = text;
  try {
    sessionStorage.setItem(KEY, text);
  } catch {}
}
