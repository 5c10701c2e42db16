import type { DataSource } from 'typeorm';

/** Ends every connection to the database but the one that this is asked on, as its administrator can. */
export async function cutConnections(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'postgres') {
    // Returns once they have ended, or after so many ms.
    await dataSource.query(
      'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return;
  }
  const others = await dataSource.query<{ id: number }[]>(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
  );
  for (const { id } of others) {
    // One may have ended by itself.
    await dataSource.query(`KILL ${id}`).catch(() => undefined);
  }
}
