// A session's transcript, told by the server as it grows. Text is only ever set as text, never as markup.
const KEPT = 400, NEAR_PX = 90, REFUSED = 4401, TRY_MS = 4000, WAIT_MS = [250, 1000, 2000, 4000, 8000];
const chats = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".chat");
  let chat = chats.get(root);
  if (!chat || chat.group !== data.group || chat.marked !== data.marked) {
    chat?.close();
    chats.set(root, (chat = begin(root, component)));
  }
  chat.use(component);
  // A rerun of the page takes the component down and puts it up again at once: the feed goes on unless it is gone for good.
  return () => setTimeout(() => { if (!root.isConnected) { chat.close(); chats.delete(root); } });
}

function begin(root, { data }) {
  const log = root.querySelector(".log"), list = root.querySelector("ol"), empty = root.querySelector(".empty");
  const older = root.querySelector(".older"), later = root.querySelector(".later"), newest = root.querySelector(".newest");
  const typing = root.querySelector(".typing");
  const messages = new Map();
  const marked = data.marked;
  let component, socket, tries = 0, closed = false, everOpen = false, total = 0, retry = false, unread = 0, first = 0, last = 0, asked = "";
  let speaking = [];
  list.replaceChildren();

  const url = () => {
    const at = new URL(component.data.path, window.location.origin);
    at.protocol = at.protocol === "https:" ? "wss:" : "ws:";
    return at;
  };
  const send = (request) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(request));
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
  const toEnd = () => { log.scrollTop = log.scrollHeight; unread = 0; draw(); };

  function connect() {
    if (closed) return;
    socket = new WebSocket(url());
    const slow = setTimeout(() => socket.close(), TRY_MS);
    let told = false;
    socket.onopen = () => send({ ticket: component.data.ticket, ...place() });
    socket.onmessage = (event) => {
      clearTimeout(slow);
      told = everOpen = true;
      tries = 0;
      hear(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      clearTimeout(slow);
      if (closed) return;
      // A refused ticket may only have been over: the page hands out a fresh one, or shows who signed out the sign-in.
      if (event.code === REFUSED || event.code === 1006 && everOpen && !told) { component.setTriggerValue("renew", Date.now()); }
      if (!everOpen && tries >= 1) { component.setTriggerValue("refused", true); return; }
      setTimeout(connect, WAIT_MS[Math.min(tries++, WAIT_MS.length - 1)]);
    };
  }

  function place() {
    if (messages.size) return { after: last };
    return marked ? { after: Math.max(0, marked - 6) } : {};
  }

  function hear(told) {
    if (told.page) page(told);
    if (told.now) now(told.now);
    if (told.news) news(told.news);
    draw();
  }

  function page({ page, total: count }) {
    total = Math.max(total, count);
    const before = asked === "before", height = log.scrollHeight, wasEmpty = !messages.size, follow = atEnd();
    asked = "";
    page.forEach(put);
    if (before) log.scrollTop += log.scrollHeight - height;
    else if (wasEmpty && marked) show(marked);
    else if (wasEmpty || follow) toEnd();
  }

  function news(said) {
    const follow = atEnd();
    for (const message of said) {
      total = Math.max(total, message.seq);
      const isNew = !messages.has(message.seq);
      if (isNew && messages.size && message.seq > last + 1) continue;  // this window ends earlier; "Later messages" leads there
      if (isNew && messages.size && message.seq < first) continue;
      put(message);
      if (isNew && !follow) unread += 1;
    }
    trim(follow);
    if (follow) toEnd();
  }

  function now(told) {
    const follow = atEnd();
    total = Math.max(total, told.total);
    retry = told.retry;
    speaking = told.speaking;
    if (told.situation !== component.data.situation) component.setTriggerValue("changed", told.situation);
    for (const { element, message } of messages.values()) if (message.status === "failed") fill(element, message);
    draw();
    if (follow) toEnd();
  }

  function put(message) {
    let known = messages.get(message.seq);
    if (!known) {
      const element = document.createElement("li");
      known = { element };
      messages.set(message.seq, known);
      let next = null;
      for (let child = list.lastElementChild; child && Number(child.dataset.seq) > message.seq; child = child.previousElementSibling) next = child;
      element.dataset.seq = message.seq;
      list.insertBefore(element, next);
      first = first ? Math.min(first, message.seq) : message.seq;
      last = Math.max(last, message.seq);
    }
    known.message = message;
    fill(known.element, message);
  }

  function fill(element, message) {
    element.className = `message ${message.role === "moderator" ? "moderator" : "participant"} ${message.status}` + (message.seq === marked ? " marked" : "");
    element.dataset.testid = "message";
    const body = make("div", "body"), head = make("div", "head");
    head.append(make("span", "name", message.speaker), link(message.seq));
    if (message.seq === marked) head.append(make("span", "quoted", "quoted"));
    body.append(head);
    if (message.shown?.length) body.append(shown(message.shown));
    body.append(said(message));
    const looks = component.data.people[message.speaker];
    if (looks) element.style.setProperty("--colour", looks.colour);
    element.replaceChildren(face(message, looks), body);
    if (message.status === "failed" && retry) {
      const again = make("button", "again", "Ask again");
      again.onclick = () => { again.disabled = true; component.setTriggerValue("retry", message.seq); };
      body.append(again);
    }
  }

  function said(message) {
    if (message.status === "said") return make("p", "text", message.text);
    if (message.status === "pending") {
      const waiting = make("p", "text waiting", "is answering … ");
      waiting.append(dots());
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
    return to;
  }

  function shown(names) {
    const line = make("p", "shown", "Shown: ");
    names.forEach((name, place) => {
      if (place) line.append(", ");
      const id = component.data.stimuli[name];
      if (!id) { line.append(name); return; }
      const to = make("a", "", name), at = new URL(window.location);
      at.searchParams.set("stimulus", id);
      to.href = at.href;
      to.onclick = (event) => { event.preventDefault(); component.setTriggerValue("shown", id); };
      line.append(to);
    });
    return line;
  }

  function show(seq) {
    const found = messages.get(seq);
    if (found) log.scrollTop += found.element.getBoundingClientRect().top - log.getBoundingClientRect().top - 24;
  }

  function trim(follow) {
    while (follow && messages.size > KEPT) {
      messages.delete(first);
      list.firstElementChild.remove();
      first = Number(list.firstElementChild.dataset.seq);
    }
  }

  function draw() {
    older.hidden = !(first > 1);
    later.hidden = !(messages.size && last < total && !(total === last + 1 && speaking.length));
    newest.hidden = !unread;
    newest.textContent = unread === 1 ? "1 new message" : `${unread} new messages`;
    const awaited = speaking.filter((name) => ![...messages.values()].some(({ message }) => message.status === "pending" && message.speaker === name));
    typing.hidden = !awaited.length || !later.hidden;
    typing.firstElementChild.textContent = awaited.length > 1 ? `${awaited.length} participants are about to speak ` : `${awaited[0]} is about to speak `;
    empty.hidden = messages.size > 0 || awaited.length > 0;
    empty.textContent = everOpen ? "Nothing has been said yet." : "Opening the transcript …";
  }

  older.onclick = () => { asked = "before"; send({ before: first }); };
  later.onclick = () => { asked = "after"; send({ after: last }); };
  newest.onclick = toEnd;
  log.onscroll = () => { if (unread && atEnd()) { unread = 0; draw(); } };

  return {
    group: data.group,
    marked,
    use(given) { const isFirst = !component; component = given; if (isFirst) { draw(); connect(); } },
    close() { closed = true; socket?.close(); },
  };
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
