// Keeps texts that are typed and not saved yet in this tab's own storage, and puts them back after a reload. They belong to one
// account: whoever else is signed in here removes them, and so does the sign-in screen.
const STORE = "semblance.texts";
// Shared by all of these components on the page. fields: a field's class → its name and its saved text. tried: elements that were
// filled already. restored: what a text replaced, by the field's name. forgotten: orders that were carried out. early: what was
// typed into an element before its component said which text that is; a slow machine draws a field seconds before it. looks: what
// each component does when the page is drawn anew. sent, left, send, attempted, looks_between: as questions.js says.
const page = (window.semblanceTexts ??= {
  owner: "", fields: new Map(), tried: new WeakSet(), restored: new Map(), forgotten: new Set(), early: new WeakMap(),
  looks: new Set(), isWriting: false,
  sent: new Map(), left: new Map(), drafted: new Map(), send: new Map(), attempted: new Set(), looks_between: new Map(),
});

function kept() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    return stored.owner === page.owner && page.owner ? stored.texts : {};
  } catch { return {}; }
}

function keep(texts) {
  try {
    if (page.owner && Object.keys(texts).length) sessionStorage.setItem(STORE, JSON.stringify({ owner: page.owner, texts }));
    else sessionStorage.removeItem(STORE);
  } catch { /* the tab's storage is full or switched off */ }
}

function remember(name, text) {
  const texts = kept();
  if (text === null) delete texts[name]; else texts[name] = text;
  keep(texts);
}

const element_of = (field) => document.querySelector(`.${field} textarea, .${field} input`);

function write(field, text, commits) {
  const element = element_of(field);
  write_into(element, text);
  if (commits) element.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

function write_into(element, text) {
  const type = element.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  page.isWriting = true;
  Object.getOwnPropertyDescriptor(type.prototype, "value").set.call(element, text);
  element.dispatchEvent(new Event("input", { bubbles: true }));
  page.isWriting = false;
}

function look_again() {
  page.looks.forEach((look) => look());
}

function typed({ target }) {
  if (page.isWriting) return;
  const field = [...(target.closest?.("[class*=st-key-]")?.classList ?? [])].find((name) => page.fields.has(name));
  if (!field) page.early.set(target, target.value);
  else {
    const { name, saved } = page.fields.get(field);
    remember(name, target.value === saved ? null : { base: saved, text: target.value });
    page.restored.delete(name);
    look_again();
  }
}

function listen() {
  document.addEventListener("input", typed, true);
  listen_for_questions();
  const focused = document.activeElement;
  if (focused?.matches?.("textarea, input")) page.early.set(focused, focused.value);
  // A field may be drawn long after the component that knows of it, and be drawn anew at any time.
  let waits = 0;
  new MutationObserver(() => {
    waits ||= setTimeout(() => { waits = 0; look_again(); }, 50);
  }).observe(document.body, { childList: true, subtree: true });
}

if (!page.listens) listen();
page.listens = true;

export default function (component) {
  const { parentElement } = component, data = JSON.parse(new TextDecoder().decode(component.data));
  const unmended = data.is_first ? keep_mended() : () => {};
  if (page.owner && page.owner !== data.owner) [page.sent, page.left, page.drafted].forEach((texts) => texts.clear());  // of somebody else
  page.owner = data.owner;
  const forget = data.forget.filter(([order]) => !page.forgotten.has(order));
  for (const [order, name, text] of forget) {
    page.forgotten.add(order);
    if (text === null || kept()[name]?.text.trim() === text.trim()) remember(name, null);
    page.restored.delete(name);
  }
  keep(kept());  // nothing of anybody else's
  const line = parentElement.querySelector(".line"), words = line.querySelector("span");
  const box = (parentElement.host ?? parentElement).closest("[data-testid=stElementContainer]");
  const [use, discard] = line.querySelectorAll("button");
  const since = Date.now(), sending = data.fates && outbox(component, data.fields[0], data.fates);

  const is_settled = () => Date.now() - since > 3000 || data.fields.every(({ field }) => element_of(field));
  const waits = ({ name, saved }) => kept()[name] && kept()[name].base !== saved;
  const about = () => data.fields.filter((each) => page.restored.has(each.name) || waits(each));
  // Texts of fields that are not there any more, such as a question that was never saved.
  const alone = () => (data.within && is_settled() ? Object.entries(kept()) : [])
    .filter(([name]) => name.startsWith(data.within) && !data.fields.some((each) => each.name === name));

  function draw() {
    const shown = about(), older = shown.some(waits), copies = alone().map(([, { text }]) => text), late = sending?.late() ?? [];
    line.hidden = !shown.length && !copies.length && !late.length;
    if (box) box.style.position = line.hidden ? "absolute" : "";
    use.hidden = !older;
    discard.hidden = !shown.length && !copies.length;
    const told = [
      older ? "A text that you did not save is kept. The saved one has changed since." : shown.length ? "Unsaved text restored." : "",
      ...copies.map((text) => `Unsaved text, to copy: ${text}`),
      ...late.map((text) => `Sending: ${text}`),
    ].join("\n").trim();
    if (words.textContent !== told) words.textContent = told;
  }

  // What was typed already goes behind what is kept where nothing was saved, and before it otherwise.
  function note_early(element, name, saved) {
    const early = page.early.get(element), before = kept()[name];
    if (early === undefined || early !== element.value || early === saved || early === before?.text) return;
    remember(name, { base: saved, text: before && !saved && before.base === saved ? `${before.text} ${early}` : early });
  }

  function put_back() {
    for (const { field, name, saved, commits } of data.fields) {
      const element = element_of(field);
      if (!element || page.tried.has(element)) continue;
      page.tried.add(element);
      note_early(element, name, saved);
      const text = kept()[name];
      if (!text || text.base !== saved) continue;
      if (text.text === saved) remember(name, null);
      else if (element.value !== text.text) {
        write(field, text.text, commits);
        page.restored.set(name, saved);
      }
    }
  }

  function look() {
    put_back();
    draw();
  }

  use.onclick = () => {
    for (const { field, name, saved, commits } of about()) {
      const text = kept()[name]?.text;
      if (text === undefined) continue;
      remember(name, { base: saved, text });
      write(field, text, commits);
      page.restored.set(name, saved);
    }
    draw();
  };
  discard.onclick = () => {
    for (const { field, name, commits } of about()) {
      if (page.restored.has(name)) write(field, page.restored.get(name), commits);
      remember(name, null);
      page.restored.delete(name);
    }
    for (const [name] of alone()) remember(name, null);
    draw();
  };
  for (const { field, name, saved, commits } of data.fields) {
    page.fields.set(field, { name, saved, commits });
    if (kept()[name]?.text === saved) remember(name, null);
  }
  page.looks.add(look);
  look();
  const settles = setTimeout(look, 3100);
  return () => { clearTimeout(settles); page.looks.delete(look); sending?.stop(); unmended(); };
}
