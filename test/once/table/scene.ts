import type { ServerResponse } from 'node:http';
import type { Credentials } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { barrier } from '../../support/barrier.js';
import { writeVisit } from '../../support/visits.js';

/** When somebody else interferes. */
export type Moment =
  'before the claim' | 'while the handler runs' | 'before the stamp' | 'while the answer is on its way';

/** What a handler opens, and what must be closed in the end, sent or not. */
export interface Opened {
  readonly what: string;
  readonly closed: Promise<void>;
}

/** What is used of Fastify's reply. */
export interface LateReply {
  code(status: number): LateReply;
  send(body: string): unknown;
}

/** One request with one ticket: where it stops, what else acts on its answer, what its handler did. */
export class Scene {
  readonly uuid: string;
  /** The request has come to its moment. */
  readonly arrived = barrier();
  /** The request may leave its moment. */
  readonly goOn = barrier();
  /** The stamp or the release is written. */
  readonly decided = barrier();
  /** The interceptor outside the stamp gives up. */
  readonly giveUp = barrier();
  /** What the interceptor outside gives up with. */
  tooLate: () => Error = () => new Error('nobody gives up');
  /** An answer has come to the hook before it is sent, while that holds answers. */
  readonly sending = barrier();
  readonly send = barrier();
  holdsAnswers = false;
  /** Node's own response, on both platforms. */
  response!: ServerResponse;
  reply: LateReply | undefined;
  /** Fires Fastify's `handlerTimeout`. */
  fireTimeout: () => void = () => undefined;
  isClaimed = false;
  isDecided = false;
  /** How often the handler has run. */
  runs = 0;
  manager: EntityManager | undefined;
  readonly opened: Opened[] = [];

  constructor(
    readonly credentials: Credentials,
    private readonly moment: Moment | undefined,
  ) {
    this.uuid = credentials.uuid;
  }

  async pass(moment: Moment): Promise<void> {
    if (moment !== this.moment) return;
    this.arrived.open();
    await this.goOn.opened;
  }

  /** What a handler is there for: something that must not happen twice. */
  async work(): Promise<void> {
    this.runs += 1;
    if (this.manager) await writeVisit(this.manager, this.uuid);
    await this.pass('while the handler runs');
  }

  /** Between the first chunk of an answer and the second. */
  rest(): Promise<void> {
    return this.pass('while the answer is on its way');
  }

  /** @returns what to call when it is closed */
  open(what: string): () => void {
    const { opened, open } = barrier();
    this.opened.push({ what, closed: opened });
    return open;
  }

  /** The stamp or the release is written. */
  decide(): void {
    this.isDecided = true;
    this.decided.open();
  }

  /** Lets go of everything. */
  end(): void {
    for (const { open } of [this.goOn, this.send]) open();
  }
}

const scenes = new Map<string, Scene>();

export const enter = (scene: Scene): unknown => scenes.set(scene.uuid, scene);
export const leave = ({ uuid }: Scene): unknown => scenes.delete(uuid);
/** The scene that a ticket plays in; none at a second visit. */
export const sceneOf = (uuid: unknown): Scene | undefined => scenes.get(String(uuid));
