import { Pool } from 'pg';
import { POOL_SIZE } from './settings.js';

/** Connections for what is done by hand, as many as TypeORM has. */
export const openPool = (url: string): Pool => new Pool({ connectionString: url, max: POOL_SIZE });

/**
 * Resolves when its connections are closed. `end` resolves before they are: whoever drops the database then has the
 * server cut them off, which the pool throws as an uncaught error.
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
