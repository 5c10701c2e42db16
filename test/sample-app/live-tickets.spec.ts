import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { inBrowser } from '../browser/browser.js';
import { invite, issueLink, openLouvre } from './louvre.js';
import { request } from '../support/adapters.js';

inBrowser('The open list of tickets', (guests) => {
  /** The box office in a tab, following changes, with one valid ticket. */
  async function openList() {
    const app = await openLouvre();
    const uuid = (await issueLink(app, 'louvre/visit')).searchParams.get('uuid')!;
    const page = await guests.arrive();
    const following = page.waitForResponse(/\/tickets\/changes$/);
    await page.goto(`http://localhost:${(app.getHttpServer().address() as AddressInfo).port}/`);
    await following;
    const revoke = () => request(app).post(`/tickets/${uuid}/revoke`);
    return { app, page, uuid, revoke };
  }

  it('shows changes made elsewhere, and announces them to screen readers', async () => {
    const { app, page, uuid, revoke } = await openList();
    await revoke();
    await page.waitForSelector(`#ticket-${uuid} .badge.revoked`);
    expect(await page.textContent('[role=status]')).toBe('Léonard, Visit the museum: revoked.');
    const { uuid: another } = await invite(app, 'report/2024-05/download');
    await page.waitForSelector(`#ticket-${another}`);
    expect(await page.textContent('[role=status]')).toContain('visitor report of May 2024: valid.');
  });

  it('keeps the focus on its button, or on the ticket when the button is gone', async () => {
    const { app, page, uuid, revoke } = await openList();
    const focused = () => page.evaluate('document.activeElement.id');
    await page.focus(`#revoke-${uuid}`);
    const { uuid: another } = await invite(app, 'louvre/visit');
    await page.waitForSelector(`#ticket-${another}`);
    expect(await focused()).toBe(`revoke-${uuid}`);
    await revoke();
    await page.waitForSelector(`#ticket-${uuid} .badge.revoked`);
    expect(await focused()).toBe(`ticket-${uuid}`);
  });

  it('does not replace a button while it is pressed', async () => {
    const { app, page, uuid } = await openList();
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
