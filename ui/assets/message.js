// Draws a message. Text is only ever set as text, never as markup.
// looksAt: the component's data as of now. act: what a click on the message brings about.
function drawing({ data, marked, canRetry, retry, showStimulus, jump }) {
  function fill(element, message) {
    element.className = `message ${message.role === "moderator" ? "moderator" : "participant"} ${message.status}` + (message.seq === marked ? " marked" : "");
    element.dataset.testid = "message";
    const recorded = data().recorded;
    if (recorded && message.seq === recorded + 1) element.dataset.before = "The recording ends here";
    const body = make("div", "body"), head = make("div", "head");
    head.append(make("span", "name", message.speaker), link(message.seq));
    if (message.seq === marked) head.append(make("span", "quoted", "linked"));
    head.append(menu(message.seq));
    body.append(head);
    if (message.quote) body.append(quote(message.quote));
    if (message.shown?.length) body.append(shown(message.shown));
    if (message.role === "private") body.append(make("p", "shown", "Written alone; the other participants never see it."));
    if (message.in_turn) body.append(make("p", "shown", "Answered in turn: each heard those before"));
    body.append(said(message));
    const looks = data().people[message.speaker];
    if (looks) element.style.setProperty("--colour", looks.colour);
    element.replaceChildren(face(message, looks), body);
    if (message.status === "failed" && canRetry()) {
      const again = make("button", "again", "Ask again");
      again.onclick = () => { again.disabled = true; retry(message.seq); };
      body.append(again);
    }
  }

  function said(message) {
    if (message.status === "said") return make("p", "text", message.text);
    if (message.status === "pending") {
      const waiting = make("p", "text waiting");
      waiting.setAttribute("aria-live", "off");  // what is being written is read out once it is there
      waiting.append(make("span", "so-far", message.written ? `${message.written} ` : "typing "), dots());
      return waiting;
    }
    return make("p", "text failed", `No answer: ${message.error}`);
  }

  function face(message, looks) {
    if (message.role === "moderator") return make("div", "face", "M");
    const picture = make("img", "face");
    picture.alt = "";
    if (looks?.face) picture.src = looks.face;
    return picture;
  }

  function link(seq) {
    const to = make("a", "seq", String(seq)), at = new URL(window.location);
    at.searchParams.set("message", seq);
    to.href = at.href;
    to.title = `Link to message ${seq}`;
    to.tabIndex = -1;
    return to;
  }

  function menu(seq) {
    const button = make("button", "menu", "⋯");
    button.setAttribute("aria-label", `Actions on message ${seq}`);
    button.setAttribute("aria-expanded", "false");
    button.tabIndex = -1;
    return button;
  }

  function quote({ seq, speaker, text }) {
    const to = link(seq);
    to.className = "quote";
    to.removeAttribute("tabindex");
    to.title = `Go to message ${seq}`;
    to.replaceChildren(make("span", "name", speaker), ` ${text}`);
    const looks = data().people[speaker];
    if (looks) to.style.setProperty("--colour", looks.colour);
    to.onclick = (event) => { if (jump(seq)) event.preventDefault(); };
    return to;
  }

  function shown(names) {
    const line = make("p", "shown", "Shown: ");
    names.forEach((name, place) => {
      if (place) line.append(", ");
      const id = data().stimuli[name];
      if (!id) { line.append(name); return; }
      const to = make("a", "", name), at = new URL(window.location);
      at.searchParams.set("stimulus", id);
      to.href = at.href;
      to.onclick = (event) => { event.preventDefault(); showStimulus(id); };
      line.append(to);
    });
    return line;
  }

  return fill;
}

// Puts the words so far into a message that is being written.
function written(element, text) {
  const place = element.querySelector(".so-far");
  if (place) place.textContent = `${text} `;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function dots() {
  const three = make("span", "dots");
  three.append(make("span"), make("span"), make("span"));
  return three;
}
