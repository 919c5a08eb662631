// The language of the interface. English stands where it is said; words.js has the Chinese for it.

import { CHINESE } from "./words.js";

const KEPT = "sentiment-language";
const said = []; // of the page itself: element, attribute or null for its text, English
const listeners = [];

let language = "en";
export const tag = () => (language === "zh" ? "zh-Hans" : "en");

/** The phrase in the language of the interface, with {name} replaced. */
export function t(english, values = {}) {
	const phrase = language === "zh" && Object.hasOwn(CHINESE, english) ? CHINESE[english] : english;
	return phrase.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const number = (value) => value.toLocaleString(tag());
export const percent = (value) =>
	value.toLocaleString(tag(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

const LANGUAGES = new Map([["en", "English"], ["zh", "Chinese"], ["other", "Other script"]]);
export const languageName = (code) => (LANGUAGES.has(code) ? t(LANGUAGES.get(code)) : code);

/** Call this whenever the language has changed. */
export function onLanguage(listener) {
	listeners.push(listener);
}

export function startLanguage() {
	for (const element of document.querySelectorAll("[data-t]")) said.push([element, null, element.textContent]);
	for (const name of ["aria-label", "placeholder"])
		for (const element of document.querySelectorAll(`[${name}]`)) said.push([element, name, element.getAttribute(name)]);
	let kept;
	try {
		kept = localStorage.getItem(KEPT);
	} catch {} // a browser that stores nothing
	for (const button of document.querySelectorAll("[data-language]"))
		button.addEventListener("click", () => {
			setLanguage(button.dataset.language);
			try {
				localStorage.setItem(KEPT, language);
			} catch {}
		});
	const wanted = kept ?? navigator.languages.find((name) => /^(en|zh)\b/i.test(name)) ?? "en";
	setLanguage(/^zh/i.test(wanted) ? "zh" : "en");
}

function setLanguage(name) {
	language = name;
	document.documentElement.lang = tag();
	for (const button of document.querySelectorAll("[data-language]"))
		button.setAttribute("aria-pressed", button.dataset.language === name);
	for (const [element, attribute, english] of said) {
		if (attribute) element.setAttribute(attribute, t(english));
		else element.textContent = t(english);
	}
	listeners.forEach((listener) => listener());
}
