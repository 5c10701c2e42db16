import type { INestApplication, NestInterceptor, Type } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Museum, startApp } from '../../support/app.js';
import { aroundQueries } from '../../support/around-queries.js';
import { type Barrier, barrier } from '../../support/barrier.js';
import type { TestDatabase } from '../../support/databases.js';
import { isClaim, isRelease, isStamp } from '../../support/statement-kinds.js';
import { createVisits, Visit as VisitRow } from '../../support/visits.js';
import { ForgivingFilter } from './forgiving.filter.js';
import { HANDLER_TIMEOUT, holdHandlerTimeouts } from './handler-timeout.js';
import { enter, leave, type Moment, Scene, sceneOf } from './scene.js';
import { allShapes } from './shapes.all.js';
import type { Place, Shape } from './shape.js';
import { againController, controllerOf, followerOf } from './stage.controllers.js';
import { startUpstream } from './upstream.js';
import { Visit } from './visit.js';

/** An app with a route for each shape. */
export interface Stage {
  readonly place: Place;
  readonly museum: Museum;
  /** The app has begun to close. */
  readonly closing: Barrier;
  /** Puts a scene on, with a new ticket. */
  open(moment?: Moment): Promise<Scene>;
  close(scene: Scene): void;
  visit(scene: Scene, shape: Shape): Visit;
  visitAgain(scene: Scene): Visit;
}

const pathOf = (shape: Shape): string => `shapes/${allShapes.indexOf(shape)}`;

/** @param stamp the library's, or a naive one */
export async function startStage(
  place: Place,
  stamp: Type<NestInterceptor>,
  database: Pick<TestDatabase, 'options'>,
  shapes: readonly Shape[],
): Promise<Stage> {
  const closing = barrier();
  const lastTimeout = holdHandlerTimeouts();
  await startUpstream();
  const museum = await startApp({ name: place.platform, create: () => adapterOf(place) }, database, {
    controllers: [
      ...shapes.flatMap((shape) => [
        controllerOf(shape, pathOf(shape), stamp),
        ...followerOf(shape, pathOf(shape)),
      ]),
      againController(stamp),
    ],
    imports: [TypeOrmModule.forFeature([VisitRow])],
    providers: [{ provide: 'closing', useValue: { onModuleDestroy: () => closing.open() } }],
    before: (app) => prepare(app, place, lastTimeout),
  });
  await createVisits(museum.dataSource);
  const onStage = new Set<Scene>();
  watchStatements(museum, place, onStage);
  const { port } = museum.app.getHttpServer().address() as AddressInfo;
  return {
    place,
    museum,
    closing,
    async open(moment) {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      const scene = new Scene(credentials, moment);
      enter(scene);
      onStage.add(scene);
      return scene;
    },
    close(scene) {
      leave(scene);
      onStage.delete(scene);
    },
    visit: (scene, shape) => new Visit(port, `/${pathOf(shape)}`, scene, scene),
    visitAgain: (scene) => new Visit(port, '/again', scene),
  };
}

const adapterOf = ({ platform }: Place) =>
  platform === 'Express'
    ? new ExpressAdapter()
    : new FastifyAdapter({ forceCloseConnections: true, handlerTimeout: HANDLER_TIMEOUT });

/** Gives the scenes what other parties have in hand. */
function prepare(app: INestApplication, { platform }: Place, lastTimeout: () => () => void): void {
  app.useGlobalFilters(new ForgivingFilter());
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const scene = sceneOf(request.headers['x-scene']);
    if (scene) scene.response = response;
    next();
  });
  if (platform === 'Express') renderPages(app as NestExpressApplication);
  else addHooks(app as NestFastifyApplication, lastTimeout);
}

function renderPages(app: NestExpressApplication): void {
  // The view that it names must be a file of this folder, whatever is in it.
  const page = (_: string, { title }: { title: string }, done: (error: null, html: string) => void) =>
    done(null, `<h1>${title}</h1>`);
  app.engine('ts', page);
  app.setViewEngine('ts');
  app.setBaseViewsDir(import.meta.dirname);
}

function addHooks(app: NestFastifyApplication, lastTimeout: () => () => void): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    const scene = sceneOf(request.headers['x-scene']);
    if (scene) Object.assign(scene, { reply, fireTimeout: lastTimeout() });
    done();
  });
  fastify.addHook('onSend', (request, _, payload, done) => {
    const scene = sceneOf(request.headers['x-scene']);
    if (scene?.holdsAnswers) void sendLate(scene, () => done(null, payload));
    else done(null, payload);
  });
}

async function sendLate(scene: Scene, send: () => void): Promise<void> {
  scene.sending.open();
  await scene.send.opened;
  try {
    send();
  } catch {
    // The handler's answer is held as well: Fastify has two to write then, and throws at the second.
  }
}

/** Stops the scene at the statements of its ticket; one scene is on at a time, and so any such statement is its own. */
function watchStatements({ dataSource }: Museum, { isTransaction }: Place, onStage: Set<Scene>): void {
  const takes = isTransaction ? isStamp : isClaim;
  const ends = isTransaction
    ? (sql: string) => /^(COMMIT|ROLLBACK)$/.test(sql)
    : (sql: string) => isStamp(sql) || isRelease(sql);
  aroundQueries(dataSource, async (sql, run) => {
    const [scene] = onStage;
    const isEnd = scene?.isClaimed && ends(sql);
    if (!scene || !(isEnd || takes(sql))) return run();
    await scene.pass(isEnd ? 'before the stamp' : 'before the claim');
    const result = await run();
    if (!isEnd) scene.isClaimed = true;
    else scene.decide();
    return result;
  });
}
