// Tells of work that is over by a notice of the browser, where its tab is hidden and somebody allowed that by a click.
const told = new Set();

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button"), can = "Notification" in window && window.isSecureContext;
  const show = () => { button.hidden = !(can && data.asks && Notification.permission === "default"); };
  button.onclick = async () => { await Notification.requestPermission(); show(); };
  show();
  for (const { id, words } of data.told) {
    if (told.has(id)) continue;
    told.add(id);
    if (!can || !document.hidden || Notification.permission !== "granted") continue;
    const notice = new Notification("Semblance", { body: words, tag: id });
    notice.onclick = () => { window.focus(); notice.close(); };
  }
}
