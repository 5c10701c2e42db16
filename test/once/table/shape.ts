import type { NestInterceptor, Type } from '@nestjs/common';
import type { TestAdapter } from '../../support/adapters.js';
import type { Streamed } from '../../support/versions.js';
import type { Scene } from './scene.js';

/** Where the table is played. */
export interface Place {
  readonly platform: TestAdapter['name'];
  /** Whether the stamp is one with a transaction that the handler shares. */
  readonly isTransaction: boolean;
}

/** What becomes of the ticket. */
export type Outcome = 'used' | 'works again';

/** Something that a handler can do. */
export interface Shape {
  /** The title: the handler … */
  readonly does: string;
  /** Its row of the table in docs/guarding.md. */
  readonly row: string;
  readonly outcome: Outcome;
  /** The status of the answer where nobody interferes. */
  readonly status: number;
  /** Where Fastify answers otherwise. */
  readonly statusOnFastify?: number;
  readonly handler: (scene: Scene, second: never) => unknown;
  /** What its second parameter is. */
  readonly second?: () => ParameterDecorator;
  readonly decorators?: readonly MethodDecorator[];
  /** Interceptors inside the stamp. */
  readonly inside?: readonly Type<NestInterceptor>[];
  /** What Express goes on with after `next('route')`. */
  readonly follower?: () => unknown;
  readonly only?: TestAdapter['name'];
  /** What older versions of Nest do not send as what it is. */
  readonly streamed?: Streamed;
  /** It has returned before anybody can interfere. */
  readonly isSynchronous?: boolean;
  /** It goes on after it has returned, and Nest waits for nothing. */
  readonly returnsEarly?: boolean;
  /** Express renders it, and sends that in a callback, be another answer out or not. */
  readonly isRendered?: boolean;
  /** It is sent in several chunks. */
  readonly streams?: boolean;
  /** It is sent as it works: where nobody reads it, it may not even begin. */
  readonly isLazy?: boolean;
  /** Its failure shows only in an answer that somebody waits for, or in a stream that somebody reads. */
  readonly failsLater?: boolean;
  /**
   * Its effect is written through the manager after it has returned, and a transaction may refuse that; or an error at
   * boot there.
   */
  readonly inTransaction?: 'may be refused' | 'error at boot';
}

/** The shapes of one row of the table. */
export const shapes = (row: string, outcome: Outcome, list: readonly ShapeOfRow[]): Shape[] =>
  list.map((shape) => ({ ...shape, row, outcome }));

export type ShapeOfRow<Second = never> = Omit<Shape, 'row' | 'outcome' | 'handler'> & {
  readonly handler: (scene: Scene, second: Second) => unknown;
};
