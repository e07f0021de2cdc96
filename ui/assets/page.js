// Mends what Streamlit draws around every page, for readers of it who cannot see it and for dialogs, which stand beside the app.
const PAGES = "[data-testid=stSidebarNavItems]";

function mend() {
  // The sidebar's pages are a list whose sections are no items of it. The navigation says what they are; the list does not.
  for (const each of document.querySelectorAll(`${PAGES}, ${PAGES} li`)) if (!each.role) each.role = "none";
  // Dialogs stand outside the element that says whether the theme is light or dark.
  const theme = getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme;
  if (document.documentElement.style.colorScheme !== theme) document.documentElement.style.colorScheme = theme;
}

// Mends now and whenever that is drawn anew; returns how to stop.
function keep_mended() {
  mend();
  const watch = new MutationObserver(mend);
  watch.observe(document.querySelector("[data-testid=stApp]"), { attributes: true, attributeFilter: ["class"] });
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  if (sidebar) watch.observe(sidebar, { childList: true, subtree: true });
  return () => watch.disconnect();
}
