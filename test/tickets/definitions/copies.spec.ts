import { expect, it } from 'vitest';
import { run } from '../../support/built-package.js';

/** One copy of the library makes a definition, and the other reads it. */
const SCRIPT = `
  import { createRequire } from 'node:module';
  import * as imported from 'nestjs-ticketoffice';
  const required = createRequire(import.meta.url)('nestjs-ticketoffice');
  const fields = { place: 'report/:id', purpose: 'download' };
  const made = [imported, required].map(({ defineTicket }) => defineTicket(fields));
  const handlers = [imported, required].flatMap(({ InvitationRequired, InvitationRequirement }) =>
    made.map((definition) => {
      class Reports { download() {} }
      const descriptor = Object.getOwnPropertyDescriptor(Reports.prototype, 'download');
      InvitationRequired(definition)(Reports.prototype, 'download', descriptor);
      return Reflect.getMetadata(InvitationRequirement.KEY, descriptor.value).place;
    }));
  const tickets = [imported, required].flatMap(({ Ticket }) => made.map((definition) =>
    Object.assign(new Ticket(), { place: 'report/7', purpose: 'download' }).isAppropriate(definition, { id: 7 })));
  console.log(JSON.stringify({ handlers, tickets, json: JSON.stringify(made[0]) }));
`;

it('A definition of either build of the package is one for the other, too', async () => {
  expect(JSON.parse(await run('node', '--input-type=module', '--eval', SCRIPT))).toEqual({
    handlers: Array.from({ length: 4 }, () => 'report/:id'),
    tickets: [true, true, true, true],
    json: '{"place":"report/:id","purpose":"download"}',
  });
});
