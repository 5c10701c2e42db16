import { createHmac, hkdfSync, randomUUID, timingSafeEqual } from 'node:crypto';
import { ForbiddenException, type OnModuleDestroy } from '@nestjs/common';
import type { Pool } from 'pg';
import { CLAIM, LOAD, STAMP } from './by-hand.statements.js';
import { closePool, openPool } from './pool.js';
import { PLACE, PURPOSE, SECRET } from './settings.js';

interface Row {
  place: string;
  purpose: string;
  data: string;
  expiresAt: string | null;
  usedAt: string | null;
  revokedAt: string | null;
  verifier: string;
  generation: number;
}

const AUTHORIZATION = /^Ticket ([0-9a-f-]{36}):(tkt_[\w-]{43})$/;
const KEY = Buffer.from(hkdfSync('sha256', SECRET, '', 'nestjs-ticketoffice/verifier/v1', 32));

/** What an app would write itself: the same check and the same statements on the same rows, through bare `pg`. */
export class ByHand implements OnModuleDestroy {
  private readonly pool: Pool;

  constructor(connectionString: string) {
    this.pool = openPool(connectionString);
  }

  async redeem<T>(authorization: string | undefined, work: (data: unknown) => T): Promise<T> {
    const [, uuid, password] = AUTHORIZATION.exec(authorization ?? '') ?? [];
    if (uuid === undefined || password === undefined) throw new ForbiddenException();
    const row = (await this.pool.query<Row>({ ...LOAD, values: [uuid] })).rows[0];
    if (!row || !isRight(row, uuid, password) || !isOpen(row)) throw new ForbiddenException();
    const claimId = randomUUID();
    await this.win(CLAIM, [claimId, Date.now(), uuid, PLACE, PURPOSE, row.generation]);
    const answer = work(JSON.parse(row.data));
    await this.win(STAMP, [Date.now(), uuid, claimId]);
    return answer;
  }

  async onModuleDestroy(): Promise<void> {
    await closePool(this.pool);
  }

  private async win(statement: { name: string; text: string }, values: unknown[]): Promise<void> {
    if ((await this.pool.query({ ...statement, values })).rowCount !== 1) throw new ForbiddenException();
  }
}

function isRight(row: Row, uuid: string, password: string): boolean {
  const hmac = createHmac('sha256', KEY);
  for (const field of [uuid, PLACE, PURPOSE, String(row.generation), password]) {
    hmac.update(`${Buffer.byteLength(field)}:${field}`);
  }
  const digest = Buffer.from(row.verifier.split('$')[2] ?? '', 'base64url');
  return digest.length === 32 && timingSafeEqual(digest, hmac.digest());
}

const isOpen = ({ place, purpose, usedAt, revokedAt, expiresAt }: Row): boolean =>
  place === PLACE &&
  purpose === PURPOSE &&
  usedAt === null &&
  revokedAt === null &&
  (expiresAt === null || Number(expiresAt) > Date.now());
