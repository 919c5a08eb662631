// The service: one function that asks, and one kind of error.

import { find } from "./dom.js";
import { t } from "./i18n.js";

/** The API key, for as long as the page is open; "" for none. */
export const access = { key: "" };

/** What went wrong, by the service's own code, or "unreachable". */
export class Problem extends Error {
	constructor(status, code, detail, retryAfterS) {
		super(detail);
		Object.assign(this, { status, code, retryAfterS });
	}

	/** What happened: the service's own detail, if it gave one. */
	get words() {
		if (this.code === "unreachable") return t("The service cannot be reached. Is it running?");
		return this.message || t("The service answered {status}.", this);
	}

	/** Whether the same request may be answered later. */
	get isPassing() {
		return this.status === 429 || this.status === 503 || this.code === "unreachable";
	}
}

/** Where a key is wanted its form comes up.
		@param path relative to the page. Throws Problem, or AbortError when the signal says so. */
export async function ask(path, body, signal) {
	const headers = body ? { "content-type": "application/json" } : {};
	if (access.key) headers.authorization = `Bearer ${access.key}`;
	const request = { method: body ? "POST" : "GET", headers, body: JSON.stringify(body), signal };
	const reply = await fetch(path, request).catch(() => null);
	const json = await reply?.json().catch(() => null); // null: a proxy's own page
	signal?.throwIfAborted();
	if (!reply || (reply.ok && !json)) throw new Problem(0, "unreachable"); // or cut off
	if (reply.ok) return json;
	if (json?.code === "unauthorized") find("key-form").hidden = false;
	throw new Problem(reply.status, json?.code, json?.detail ?? "", Number(reply.headers.get("retry-after")));
}

/** Throws AbortError when the signal says so. */
export async function pause(seconds, signal) {
	await new Promise((resolve) => {
		const timer = setTimeout(resolve, seconds * 1000);
		signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
	});
	signal.throwIfAborted();
}
