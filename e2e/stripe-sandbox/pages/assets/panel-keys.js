// The keys of the panel. The page's head waits for this script, so that a key does its act from the first moment in
// which the page can be read.
document.documentElement.classList.add('keys');

function moveRow(step) {
  const links = [...document.querySelectorAll('.list tbody tr')].flatMap(
    (row) => row.querySelector('a') ?? [],
  );
  const row = document.activeElement?.closest('.list tbody tr');
  const place = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = place === -1 ? (step > 0 ? 0 : links.length - 1) : place + step;
  links[next]?.focus();
}

let isGoing = false;
const KEYS = {
  '/': () => document.getElementById('search')?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  '.': () => document.activeElement?.closest('tr')?.querySelector('.menu summary')?.click(),
};

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    for (const menu of document.querySelectorAll('.menu[open]')) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
    return;
  }
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const go = isGoing && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  isGoing = event.key === 'g';
  const run = go ? () => go.click() : KEYS[event.key];
  if (!run) return;
  event.preventDefault();
  run();
});
