import type { Credentials } from 'nestjs-ticketoffice';
import type { SoakApp } from './soak.app.js';
import type { Chance } from './soak.chance.js';
import { shapesOf, type SoakStamp } from './soak.controllers.js';
import type { Disturbance, Shape, Visit } from './soak.run.js';
import { files, plainShape } from './soak.shapes.js';

/** Requests that are sent together. */
export interface Outing {
  readonly visits: readonly Visit[];
  readonly isPipelined: boolean;
}

/** Longer than Fastify has patience, in ms. */
const TOO_LONG = 350;

/** What guests do with tickets, at random. */
export class Plan {
  private visits = 0;

  constructor(
    private readonly app: SoakApp,
    private readonly chance: Chance,
  ) {}

  /** @param issue hands out a new ticket */
  outing(issue: () => Credentials): Outing {
    const { chance } = this;
    const party = chance.weighted({ alone: 50, parallel: 25, pipelined: 15, 'pipelined, many tickets': 10 });
    const size = party === 'alone' ? 1 : chance.between(2, 4);
    const shared = issue();
    const visits = Array.from({ length: size }, (_, index) => {
      const credentials = party === 'pipelined, many tickets' && index > 0 ? issue() : shared;
      return this.visit(credentials, party);
    });
    if (chance.next() < 0.05) this.app.databaseFaults.plan(shared.uuid, chance);
    if (chance.next() < 0.02) this.app.databaseFaults.planCommit();
    return { visits, isPipelined: party.startsWith('pipelined') };
  }

  /** An undisturbed second visit. */
  again(credentials: Credentials): Visit {
    return this.make(credentials, this.chance.oneOf(this.app.stamps), plainShape, 0, {});
  }

  /** All that handlers do, in turn, undisturbed, on a connection that lasts. */
  inOrder(stamp: SoakStamp, issue: () => Credentials): Visit[] {
    return shapesOf(stamp)
      .filter(({ breaksOff }) => !breaksOff)
      .map((shape) => Object.assign(this.make(issue(), stamp, shape, 0, {}), { isKeptAlive: true }));
  }

  private visit(credentials: Credentials, party: string): Visit {
    const { chance } = this;
    const isLong = this.app.platform === 'Fastify' && chance.next() < 0.02;
    const stamp = chance.oneOf(this.app.stamps);
    const shape = chance.oneOf([...shapesOf(stamp), ...files, ...files]);
    return this.make(
      credentials,
      stamp,
      shape,
      isLong ? TOO_LONG : chance.between(0, 12),
      this.disturbance(party),
    );
  }

  private disturbance(party: string): Disturbance {
    const { chance } = this;
    const ms = () => chance.between(0, 25);
    switch (chance.weighted({ none: 50, hangUp: 18, inAnswer: 8, giveUp: 12, answer: 12 })) {
      case 'none':
        return {};
      case 'hangUp':
        return { hangUpAfter: ms() };
      case 'inAnswer':
        return party === 'alone' ? { hangsUpInAnswer: true } : {};
      case 'giveUp':
        return { giveUpAfter: ms() };
      case 'answer':
        return { answerAfter: ms() };
    }
  }

  private make(
    credentials: Credentials,
    stamp: SoakStamp,
    shape: Shape,
    worksFor: number,
    disturbance: Disturbance,
  ): Visit {
    const { chance } = this;
    const onFastify = this.app.platform === 'Fastify' ? shape.statusOnFastify : undefined;
    this.visits += 1;
    return {
      id: String(this.visits),
      credentials,
      stamp: stamp.interceptor.name,
      shape,
      wanted: onFastify ?? shape.status,
      worksFor,
      restsFor: chance.between(0, 4),
      isKeptAlive: chance.next() < 0.5,
      status: 0,
      ...disturbance,
    };
  }
}
