// Plays a transcript as it was said: each message after the pause that it had, with the name of who is about to speak before it.
const SPEEDS = [1, 2, 5, 10, 20], FIRST_SPEED = 5, SHORTEST_MS = 600, LONGEST_MS = 15000;

// fetch: asks for the messages after a number; their page comes to `take`. show: draws messages in the place of the transcript,
// and who speaks next. leave: puts the transcript back. over: a signal that this page is gone.
function player(bar, { fetch, show, leave }, over) {
  const begin = bar.querySelector(".begin"), controls = bar.querySelector(".controls"), play = bar.querySelector(".play");
  const speed = bar.querySelector(".speed"), slider = bar.querySelector(".position"), place = bar.querySelector(".place");
  let messages = [], shown = 0, timer = null, isOpen = false, isPlaying = false, isWhole = false;
  speed.replaceChildren(...SPEEDS.map((times) => new Option(`${times}×`, times, false, times === FIRST_SPEED)));

  function open() {
    [isOpen, isPlaying, isWhole, messages, shown] = [true, true, false, [], 0];
    draw();
    more();
  }

  function close() {
    clearTimeout(timer);
    [isOpen, isPlaying] = [false, false];
    draw();
    leave();
    begin.focus();
  }

  // Asks on, also after the connection was lost: what was asked for before is not answered any more.
  function more() {
    if (isOpen && !isWhole) fetch(messages.at(-1)?.seq ?? 0);
  }

  function take(first, page, total) {
    if (!isOpen || isWhole || first !== (messages.at(-1)?.seq ?? 0) + 1) return;  // of an earlier opening, or asked for twice
    messages.push(...page);
    isWhole = !page.length || messages.at(-1).seq >= total;
    if (isWhole) jump(0); else more();
  }

  function pause_before(at) {
    if (!at) return 0;
    const took = new Date(messages[at].at) - new Date(messages[at - 1].at);
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, took)) / Number(speed.value);
  }

  function next() {
    clearTimeout(timer);
    const following = messages[shown];
    if (isWhole && !following) isPlaying = false;  // while it is fetched, a speed may be chosen
    draw();
    if (!isOpen || !isPlaying) return;
    timer = setTimeout(() => { shown += 1; next(); }, pause_before(shown));
  }

  function jump(to) {
    shown = Math.max(0, Math.min(messages.length, to));
    next();
  }

  function draw() {
    begin.hidden = isOpen;
    controls.hidden = !isOpen;
    if (!isOpen) return;
    const isOver = isWhole && shown === messages.length;
    play.textContent = isPlaying ? "Pause" : isOver ? "Play again" : "Play";
    slider.max = messages.length;
    slider.value = shown;
    place.textContent = isWhole ? `${shown} of ${messages.length}` : "Loading …";
    show(messages.slice(0, shown), isPlaying && messages[shown] ? messages[shown].speaker : "");
  }

  document.addEventListener("keydown", (event) => {
    const within = event.composedPath()[0], isTyping = within instanceof Element && within.closest(FIELDS) && !bar.contains(within);
    if (event.key !== "Escape" || !isOpen || isTyping || event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
    event.preventDefault();
    close();
  }, { signal: over });
  begin.onclick = open;
  bar.querySelector(".close").onclick = close;
  play.onclick = () => {
    isPlaying = !isPlaying;
    if (isPlaying && shown === messages.length) shown = 0;
    next();
  };
  speed.onchange = next;
  slider.oninput = () => jump(Number(slider.value));
  return { take, more, isOpen: () => isOpen, stop: () => clearTimeout(timer), offer: (can) => { bar.hidden = !can && !isOpen; } };
}
