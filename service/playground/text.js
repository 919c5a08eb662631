// One text: ask as it is typed, show the answer and what is inside it, say what went wrong.

import { ask, pause } from "./api.js";
import { button, find, make, rove, startTabs } from "./dom.js";
import { number, onLanguage, percent, t } from "./i18n.js";
import { nameOf } from "./labels.js";
import { memoryView } from "./memory.js";
import { showCode } from "./snippets.js";
import { legend, sentenceView, slicer, tokenView } from "./text-view.js";
import { watchTips } from "./tip.js";
import { showVerdict } from "./verdict.js";

const TYPING_S = 0.25; // without a key before we ask
const SPEAKING_S = 0.8; // without an answer before a screen reader is told the last one
const RETRY_S = 5;
const EXAMPLES = [
	["en", "The room was lovely and the view superb. Breakfast was fine. The staff, however, ignored us all week."],
	["zh-Hans", "这家面馆味道很好，价格也实惠。就是上菜太慢，等了快一个小时，不会再来了。"],
	["en", "Not bad at all 😊 I would happily go again!"],
	["zh-Hans", "快递今天上午到的，箱子是棕色的。"],
];
const OPTIONS = { sentences: { sentences: true }, tokens: { explain: true }, memory: { trace: true } };

/** reply: the last answer, or null. text: what it is about. refusal: why the view has nothing to show.
		trouble: what went wrong last. */
const state = { view: "sentences", reply: null, text: "", refusal: "", elapsedMs: 0, trouble: null };
let asking = new AbortController();
let speaking;

/** Ask anew, whatever was on its way. */
export async function update() {
	asking.abort();
	asking = new AbortController();
	const { signal } = asking;
	const text = find("text").value;
	const body = { text, ...OPTIONS[state.view] };
	showCount();
	showCode(body);
	if (!text.trim()) {
		find("trouble").hidden = true;
		return answer(null, text);
	}
	try {
		await pause(TYPING_S, signal);
		await askUntilAnswered(body, signal);
	} catch (error) {
		if (error.name !== "AbortError") throw error;
	}
}

async function askUntilAnswered(body, signal) {
	for (;;) {
		const startedAt = performance.now();
		try {
			const [reply, refusal] = await askWithOrWithoutOptions(body, signal);
			state.elapsedMs = performance.now() - startedAt;
			find("trouble").hidden = true;
			return answer(reply, body.text, refusal);
		} catch (error) {
			if (error.name === "AbortError") throw error;
			answer(null, body.text);
			state.trouble = error;
			tell();
			if (!error.isPassing) return;
			await pause(error.retryAfterS || RETRY_S, signal);
		}
	}
}

/** A text may be too long for a view, but not for a label. */
async function askWithOrWithoutOptions(body, signal) {
	try {
		return [await ask("v1/sentiment", body, signal), ""];
	} catch (error) {
		if (![403, 409, 413, 422].includes(error.status)) throw error;
		return [await ask("v1/sentiment", { text: body.text }, signal), error.message];
	}
}

function tell() {
	const { trouble } = state;
	const wait = t("Trying again in {n} s.", { n: trouble.retryAfterS || RETRY_S });
	const again = trouble.isPassing ? [make("span", wait), button({}, t("Try again"), update)] : [];
	find("trouble").replaceChildren(trouble.words ?? String(trouble), ...again);
	find("trouble").hidden = false;
}

function answer(reply, text, refusal = "") {
	Object.assign(state, { reply, text, refusal });
	show();
	clearTimeout(speaking);
	if (!reply) return;
	const said = t("{label}, {score}", { label: nameOf(reply.label), score: percent(reply.score) });
	speaking = setTimeout(() => (find("said").textContent = said), SPEAKING_S * 1000);
}

function show() {
	const { reply, text, refusal } = state;
	showVerdict(reply, state.elapsedMs);
	find("inside").hidden = !reply;
	let view = [legend(refusal)];
	if (reply?.sentences) view = sentenceView(text, reply.sentences);
	if (reply?.explanation) view = tokenView(text, reply.explanation);
	if (reply?.trace) view = memoryView(reply.trace);
	find("view").replaceChildren(...view);
}

function showCount() {
	find("count").textContent = t("{n} characters", { n: number(slicer(find("text").value).count) });
}

export function startText() {
	const write = (text) => {
		find("text").value = text;
		update();
	};
	for (const [lang, text] of EXAMPLES) find("examples").append(button({ lang, class: "chip" }, text, () => write(text)));
	// What is being composed, by pinyin say, is no text yet.
	find("text").addEventListener("input", (event) => event.isComposing || update());
	find("text").addEventListener("compositionend", update);
	find("clear").addEventListener("click", () => {
		find("text").focus();
		write("");
	});
	watchTips(find("view"));
	rove(find("view"), "mark");
	startTabs(find("views"), (view) => {
		state.view = view;
		update();
	});
	onLanguage(() => {
		showCount();
		show();
		if (!find("trouble").hidden) tell();
	});
}
