// Tells of work that is over by a notice of the browser, where its tab is hidden and somebody allowed that by a click.
// What was told is kept with the tab: the same is handed over at each run, and this module may be loaded again.
const KEPT = "semblance-told", MOST_KEPT = 100;
const told = new Set(told_before());

function told_before() {
  try { return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"); } catch { return []; }
}

function keep_told() {
  try { sessionStorage.setItem(KEPT, JSON.stringify([...told].slice(-MOST_KEPT))); } catch { /* full or switched off */ }
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button"), can = "Notification" in window && window.isSecureContext;
  const show = () => { button.hidden = !(can && data.asks && Notification.permission === "default"); };
  button.onclick = async () => { await Notification.requestPermission(); show(); };
  show();
  for (const { id, words } of data.told) {
    if (told.has(id)) continue;
    told.add(id);
    keep_told();
    if (!can || !document.hidden || Notification.permission !== "granted") continue;
    const notice = new Notification("Semblance", { body: words, tag: id });
    notice.onclick = () => { window.focus(); notice.close(); };
  }
}
