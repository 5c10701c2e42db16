import { TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const ERRAND = { place: 'louvre', purpose: 'visit' };
const CREDENTIALS = { uuid: '01890a5d-ac96-774b-bcce-b302099a8057', password: 'I love Paris' };

eachDatabase('Without its table', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { synchronize: false });
  });

  it.each<[string, (office: TicketOffice) => Promise<unknown>]>([
    ['issue', ({ tickets }) => tickets.issue(ERRAND)],
    ['authenticate', ({ tickets }) => tickets.authenticate(CREDENTIALS, 'louvre', 'visit')],
    ['redeem', ({ tickets }) => tickets.redeem(CREDENTIALS, 'louvre', 'visit', () => undefined)],
    ['list', ({ tickets }) => tickets.list()],
    ['clean', ({ tickets }) => tickets.clean()],
  ])('%s says that the migrations have not been run, and what to write', async (_, call) => {
    const error = await call(office).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect((error as Error).message).toBe(
      'The table ticket_office_ticket is missing: run the migrations, with ticketOfficeMigrations among them; or write migrations: ticketOfficeMigrations, migrationsRun: true',
    );
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('works once the table is there', async () => {
    await office.dataSource.synchronize();
    await expect(office.tickets.issue(ERRAND)).resolves.toBeDefined();
  });
});
