// Offers participants behind an @ in the field to ask in, and puts the chosen name there. The list stands in the page, not in the
// component, because the field's description may only name what stands beside it.
const MOST_ASKED_FOR = 60, EVERYONE = "all";
const LETTER = /[\p{L}\p{N}_]/u;
const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function askField() {
  return document.querySelector('.st-key-session_ask [data-testid="stChatInputTextArea"]');
}

// Without accents and in small letters; Korean syllables as their letters, so that one that is half typed fits.
function spelled(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

// The @ that the caret stands behind and the text between; null where it is part of a word, as in an e-mail address.
function mentionAt(text, caret) {
  const at = text.lastIndexOf("@", caret - 1);
  if (caret < 1 || at < 0 || caret - at > MOST_ASKED_FOR) return null;
  const before = text.slice(0, at).match(/.$/u)?.[0] ?? "", query = text.slice(at + 1, caret);
  if (LETTER.test(before) && !SPACELESS.test(before) || /^\s|\n/.test(query)) return null;
  return { at, query };
}

// Names that begin with the query, then those of which another word does.
function fitting(names, query) {
  const wanted = spelled(query);
  const first = names.filter((name) => spelled(name).startsWith(wanted));
  const later = names.filter((name) => !first.includes(name) && spelled(name).split(/(?<=[\s\-.’'])/u).some((_, place, words) => words.slice(place).join("").startsWith(wanted)));
  return [...first, ...later, ...[EVERYONE].filter((word) => word.startsWith(wanted) && !names.includes(word))];
}

// people: name → face, as of now.
function mentions(people, over) {
  const list = document.createElement("ul"), told = document.createElement("div");
  let names = [], chosen = 0, mention = null, done = { at: -1, text: "" };
  list.id = "session-mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Participants");
  list.hidden = true;
  told.className = "session-mentions-told";
  told.setAttribute("role", "status");
  document.querySelector('[data-testid="stApp"]').append(list, told);

  function look() {
    const field = askField();
    mention = field && document.activeElement === field && field.selectionStart === field.selectionEnd ? mentionAt(field.value, field.selectionStart) : null;
    const isDone = mention && mention.at === done.at && field.value.startsWith(done.text, done.at);
    if (!isDone) done = { at: -1, text: "" };
    names = mention && !isDone ? fitting(Object.keys(people()), mention.query) : [];
    chosen = 0;
    draw();
  }

  function draw() {
    const field = askField(), isOpen = names.length > 0;
    if (list.hidden && !isOpen) return;
    list.hidden = !isOpen;
    told.textContent = isOpen ? `${names.length === 1 ? "1 name" : `${names.length} names`}; Enter takes ${names[chosen]}` : "";
    for (const [name, value] of [["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-activedescendant", `${list.id}-${chosen}`]]) {
      if (isOpen) field?.setAttribute(name, value); else field?.removeAttribute(name);
    }
    if (!isOpen) { list.replaceChildren(); return; }
    list.replaceChildren(...names.map(option));
    const box = field.closest('[data-testid="stChatInput"]').getBoundingClientRect();
    list.style.left = `${box.left}px`;
    list.style.width = `${Math.min(380, box.width)}px`;
    list.style.bottom = `${window.innerHeight - box.top + 6}px`;
    list.style.maxHeight = `${Math.min(320, box.top - 66)}px`;
    list.children[chosen].scrollIntoView({ block: "nearest" });
  }

  function option(name, place) {
    const line = document.createElement("li"), words = document.createElement("span"), face = people()[name]?.face;
    line.id = `${list.id}-${place}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(place === chosen));
    if (face) { const picture = document.createElement("img"); picture.src = face; picture.alt = ""; line.append(picture); }
    words.textContent = face || people()[name] ? name : `${name} – everyone`;
    line.append(words);
    line.onmousedown = (event) => event.preventDefault();  // the field keeps the focus
    line.onclick = () => take(name);
    return line;
  }

  function take(name) {
    const field = askField(), text = `@${name} `;
    field.focus();
    field.setSelectionRange(mention.at, field.selectionStart);
    done = { at: mention.at, text: text.trimEnd() };
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, mention.at, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    look();
  }

  function leave() {
    done = { at: mention.at, text: "@" };
    names = [];
    draw();
  }

  const ways = {
    ArrowDown: () => { chosen = (chosen + 1) % names.length; draw(); },
    ArrowUp: () => { chosen = (chosen + names.length - 1) % names.length; draw(); },
    Enter: () => take(names[chosen]),
    Tab: () => take(names[chosen]),
    Escape: leave,
  };
  const options = { capture: true, signal: over };
  // First of all who listen: Enter would send the question, and Esc would leave the field.
  window.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (!names.length || !way || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.target !== askField()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    way();
  }, options);
  document.addEventListener("input", (event) => { if (event.target === askField()) look(); }, options);
  document.addEventListener("selectionchange", () => { if (!list.hidden || document.activeElement === askField()) lookAgain(); }, options);
  document.addEventListener("focusout", (event) => { if (event.target === askField()) { names = []; draw(); } }, options);
  window.addEventListener("resize", draw, options);
  over.addEventListener("abort", () => { list.remove(); told.remove(); });

  // The caret moved: what is chosen stays, unless another @ or other letters stand before it.
  function lookAgain() {
    const field = askField(), now = field && mentionAt(field.value, field.selectionStart);
    if (now?.at !== mention?.at || now?.query !== mention?.query) look();
  }
}
