import type { NestInterceptor, Type } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { anyDatabase } from '../../support/app.js';
import type { TestAdapter } from '../../support/adapters.js';
import { type Cell, nameOf } from './cells.js';
import {
  ReleaseForNobody,
  StampAtOnce,
  StampAtReturn,
  StampByHeadersSent,
  StampByStatus,
  StampDeafToResponse,
} from './doubles.js';
import { allParties, parties } from './parties.js';
import { play } from './play.js';
import { allShapes } from './shapes.all.js';
import { startStage } from './stage.js';

/** A cell by its names. */
function cell(does: string, partyName?: string, moment?: Cell['moment']): Cell {
  const shape = allShapes.find((one) => one.does === does);
  const party = allParties.find(({ name }) => name === partyName);
  if (!shape || (partyName && !party)) throw new Error(`there is no such cell: ${does}, ${partyName}`);
  return { shape, party, moment };
}

const whileItRuns = 'while the handler runs';
const used = 'ticket: used, not works again';
const free = 'ticket: works again, not used';

interface Caught {
  readonly double: Type<NestInterceptor>;
  readonly by: readonly (readonly [Cell, fault: string])[];
  /** @default Express */
  readonly on?: TestAdapter['name'];
}

const catches: Caught[] = [
  {
    double: StampByStatus,
    by: [
      [cell('promises a value', 'middleware answers 503', whileItRuns), free],
      [cell('promises a value', 'middleware sets 503, to answer in a moment', whileItRuns), free],
      [cell('returns a Readable that fails before its first chunk'), used],
    ],
  },
  {
    double: StampByStatus,
    on: 'Fastify',
    by: [
      [cell('promises a value', 'handlerTimeout answers 503', whileItRuns), free],
      [
        cell('promises a value', 'handlerTimeout answers 503, and an onSend hook holds it up', whileItRuns),
        free,
      ],
    ],
  },
  {
    double: StampAtReturn,
    by: [
      [cell('is an async generator that fails before its first chunk'), used],
      [cell('returns a StreamableFile of a missing file'), used],
      [cell('returns a Response whose stream fails before its first chunk'), used],
      [cell('refuses by a plain @Res() in a callback, after it has returned'), used],
      [cell("calls next('route'), and nobody else has one"), used],
    ],
  },
  {
    double: ReleaseForNobody,
    by: [
      [cell('promises a value', 'the guest hangs up', whileItRuns), free],
      [cell('promises a value', 'an interceptor outside gives up', whileItRuns), free],
      [cell('promises a value', 'middleware answers 503', whileItRuns), free],
    ],
  },
  {
    double: StampDeafToResponse,
    by: [
      [cell('returns a Response 422'), used],
      [cell('returns the 502 of another server'), used],
      [cell('promises a value', 'middleware sets 503, to answer in a moment', whileItRuns), free],
    ],
  },
  {
    double: StampByHeadersSent,
    by: [[cell('answers by a plain @Res()', 'middleware answers 503', whileItRuns), free]],
  },
  {
    double: StampAtOnce,
    by: [
      [cell('rejects with an HttpException'), used],
      [cell('sets status(422) with passthrough'), used],
      [cell('returns an empty Observable'), used],
    ],
  },
];

describe('the table of what becomes of a ticket catches', () => {
  const played = catches.filter(({ by }) => by.every(([{ party }]) => !party || parties.includes(party)));

  it.each(played.map((caught) => [caught.double.name, caught.on ?? 'Express', caught] as const))(
    '[A-1] %s on %s',
    async (_, platform, { double, by }) => {
      const shapes = [...new Set(by.map(([{ shape }]) => shape))];
      const stage = await startStage({ platform, isTransaction: false }, double, anyDatabase, shapes);
      for (const [found, fault] of by)
        expect(await play(stage, found)).toContain(`${nameOf(found)}: ${fault}`);
    },
  );
});
