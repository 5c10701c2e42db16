import { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startServer } from './app.server.js';
import { startSetup } from './setup.js';
import { isolationLevels } from './isolation.js';

const ASK_LEVEL: Record<string, string> = {
  postgres: 'SELECT current_setting($$transaction_isolation$$) AS level',
  mariadb: `SELECT REPLACE(@@tx_isolation, '-', ' ') AS level`,
};

eachDatabase('every connection of an app', (database) => {
  it('is at the isolation level of its settings', async () => {
    const setup = await startSetup(database);
    for (const isolation of isolationLevels(database.type).filter((level) => level !== undefined)) {
      const { app } = await startServer(setup.app({ isolation }));
      const ask = () => app.get(DataSource).query<[{ level: string }]>(ASK_LEVEL[database.type]!);
      const answers = await Promise.all([ask(), ask(), ask(), ask()]);
      expect(answers.map(([{ level }]) => level.toUpperCase())).toEqual(answers.map(() => isolation));
    }
  });
});
