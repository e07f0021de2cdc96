// Keys for moderating. Each presses a button of the page or leads to a place; none counts while one types, or in a dialog.
const PRESSED = { n: "ask_next", p: "session_pause", "?": "session_keys" };
const FIELDS = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="combobox"], [role="slider"]';
// So long no key counts where the field that one types in was taken away: the hands go on typing.
const TYPING_MS = 700;

// toNewest: puts the focus on the newest message.
function shortcuts(toNewest, over) {
  let typed_in = null, typed_at = 0;
  document.addEventListener("keydown", (event) => {
    const field = askField(), within = event.composedPath()[0];
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const is_in_field = within instanceof Element && within.closest(FIELDS);
    const is_typing = typed_in && !typed_in.isConnected && event.timeStamp - typed_at < TYPING_MS;
    if (is_in_field) typed_in = within;
    if (is_in_field || is_typing) typed_at = event.timeStamp;
    if (is_in_field || is_typing || document.querySelector('[role="dialog"]')) return;
    if (event.key === "/" && field && !field.disabled) field.focus();
    else if (event.key === "m") toNewest();
    else if (PRESSED[event.key]) document.querySelector(`.st-key-${PRESSED[event.key]} button:not(:disabled)`)?.click();
    else return;
    event.preventDefault();
  }, { signal: over });
}
