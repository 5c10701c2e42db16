import { readFileSync } from 'node:fs';
import { TicketService } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { settingsOf } from '../../lib/ticket-office.options.js';
import { SECRET } from '../support/office.js';

/** The names in the first column of the table below a heading: `find` for `find(uuid)`. */
function namesBelow(heading: string, file: string): string[] {
  const [, section = ''] = readFileSync(file, 'utf8').split(`# ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `([\w$]+)/gm)].map(([, name]) => name!);
}

it('docs/options.md names every option, and no other', () => {
  const options = Object.values(settingsOf({ secret: SECRET })).flatMap((part: object) => Object.keys(part));
  expect(namesBelow('Options', 'docs/options.md').toSorted()).toEqual(options.toSorted());
});

it('docs/tickets.md names every call of the service, and no other', () => {
  const calls = Object.getOwnPropertyNames(TicketService.prototype).filter((name) => name !== 'constructor');
  expect(namesBelow('What the service does', 'docs/tickets.md').toSorted()).toEqual(
    [...calls, 'events$'].toSorted(),
  );
});
