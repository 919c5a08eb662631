// Tabs, as the ARIA practices have them: one tab stop, arrows move and choose.

import { find, rove } from "./dom.js";

/** @param choose is called with the data-view of the tab that is chosen */
export function startTabs(list, choose) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const select = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
    find(chosen.getAttribute("aria-controls")).setAttribute("aria-labelledby", chosen.id);
    choose(chosen.dataset.view);
  };
  for (const tab of tabs) tab.addEventListener("click", () => select(tab));
  rove(list, "[role=tab]", select);
  select(tabs[0]);
}
