// Keeps the box office's list up to date while somebody looks at it. Without this script, the page has a link to
// refresh it; what the list shows, the server decides either way.

const MOST_NEWS = 3;
const listOf = (page) => page.getElementById('ticket-list');
const newsOf = (list) => [...list.querySelectorAll('[data-news]')];

/** Asks for the page's list as it is now. */
async function latest() {
  const answer = await fetch(listOf(document).dataset.address, { headers: { Accept: 'text/html' } });
  if (!answer.ok) throw new Error(`The list is not to be had: ${answer.status}`);
  return listOf(new DOMParser().parseFromString(await answer.text(), 'text/html'));
}

/** Puts the new list in the old one's place; who was in it with the keyboard stays at the same button, or ticket. */
function replace(old, list) {
  const at = old.contains(document.activeElement) ? document.activeElement : undefined;
  const places = [at?.id, at?.closest('.stub')?.id, list.id];
  old.replaceWith(list);
  if (!at) return;
  const place = places.map((id) => id && document.getElementById(id)).find(Boolean);
  place.focus({ preventScroll: true });
}

/** Tells screen readers what has changed, when they have a moment. */
function announce(old, list) {
  const before = new Map(newsOf(old).map(({ id, dataset }) => [id, dataset.news]));
  const news = newsOf(list)
    .filter(({ id, dataset }) => before.get(id) !== dataset.news)
    .map(({ dataset }) => dataset.news);
  const told = news.length > MOST_NEWS ? `${news.length} tickets have changed` : news.join('; ');
  if (told) document.getElementById('ticket-news').textContent = `${told}.`;
}

async function refresh() {
  const list = await latest();
  const old = listOf(document);
  if (list.isEqualNode(old)) return;
  if (old.matches(':active')) {
    // A button that is being pressed would be gone before it is let go.
    for (const end of ['pointerup', 'pointercancel', 'keyup']) addEventListener(end, hear, { once: true });
    return;
  }
  announce(old, list);
  replace(old, list);
}

/** In ms: when a screen reader has found its way about the page. */
const SETTLED = 500;

/** Has screen readers tell what the page has said from its beginning: of a status, they tell but what has changed. */
function repeat() {
  const news = document.getElementById('ticket-news');
  if (news.textContent) setTimeout(() => news.append('\u00a0'), SETTLED);
}

let isStale = false;
let isRefreshing = false;

/** One at a time; what changes meanwhile is asked for once more afterwards. */
async function keepUp() {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (isStale) {
    isStale = false;
    // The next change is another chance, and the link to refresh is still there.
    await refresh().catch((error) => console.warn(error));
  }
  isRefreshing = false;
}

const hear = () => void keepUp();
let changes;

/** Not for pages that nobody sees: browsers have few connections to one server. */
function follow() {
  changes?.close();
  if (document.hidden) return;
  changes = new EventSource('/tickets/changes');
  changes.addEventListener('open', hear); // what happened before, or while the line was broken
  changes.addEventListener('message', hear);
}

repeat();
document.addEventListener('visibilitychange', follow);
follow();
