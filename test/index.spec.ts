import { describe, expect, it } from 'vitest';
import * as library from '../lib/index.js';
import { run } from './support/built-package.js';

const VALUES = [
  'CredentialsError',
  'DuplicateTicketError',
  'Invitation',
  'InvitationGuard',
  'InvitationManager',
  'InvitationRequired',
  'InvitationRequirement',
  'NoTicketError',
  'StampInTransaction',
  'StampInvitation',
  'TICKET_OFFICE_OPTIONS',
  'Ticket',
  'TicketBusyError',
  'TicketError',
  'TicketErrorsFilter',
  'TicketExpiredError',
  'TicketInputError',
  'TicketLockedError',
  'TicketNotFoundError',
  'TicketOfficeBusyError',
  'TicketOfficeConfigurationError',
  'TicketOfficeModule',
  'TicketRevokedError',
  'TicketService',
  'TicketUsedError',
  'defineTicket',
  'ticketOfficeMigrations',
];

it('exports these values, and no others', () => {
  expect(Object.keys(library).toSorted()).toEqual(VALUES);
});

describe('the built package', () => {
  const print = 'console.log(JSON.stringify(Object.keys(library).sort()))';

  it('can be imported', async () => {
    const script = `import * as library from 'nestjs-ticketoffice'; ${print}`;
    expect(JSON.parse(await run('node', '--input-type=module', '--eval', script))).toEqual(VALUES);
  });

  it('can be required', async () => {
    const script = `const library = require('nestjs-ticketoffice'); ${print}`;
    expect(JSON.parse(await run('node', '--input-type=commonjs', '--eval', script))).toEqual(VALUES);
  });
});
