// The page: its sections started, and what they share: the language, the key, the model.

import { access, ask } from "./api.js";
import { showCard } from "./card.js";
import { find } from "./dom.js";
import { onLanguage, startLanguage } from "./i18n.js";
import { startSheet } from "./sheet.js";
import { startCode } from "./snippets.js";
import { startText, update } from "./text.js";

const RETRY_MS = 5000;
let model = null;

async function showModel() {
	try {
		model = await ask("v1/model");
		showCard(model);
	} catch (error) {
		if (error.code !== "unauthorized") setTimeout(showModel, RETRY_MS);
		else if (access.key) {
			find("key-wrong").hidden = false;
			find("key").focus();
		}
	}
}

startLanguage();
startCode();
startText();
startSheet();
onLanguage(() => model && showCard(model));
find("key-form").addEventListener("submit", (event) => {
	event.preventDefault();
	// A header takes nothing else, and a space of no width is easily pasted.
	access.key = find("key").value.replace(/[^ -~]/g, "").trim();
	find("key-form").hidden = true;
	showModel();
	update();
});
showModel();
