import type { Leg } from './legs.js';

interface LeftOut {
  /** Globs, as vitest has them. */
  specs: readonly string[];
  why: string;
  /** In legs that load this build; in all without it. */
  build?: Leg['build'];
  /** In legs that lack this package. */
  needs?: string;
}

const LEFT_OUT: readonly LeftOut[] = [
  {
    specs: ['test/browser/**'],
    why: 'needs Chromium: what it shows depends on the pages, the same in every leg',
  },
  { specs: ['test/load/**'], why: 'measures, and mocks argon2' },
  {
    specs: ['test/readme/**', 'test/docs/**', 'test/cases.spec.ts', 'test/once/table/documented.spec.ts'],
    why: 'reads the texts of the repository',
  },
  {
    specs: [
      'test/{index,package,package-lock,declarations,testing/index,swagger/optional-peer}.spec.ts',
      'test/command-line/issue.csv-kills.spec.ts',
    ],
    why: 'looks at the repository, and at what it builds',
  },
  { specs: ['test/apps/**'], why: 'installs the package beside Nest 11 and Nest 12 by itself' },
  { specs: ['test/tickets/secrets/randomness.spec.ts'], why: 'reads the sources' },
  { specs: ['test/support/embedded-postgres.spec.ts'], why: 'tests how the tests start PostgreSQL' },
  {
    specs: [
      'test/canary/hashing.spec.ts',
      'test/tickets/issuing/ticket.batch-issuer.passwords.spec.ts',
      'test/tickets/secrets/{argon2,verifier.work}.spec.ts',
    ],
    why: "mocks a module that the package loads by require(), out of vitest's reach",
    build: 'cjs',
  },
  {
    specs: [
      'test/contexts/{graphql,field-resolvers,subscriptions}.spec.ts',
      'test/nest-graphql.internals.spec.ts',
    ],
    why: 'needs GraphQL for Nest, which asks for a later version of Nest',
    needs: '@nestjs/graphql',
  },
];

/** The specs that a leg leaves out, each group with its reason. */
export const leftOutOf = (build: Leg['build'], has: (name: string) => boolean): readonly LeftOut[] =>
  LEFT_OUT.filter(
    (group) =>
      (group.build === undefined || group.build === build) &&
      (group.needs === undefined || !has(group.needs)),
  );
