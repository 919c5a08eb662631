// The tip: figures of the thing under the pointer or the focus. Escape puts it away.

import { find, make } from "./dom.js";

const figures = new WeakMap();

/** @param tell gives [title, [[name, value], …]] when asked */
export function attachTip(element, tell) {
  figures.set(element, tell);
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
  const show = (event) => {
    let target = event.target;
    while (target !== container && !figures.has(target)) target = target.parentNode;
    if (target === owner) return;
    hide();
    if (target === container) return;
    owner = target;
    const [title, rows] = figures.get(owner)();
    const cells = rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
    tip.replaceChildren(make("b", {}, title), make("dl", {}, ...cells));
    tip.hidden = false;
    owner.setAttribute("aria-describedby", "tip");
    place(tip, owner.getClientRects()[0]);
  };
  for (const name of ["pointerover", "focusin"]) container.addEventListener(name, show);
  for (const name of ["pointerleave", "focusout"]) container.addEventListener(name, hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", hide, { passive: true });
}

function place(tip, box) {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(box.left, document.documentElement.clientWidth - width - 8);
  const isAbove = box.top > height + 12;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${isAbove ? box.top - height - 8 : box.bottom + 8}px`;
}
