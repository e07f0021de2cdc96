// Keeps texts that are typed and not saved yet in this tab's own storage, and puts them back after a reload. They belong to one
// account: whoever else is signed in here removes them, and so does the sign-in screen.
const STORE = "semblance.texts";
// Shared by all of these components on the page. fields: a field's class → its name and its saved text. tried: elements that were
// filled already. restored: what a text replaced, by the field's name. forgotten: orders that were carried out.
const page = (window.semblanceTexts ??= {
  owner: "", fields: new Map(), tried: new WeakSet(), restored: new Map(), forgotten: new Set(), lines: new Set(), isWriting: false,
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
  const type = element.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  page.isWriting = true;
  Object.getOwnPropertyDescriptor(type.prototype, "value").set.call(element, text);
  element.dispatchEvent(new Event("input", { bubbles: true }));
  page.isWriting = false;
  if (commits) element.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

function typed(event) {
  const field = [...(event.target.closest?.("[class*=st-key-]")?.classList ?? [])].find((name) => page.fields.has(name));
  if (!field || page.isWriting) return;
  const { name, saved } = page.fields.get(field);
  remember(name, event.target.value === saved ? null : { base: saved, text: event.target.value });
  page.restored.delete(name);
  page.lines.forEach((draw) => draw());
}

if (!page.listens) document.addEventListener("input", typed, true);
page.listens = true;

export default function (component) {
  const { parentElement } = component, data = JSON.parse(new TextDecoder().decode(component.data));
  const unmended = data.is_first ? keep_mended() : () => {};
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
  let stops = false, isSettled = false;

  const waits = ({ name, saved }) => kept()[name] && kept()[name].base !== saved;
  const about = () => data.fields.filter((each) => page.restored.has(each.name) || waits(each));
  // Texts of fields that are not there any more, such as a question that was never saved.
  const alone = () => (data.within && isSettled ? Object.entries(kept()) : [])
    .filter(([name]) => name.startsWith(data.within) && !data.fields.some((each) => each.name === name));

  function draw() {
    const shown = about(), older = shown.some(waits), copies = alone().map(([, { text }]) => text);
    line.hidden = !shown.length && !copies.length;
    if (box) box.style.position = line.hidden ? "absolute" : "";
    use.hidden = !older;
    words.textContent = [
      older ? "A text that you did not save is kept. The saved one has changed since." : shown.length ? "Unsaved text restored." : "",
      ...copies.map((text) => `Unsaved text, to copy: ${text}`),
    ].join("\n").trim();
  }

  function put_back() {
    for (const { field, name, saved, commits } of data.fields) {
      const element = element_of(field), text = kept()[name];
      if (!element || page.tried.has(element)) continue;
      page.tried.add(element);
      if (!text || text.base !== saved) continue;
      if (text.text === saved) remember(name, null);
      else if (element.value !== text.text) {
        write(field, text.text, commits);
        page.restored.set(name, saved);
      }
    }
  }

  function look(times) {
    if (stops) return;
    put_back();
    draw();
    if (times && data.fields.some(({ field }) => !element_of(field))) setTimeout(look, 50, times - 1);
    else { isSettled = true; draw(); }
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
  page.lines.add(draw);
  look(60);
  return () => { stops = true; page.lines.delete(draw); unmended(); };
}
