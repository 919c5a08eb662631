// One text: ask as it is typed, show the answer, say what went wrong.

import { ask, keepKey, pause } from "./api.js";
import { showCard } from "./card.js";
import { showCode, startCode } from "./code.js";
import { find, make, rove } from "./dom.js";
import { number, onLanguage, percent, startLanguage, t } from "./i18n.js";
import { nameOf } from "./labels.js";
import { slicer } from "./offsets.js";
import { startSheet } from "./sheet.js";
import { startTabs } from "./tabs.js";
import { sentenceView } from "./text-view.js";
import { watchTips } from "./tip.js";
import { showVerdict } from "./verdict.js";

const TYPING_S = 0.25; // without a key before we ask
const SPEAKING_S = 0.8; // without an answer before a screen reader is told the last one
const RETRY_S = [2, 5, 10, 30];
const EXAMPLES = [
  ["en", "The room was lovely and the view superb. Breakfast was fine. The staff, however, ignored us all week."],
  ["zh-Hans", "这家面馆味道很好，价格也实惠。就是上菜太慢，等了快一个小时，不会再来了。"],
  ["en", "Not bad at all 😊 I would happily go again!"],
  ["zh-Hans", "快递今天上午到的，箱子是棕色的。"],
];

const state = { text: "", view: "sentences", reply: null, elapsedMs: 0 };
let asking = new AbortController();
let speaking;
let model = null;

/** The body of the current request. */
const requestBody = () => ({ text: state.text, sentences: true });

async function update() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  state.text = find("text").value;
  find("count").textContent = t("count", { n: number(slicer(state.text).count) });
  showCode(requestBody());
  if (!state.text.trim()) {
    state.reply = null;
    find("trouble").hidden = true;
    return show();
  }
  try {
    await pause(TYPING_S, signal);
    await askUntilAnswered(signal);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

async function askUntilAnswered(signal) {
  for (let attempt = 0; ; attempt++) {
    const startedAt = performance.now();
    try {
      state.reply = { ...(await ask("v1/sentiment", requestBody(), signal)), text: state.text };
      state.elapsedMs = performance.now() - startedAt;
      find("trouble").hidden = true;
      return show();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      state.reply = null;
      show();
      if (error.code === "unauthorized") find("key-form").hidden = false;
      if (!error.isPassing) return explain(error);
      let waitS = error.retryAfterS || RETRY_S[Math.min(attempt, RETRY_S.length - 1)];
      for (; waitS > 0; waitS--) {
        explain(error, waitS);
        await pause(1, signal);
      }
    }
  }
}

/** @param retryInS if it is tried again by itself */
function explain(error, retryInS) {
  const words = ["unreachable", "unknown"].includes(error.code) ? t(error.code, { status: error.status }) : error.message;
  const again = make("button", { type: "button" }, t("retry"));
  again.addEventListener("click", update);
  const parts = [make("span", {}, words), ...(retryInS ? [make("span", {}, t("retry.in", { n: retryInS })), again] : [])];
  find("trouble").replaceChildren(...parts);
  find("trouble").hidden = false;
}

function show() {
  const { reply } = state;
  showVerdict(reply, state.elapsedMs);
  find("inside").hidden = !reply;
  clearTimeout(speaking);
  if (!reply) return;
  showView();
  const said = t("said", { label: nameOf(reply.label), score: percent(reply.score) });
  speaking = setTimeout(() => (find("said").textContent = said), SPEAKING_S * 1000);
}

function showView() {
  const { reply } = state;
  find("view").replaceChildren(...sentenceView(reply.text, reply.sentences));
}

function start() {
  startLanguage();
  for (const [lang, text] of EXAMPLES) {
    const chip = make("button", { type: "button", lang, class: "chip" }, text);
    chip.addEventListener("click", () => {
      find("text").value = text;
      update();
    });
    find("examples").append(chip);
  }
  find("text").addEventListener("input", update);
  find("clear").addEventListener("click", () => {
    find("text").value = "";
    find("text").focus();
    update();
  });
  find("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    keepKey(find("key").value.trim());
    find("key-form").hidden = true;
    refresh();
  });
  watchTips(find("view"));
  rove(find("view"), "mark");
  startTabs(find("views"), (view) => {
    state.view = view;
    if (state.reply) update();
  });
  startCode();
  startSheet();
  onLanguage(() => {
    find("count").textContent = t("count", { n: number(slicer(state.text).count) });
    show();
    if (model) showCard(model);
  });
  refresh();
}

/** Ask for everything, at the start or with a new key. */
async function refresh() {
  update();
  try {
    model = await ask("v1/model");
    showCard(model);
  } catch (error) {
    if (error.code === "unauthorized") find("key-form").hidden = false;
    else setTimeout(refresh, RETRY_S[1] * 1000);
  }
}

start();
