// Keeps an open panel current: fetches the changing part of the page and lays it over what stands there, node by
// node, so focus, scroll, selection and open folds stay. It rests while the tab is hidden or the reader pauses it.
const INTERVAL = 2000;
const live = document.getElementById('live');
const toggle = document.getElementById('live-toggle');
const word = document.getElementById('live-word');

const keyOf = (node) => (node.nodeType === 1 ? (node.dataset.key ?? node.id) : '');
const isSame = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

function layAttributes(from, to) {
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    const belongsToReader = name === 'open' && from.nodeName === 'DETAILS';
    if (!to.hasAttribute(name) && !belongsToReader) from.removeAttribute(name);
  }
}

/** Among `current` and its later siblings: the same key, or without one the next element if it is of the same kind. */
function findMatch(current, next) {
  const key = keyOf(next);
  let match = current;
  while (match && (key ? !isSame(match, next) : match.nodeType === 3 && next.nodeType === 1)) {
    match = match.nextSibling;
  }
  return match && isSame(match, next) ? match : null;
}

function lay(from, to) {
  if (from.nodeType !== 1) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  layAttributes(from, to);
  let current = from.firstChild;
  for (const next of [...to.childNodes]) {
    const match = findMatch(current, next);
    if (!match) {
      from.insertBefore(next, current);
      continue;
    }
    while (current !== match) {
      const gone = current;
      current = current.nextSibling;
      gone.remove();
    }
    current = match.nextSibling;
    lay(match, next);
  }
  while (current) {
    const gone = current;
    current = current.nextSibling;
    gone.remove();
  }
}

function showCopyButtons() {
  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;
}

let isPaused = false;
let isRunning = false;
let lastText = '';

function say(state, text) {
  toggle.className = `live ${state}`;
  if (word.textContent !== text) word.textContent = text;
}

async function refresh() {
  if (isRunning || isPaused || document.hidden) return;
  isRunning = true;
  try {
    const address = new URL(location.href);
    address.searchParams.set('fragment', '1');
    const response = await fetch(address);
    if (!response.ok && response.status !== 404) throw new Error(String(response.status));
    const text = await response.text();
    if (text !== lastText && !isPaused) {
      const next = document.createElement('div');
      next.id = 'live';
      next.innerHTML = text;
      lay(live, next);
      lastText = text;
      showCopyButtons();
    }
    if (!isPaused) say('', 'Live');
  } catch {
    if (!isPaused) say('lost', 'Sandbox not reachable');
  } finally {
    isRunning = false;
  }
}

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 1500);
});

// A notice tells of one act: a reload or a bookmark must not tell it again.
if (new URL(location.href).searchParams.has('notice')) {
  const address = new URL(location.href);
  address.searchParams.delete('notice');
  history.replaceState(null, '', address);
}

showCopyButtons();
if (live && toggle) {
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    isPaused = !isPaused;
    say(isPaused ? 'paused' : '', isPaused ? 'Paused' : 'Live');
    void refresh();
  });
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, INTERVAL);
}

// A slash goes to the search, as in the Dashboard.
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById('search')?.focus();
});

// A choice in a filter shows its list at once; without scripts its button does.
document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement && 'submits' in target.dataset) target.form?.requestSubmit();
});
