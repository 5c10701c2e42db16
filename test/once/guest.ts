import type { Credentials } from 'nestjs-ticketoffice';
import { ask, authorization, type WholeAnswer } from '../invitations/ask.js';
import { barrier } from '../support/barrier.js';
import type { Point } from './checkpoints.js';
import type { AppServer } from './app.server.js';
import type { Route } from './routes.js';

/** What came of a request: its status and the library's code, such as `'409 TICKET_BUSY'`; `'none'`: no answer. */
export type Outcome = string;

/** A request that is held at a point. */
export interface Stopped {
  /** What will have come of it. */
  readonly outcome: Promise<Outcome>;
  readonly goOn: () => void;
}

/** The holder of a ticket. */
export class Guest {
  readonly uuid: string;

  constructor(private readonly credentials: Credentials) {
    this.uuid = credentials.uuid;
  }

  /** @param query `'?fail'`: the handler is to fail, after its effect */
  ask(server: AppServer, route: Route, query = ''): Promise<WholeAnswer> {
    const question = { method: 'POST', headers: authorization(this.credentials) };
    return ask(server.port, `/${route}${query}`, question);
  }

  /** The same, in short. */
  async visit(...where: Parameters<Guest['ask']>): Promise<Outcome> {
    const answer = await this.ask(...where).catch(() => undefined);
    if (!answer) return 'none';
    const { errorCode = '' } = answer.status < 300 ? {} : (JSON.parse(answer.body) as { errorCode?: string });
    return `${answer.status} ${errorCode}`.trim();
  }

  /** Visits, and resolves once the request is held at the point. */
  async stopAt(point: Point, ...where: Parameters<Guest['ask']>): Promise<Stopped> {
    const [server] = where;
    const arrival = barrier();
    await server.hold(point, this.uuid, arrival.open);
    const outcome = this.visit(...where);
    const missed = outcome.then((early) => {
      throw new Error(`The request never came to ${point}: ${early}`);
    });
    await Promise.race([arrival.opened, missed]);
    missed.catch(() => undefined);
    return { outcome, goOn: () => server.letGo(point, this.uuid) };
  }
}
