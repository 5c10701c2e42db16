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

/** The methods of a class, and of those that it extends. */
function methodsOf({ prototype }: { prototype: object }): string[] {
  if (prototype === Object.prototype) return [];
  const parent = Object.getPrototypeOf(prototype) as object;
  return [...Object.getOwnPropertyNames(prototype), ...methodsOf({ prototype: parent })];
}

/** What no app can call, as TypeScript sees it. */
const PRIVATE = new Set(['constructor', 'issueDefined']);

it('docs/options.md names every option, and no other', () => {
  const options = Object.values(settingsOf({ secret: SECRET })).flatMap((part: object) => Object.keys(part));
  expect(namesBelow('Options', 'docs/options.md').toSorted()).toEqual(options.toSorted());
});

it('docs/tickets.md names every call of the service, and no other', () => {
  const calls = methodsOf(TicketService).filter((name) => !PRIVATE.has(name));
  expect(namesBelow('What the service does', 'docs/tickets.md').toSorted()).toEqual(
    [...calls, 'events$'].toSorted(),
  );
});
