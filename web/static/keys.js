// Keys: / find, j k move, x select, Enter open, w why, Esc close, ? all keys.

const rows = () => [...document.querySelectorAll("tr[data-row]")];

function current() {
  const row = document.activeElement && document.activeElement.closest("tr[data-row]");
  return row || document.querySelector("tr.at");
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const i = all.indexOf(current());
  const next = all[i < 0 ? 0 : Math.min(all.length - 1, Math.max(0, i + step))];
  for (const r of document.querySelectorAll("tr.at")) r.classList.remove("at");
  next.classList.add("at");
  const link = next.querySelector("th a, td a");
  if (link) link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function select() {
  const box = current() && current().querySelector("input[name=device]");
  if (box) box.click();
}

const actions = {
  "/": () => (document.getElementById("filter") || document.getElementById("find") || document.body).focus(),
  j: () => move(1),
  k: () => move(-1),
  x: select,
  w: () => {
    const link = document.querySelector("[data-why-link]");
    const row = current();
    if (row && row.dataset.why) location.assign(row.dataset.why);
    else if (link) link.click();
  },
  "?": () => location.assign("/help"),
  Escape: () => {
    const close = document.querySelector("[data-close]");
    if (close) close.click();
  },
};

export function keys() {
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.target.closest("input:not([type=checkbox]), textarea, select")) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    const act = actions[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  });
}
