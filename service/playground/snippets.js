// Snippets: the current request as curl, Python and JavaScript, for a terminal or a file to take as it is.

// Raw, these would show otherwise than they read, or be eaten by a terminal; escaped, they arrive all the same.
const UNSEEN = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]/g;

/** JSON, which in strings is also Python and JavaScript. */
function literal(value) {
  return JSON.stringify(value).replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** @param hasKey adds the header; the key itself stays in a variable, since snippets are passed around */
export function snippet(kind, url, body, hasKey) {
  return { curl, python, javascript }[kind](url, body, hasKey);
}

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
