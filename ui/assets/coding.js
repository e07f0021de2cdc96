// A transcript whose words can be marked and given codes. All text arrives as text and is drawn as text.
const states = new WeakMap();

export default function (given) {
  const data = JSON.parse(new TextDecoder().decode(given.data));
  const root = given.parentElement.querySelector(".coding");
  const state = states.get(root) || begin(root);
  states.set(root, state);
  state.use(data, given);
}

function begin(root) {
  const list = root.querySelector(".said"), bar = root.querySelector(".bar"), find = bar.querySelector(".find");
  const box = bar.querySelector(".codes"), give = bar.querySelector(".give");
  let data, component, span = null;

  function use(told, given) {
    component = given;
    if (data && JSON.stringify(told) === JSON.stringify(data)) return;
    data = told;
    hide();
    list.replaceChildren(...data.messages.map(message));
  }

  function message(said) {
    const line = make("li", said.role === "moderator" ? "moderator" : "");
    const head = make("div", "head", said.speaker);
    head.append(make("span", "seq", `message ${said.seq}`));
    const text = make("p", "text");
    text.dataset.seq = said.seq;
    text.append(...pieces(said));
    line.append(head, text);
    if (said.codings.length) {
      const chips = make("ul");
      chips.append(...said.codings.map((coding) => chip(said, coding, text)));
      line.append(chips);
    }
    for (const memo of said.memos) line.append(make("p", "memo", `Memo: ${memo}`));
    return line;
  }

  // The text in pieces between the edges of its codings; each piece has a line in the colour of every code that it has.
  function pieces(said) {
    const signs = [...said.text];
    const edges = [...new Set([0, signs.length, ...said.codings.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
    return edges.slice(1).map((end, at) => {
      const start = edges[at], piece = make("span", "", signs.slice(start, end).join(""));
      const on = said.codings.filter((coding) => coding.start <= start && end <= coding.end);
      const colours = [...new Set(on.map((coding) => coded(coding).colour))];
      piece.dataset.codings = on.map((coding) => coding.id).join(" ");
      if (colours.length) {
        piece.title = on.map((coding) => `${coded(coding).name} (${who(coding)})`).join(", ");
        piece.style.backgroundImage = colours.map((colour) => `linear-gradient(${colour}, ${colour})`).join(", ");
        piece.style.backgroundSize = colours.map(() => "100% 2px").join(", ");
        piece.style.backgroundPosition = colours.map((_, number) => `0 calc(100% - ${number * 3}px)`).join(", ");
        piece.style.paddingBottom = `${colours.length * 3}px`;
      }
      return piece;
    });
  }

  function chip(said, coding, text) {
    const code = coded(coding), item = make("li", coding.model && !coding.confirmed ? "open" : "");
    const square = make("span", "square");
    square.style.setProperty("--code", code.colour);
    item.append(square, make("span", "name", code.name), make("span", "", who(coding)));
    const words = [...said.text].slice(coding.start, coding.end).join("").slice(0, 40);
    const about = `${code.name} on “${words}” in message ${said.seq}, ${who(coding)}`;
    if (coding.model && !coding.confirmed) item.append(button("✓", `Confirm ${about}`, () => component.setTriggerValue("confirm", coding.id)));
    item.append(button("×", `Remove ${about}`, () => component.setTriggerValue("remove", coding.id)));
    const light = (on) => () => text.querySelectorAll("span").forEach((piece) => piece.classList.toggle("on", on && piece.dataset.codings.split(" ").includes(coding.id)));
    item.addEventListener("mouseenter", light(true));
    item.addEventListener("mouseleave", light(false));
    return item;
  }

  const coded = (coding) => data.codes.find((code) => code.id === coding.code) || { name: "a code that is gone", colour: "#5C5F66" };
  const who = (coding) => coding.model ? `model ${coding.by}${coding.confirmed ? `, confirmed by ${coding.confirmed}` : ", not confirmed"}` : `by ${coding.by}`;

  // Where the marked words stand, counted in characters as Python counts them.
  function marked() {
    const selection = root.getRootNode().getSelection?.() || document.getSelection();
    let range = selection?.rangeCount ? selection.getRangeAt(0) : null;
    if (selection?.getComposedRanges) {
      const shadow = root.getRootNode();
      const [composed] = shadow instanceof ShadowRoot ? selection.getComposedRanges({ shadowRoots: [shadow] }) : [];
      if (composed) { range = document.createRange(); range.setStart(composed.startContainer, composed.startOffset); range.setEnd(composed.endContainer, composed.endOffset); }
    }
    if (!range || range.collapsed) return null;
    const within = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".text");
    const text = within(range.startContainer);
    if (!text || !list.contains(text)) return null;
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const inside = range.cloneRange();
    if (within(range.endContainer) !== text) inside.setEnd(text, text.childNodes.length);  // it goes on into the next message
    const start = [...before.toString()].length, words = inside.toString();
    return words.trim() ? { seq: Number(text.dataset.seq), start, end: start + [...words].length, words, at: inside.getBoundingClientRect() } : null;
  }

  function show() {
    const found = marked();
    if (!found || !data.codes.length) return;
    span = found;
    bar.querySelector(".words").textContent = `“${span.words.trim().slice(0, 200)}”`;
    find.value = "";
    box.replaceChildren(...data.codes.map(choice));
    ready();
    bar.hidden = false;
    const place = root.getBoundingClientRect();
    bar.style.top = `${span.at.bottom - place.top + 6}px`;
    bar.style.left = `${Math.max(0, Math.min(span.at.left - place.left, place.width - bar.offsetWidth))}px`;
  }

  function choice(code) {
    const label = make("label"), tick = make("input"), square = make("span", "square");
    tick.type = "checkbox";
    tick.value = code.id;
    tick.addEventListener("change", ready);
    square.style.setProperty("--code", code.colour);
    label.append(tick, square, make("span", "", code.path));
    return label;
  }

  const chosen = () => [...box.querySelectorAll("input:checked")].map((tick) => tick.value);
  const ready = () => { give.disabled = !chosen().length; };
  const hide = () => { bar.hidden = true; span = null; };

  root.addEventListener("mouseup", (event) => { if (!bar.contains(event.target)) setTimeout(show); });
  root.addEventListener("keyup", (event) => { if (event.shiftKey && !bar.contains(event.target)) show(); });
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    box.querySelectorAll("label").forEach((label) => { label.hidden = !label.textContent.toLowerCase().includes(wanted); });
  });
  bar.querySelector(".close").addEventListener("click", hide);
  give.addEventListener("click", () => {
    if (span) component.setTriggerValue("code", { seq: span.seq, start: span.start, end: span.end, codes: chosen(), at: Date.now() });
    hide();
  });
  return { use };
}

function make(tag, kind = "", text = "") {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  if (text) element.textContent = text;
  return element;
}

function button(sign, name, act) {
  const made = make("button", "", sign);
  made.setAttribute("aria-label", name);
  made.title = name;
  made.addEventListener("click", act);
  return made;
}
