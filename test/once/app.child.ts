import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { portOf, startApp } from './app.js';
import type { AppSettings } from './app.settings.js';
import { hold, letAllGo, letGo, type Point } from './checkpoints.js';

/** What the parent can ask for; the answer of each goes back. */
const actions = {
  async open(settings: AppSettings): Promise<number> {
    const app = await startApp(settings);
    apps.set(portOf(app), app);
    return portOf(app);
  },
  async close(port: number): Promise<void> {
    letAllGo();
    await apps.get(port)?.close();
    apps.delete(port);
  },
  hold: (point: Point, uuid: string) => hold(point, uuid, () => tell({ reached: [point, uuid] })),
  letGo,
};
const apps = new Map<number, INestApplication>();

export type Actions = typeof actions;
type Action = keyof Actions;
export interface Order<A extends Action = Action> {
  id: number;
  action: A;
  parameters: Parameters<Actions[A]>;
}
export type Report =
  { done: number; result: unknown } | { failed: number; reason: string } | { reached: [Point, string] };

function tell(report: Report): void {
  process.send?.(report);
}

async function obey({ id, action, parameters }: Order): Promise<void> {
  try {
    const act = actions[action] as (...given: unknown[]) => unknown;
    tell({ done: id, result: await act(...parameters) });
  } catch (error) {
    tell({ failed: id, reason: String(error) });
  }
}

process.on('message', (order: Order) => void obey(order));
// Its parent is gone, or has told it to stop.
process.once('disconnect', () => {
  // A request that is held can keep an app from closing.
  setTimeout(() => process.exit(), 10_000);
  void Promise.allSettled([...apps.values()].map((app) => app.close())).then(() => process.exit());
});
