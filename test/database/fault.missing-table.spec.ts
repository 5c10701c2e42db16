import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isMissingTable } from '../../lib/database/fault.js';

const failed = (fields: object, message: string) =>
  new QueryFailedError('SELECT 1', [], Object.assign(new Error(message), fields));

describe('An error', () => {
  const errors = (table: string): [string, Error][] => [
    ['SQLite', failed({ code: 'SQLITE_ERROR' }, `no such table: ${table}`)],
    ['PostgreSQL', failed({ code: '42P01' }, `relation "museum.${table}" does not exist`)],
    ['MariaDB', failed({ errno: 1146 }, `Table 'test.app_${table}' doesn't exist`)],
  ];

  it.each(errors('tickets'))('of %s says that the table is missing', (_, error) => {
    expect(isMissingTable(error, 'tickets')).toBe(true);
  });

  it.each(errors('guest_book'))('of %s is not about another table', (_, error) => {
    expect(isMissingTable(error, 'tickets')).toBe(false);
  });

  it.each([undefined, null, 'tickets', new Error('tickets'), failed({ code: '42703' }, 'no column tickets')])(
    'that says something else (%s) is none',
    (error) => {
      expect(isMissingTable(error, 'tickets')).toBe(false);
    },
  );
});
