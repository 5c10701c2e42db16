import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { common } from './vitest.config.js';

/**
 * The specs that bear on the files of stryker.config.mjs, the quickest first: a mutant is given up at the first test
 * that fails. None of properties: what is generated differs each time, and so would the score.
 */
const SPECS = [
  ...['invitations/request-target', 'invitations/passes/pass', 'tickets/credentials'],
  ...['tickets/secrets/keyring', 'tickets/secrets/secret', 'tickets/secrets/verifier.format'],
  ...['tickets/ticket.refusal', 'tickets/link', 'tickets/claims/claims', 'tickets/claims/claims.abandoned'],
  ...['tickets/claims/redemption', 'tickets/events/ticket.events'],
  ...['tickets/secrets/verifier', 'tickets/secrets/verifier.work'],
  ...['invitations/extract-credentials.sources'],
  ...['tickets/admission/admission', 'tickets/admission/password.check.cost'],
  ...['invitations/passes/pass.session.missing', 'invitations/passes/pass.cookies'],
  ...['invitations/passes/pass.session', 'invitations/passes/passes', 'invitations/passes/passes.over'],
  ...['invitations/extract-credentials', 'invitations/place', 'invitations/cross-site'],
  ...['invitations/confirmation', 'invitations/client.scanner'],
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
