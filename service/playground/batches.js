// Batches: many texts in few requests, within the service's limits and at its pace.

import { ask, pause } from "./api.js";

const IN_FLIGHT = 2;
const TEXTS = 100; // a request: enough to keep the service busy, few enough to show progress
const BYTES_PER_CHAR = 6; // at most, in JSON: \u0000
const TRIES = 20; // of a request that may pass later
const TOO_MUCH = [408, 413, 504]; // at once

/** Ask for every text.
		@param limits of GET /v1/model
		@param onResult called with an index and the service's entry for it, {label, …} or {error}
		Throws Problem where going on makes no sense, or AbortError. */
export async function classifyAll(texts, limits, onResult, signal) {
	const waiting = cut(texts, limits);
	const stop = new AbortController(); // one that fails stops the others
	const work = async () => {
		while (waiting.length) await classify(waiting.shift(), waiting, onResult, AbortSignal.any([signal, stop.signal]));
	};
	await Promise.all(Array.from({ length: IN_FLIGHT }, work)).finally(() => stop.abort());
}

/** @returns lists of [index, text], each of a size that is taken */
function cut(texts, limits) {
	const most = Math.min(TEXTS, limits.max_texts_per_request);
	const mostChars = limits.max_body_bytes / BYTES_PER_CHAR;
	const batches = [];
	let chars = Infinity;
	texts.forEach((text, index) => {
		chars += text.length;
		if (chars > mostChars || batches.at(-1).length === most) {
			batches.push([]);
			chars = text.length;
		}
		batches.at(-1).push([index, text]);
	});
	return batches;
}

async function classify(batch, waiting, onResult, signal) {
	const texts = batch.map(([, text]) => text);
	for (let attempt = 1; ; attempt++) {
		try {
			const { results } = await ask("v1/sentiment", { texts }, signal);
			return results.forEach((result, place) => onResult(batch[place][0], result));
		} catch (error) {
			if (error.isPassing && attempt < TRIES) await pause(error.retryAfterS || Math.min(attempt, 10), signal);
			else if (!TOO_MUCH.includes(error.status)) throw error;
			else if (batch.length === 1) return onResult(batch[0][0], { error });
			else return waiting.unshift(batch.splice(0, batch.length >> 1), batch);
		}
	}
}
