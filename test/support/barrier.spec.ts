import { expect, it } from 'vitest';
import { barrier, rendezvous } from './barrier.js';

it('holds until the barrier opens', async () => {
  const gate = barrier();
  const order: string[] = [];
  const waiting = gate.opened.then(() => order.push('through'));
  await Promise.resolve();
  order.push('opening');
  gate.open();
  await waiting;
  expect(order).toEqual(['opening', 'through']);
});

it('lets nobody go on before all have arrived', async () => {
  const arrive = rendezvous(3);
  let arrived = 0;
  const party = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    arrived += 1;
    await arrive();
    return arrived;
  };
  expect(await Promise.all([party(0), party(10), party(20)])).toEqual([3, 3, 3]);
});
