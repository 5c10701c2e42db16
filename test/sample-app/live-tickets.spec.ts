import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { inBrowser } from '../browser/browser.js';
import { invite, issueLink, openLouvre } from './louvre.js';
import { request } from '../support/apps.js';

inBrowser('The list of tickets that somebody looks at', (guests) => {
  /** The box office in a tab, its list kept up to date, with a ticket that is valid. */
  async function lookOn() {
    const app = await openLouvre();
    const uuid = (await issueLink(app, 'louvre/visit')).searchParams.get('uuid')!;
    const page = await guests.arrive();
    const following = page.waitForResponse(/\/tickets\/changes$/);
    await page.goto(`http://localhost:${(app.getHttpServer().address() as AddressInfo).port}/`);
    await following;
    const revoke = () => request(app).post(`/tickets/${uuid}/revoke`);
    return { app, page, uuid, revoke };
  }

  it('shows what happens elsewhere, and tells screen readers of it', async () => {
    const { app, page, uuid, revoke } = await lookOn();
    await revoke();
    await page.waitForSelector(`#ticket-${uuid} .badge.revoked`);
    expect(await page.textContent('[role=status]')).toBe('Léonard, Visit the museum: revoked.');
    const { uuid: another } = await invite(app, 'report/2024-05/download');
    await page.waitForSelector(`#ticket-${another}`);
    expect(await page.textContent('[role=status]')).toContain('visitor report of May 2024: valid.');
  });

  it('keeps the keyboard where it was, or at the same ticket when its button is gone', async () => {
    const { app, page, uuid, revoke } = await lookOn();
    const focused = () => page.evaluate('document.activeElement.id');
    await page.focus(`#revoke-${uuid}`);
    const { uuid: another } = await invite(app, 'louvre/visit');
    await page.waitForSelector(`#ticket-${another}`);
    expect(await focused()).toBe(`revoke-${uuid}`);
    await revoke();
    await page.waitForSelector(`#ticket-${uuid} .badge.revoked`);
    expect(await focused()).toBe(`ticket-${uuid}`);
  });

  it('does not take a button away that is being pressed', async () => {
    const { app, page, uuid } = await lookOn();
    await page.hover(`#revoke-${uuid}`);
    await page.mouse.down();
    const asked = page.waitForResponse(/\/$/);
    await issueLink(app, 'louvre/visit');
    await asked;
    await page.mouse.up();
    await page.waitForURL(/#ticket-/);
    expect(await page.textContent(`#ticket-${uuid} .badge`)).toBe('revoked');
  });
});
