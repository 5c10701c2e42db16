import fc, { type Arbitrary } from 'fast-check';
import { beforeAll, expect, inject, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { ByHand } from './by.hand.js';
import {
  ClaimByName,
  ClaimUnchecked,
  ReleaseAnyClaim,
  ReleaseUsed,
  SelectThenClaim,
  StampAgain,
  StampAnyClaim,
  StampDeaf,
  WorkThenStamp,
} from './doubles.js';
import { ABANDONED_AFTER } from './durations.js';
import { PassingOn } from './passing.on.js';
import { invariantsHold, sequencesAreAsModelled } from './properties.js';
import { attempts, controls } from './runs.js';
import { startScene, type Scene } from './scene.js';
import { anyScripts, type Script, scriptsWithoutRedeem } from './scripts.js';
import { Turns } from './turns.js';

interface Double {
  readonly Office: new (real: Scene) => PassingOn;
}

/** One is enough: what is sent to it in turns, and fails, fails in each of them alike. */
const oneDatabase = inject('databases').slice(0, 1);

/** Of calls: what shrinking leaves is to be read at a glance. */
const SHORT = 8;

eachDatabase(
  'a naive double is caught, shrunk to a short run,',
  (database) => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await startScene(database, ABANDONED_AFTER);
    });
    const sceneOf = (Office: Double['Office']): Scene => ({ ...scene, office: new Office(scene) });

    it.each<Double & { fault: RegExp; scripts?: Arbitrary<Script[]> }>([
      { Office: SelectThenClaim, fault: /took it from/ },
      { Office: ClaimUnchecked, fault: /began after/ },
      { Office: StampAnyClaim, fault: /succeeded with the stamp of another claim/ },
      { Office: StampAgain, fault: /several successes/ },
      { Office: StampDeaf, fault: /several successes/, scripts: anyScripts },
      { Office: ReleaseUsed, fault: /succeeded with the stamp of another claim/ },
      { Office: WorkThenStamp, fault: /was done 1 times, not 0/, scripts: anyScripts },
    ])('in an interleaving: $Office.name', async ({ Office, fault, scripts = scriptsWithoutRedeem }) => {
      Turns.takeOver(scene.dataSource);
      const found = await fc.check(invariantsHold(sceneOf(Office), scripts), attempts);
      expect(String(found.errorInstance)).toMatch(fault);
      const [played] = found.counterexample!;
      expect(played.flat().length, fc.stringify(found.counterexample)).toBeLessThan(SHORT);
    });

    it.each<Double>([{ Office: ClaimByName }, { Office: StampDeaf }, { Office: ReleaseAnyClaim }])(
      'in a sequence: $Office.name',
      async ({ Office }) => {
        const found = await fc.check(sequencesAreAsModelled(sceneOf(Office)), attempts);
        expect(found.failed).toBe(true);
        const sequence = fc.stringify(found.counterexample);
        expect(sequence.match(/\w\(/g)!.length, sequence).toBeLessThan(SHORT);
      },
    );

    it('and claims that are well written by hand are not', async () => {
      Turns.takeOver(scene.dataSource);
      await fc.assert(invariantsHold(sceneOf(ByHand), scriptsWithoutRedeem), controls);
    });

    it('and an office that only passes on is not', () =>
      fc.assert(sequencesAreAsModelled(sceneOf(PassingOn)), controls));
  },
  oneDatabase,
);
