// Keys for moderating. Each presses a button of the page or leads to a place; none counts while one types, or in a dialog.
const PRESSED = { n: "ask_next", p: "session_pause", "?": "session_keys" };
const FIELDS = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="combobox"], [role="slider"]';

// toNewest: puts the focus on the newest message.
function shortcuts(toNewest, over) {
  document.addEventListener("keydown", (event) => {
    const field = askField(), within = event.composedPath()[0];
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (within instanceof Element && within.closest(FIELDS) || document.querySelector('[role="dialog"]')) return;
    if (event.key === "/" && field && !field.disabled) field.focus();
    else if (event.key === "m") toNewest();
    else if (PRESSED[event.key]) document.querySelector(`.st-key-${PRESSED[event.key]} button:not(:disabled)`)?.click();
    else return;
    event.preventDefault();
  }, { signal: over });
}
