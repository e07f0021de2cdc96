// A session's transcript, told by the server as it grows.
const KEPT = 400, NEAR_PX = 90, REFUSED = 4401, TRY_MS = 4000, SLOW_MS = 30000, LOOKS_MS = 700, WAIT_MS = [250, 1000, 2000, 4000, 8000];
const chats = new WeakMap();

export default function (given) {
  const component = { ...given, data: JSON.parse(new TextDecoder().decode(given.data)) };
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
  const log = root.querySelector(".log"), list = root.querySelector(".said"), empty = root.querySelector(".empty");
  const older = root.querySelector(".older"), later = root.querySelector(".later"), newest = root.querySelector(".newest");
  const typing = root.querySelector(".typing"), played = root.querySelector(".played");
  const messages = new Map(), drawn = new WeakMap(), over = new AbortController();
  const marked = data.marked;
  let component, socket, tries = 0, closed = false, everOpen = false, total = 0, retry = false, unread = 0, first = 0, last = 0, asked = "";
  let ghost = null;
  let speaking = [], playing = "", isAtEnd = !marked;
  list.replaceChildren();
  const draws = drawing({
    data: () => component.data,
    marked,
    canRetry: () => retry,
    retry: (seq) => component.setTriggerValue("retry", seq),
    showStimulus: (id) => component.setTriggerValue("shown", id),
    jump: (seq) => { const found = messages.get(seq); if (found) { show(seq); found.element.focus({ preventScroll: true }); } return Boolean(found); },
  });
  const actions = messageActions(log, {
    read: (element) => drawn.get(element),
    quote: (seq) => component.setTriggerValue("quote", seq),
    fork: (seq) => component.setTriggerValue("fork", seq),
    canFork: () => component.data.forks,
    canAsk: () => component.data.asks,
  }, over.signal);
  mentions(() => component.data.people, over.signal);
  shortcuts(() => { toEnd(); list.lastElementChild?.focus({ preventScroll: true }); }, over.signal);

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
    // Before it gives up for good, a server that is only slow has its time; one that refuses answers at once.
    const slow = setTimeout(() => socket.close(), tries && !everOpen ? SLOW_MS : TRY_MS);
    let told = false;
    socket.onopen = () => { send({ ticket: component.data.ticket, ...place() }); replay.more(); };
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
      // Said again at each try: a server that is only just back may not have heard it. One that hears it takes this feed away.
      if (!everOpen && tries >= 1) component.setTriggerValue("refused", true);
      setTimeout(connect, WAIT_MS[Math.min(tries++, WAIT_MS.length - 1)]);
    };
  }

  function place() {
    if (messages.size) return { after: last };
    return marked ? { after: Math.max(0, marked - 6) } : {};
  }

  function hear(told) {
    if (told.page && told.replay) replay.take(told.first, told.page, told.total);
    else if (told.page) page(told);
    if (told.now) now(told.now);
    if (told.news) news(told.news);
    if (told.writing) writing(told.writing);
    draw();
  }

  const replay = player(root.querySelector(".replay"), {
    fetch: (after) => { send({ after, replay: true }); },
    show: (said, speaker) => {
      list.hidden = true;
      played.hidden = false;
      while (played.children.length > said.length) played.lastElementChild.remove();
      for (const message of said.slice(played.children.length)) {
        const element = document.createElement("li");
        fill(element, message);
        played.append(element);
      }
      playing = speaker;
      draw();
      log.scrollTop = log.scrollHeight;
    },
    leave: () => { played.replaceChildren(); played.hidden = true; list.hidden = false; playing = ""; toEnd(); },
  }, over.signal);

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

  // Replies while they are written: in the place of their message, which waits for them, or of the next one.
  function writing(replies) {
    const follow = atEnd();
    for (const { seq, speaker, text } of replies) {
      const known = messages.get(seq);
      if (known?.message.status === "pending") { known.message.written = text; written(known.element, text); }
      else if (!known && seq === total + 1 && speaking.includes(speaker) && last === total) {
        if (ghost?.seq !== seq) { leaveGhost(); ghost = { seq, speaker, element: document.createElement("li") }; ghost.element.dataset.seq = seq; list.append(ghost.element); fill(ghost.element, { seq, speaker, role: "persona", status: "pending", written: text }); }
        written(ghost.element, text);
      }
    }
    if (follow) toEnd();
  }

  function leaveGhost() {
    ghost?.element.remove();
    ghost = null;
  }

  function now(told) {
    const follow = atEnd();
    total = Math.max(total, told.total);
    retry = told.retry;
    speaking = told.speaking;
    if (told.situation !== component.data.situation) component.setTriggerValue("changed", told.situation);
    for (const { element, message } of messages.values()) if (message.status === "failed") fill(element, message);
    if (ghost && (ghost.seq <= total || !speaking.includes(ghost.speaker))) leaveGhost();
    draw();
    if (follow) toEnd();
  }

  function put(message) {
    let known = messages.get(message.seq);
    if (!known) {
      if (ghost?.seq === message.seq) leaveGhost();
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
    drawn.set(element, message);
    element.tabIndex = -1;
    draws(element, message);
    actions.kept(element);
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
    actions.offer((played.hidden ? list : played).lastElementChild);
    replay.offer(total > 1 && !speaking.length);
    const isReplay = replay.isOpen();
    older.hidden = isReplay || !(first > 1);
    later.hidden = isReplay || !(messages.size && last < total && !(total === last + 1 && speaking.length));
    newest.hidden = isReplay || !unread;
    newest.textContent = unread === 1 ? "1 new message" : `${unread} new messages`;
    const awaited = isReplay ? [playing].filter(Boolean) : speaking.filter((name) => ![...messages.values()].some(({ message }) => message.status === "pending" && message.speaker === name) && ghost?.speaker !== name);
    typing.hidden = !awaited.length || !later.hidden;
    typing.firstElementChild.textContent = awaited.length > 1 ? `${awaited.length} participants are typing ` : `${awaited[0]} is typing `;
    empty.hidden = messages.size > 0 || awaited.length > 0;
    empty.textContent = everOpen ? "Nothing has been said yet." : "Connecting …";
  }

  let above = 0, below = 0;
  const needed = () => (document.querySelector(".st-key-session_ask")?.offsetHeight ?? 60) + 40;
  const standsAt = () => log.getBoundingClientRect().top + (root.getRootNode().host?.closest("section")?.scrollTop ?? 0);
  // The transcript takes what the window leaves between what stands above it and the field below it.
  function fit() {
    [above, below] = [standsAt(), needed()];
    log.style.setProperty("--room", `${Math.round(window.innerHeight - above - below)}px`);
    document.documentElement.style.setProperty("--session-above", `${Math.round(above)}px`);
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
  const watched = new ResizeObserver(fit);
  // What stands around the transcript is put up after it, on a slow machine long after it, and may be put up anew.
  let around = [];
  function watch() {
    const now = [document.documentElement, ...[".st-key-session_head", ".st-key-session_ask"].map((name) => document.querySelector(name))].filter(Boolean);
    if (now.length !== around.length || now.some((each, place) => each !== around[place])) {
      watched.disconnect();
      around = now;
      for (const each of around) watched.observe(each);
    }
    if (Math.abs(standsAt() - above) > 1 || needed() !== below) fit();
  }
  const looking = setInterval(watch, LOOKS_MS);
  window.addEventListener("resize", fit, { signal: over.signal });  // the page itself stays as high as it was

  older.onclick = () => { asked = "before"; send({ before: first }); };
  later.onclick = () => { asked = "after"; send({ after: last }); };
  newest.onclick = toEnd;
  log.onscroll = () => { isAtEnd = atEnd(); if (unread && atEnd()) { unread = 0; draw(); } };

  return {
    group: data.group,
    marked,
    use(given) { const isFirst = !component; component = given; if (isFirst) { draw(); connect(); } watch(); requestAnimationFrame(fit); },
    close() { closed = true; over.abort(); watched.disconnect(); clearInterval(looking); replay.stop(); socket?.close(); },
  };
}
