// The actions on messages: one bar, which goes to the message under the pointer or in focus. Where the room is narrow or nothing hovers,
// a button on each message opens it as a menu. One message at a time can be reached by Tab; the arrow keys lead to the others.
const TOLD_MS = 1500;

// read: an element's message. quote, fork: take the number of the message to quote, or to fork at.
function messageActions(log, { read, quote, canAsk, fork, canFork }, over) {
  const bar = make("div", "actions");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Message actions");
  bar.setAttribute("aria-live", "off");  // it moves about in what is read out as it grows
  const buttons = [
    ["Quote", () => { close(); quote(read(at).seq); askField()?.focus(); }],
    ["Copy text", (button) => copy(read(at).text, button)],
    ["Copy link", (button) => copy(addressOf(read(at).seq), button)],
    ["Fork from here", () => { close(); fork(read(at).seq); }],
  ].map(([words, act], place) => {
    const button = make("button", "action", words);
    button.tabIndex = place ? -1 : 0;
    button.onclick = () => act(button);
    bar.append(button);
    return button;
  });
  let at = null, reached = null;

  function goTo(item) {
    if (item === at && bar.isConnected) return;
    close();
    at = item;
    const isSaid = read(item)?.status === "said";
    buttons[0].hidden = !isSaid || read(item).role === "private" || !canAsk();
    buttons[1].hidden = !isSaid;
    buttons[3].hidden = !isSaid || !canFork();
    rove(buttons.find((button) => !button.hidden));
    item.append(bar);
  }

  function close() {
    at?.querySelector(".menu")?.setAttribute("aria-expanded", "false");
    at?.classList.remove("open");
  }

  function rove(to) {
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
  }

  function reach(item) {
    for (const each of [reached, item]) {
      if (!each) continue;
      each.tabIndex = each === item ? 0 : -1;
      for (const part of each.querySelectorAll(".seq, .menu")) part.tabIndex = each.tabIndex;
    }
    reached = item;
  }

  // The link to the message beside the session's id; what else is in the page's address is this window's own.
  function addressOf(seq) {
    const to = new URL(window.location), id = to.searchParams.get("id");
    to.search = "";
    to.hash = "";
    to.searchParams.set("id", id);
    to.searchParams.set("message", seq);
    return to.href;
  }

  async function copy(text, button) {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyFrom(text);  // a page that is not served over https may not write there
      button.focus();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = words === "Copied" ? button.dataset.words : words; close(); }, TOLD_MS);
  }
  for (const button of buttons) button.dataset.words = button.textContent;

  function copyFrom(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.position = "fixed";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  const itemOf = (event) => event.target.closest?.("li");
  log.addEventListener("pointerover", (event) => { const item = itemOf(event); if (item && event.pointerType === "mouse" && !log.querySelector("li.open")) goTo(item); });
  log.addEventListener("pointerleave", () => { if (!at?.matches(":focus-within, .open")) bar.remove(); });
  log.addEventListener("focusin", (event) => { const item = itemOf(event); if (item) { reach(item); goTo(item); } });
  log.addEventListener("click", (event) => {
    const opener = event.target.closest?.(".menu");
    if (!opener) { if (!event.target.closest?.(".actions")) close(); return; }
    const isOpen = itemOf(event).classList.contains("open");
    goTo(itemOf(event));
    close();
    at.classList.toggle("open", !isOpen);
    opener.setAttribute("aria-expanded", String(!isOpen));
    if (!isOpen) buttons.find((button) => !button.hidden).focus();
  });
  log.addEventListener("keydown", (event) => {
    const item = itemOf(event);
    if (!item) return;
    const isInBar = event.target.closest(".actions");
    if (isInBar && ["ArrowLeft", "ArrowRight"].includes(event.key) || isInBar && item.classList.contains("open") && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const shown = buttons.filter((button) => !button.hidden), step = ["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1;
      const to = shown[(shown.indexOf(event.target) + step + shown.length) % shown.length];
      rove(to);
      to.focus();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const to = event.key === "ArrowUp" ? item.previousElementSibling : item.nextElementSibling;
      to?.focus({ preventScroll: true });
      to?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape" && isInBar) {
      const opener = item.classList.contains("open") && item.querySelector(".menu");
      close();
      (opener || item).focus();
    } else return;
    event.preventDefault();
  });
  over.addEventListener("abort", () => bar.remove());

  return {
    // After an element was drawn anew, which took the bar out of it.
    kept(item) { if (item === at) item.append(bar); if (item === reached) reach(item); },
    // One message can always be reached: the newest, while the focus is elsewhere.
    offer(newest) { if (newest && newest !== reached && (!reached?.isConnected || !log.contains(log.getRootNode().activeElement))) reach(newest); },
  };
}
