import { Controller, Get } from '@nestjs/common';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ask, authorization, type WholeAnswer } from '../invitations/ask.js';
import { eachPlatform } from '../support/platforms.js';
import { type Museum, startApp } from '../support/app.js';
import { hashes } from '../support/held.argon2.js';
import { besiege } from './siege.js';

vi.mock('argon2', async (importOriginal) => {
  const { heldArgon2 } = await import('../support/held.argon2.js');
  return heldArgon2(await importOriginal());
});

/** Few at a time, at the least cost that is accepted. */
const bounds = { concurrency: 2, queue: 5 };
const argon2 = { memoryCost: 7168, timeCost: 5, ...bounds };
const visit = { place: 'louvre', purpose: 'visit' };

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  look() {
    return 'Welcome';
  }
}

// Should a test have failed before it could.
afterEach(() => hashes.letGo());

eachPlatform('A thousand at once over HTTP', (database, adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, database, { controllers: [LouvreController], options: { argon2 } });
  });

  it('[G-3] are sent away with 503 and a time to come again, alike for all, while others are served', async () => {
    const { app, tickets } = museum;
    const { uuid } = (await tickets.issue({ ...visit, password: 'I love Paris' })).credentials;
    const secret = (await tickets.issue(visit)).credentials;
    const answers = new Map<string, Set<string>>();
    const show = async (credentials: { uuid: string; password: string }) => {
      const answer = await ask(app, '/louvre', { headers: authorization(credentials) });
      const alike = answers.get(outcomeOf(answer)) ?? new Set();
      answers.set(outcomeOf(answer), alike.add(JSON.stringify(answer)));
      return outcomeOf(answer);
    };
    const faults = await besiege(
      {
        ...bounds,
        ask: (number) => show({ uuid, password: `wrong ${number}` }),
        served: '403 TICKET_INVALID',
        busy: '503 TICKET_OFFICE_BUSY after 1',
        askBeside: () => show(secret),
      },
      1000,
    );
    expect(faults).toEqual([]);
    expect([...answers].map(([outcome, { size }]) => [outcome, size])).toEqual([
      ['503 TICKET_OFFICE_BUSY after 1', 1],
      ['served', 1],
      ['403 TICKET_INVALID', 1],
    ]);
    expect((await museum.row(uuid))!.attempts).toBe(5);
  });
});

function outcomeOf({ status, headers, body }: WholeAnswer): string {
  if (status === 200) return 'served';
  const { errorCode } = JSON.parse(body) as { errorCode: string };
  const after = headers['retry-after'];
  return after === undefined ? `${status} ${errorCode}` : `${status} ${errorCode} after ${after}`;
}
