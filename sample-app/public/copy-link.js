// Adds a button that copies the link of a new ticket, where the browser allows it: over https, and on localhost.

const link = document.getElementById('link');
const news = document.getElementById('link-news');

async function copy() {
  try {
    await navigator.clipboard.writeText(link.value);
    news.textContent = 'The link is copied.';
  } catch {
    // The browser may refuse permission.
    link.select();
    news.textContent = 'The browser does not allow copying. The link is selected: copy it by hand.';
  }
}

if (navigator.clipboard?.writeText) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy link';
  button.addEventListener('click', () => void copy());
  news.before(button);
}
