// Suggestions while typing, "/" to the search box, explanations in place, and searches without a reload.
// The page works without any of it.
"use strict";

const input = document.getElementById("q");
const main = document.getElementById("main");
const announce = (text) => { document.getElementById("status").textContent = text; };

// Suggestions: an ARIA combobox with a list (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
const list = document.createElement("ul");
list.className = "suggestions";
list.id = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", input.dataset.label);
input.after(list);
for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list", "aria-haspopup": "listbox" })) input.setAttribute(name, value);
let typed = input.value, chosen = -1, timer = 0, pending = null;

function close() {
  clearTimeout(timer);
  pending?.abort();
  list.hidden = true;
  list.replaceChildren();
  chosen = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const options = list.children;
  chosen = (index + 1 + options.length + 1) % (options.length + 1) - 1;
  for (const [place, option] of [...options].entries()) option.setAttribute("aria-selected", String(place === chosen));
  input.value = chosen < 0 ? typed : options[chosen].dataset.text;
  if (chosen < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", options[chosen].id);
}

async function suggest() {
  const text = typed = input.value;
  if (!text.trim() || !input.dataset.suggest) return close();
  pending?.abort();
  pending = new AbortController();
  const parameters = new URLSearchParams({ q: text, limit: "8" });
  if (input.dataset.index) parameters.set("i", input.dataset.index);
  try {
    const response = await fetch(`${input.dataset.suggest}?${parameters}`, { signal: pending.signal });
    if (!response.ok) return close();
    const { suggestions } = await response.json();
    if (input.value !== text || document.activeElement !== input) return;
    list.replaceChildren(...suggestions.map((suggestion, place) => {
      const option = document.createElement("li"), words = document.createElement("bdi"), count = document.createElement("span");
      option.id = `suggestion-${place}`;
      option.dataset.text = words.textContent = suggestion.text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      count.className = "count";
      count.textContent = suggestion.articles.toLocaleString("en");
      option.append(words, count);
      return option;
    }));
    chosen = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 120); });
input.addEventListener("blur", close);
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) suggest();
    else choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    input.value = typed;
    close();
  }
});
list.addEventListener("pointerdown", (event) => {
  const option = event.target.closest("li");
  if (!option) return;
  event.preventDefault();
  input.value = option.dataset.text;
  close();
  input.form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  input.focus();
  input.select();
});

// Explanations open below their result.
main.addEventListener("toggle", async (event) => {
  const details = event.target;
  if (!details.open || !details.dataset.src) return;
  const source = details.dataset.src;
  delete details.dataset.src;
  try {
    const response = await fetch(`${source}&fragment=1`);
    if (response.ok) details.lastElementChild.innerHTML = await response.text();
  } catch { details.dataset.src = source; }
}, true);

// Searches replace the page's parts instead of reloading it. Anything unusual is left to the browser.
const home = new URL(input.form.action).pathname;
let current = location.pathname + location.search, turn = 0;

async function visit(url, push) {
  const mine = ++turn;
  close();
  main.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== turn) return;
    const fresh = page.getElementById("main");
    if (!fresh || response.redirected) return location.assign(url);
    main.replaceChildren(...fresh.childNodes);
    main.removeAttribute("aria-busy");
    for (const part of [".tools", ".indexes"]) {
      const old = document.querySelector(part), other = page.querySelector(part);
      if (old && other) old.replaceChildren(...other.childNodes);
    }
    input.form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
    input.form.append(...page.querySelectorAll(".search input[type=hidden]"));
    const box = page.getElementById("q");
    input.value = typed = box.value;
    input.dataset.index = box.dataset.index;
    document.title = page.title;
    if (push) history.pushState(null, "", url);
    current = location.pathname + location.search;
    showTheme();
    announce(main.querySelector("h1")?.textContent.trim() ?? "");
    if (push) { scrollTo(0, 0); main.querySelector("h1")?.focus({ preventScroll: true }); }
  } catch { location.assign(url); }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (new URL(form.action).pathname !== home) return;
  event.preventDefault();
  visit(`${home}?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""))}`, true);
});
main.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(typeof link.href === "string" ? link.href : link.href.baseVal, location.href);
  if (link.hasAttribute("download") || url.origin !== location.origin || url.pathname !== home || location.pathname !== home || url.hash) return;
  event.preventDefault();
  visit(url.pathname + url.search, true);
});
addEventListener("popstate", () => {
  if (location.pathname + location.search === current) return; // only the fragment changed
  visit(location.href, false);
});

// Colours: those of the device, light or dark.
function showTheme() {
  const button = document.querySelector(".theme");
  button.hidden = false;
  button.textContent = button.dataset[document.documentElement.dataset.theme ?? "system"];
}
document.addEventListener("click", (event) => {
  if (!event.target.closest(".theme")) return;
  const root = document.documentElement, next = { undefined: "dark", dark: "light", light: undefined }[root.dataset.theme];
  if (next) root.dataset.theme = next;
  else delete root.dataset.theme;
  try {
    if (next) localStorage.setItem("arsearch-theme", next);
    else localStorage.removeItem("arsearch-theme");
  } catch { /* storage is switched off */ }
  showTheme();
});
showTheme();
