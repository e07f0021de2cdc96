// Questions on their way to the server. Streamlit drops one that is sent right before another, so each gets a key here and is kept, in
// the tab's own storage too, until the server says what became of it; it takes each key once. What it had not taken before a reload is
// put back into the field.
const ASKS = "[data-testid=stChatInputTextArea]", LOOK_MS = 1000, LATE_MS = 2000, IDLE_LOOKS = 3, MOST_LOOKS = 48;

function new_key() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Questions of this field that the server has not settled, as far as is known here; those of before a reload are apart.
function sent_in(field) {
  if (!page.sent.has(field)) {
    page.left.set(field, kept()[`sent.${field}`] ?? []);
    page.sent.set(field, []);
  }
  return page.sent.get(field);
}

function keep_sent(field, questions) {
  const all = [...page.left.get(field), ...questions];
  page.sent.set(field, questions);
  remember(`sent.${field}`, all.length ? all : null);
}

function ask(event, element) {
  const field = [...element.closest("[class*=st-key-]")?.classList ?? []].find((name) => name.startsWith("st-key-"));
  if (!field || !page.owner || element.disabled || !element.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { text, keys } = page.drafted.get(field) ?? {}, isDraft = text === element.value && keys.length === 1;
  page.drafted.delete(field);
  keep_sent(field, [...sent_in(field), { key: isDraft ? keys[0] : new_key(), text: element.value, at: Date.now() }]);
  write_into(element, "");
  page.early.delete(element);
  const known = page.fields.get(field);
  if (known) {
    remember(known.name, null);
    page.restored.delete(known.name);
  }
  page.send.get(field)?.();
  look_again();
}

// Before Streamlit hears of them, and before whatever knows that field is there.
function listen_for_questions() {
  document.addEventListener("keydown", (event) => {
    const asks = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches?.(ASKS);
    if (asks) ask(event, event.target);
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-testid=stChatInputSubmitButton]");
    const element = button?.closest("[data-testid=stChatInput]").querySelector(ASKS);
    if (element) ask(event, element);
  }, true);
}

// Sends what waits in this field, and again where the server had its time and says nothing of it, as after a lost connection.
// fates: what became of questions. Returns the texts that have been on their way for long, and how to stop.
function outbox(component, { field, name }, fates) {
  const waiting = () => sent_in(field).filter(({ key }) => !fates[key]);
  // One at a time: who is asked, and what is quoted, is what stands on the page when the server takes it.
  const send = () => {
    const [next] = waiting();
    if (!next) return;
    page.attempted.add(next.key);
    component.setTriggerValue("sent", [next]);
  };
  const send_new = () => { if (waiting()[0] && !page.attempted.has(waiting()[0].key)) send(); };
  const sent = sent_in(field);
  const left = page.left.get(field).filter(({ key }) => fates[key] !== "over"), back = sent.filter(({ key }) => fates[key] === "back");
  if (left.length || back.length) {
    const draft = kept()[name]?.text, text = [...left, ...back].map((each) => each.text).concat(draft ? [draft] : []).join("\n");
    remember(name, { base: "", text });
    // What came back was decided on: sent again, it is another question, with a key of its own.
    page.drafted.set(field, { text, keys: back.length ? [] : left.map(({ key }) => key) });
  }
  // The server took it all the same, right before the reload.
  const drafted = page.drafted.get(field);
  if (drafted?.keys.length && drafted.keys.every((key) => fates[key] === "over") && element_of(field)?.value === drafted.text) {
    page.drafted.delete(field);
    remember(name, null);
    page.restored.delete(name);
    write(field, "", false);
  }
  page.left.set(field, []);
  keep_sent(field, sent.filter(({ key }) => fates[key] !== "over" && fates[key] !== "back"));
  page.send.set(field, send_new);
  if (!waiting().length) page.looks_between.delete(field);
  send_new();

  let idle = 0;
  const looking = setInterval(() => {
    if (!waiting().length) return;
    const app = document.querySelector("[data-testid=stApp]").dataset;
    idle = app.testScriptState === "notRunning" && app.testConnectionState === "CONNECTED" ? idle + 1 : 0;
    const between = page.looks_between.get(field) ?? IDLE_LOOKS;
    if (idle >= between) {
      idle = 0;
      page.looks_between.set(field, Math.min(2 * between, MOST_LOOKS));
      send();
    }
    look_again();
  }, LOOK_MS);
  return {
    late: () => waiting().filter(({ at }) => Date.now() - at > LATE_MS).map(({ text }) => text),
    stop: () => { clearInterval(looking); if (page.send.get(field) === send_new) page.send.delete(field); },
  };
}
