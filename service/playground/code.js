// The section with the snippets: which one is shown, and copying it.

import { readKey } from "./api.js";
import { find } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { snippet } from "./snippets.js";
import { startTabs } from "./tabs.js";

const URL_OF_IT = new URL("v1/sentiment", document.baseURI).href;
let kind = "curl";
let body = { text: "" };

/** @param current body of the request, or nothing to show the last one again */
export function showCode(current = body) {
  body = current;
  find("snippet").textContent = snippet(kind, URL_OF_IT, body, readKey() !== "");
  find("copied").textContent = "";
}

export function startCode() {
  startTabs(find("snippets"), (view) => {
    kind = view;
    showCode();
  });
  find("copy").addEventListener("click", async () => {
    let outcome = "copied";
    try {
      await navigator.clipboard.writeText(find("snippet").textContent);
    } catch {
      // Browsers lend the clipboard to secure pages only, and many a service is reached by plain HTTP.
      getSelection().selectAllChildren(find("snippet"));
      outcome = document.execCommand("copy") ? "copied" : "copy.selected";
    }
    find("copied").textContent = find("copy").textContent = t(outcome);
    setTimeout(() => (find("copy").textContent = t("copy")), 2000);
  });
  onLanguage(() => (find("copy").textContent = t("copy")));
}
