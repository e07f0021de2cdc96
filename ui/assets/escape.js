// Esc closes a dialog. The field that one types in is left first, so that its text reaches the server.
export default function () {
  const leave = (event) => { if (event.key === "Escape") document.activeElement?.blur(); };
  window.addEventListener("keydown", leave, true);
  return () => window.removeEventListener("keydown", leave, true);
}
