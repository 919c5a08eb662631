// Elements, and moving between them by keys. What users or the server say becomes a text node here, never markup.

/** The element with this id. */
export const find = (id) => document.getElementById(id);

/** An element: make("p.muted", { lang: "en" }, "Text", child). Attributes may be left out. */
export function make(kind, ...rest) {
	const [tag, ...classes] = kind.split(".");
	const element = document.createElement(tag);
	if (classes.length) element.className = classes.join(" ");
	return fill(element, rest);
}

export const draw = (tag, ...rest) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), rest);

function fill(element, rest) {
	const attributes = rest[0]?.constructor === Object ? rest.shift() : {};
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
	element.append(...rest);
	return element;
}

/** A button that does something. */
export function button(attributes, text, act) {
	const made = make("button", attributes, text);
	made.addEventListener("click", act);
	return made;
}

/** Let one of several elements have the tab stop, and arrow keys go between them. */
export function rove(container, selector, onMove = () => {}) {
	const items = () => [...container.querySelectorAll(selector)];
	container.addEventListener("keydown", (event) => {
		const all = items();
		const here = all.indexOf(event.target);
		const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
		const next = { Home: all[0], End: all.at(-1) }[event.key] ?? (step && all[(here + step + all.length) % all.length]);
		if (here < 0 || !next) return;
		event.preventDefault();
		next.focus();
		onMove(next);
	});
	container.addEventListener("focusin", ({ target }) => {
		if (target.matches(selector)) for (const item of items()) item.tabIndex = item === target ? 0 : -1;
	});
}

/** Tabs, as the ARIA practices have them. choose: called with the data-view of one. */
export function startTabs(list, choose) {
	const panel = find(list.dataset.panel);
	const select = (chosen) => {
		for (const tab of list.children) {
			tab.setAttribute("aria-selected", tab === chosen);
			tab.tabIndex = tab === chosen ? 0 : -1;
		}
		panel.setAttribute("aria-labelledby", chosen.id);
		choose(chosen.dataset.view);
	};
	for (const tab of list.children) {
		tab.id = `tab-${tab.dataset.view}`;
		tab.setAttribute("aria-controls", panel.id);
		tab.addEventListener("click", () => select(tab));
	}
	rove(list, "[role=tab]", select);
	select(list.firstElementChild);
}
