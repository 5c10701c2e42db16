import { TicketInputError } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { ask, cookieOf } from '../invitations/ask.js';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { VisitsController } from './visits.controller.js';
import { ReportDownload } from './report.download.js';

eachAdapter('The example on docs/definitions.md', (adapter) => {
  it('issues a link that admits its guest, and refuses other data', async () => {
    const { app, tickets } = await startApp(adapter, anyDatabase, { controllers: [VisitsController] });
    const { text: link } = await request(app).post('/invitations').send({ firstName: 'Léonard' }).expect(201);
    const { pathname, search } = new URL(link);
    const opened = await ask(app, pathname + search);
    const headers = { Cookie: cookieOf(opened) };
    expect((await ask(app, pathname, { headers })).body).toBe('Welcome to the Louvre museum Léonard');
    await request(app).post('/invitations').send({ firstName: 'Léonard', vip: true }).expect(400);
    expect(await tickets.count()).toBe(1);
  });

  it('stores what a schema makes', async () => {
    const { tickets } = await startApp(adapter, anyDatabase, { controllers: [VisitsController] });
    const params = { id: '2026/7' };
    const data = { reader: 'lisa@museum.example', until: new Date(0) };
    const { ticket, credentials } = await tickets.issue(ReportDownload, { data, params });
    expect(ticket).toMatchObject({
      place: 'report/2026%2F7',
      data: { reader: 'lisa@museum.example', formats: ['pdf'], until: '1970-01-01T00:00:00.000Z' },
    });
    expect(tickets.url(ReportDownload, credentials, { params })).toContain('/report/2026%2F7?uuid=');
    await expect(
      tickets.issue(ReportDownload, { data: { ...data, reader: 'lisa' }, params }),
    ).rejects.toThrow(TicketInputError);
  });
});
