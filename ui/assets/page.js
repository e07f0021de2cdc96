// Mends what Streamlit draws around every page, for readers of it who cannot see it and for dialogs, which stand beside the app; and
// what it leaves to the browser: where Back leads, and where another page of a list begins.
const PAGES = "[data-testid=stSidebarNavItems]";

function mend() {
  // The sidebar's pages are a list whose sections are no items of it. The navigation says what they are; the list does not.
  for (const each of document.querySelectorAll(`${PAGES}, ${PAGES} li`)) if (!each.role) each.role = "none";
  // Dialogs stand outside the element that says whether the theme is light or dark.
  const theme = getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme;
  if (document.documentElement.style.colorScheme !== theme) document.documentElement.style.colorScheme = theme;
}

// Streamlit adds to the history whatever the app writes into the address. What the app only completes there, a place of Back is not:
// whoever came back to it would be sent on again.
const COMPLETED = ["project_id", "new"], SOON_MS = 3000, HEAD_PX = 80;

function completes(from, to) {
  const isMade = from.searchParams.has("new") && to.searchParams.has("id");
  const added = isMade ? ["new", "with", "id"] : COMPLETED.filter((name) => !from.searchParams.has(name));
  const rest = (at) => String([...at.searchParams].filter(([name]) => !added.includes(name)).sort());
  return from.pathname === to.pathname && rest(from) === rest(to);
}

function keep_history() {
  if (history.pushState.isSemblances) return;
  const push = history.pushState.bind(history);
  let last = { address: "", at: 0 };
  history.pushState = (state, unused, address) => {
    const from = new URL(location.href), to = new URL(address ?? "", location.href), now = performance.now();
    // The way to another page writes that page's parameters behind the address of this one first.
    const isHalfway = from.href === last.address && now - last.at < SOON_MS && from.pathname !== to.pathname && from.search === to.search;
    if (isHalfway || completes(from, to)) return history.replaceState(state, unused, address);
    last = { address: to.href, at: from.pathname === to.pathname ? now : -SOON_MS };
    push(state, unused, address);
  };
  history.pushState.isSemblances = true;
}

// Whoever turns to another page of a list begins at its top. The list stands right before its pages.
function turn(event) {
  const pages = event.target.closest?.("[data-testid=stPagination] button")?.closest("[data-testid=stElementContainer]");
  const main = document.querySelector("[data-testid=stMain]"), list = pages?.previousElementSibling;
  if (main && list) main.scrollTop += Math.min(0, list.getBoundingClientRect().top - main.getBoundingClientRect().top - HEAD_PX);
}

// Streamlit's page ends white where an element comes for a place that is gone, as after a second click on the way to another page
// (streamlit/streamlit#15084, #9617). It is loaded again then, at its address and with its unsaved texts; seldom, so that no page loads for ever.
const WHITE_MS = 1000, SELDOM_MS = 20000, LOADED = "semblance.loaded_again";

function keep_there() {
  const root = document.getElementById("root");
  if (!root || root.isWatched) return;
  root.isWatched = true;
  new MutationObserver(() => {
    if (root.childElementCount) return;
    setTimeout(() => {
      if (root.childElementCount || Date.now() - Number(sessionStorage.getItem(LOADED)) < SELDOM_MS) return;
      sessionStorage.setItem(LOADED, String(Date.now()));
      location.reload();
    }, WHITE_MS);
  }).observe(root, { childList: true });
}

// Mends now and whenever that is drawn anew; returns how to stop.
function keep_mended() {
  mend();
  keep_history();
  keep_there();
  document.addEventListener("click", turn);
  const watch = new MutationObserver(mend);
  watch.observe(document.querySelector("[data-testid=stApp]"), { attributes: true, attributeFilter: ["class"] });
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  if (sidebar) watch.observe(sidebar, { childList: true, subtree: true });
  return () => { document.removeEventListener("click", turn); watch.disconnect(); };
}
