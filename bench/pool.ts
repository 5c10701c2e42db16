import { Pool } from 'pg';
import { POOL_SIZE } from './settings.js';

/** Connections for the work by hand, as many as TypeORM has. */
export const openPool = (url: string): Pool => new Pool({ connectionString: url, max: POOL_SIZE });

/**
 * Resolves when its connections are closed. `end()` resolves earlier: dropping the database then makes the server cut the
 * connections, which the pool throws as an uncaught error.
 */
export async function closePool(pool: Pool): Promise<void> {
  let open = pool.totalCount;
  const closed = new Promise<void>((resolve) => {
    if (open === 0) resolve();
    pool.on('remove', () => --open || resolve());
  });
  await pool.end();
  await closed;
}
