// Adds a button that copies the link of a new ticket, where the browser lets a page do so: over https, and on this
// machine. Without it, the link is there to be selected.

const link = document.getElementById('link');
const news = document.getElementById('link-news');

async function copy() {
  try {
    await navigator.clipboard.writeText(link.value);
    news.textContent = 'The link is copied.';
  } catch {
    // The browser's owner may forbid it.
    link.select();
    news.textContent = 'The browser does not let it be copied from here. It is selected: copy it by hand.';
  }
}

if (navigator.clipboard?.writeText) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy link';
  button.addEventListener('click', () => void copy());
  news.before(button);
}
