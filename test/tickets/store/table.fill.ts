import type { DataSource } from 'typeorm';

const DAY = 86_400_000;
/** For how long tickets were issued; each is valid for a day. */
const DAYS = 60;

/** What differs between the databases: numbers from 1 on, a number's 12 hexadecimal digits, and 32 digits of chance. */
const DIALECTS: Record<string, { numbers: (count: number) => string; hex: string; random: string }> = {
  'better-sqlite3': {
    numbers: (count) =>
      `(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count}) SELECT n FROM counted)`,
    hex: `printf('%012x', issued)`,
    random: `printf('%08x%08x%08x%08x', n, n * 7919 % 2147483647, n * 104729 % 2147483647, n)`,
  },
  postgres: {
    numbers: (count) => `(SELECT n::bigint FROM generate_series(1, ${count}) AS n)`,
    hex: `lpad(to_hex(issued::bigint), 12, '0')`,
    random: 'md5(n::text)',
  },
  mariadb: {
    numbers: (count) => `(SELECT seq AS n FROM seq_1_to_${count})`,
    hex: `lpad(lower(hex(issued)), 12, '0')`,
    random: 'md5(n)',
  },
};

/**
 * Fills an empty table as that of an app that keeps two months: three in five are used, one in fifty is revoked, some are
 * claimed or locked, one in a hundred never expires.
 *
 * @param now in ms; the last ticket was issued then
 */
export async function fillTable(dataSource: DataSource, rows: number, now: number): Promise<void> {
  const { numbers, hex, random } = DIALECTS[dataSource.options.type]!;
  const named = (text: string) =>
    text.replace(/"(\w+)"/g, (_, name: string) => dataSource.driver.escape(name));
  const text = dataSource.options.type === 'mariadb' ? 'CHAR' : 'VARCHAR';
  const join = (...parts: string[]) =>
    dataSource.options.type === 'mariadb' ? `CONCAT(${parts.join(', ')})` : parts.join(' || ');
  const number = (of: string) => `CAST(n % ${of} AS ${text})`;
  await dataSource.query(
    named(`INSERT INTO ticket_office_ticket ("uuid", "place", "purpose", "subject", "data", "createdAt", "expiresAt", "usedAt",
      "revokedAt", "verifier", "generation", "attempts", "claimId", "claimedAt")
    SELECT ${join('substr(t, 1, 8)', `'-'`, 'substr(t, 9, 4)', `'-7'`, 'substr(h, 1, 3)', `'-8'`, 'substr(h, 4, 3)', `'-'`, 'substr(h, 7, 12)')},
      ${join(`'place '`, number('50'))}, ${join(`'purpose '`, number('7'))},
      CASE WHEN n % 4 = 0 THEN NULL ELSE ${join(`'user '`, number('20000'))} END, '{}', issued,
      CASE WHEN n % 100 = 0 THEN NULL ELSE issued + ${DAY} END,
      CASE WHEN n % 5 IN (1, 2, 3) AND issued + n % ${DAY} < ${now} THEN issued + n % ${DAY} END,
      CASE WHEN n % 50 = 4 THEN issued + 3600000 END,
      CASE WHEN n % 1000 = 4 THEN ${join(`'argon2id$'`, 'h')} ELSE ${join(`'generated$'`, 'h')} END, 1,
      CASE WHEN n % 1000 = 4 THEN 5 ELSE 0 END,
      CASE WHEN n % 5 IN (1, 2, 3) OR n % 2000 = 5 THEN substr(h, 1, 32) END,
      CASE WHEN n % 5 IN (1, 2, 3) OR n % 2000 = 5 THEN issued END
    FROM (SELECT n, issued, ${hex} AS t, ${random} AS h FROM
      (SELECT n, ${now - DAYS * DAY} + n * ${(DAYS * DAY) / rows} AS issued FROM ${numbers(rows)} AS numbered) AS dated) AS tickets`),
  );
  await dataSource.query(
    { 'better-sqlite3': 'ANALYZE', mariadb: 'ANALYZE TABLE ticket_office_ticket' }[
      dataSource.options.type as string
    ] ?? 'VACUUM ANALYZE ticket_office_ticket',
  );
}
