// Regions: parts of a page that the server draws anew. A region is an element with an id and
// data-live="topics". Replacing one keeps focus, selection, ticks, open disclosures and scroll.

const pending = new Set();
let timer = 0;
let busy = false;

/** Fetches a page and parses it; the address after redirects is kept on the document. */
export async function page(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  if (!(answer.headers.get("Content-Type") || "").startsWith("text/html")) throw new Error("not a page");
  const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { doc, url: answer.url, status: answer.status };
}

/** Replaces the element with this id by its like in doc. */
export function swap(id, doc) {
  const old = document.getElementById(id);
  const fresh = doc.getElementById(id);
  if (!old || !fresh || old.isEqualNode(fresh)) return;
  if ("hold" in old.dataset && old.tagName === "TBODY" && inUse(old)) {
    hold(old, fresh);
    return;
  }
  const keep = remember(old);
  old.replaceWith(fresh);
  restore(fresh, keep);
}

function inUse(el) {
  return el.matches(":hover") || el.contains(document.activeElement) || el.querySelector("input:checked") !== null;
}

function remember(old) {
  const at = document.activeElement;
  const keep = { ticked: [], open: [], scroll: [] };
  if (at && at !== document.body && old.contains(at)) {
    keep.focus = { id: at.id, href: at.getAttribute("href"), name: at.getAttribute("name"), value: at.value };
    if (at.matches("input[type=search], input[type=text]")) keep.caret = [at.selectionStart, at.selectionEnd];
  }
  for (const box of old.querySelectorAll("input[type=checkbox][name=device]:checked")) keep.ticked.push(box.value);
  old.querySelectorAll("details").forEach((d, i) => { if (d.open) keep.open.push(i); });
  old.querySelectorAll(".scroll, .scroll-x, .facets").forEach((s, i) => { keep.scroll[i] = [s.scrollLeft, s.scrollTop]; });
  return keep;
}

function restore(fresh, keep) {
  for (const value of keep.ticked) {
    const box = fresh.querySelector(`input[name=device][value="${CSS.escape(value)}"]`);
    if (box) box.checked = true;
  }
  const details = fresh.querySelectorAll("details");
  for (const i of keep.open) if (details[i]) details[i].open = true;
  fresh.querySelectorAll(".scroll, .scroll-x, .facets").forEach((s, i) => {
    if (keep.scroll[i]) [s.scrollLeft, s.scrollTop] = keep.scroll[i];
  });
  const f = keep.focus;
  if (!f) return;
  const again = (f.id && document.getElementById(f.id))
    || (f.href && fresh.querySelector(`[href="${CSS.escape(f.href)}"]`))
    || (f.name && fresh.querySelector(`[name="${CSS.escape(f.name)}"]`));
  if (!again) return;
  again.focus({ preventScroll: true });
  if (keep.caret && again.setSelectionRange) {
    again.value = f.value; // what was typed while the answer was on its way
    again.setSelectionRange(...keep.caret);
  }
}

// Rows never move under the pointer or the focus: rows that are still in their place change in
// place, and what moved waits behind a button.
function hold(old, fresh) {
  let moved = 0;
  const rows = [...old.rows];
  [...fresh.rows].forEach((row, i) => {
    const mine = rows[i];
    if (!mine || mine.dataset.row !== row.dataset.row) {
      moved++;
      return;
    }
    [...row.cells].forEach((cell, c) => {
      const was = mine.cells[c];
      if (was && !was.classList.contains("c-pick") && !was.contains(document.activeElement) && !was.isEqualNode(cell)) was.innerHTML = cell.innerHTML;
    });
  });
  const table = old.closest("table");
  let note = table.previousElementSibling;
  if (note && !note.classList.contains("waiting")) note = null;
  if (!moved) {
    if (note) note.remove();
    return;
  }
  if (!note) {
    note = document.createElement("div");
    note.className = "waiting";
    note.append(document.createElement("button"));
    note.firstChild.className = "btn";
    table.before(note);
  }
  note.firstChild.textContent = `${moved} changed, show`;
  note.firstChild.onclick = () => {
    const keep = remember(old);
    old.replaceWith(fresh);
    restore(fresh, keep);
    note.remove();
  };
}

/** Draws anew every region that one of the topics changes; all regions when topics is empty. */
export async function refresh(topics) {
  const regions = [...document.querySelectorAll("[data-live]")].filter((el) => !topics || el.dataset.live.split(" ").some((t) => topics.has(t)));
  if (regions.length === 0) return;
  const { doc, status } = await page(location.href, { headers: { "X-Refresh": "1" } });
  if (status !== 200) return;
  for (const el of regions) if (el.isConnected) swap(el.id, doc);
}

async function work() {
  timer = 0;
  if (busy || document.hidden || pending.size === 0) return;
  busy = true;
  const topics = new Set(pending);
  pending.clear();
  try {
    await refresh(topics);
  } catch {
    topics.forEach((t) => pending.add(t)); // the next event tries again
  }
  busy = false;
  if (pending.size > 0) schedule();
}

function schedule() {
  if (timer === 0) timer = setTimeout(work, 1000);
}

/** Opens the page's one stream of changes; the browser resumes it by Last-Event-ID. */
export function listen() {
  if (!document.querySelector("[data-live]")) return;
  const stream = new EventSource("/live?after=" + encodeURIComponent(document.body.dataset.seen || "0"));
  stream.addEventListener("change", (e) => {
    for (const t of e.data.split(" ")) pending.add(t);
    schedule();
  });
  stream.addEventListener("open", () => connected(true));
  stream.addEventListener("error", () => connected(false));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && pending.size > 0) schedule(); });
  addEventListener("pagehide", () => stream.close());
}

let lost = false;

function connected(yes) {
  const sign = document.getElementById("listening");
  if (!yes && !lost && sign) {
    lost = true;
    sign.classList.add("off");
    for (const t of sign.querySelectorAll(".txt, .short")) t.textContent = "Connection lost, trying again";
  } else if (yes && lost) {
    lost = false;
    refresh().catch(() => {});
  }
}
