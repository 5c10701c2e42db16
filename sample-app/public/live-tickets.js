// Keeps the box office's list up to date. Without this script, the page has a link to refresh it. The server renders
// the list either way.

const MAX_NEWS = 3;
const listOf = (page) => page.getElementById('ticket-list');
const newsOf = (list) => [...list.querySelectorAll('[data-news]')];

/** Fetches the current list. */
async function latest() {
  const response = await fetch(listOf(document).dataset.address, { headers: { Accept: 'text/html' } });
  if (!response.ok) throw new Error(`The list could not be loaded: ${response.status}`);
  return listOf(new DOMParser().parseFromString(await response.text(), 'text/html'));
}

/** Replaces the list; the focus stays on the same button, or on its ticket. */
function replace(old, list) {
  const at = old.contains(document.activeElement) ? document.activeElement : undefined;
  const places = [at?.id, at?.closest('.ticket')?.id, list.id];
  old.replaceWith(list);
  if (!at) return;
  const place = places.map((id) => id && document.getElementById(id)).find(Boolean);
  place.focus({ preventScroll: true });
}

/** Announces to screen readers what has changed. */
function announce(old, list) {
  const before = new Map(newsOf(old).map(({ id, dataset }) => [id, dataset.news]));
  const news = newsOf(list)
    .filter(({ id, dataset }) => before.get(id) !== dataset.news)
    .map(({ dataset }) => dataset.news);
  const text = news.length > MAX_NEWS ? `${news.length} tickets have changed` : news.join('; ');
  if (text) document.getElementById('ticket-news').textContent = `${text}.`;
}

async function refresh() {
  const list = await latest();
  const old = listOf(document);
  if (list.isEqualNode(old)) return;
  if (old.matches(':active')) {
    // Replacing a button while it is pressed would lose the click.
    for (const end of ['pointerup', 'pointercancel', 'keyup'])
      addEventListener(end, onChange, { once: true });
    return;
  }
  announce(old, list);
  replace(old, list);
}

/** In ms: by then a screen reader has read the page. */
const SETTLED = 500;

/** Makes screen readers announce the status that the page came with: they announce only changes. */
function repeat() {
  const news = document.getElementById('ticket-news');
  if (news.textContent) setTimeout(() => news.append('\u00a0'), SETTLED);
}

let isStale = false;
let isRefreshing = false;

/** One request at a time; a change meanwhile causes one more afterwards. */
async function keepUp() {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (isStale) {
    isStale = false;
    // The next change tries again, and the link to refresh is still there.
    await refresh().catch((error) => console.warn(error));
  }
  isRefreshing = false;
}

const onChange = () => void keepUp();
let changes;

/** Not for hidden pages: browsers have few connections to one server. */
function follow() {
  changes?.close();
  if (document.hidden) return;
  changes = new EventSource('/tickets/changes');
  changes.addEventListener('open', onChange); // for changes before, or while disconnected
  changes.addEventListener('message', onChange);
}

repeat();
document.addEventListener('visibilitychange', follow);
follow();
