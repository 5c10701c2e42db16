import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { common } from './vitest.config.js';

/**
 * The specs that bear on the files of stryker.config.mjs, the quickest first: a mutant is given up at the first test
 * that fails. None of properties: what is generated differs each time, and so would the score.
 */
const SPECS = [
  ...['invitations/clean-url', 'invitations/passes/pass', 'tickets/credentials'],
  ...['tickets/secrets/keyring', 'tickets/secrets/secret', 'tickets/secrets/verifier.format'],
  ...['tickets/admission/refusal', 'tickets/link', 'tickets/claims/claim', 'tickets/claims/abandonment'],
  ...['tickets/claims/redemption', 'tickets/events/events'],
  ...['tickets/secrets/verifier', 'tickets/secrets/verifier.work'],
  ...['invitations/shown-credentials.sources'],
  ...['tickets/admission/authenticate', 'tickets/admission/authenticate.rehash'],
  ...['invitations/passes/session', 'invitations/passes/pass.cookies', 'invitations/passes/pass.session'],
  ...['invitations/passes/passes', 'invitations/passes/passes.over', 'invitations/shown-credentials'],
  ...['invitations/door', 'invitations/cross-site', 'invitations/confirm', 'invitations/scanner'],
].map((subject) => `test/${subject}.spec.ts`);

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => SPECS.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** What Stryker runs for each mutant: a small part of the suite, on the database that starts at once. */
export default defineConfig({
  ...common,
  test: {
    ...common.test,
    include: SPECS,
    globalSetup: ['test/support/database-setup.ts'],
    sequence: { sequencer: QuickestFirst },
  },
});
