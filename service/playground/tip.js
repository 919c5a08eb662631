// The tip: figures of the thing under the pointer or the focus. Escape puts it away.

import { find, make } from "./dom.js";

const tips = new WeakMap();

/** @param rows of [name, value] */
export function attachTip(element, title, rows) {
	tips.set(element, [title, rows]);
}

/** Watch everything inside an element that has a tip attached. */
export function watchTips(container) {
	const tip = find("tip");
	let owner = null;
	const hide = () => {
		owner?.removeAttribute("aria-describedby");
		owner = null;
		tip.hidden = true;
	};
	const show = ({ target }) => {
		while (target !== container && !tips.has(target)) target = target.parentNode;
		if (target === owner) return;
		hide();
		if (target === container) return;
		owner = target;
		const [title, rows] = tips.get(owner);
		const cells = rows.flatMap(([name, value]) => [make("dt", name), make("dd", value)]);
		tip.replaceChildren(make("b", title), make("dl", ...cells));
		tip.hidden = false;
		owner.setAttribute("aria-describedby", "tip");
		place();
	};
	const place = () => {
		const box = owner.getClientRects()[0];
		const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
		const above = box.top - tip.offsetHeight - 8;
		tip.style.left = `${Math.max(8, left)}px`;
		tip.style.top = `${above > 0 ? above : box.bottom + 8}px`;
	};
	for (const name of ["pointerover", "focusin"]) container.addEventListener(name, show);
	for (const name of ["pointerleave", "focusout"]) container.addEventListener(name, hide);
	document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
	// Moving to a mark by keys may scroll the page.
	document.addEventListener("scroll", () => (owner === document.activeElement ? place : hide)(), { passive: true });
	new MutationObserver(hide).observe(container, { childList: true });
}
