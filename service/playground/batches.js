// Batches: many texts in few requests, within the service's limits and at its pace.

import { ask, pause } from "./api.js";

const IN_FLIGHT = 2;
const TEXTS = 100; // a request: enough to keep the service busy, few enough to show progress
const CHARS = 200_000;
const BYTES_PER_CHAR = 6; // at most, in JSON: \u0000
const TRIES = 20; // of a request that may pass later
const SPLIT = [413, 408, 504]; // too much at once

/** Ask for every text.
    @param limits of GET /v1/model
    @param onResult called with the index and the service's entry, {label, …} or {error: {message}}
    Throws Problem where going on makes no sense, or AbortError. */
export async function classifyAll(texts, limits, onResult, signal) {
  const waiting = cut(texts, limits);
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  const work = async () => {
    while (waiting.length) await classify(waiting.shift(), waiting, onResult, stop.signal);
  };
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  } catch (error) {
    stop.abort(); // the other one
    throw error;
  }
}

/** @returns lists of [index, text], each of a size that is taken */
function cut(texts, limits) {
  const most = Math.min(TEXTS, limits.max_texts_per_request);
  const mostChars = Math.min(CHARS, limits.max_body_bytes / BYTES_PER_CHAR);
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
  for (let attempt = 1; ; attempt++) {
    try {
      const { results } = await ask("v1/sentiment", { texts: batch.map(([, text]) => text) }, signal);
      return results.forEach((result, place) => onResult(batch[place][0], result));
    } catch (error) {
      if (error.isPassing && attempt < TRIES) {
        await pause(error.retryAfterS || Math.min(attempt, 10), signal);
      } else if (SPLIT.includes(error.status) && batch.length > 1) {
        const middle = batch.length >> 1;
        waiting.unshift(batch.slice(0, middle), batch.slice(middle));
        return;
      } else if (SPLIT.includes(error.status)) {
        return onResult(batch[0][0], { error: { code: error.code, message: error.message } });
      } else {
        throw error;
      }
    }
  }
}
