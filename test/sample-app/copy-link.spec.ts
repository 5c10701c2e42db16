import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { inBrowser } from '../browser/browser.js';
import { openLouvre } from './louvre.js';

inBrowser('The link of a new ticket', (guests) => {
  /** The page of a new ticket, in a browser with these options, after the script `fault` has run. */
  async function issued(options: Parameters<typeof guests.arrive>[0], fault = '') {
    const app = await openLouvre();
    const page = await guests.arrive(options);
    await page.addInitScript(fault);
    await page.goto(`http://localhost:${(app.getHttpServer().address() as AddressInfo).port}/`);
    await page.getByRole('button', { name: 'Issue the ticket' }).click();
    const link = page.getByRole('textbox', { name: 'Link' });
    return { page, link, button: page.getByRole('button', { name: 'Copy link' }) };
  }

  it('is copied by a button', async () => {
    const { page, link, button } = await issued({ permissions: ['clipboard-read', 'clipboard-write'] });
    await button.click();
    await page.getByText('The link is copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await link.inputValue());
  });

  it('is selected where the browser refuses to copy it', async () => {
    const { page, link, button } = await issued({}, 'navigator.clipboard.writeText = () => Promise.reject()');
    await button.click();
    await page.getByText('copy it by hand').waitFor();
    expect(await page.evaluate('String(getSelection())')).toBe(await link.inputValue());
  });

  it.each([
    ['without JavaScript', { javaScriptEnabled: false }, ''],
    ['where pages have no clipboard', {}, 'delete Navigator.prototype.clipboard'],
  ])('has no such button %s', async (_, options, fault) => {
    const { link, button } = await issued(options, fault);
    expect(await link.inputValue()).toContain('password=');
    expect(await button.count()).toBe(0);
  });
});
