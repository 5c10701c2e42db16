import { databaseNames, type DatabaseName } from './database-targets.js';

export interface MissingDatabase {
  name: DatabaseName;
  /** What is wrong, and what to start or set. */
  reason: string;
}

/** The short text at the end of a run: on which databases it ran, and how to get the others. */
export function databaseReport(
  found: readonly { name: DatabaseName }[],
  missing: readonly MissingDatabase[],
  selected: readonly DatabaseName[],
): string {
  const leftOut = databaseNames.filter((name) => !selected.includes(name));
  return [
    `databases: ${listed(found.map(({ name }) => name)) || 'none'}`,
    ...missing.map(({ name, reason }) => `skipped: ${name} — ${reason}`),
    ...(leftOut.length > 0 ? [`left out: ${listed(leftOut)} — by TICKET_OFFICE_TEST_DATABASES`] : []),
  ].join('\n');
}

function listed(names: readonly DatabaseName[]): string {
  return databaseNames.filter((name) => names.includes(name)).join(', ');
}
