// The language of the interface. English stands in the page itself, the rest in words.js.

import { DYNAMIC, CHINESE } from "./words.js";

const KEPT = "sentiment-language";
const ATTRIBUTES = { t: null, tLabel: "aria-label", tPlaceholder: "placeholder" };
const english = new Map(); // "kind:key" to what the page said at first
const listeners = [];

export let language = "en";
export const tag = () => (language === "zh" ? "zh-Hans" : "en");

/** A phrase, with {name} replaced. otherwise: for keys that come from outside, such as labels. */
export function t(key, values = {}, otherwise = key) {
  const words = language === "zh" ? CHINESE : DYNAMIC;
  const phrase = Object.hasOwn(words, key) ? words[key] : otherwise;
  return phrase.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const number = (value) => value.toLocaleString(tag());
export const percent = (value, digits = 1) =>
  value.toLocaleString(tag(), { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Call this now and whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
}

export function startLanguage() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {} // a browser that stores nothing
  for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => setLanguage(button.dataset.language, true));
  const wanted = kept ?? navigator.languages?.find((name) => /^(en|zh)\b/i.test(name)) ?? "en";
  setLanguage(/^zh/i.test(wanted) ? "zh" : "en", false);
}

function setLanguage(name, isChosen) {
  language = name;
  try {
    if (isChosen) localStorage.setItem(KEPT, name);
  } catch {}
  document.documentElement.lang = tag();
  document.title = name === "zh" ? CHINESE.page : "Sentiment playground";
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", button.dataset.language === name);
  for (const [kind, attribute] of Object.entries(ATTRIBUTES)) {
    const selector = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const element of document.querySelectorAll(`[data-${selector}]`)) translate(element, kind, attribute);
  }
  listeners.forEach((listener) => listener());
}

function translate(element, kind, attribute) {
  const key = element.dataset[kind];
  const name = `${kind}:${key}`;
  if (!english.has(name)) english.set(name, attribute ? element.getAttribute(attribute) : element.textContent);
  const phrase = language === "zh" ? CHINESE[key] : english.get(name);
  if (attribute) element.setAttribute(attribute, phrase);
  else element.textContent = phrase;
}
