import { expect, it } from 'vitest';
import { run } from '../support/built-package.js';

const SCRIPT = `
  import 'reflect-metadata';
  import { createRequire } from 'node:module';
  import * as imported from 'nestjs-ticketoffice/testing';
  const required = createRequire(import.meta.url)('nestjs-ticketoffice/testing');
  const told = (call) => { try { call(); return 'nothing'; } catch ({ name, message }) { return name + ': ' + message; } };
  console.log(JSON.stringify({
    ticket: told(() => required.admit(imported.ticketFor())),
    clock: told(() => imported.TicketOfficeTestingModule.forRoot({ clock: new required.TestClock() })),
    none: told(() => required.admit(new Date())),
    own: told(() => required.admit(required.ticketFor())),
  }));
`;

it('names the other copy of the library that a ticket or a clock is of', async () => {
  const told = JSON.parse(await run(process.execPath, '--input-type=module', '--eval', SCRIPT)) as object;
  expect(told).toEqual({
    ticket: expect.stringMatching(
      /^TicketInputError: admit\(\): ticket uses another copy of nestjs-ticketoffice .* CommonJS modules, the other from the ES modules/,
    ) as string,
    clock: expect.stringMatching(
      /^TicketOfficeConfigurationError: TicketOfficeTestingModule\.forRoot\(\): clock uses another copy of nestjs-ticketoffice/,
    ) as string,
    none: 'TicketInputError: admit(): ticket must be a ticket, ticketFor({ … }), not an object',
    own: 'nothing',
  });
});
