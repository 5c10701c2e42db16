import type { Pool } from 'pg';
import { LOAD } from '../by-hand.statements.js';

// Named, as for redemptions by hand.
const COUNT = {
  name: 'count',
  text: `UPDATE "ticket_office_ticket" SET "attempts" = "attempts" + 1
    WHERE "uuid" = $1 AND "attempts" = $2 AND "attempts" < $3`,
};
const UNCOUNT = {
  name: 'uncount',
  text: `UPDATE "ticket_office_ticket" SET "attempts" = "attempts" - 1 WHERE "uuid" = $1 AND "attempts" > 0`,
};

/** What an app would write itself: reads the row, counts the guess, hashes, and subtracts a right guess again. */
export async function checkByHand(pool: Pool, uuid: string, verify: () => Promise<unknown>): Promise<void> {
  const [row] = (await pool.query<{ attempts: number }>({ ...LOAD, values: [uuid] })).rows;
  if (!row) throw new Error('There is no such ticket');
  const counted = await pool.query({ ...COUNT, values: [uuid, row.attempts, 5] });
  if (counted.rowCount !== 1) throw new Error('The guess could not be counted');
  await verify();
  await pool.query({ ...UNCOUNT, values: [uuid] });
}
