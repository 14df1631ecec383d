// Links and forms with data-smooth replace the main part of the page instead of the page; without
// this script they are plain links and forms, and the server cannot tell the difference.
import { page, swap } from "./regions.js";

let asking = null;

async function go(url, { push = true, only = null, replace = false } = {}) {
  if (asking) asking.abort();
  asking = new AbortController();
  let got;
  try {
    got = await page(url, { signal: asking.signal });
  } catch (e) {
    if (e.name !== "AbortError") location.assign(url);
    return;
  }
  for (const id of only || ["main"]) swap(id, got.doc);
  document.title = got.doc.title;
  if (replace) history.replaceState({}, "", url);
  else if (push) history.pushState({}, "", url);
  const hash = new URL(url, location.href).hash;
  const goal = hash && document.getElementById(hash.slice(1));
  const drawer = document.getElementById("drawer");
  if (goal) goal.scrollIntoView();
  else if (drawer && push) drawer.focus({ preventScroll: matchMedia("(min-width: 75rem)").matches });
}

function target(form) {
  const url = new URL(form.getAttribute("action") || location.href, location.href);
  const query = new URLSearchParams(new FormData(form));
  for (const [key, value] of [...query]) if (value === "") query.delete(key);
  url.search = query.toString();
  return url.href;
}

export function smooth() {
  document.addEventListener("click", (e) => {
    const link = e.target.closest("a[data-smooth]");
    if (!link || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    go(link.href);
  });
  document.addEventListener("submit", (e) => {
    if (!e.target.matches("form[data-smooth]")) return;
    e.preventDefault();
    go(target(e.target));
  });
  let timer = 0;
  document.addEventListener("input", (e) => {
    const form = e.target.closest("form[data-as-you-type]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => go(target(form), { only: form.dataset.asYouType.split(" "), replace: true }), 180);
  });
  document.addEventListener("change", count);
  document.addEventListener("reset", () => setTimeout(count));
  addEventListener("popstate", () => go(location.href, { push: false }));
}

function count() {
  const n = document.querySelectorAll("input[name=device]:checked").length;
  for (const el of document.querySelectorAll("[data-count]")) el.textContent = `${n} selected`;
}
