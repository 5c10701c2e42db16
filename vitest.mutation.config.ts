import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import suite from './vitest.config.js';

/**
 * The specs that bear on the files of stryker.config.mjs, the quickest first: a mutant is given up at the first test
 * that fails. None of properties: what is generated differs each time, and so would the score.
 */
const SPECS = [
  ...[
    'invitations/clean-url',
    'invitations/pass',
    'tickets/credentials',
    'tickets/keyring',
    'tickets/secret',
  ],
  ...['tickets/verifier.format', 'tickets/refusal', 'tickets/link', 'tickets/claim', 'tickets/abandonment'],
  ...['tickets/claims', 'tickets/redemption', 'tickets/events', 'tickets/verifier', 'tickets/verifier.work'],
  ...['invitations/shown-credentials.sources', 'tickets/authenticate', 'tickets/authenticate.rehash'],
  ...[
    'invitations/session',
    'invitations/pass.cookies',
    'invitations/pass.session',
    'invitations/passes',
    'invitations/passes.over',
    'invitations/shown-credentials',
  ],
].map((subject) => `test/${subject}.spec.ts`);

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => SPECS.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** What Stryker runs for each mutant: a small part of the suite, on the database that starts at once. */
export default defineConfig({
  ...suite,
  test: {
    ...suite.test,
    include: SPECS,
    globalSetup: ['test/support/database-setup.ts'],
    sequence: { sequencer: QuickestFirst },
  },
});
