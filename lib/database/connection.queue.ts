import type { QueryRunner } from 'typeorm';

/** The end of the last turn on each connection. */
const turns = new WeakMap<object, Promise<unknown>>();

/**
 * Runs work on a connection once all that came before it is done there. A lock of the database keeps other connections
 * out, not other calls on the same one: `Promise.all` in one transaction, or on SQLite two requests of the app.
 */
export async function inTurn<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  const connection = (await queryRunner.connect()) as object;
  const turn = (turns.get(connection) ?? Promise.resolve()).then(work);
  turns.set(
    connection,
    turn.catch(() => undefined),
  );
  return turn;
}
