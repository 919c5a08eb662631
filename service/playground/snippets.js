// Snippets: the current request as curl, Python and JavaScript, for a terminal or a file to take as it is.

import { access } from "./api.js";
import { find, startTabs } from "./dom.js";
import { t } from "./i18n.js";

const ADDRESS = new URL("v1/sentiment", document.baseURI).href;
const KINDS = { curl, python, javascript };
let kind = "curl";
let body = { text: "" };

/** @param current body of the request, or the last one again */
export function showCode(current = body) {
	body = current;
	find("copied").textContent = "";
	find("snippet").textContent = KINDS[kind](ADDRESS, body, access.key !== "");
}

export function startCode() {
	startTabs(find("snippets"), (view) => {
		kind = view;
		showCode();
	});
	find("copy").addEventListener("click", async () => {
		let outcome = "Copied";
		try {
			await navigator.clipboard.writeText(find("snippet").textContent);
		} catch {
			// Browsers lend the clipboard to secure pages only, and many a service is reached by plain HTTP.
			getSelection().selectAllChildren(find("snippet"));
			if (!document.execCommand("copy")) outcome = "Press Ctrl+C";
		}
		find("copied").textContent = t(outcome);
	});
}

// Raw, these would show otherwise than they read, or be eaten by a terminal.
const UNSEEN = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]/g;

/** JSON, which in strings is also Python and JavaScript. */
function literal(value) {
	return JSON.stringify(value).replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// The key itself stays in a variable: snippets are passed around.
const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

function curl(url, body, hasKey) {
	const key = hasKey ? ` \\\n  -H "authorization: Bearer $SENTIMENT_API_KEY"` : "";
	return `curl ${shell(url)} \\\n  -H 'content-type: application/json'${key} \\\n  --data-raw ${shell(literal(body))}`;
}

function python(url, body, hasKey) {
	const members = Object.entries(body).map(([name, value]) => `${literal(name)}: ${value === true ? "True" : literal(value)}`);
	const key = hasKey ? `, "authorization": "Bearer " + os.environ["SENTIMENT_API_KEY"]` : "";
	return `import json
${hasKey ? "import os\n" : ""}import urllib.request

body = {${members.join(", ")}}
request = urllib.request.Request(
    ${literal(url)},
    data=json.dumps(body).encode(),
    headers={"content-type": "application/json"${key}},
)
with urllib.request.urlopen(request) as reply:
    print(json.load(reply))`;
}

function javascript(url, body, hasKey) {
	const key = hasKey ? ", authorization: `Bearer ${key}`" : "";
	return `const reply = await fetch(${literal(url)}, {
  method: "POST",
  headers: { "content-type": "application/json"${key} },
  body: JSON.stringify(${literal(body)}),
});
console.log(await reply.json());`;
}
