import fc, { type Arbitrary } from 'fast-check';
import { expect } from 'vitest';
import { anySequence } from './commands.js';
import { faultsIn } from './invariants.js';
import { LouvreModel } from './louvre.model.js';
import { Louvre } from './louvre.js';
import { Party } from './party.js';
import type { Scene } from './scene.js';
import type { Script } from './scripts.js';
import { Stage } from './stage.js';
import { Turns } from './turns.js';

/** Any sequence of calls is answered as the model has it, and leaves the rows that it has. */
export const sequencesAreAsModelled = (scene: Scene) =>
  fc.asyncProperty(anySequence, (sequence) =>
    fc.asyncModelRun(
      () => ({
        model: new LouvreModel({ now: scene.clock.now().getTime(), abandonedAfter: scene.abandonedAfter }),
        real: new Louvre(scene),
      }),
      sequence,
    ),
  );

/** Whatever parties do with one ticket at the same time, and in whatever order, the invariants hold. */
export const invariantsHold = (scene: Scene, scripts: Arbitrary<Script[]>) =>
  fc.asyncProperty(scripts, fc.scheduler(), async (script, scheduler) => {
    const stage = await Stage.set(scene);
    const cast = await Promise.all(script.map((_, index) => Party.admit(`party ${index + 1}`, stage)));
    await new Turns(scheduler).all(cast, (party, index) => party.play(script[index]!));
    const faults = faultsIn(await stage.history());
    expect(faults, faults.join('\n')).toEqual([]);
  });
