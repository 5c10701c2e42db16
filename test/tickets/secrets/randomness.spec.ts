import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('[G-10] No secret, id or code comes from anywhere but node:crypto', () => {
  const lib = new URL('../../../lib', import.meta.url).pathname;
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const careless = files.filter((name) =>
    /Math\.random|from 'uuid'/.test(readFileSync(join(lib, name), 'utf8')),
  );
  // How long to wait, before a retry or a cleaning; and a ticket's name, version 7 by node:crypto (rng.js of uuid), is no secret.
  expect(careless.toSorted()).toEqual([
    'database/retry.ts',
    'tickets/cleaning/cleaning.schedule.ts',
    'tickets/issuing/ticket.uuid.ts',
  ]);
});
