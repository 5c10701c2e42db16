import { DataSource, type DataSourceOptions } from 'typeorm';
import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { execute } from '../../test/support/database-servers.js';
import { connectionTo } from '../database.js';

/** How long tickets that are over stay, in days; half of the tickets below have been over for longer. */
export const KEEP = '30d';
const DAYS = 60;
const DAY = 86_400_000;

/**
 * A table as an app has it that has not been cleaned yet: two months of tickets that were valid for a day, 60 of 100 used
 * within it, some revoked, one in five hundred without an end and unused. In the order of their issue.
 */
const FILL = `
  INSERT INTO ticket_office_ticket ("uuid", "place", "purpose", "subject", "data", "createdAt", "expiresAt", "usedAt",
    "revokedAt", "verifier", "generation", "attempts", "claimId", "claimedAt")
  SELECT substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(h, 1, 3) || '-8' || substr(h, 4, 3) || '-' || substr(h, 7, 12),
    'place ' || n % 10, 'purpose ' || n % 3, 'user ' || n % 200000, '{"firstName":"Leonard"}', issued,
    CASE WHEN n % 500 = 0 THEN NULL ELSE issued + ${DAY} END,
    CASE WHEN n % 5 IN (1, 2, 3) THEN issued + n % ${DAY} END,
    CASE WHEN n % 50 = 4 THEN issued + 3600000 END,
    CASE WHEN n % 10000 = 4 THEN 'argon2id.digits-8$abcdefgh$$argon2id$v=19$m=19456,t=2,p=1$' || substr(h, 1, 22) || '$' || h || substr(h, 1, 11)
      ELSE 'hmac-sha256$abcdefgh$' || h || substr(h, 1, 11) END, 1,
    CASE WHEN n % 10000 = 4 THEN 5 ELSE 0 END,
    CASE WHEN n % 5 IN (1, 2, 3) THEN substr(h, 1, 36) END, CASE WHEN n % 5 IN (1, 2, 3) THEN issued END
  FROM (
    SELECT n, issued, lpad(to_hex(issued), 12, '0') AS t, md5(n::text) AS h FROM (
      SELECT n, ($2::bigint - ${DAYS * DAY} + n * (${DAYS * DAY}::numeric / $1::bigint))::bigint AS issued
      FROM generate_series(1, $1::bigint) AS n) AS numbered) AS tickets`;

/** Fills the table anew, and builds its indexes after that: in a tenth of the time, and as dense as a migration leaves them. */
export async function fill(url: string, rows: number): Promise<void> {
  const dataSource = new DataSource({
    ...(connectionTo(url) as DataSourceOptions),
    entities: [Ticket],
    migrations: ticketOfficeMigrations,
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
    await dataSource.query('TRUNCATE ticket_office_ticket');
    await dataSource.undoLastMigration();
    await dataSource.query('ALTER TABLE ticket_office_ticket SET (fillfactor = 70)');
    await dataSource.query(FILL, [rows, Date.now()]);
    await dataSource.runMigrations();
    await dataSource.query('VACUUM ANALYZE ticket_office_ticket');
    await dataSource.query('CHECKPOINT').catch(() => undefined);
  } finally {
    await dataSource.destroy();
  }
}

/** What autovacuum does within a minute or two of a large cleaning: until then, every scan passes the rows that are gone. */
export const vacuum = (url: string): Promise<unknown> =>
  execute('postgres', url, 'VACUUM ANALYZE ticket_office_ticket');
