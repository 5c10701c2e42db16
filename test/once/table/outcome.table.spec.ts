import { Controller, Get, type Type, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyDatabase, startApp } from '../../support/app.js';
import { adapterNamed, type TestAdapter } from '../../support/adapters.js';
import type { TestDatabase } from '../../support/databases.js';
import { oneDatabase } from '../../support/databases.js';
import { eachPlatform } from '../../support/platforms.js';
import { ownResources } from '../../support/suite-scope.js';
import { cellsOf, shapesOn } from './cells.js';
import { closing, moments } from './parties.js';
import { play } from './play.js';
import type { Moment } from './scene.js';
import { allShapes } from './shapes.all.js';
import { byHandShapes } from './shapes.by-hand.js';
import { nextShapes } from './shapes.next.js';
import { responseShapes } from './shapes.responses.js';
import { streamShapes } from './shapes.streams.js';
import { valueShapes } from './shapes.values.js';
import type { Place, Shape } from './shape.js';
import { type Stage, startStage } from './stage.js';

const suites: [title: string, shapes: Shape[]][] = [
  ['[A-1] whatever happens meanwhile, when the handler', valueShapes],
  ['[A-2] [A-5] whatever happens meanwhile, when the handler', streamShapes],
  ['[A-3] [A-5] whatever happens meanwhile, when the handler', responseShapes],
  ['[A-4] [A-13] whatever happens meanwhile, when the handler', [...byHandShapes, ...nextShapes]],
];

const stamps = { StampInvitation, StampInTransaction };
type StampName = keyof typeof stamps;

const placeOf = (platform: TestAdapter['name'], name: StampName): Place => ({
  platform,
  isTransaction: name === 'StampInTransaction',
});

const start = (place: Place, name: StampName, database: Pick<TestDatabase, 'options'>, shapes: Shape[]) =>
  startStage(place, stamps[name], database, shapes);

async function faultsWith(stage: Stage, shape: Shape, only = moments): Promise<string[]> {
  const faults: string[] = [];
  const cells = cellsOf(stage.place, shape).filter(({ moment }) => !moment || only.includes(moment));
  for (const cell of cells) faults.push(...(await play(stage, cell)));
  return faults;
}

const named = (shapes: readonly Shape[]) => shapes.map((shape) => [shape.does, shape] as const);

describe.each(['Express', 'Fastify'] as const)('what becomes of the ticket on %s', (platform) => {
  describe.each(['StampInvitation', 'StampInTransaction'] as const)('by %s', (name) => {
    ownResources();
    const place = placeOf(platform, name);
    const shapes = shapesOn(place);
    let stage: Stage;
    beforeAll(async () => {
      stage = await start(place, name, anyDatabase, shapes);
    });

    for (const [title, suite] of suites) {
      it.each(named(suite.filter((shape) => shapes.includes(shape))))(`${title} %s`, async (_, shape) => {
        expect(await faultsWith(stage, shape)).toEqual([]);
      });
    }
  });
});

/** One of each kind. */
const few = allShapes.filter(({ does }) =>
  [
    'promises a value',
    'rejects with an HttpException',
    'sets status(422) with passthrough',
    'returns a Response 422',
    'is an async generator',
    'returns a Readable that fails before its first chunk',
    'answers by a plain @Res()',
  ].includes(does),
);

eachPlatform('what becomes of the ticket', (database, { name: platform }) => {
  it.each(['StampInvitation', 'StampInTransaction'] as const)(
    '[A-1] by %s, for one handler of each kind, whatever happens meanwhile',
    async (name) => {
      const place = placeOf(platform, name);
      const shapes = few.filter((shape) => shapesOn(place).includes(shape));
      const stage = await start(place, name, database, shapes);
      const faults: string[] = [];
      for (const shape of shapes)
        faults.push(...(await faultsWith(stage, shape, ['while the handler runs'])));
      expect(faults).toEqual([]);
    },
  );
});

oneDatabase('an app that closes with a guest still waiting', (database) => {
  const lasting = few.filter(({ isLazy }) => !isLazy);
  const late: Moment[] = ['while the handler runs', 'before the stamp'];

  it.each(['Express', 'Fastify'] as const)('[A-1] waits for its handlers, on %s', async (platform) => {
    for (const name of ['StampInvitation', 'StampInTransaction'] as const) {
      const place = placeOf(platform, name);
      const next = await start(place, name, database, []);
      for (const shape of lasting.filter((one) => shapesOn(place).includes(one))) {
        for (const moment of late) {
          const stage = await start(place, name, database, [shape]);
          expect(await play(stage, { shape, party: closing, moment }, next)).toEqual([]);
        }
      }
    }
  });
});

describe('an async generator with StampInTransaction', () => {
  @Controller()
  class LeakController {
    @Get('leak')
    @InvitationRequired('louvre', 'visit')
    @UseInterceptors(StampInTransaction)
    async *leak() {
      yield 'Mona';
    }
  }
  const boot = (controller: Type, platform: TestAdapter['name']) =>
    startApp(adapterNamed(platform), anyDatabase, { controllers: [controller] }).then(() => 'booted');

  it.each(['Express', 'Fastify'] as const)('[A-2] is an error at boot on %s', async (platform) => {
    await expect(boot(LeakController, platform)).rejects.toThrow(/LeakController\.leak.*StampInTransaction/);
  });
});
