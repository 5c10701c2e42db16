import { readFileSync } from 'node:fs';
import { minVersion } from 'semver';

/** What an app can have in place of what the repository has installed. */
export interface Leg {
  name: string;
  /** A version of Node.js, or its beginning. */
  node: string;
  /** Which of its two builds the package's entry is: what `require()` loads, or what `import` loads. */
  build: 'cjs' | 'esm';
  /** The range of each package that differs from the repository's; that of `@nestjs/core` is also that of its adapters. */
  versions: Readonly<Record<string, string>>;
  /** Packages that have no release for these versions: specs that need them are left out. */
  without?: readonly string[];
  /** As in package.json: for packages that ask for other versions than those that they work with. */
  overrides?: object;
}

export interface Manifest {
  version: string;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}

/** The repository's package.json, which is where `npm run` starts. */
export const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

const GRAPHQL = ['@nestjs/graphql', '@nestjs/apollo', '@nestjs/mercurius'];

/** The packages for Nest 11 whose own major version is another. */
export const forNest11 = {
  '@nestjs/cache-manager': '^3.0.0',
  '@nestjs/config': '^4.0.0',
  '@nestjs/schedule': '^6.0.0',
  ...Object.fromEntries(GRAPHQL.map((name) => [name, '^13.0.0'])),
};
/** A part of Apollo's driver for Nest 11 asks for version 4 of Apollo, and the driver itself for 5. */
const apolloForNest11 = {
  '@nestjs/apollo': {
    '@apollo/server-plugin-landing-page-graphql-playground': { '@apollo/server': '^5.5.1' },
  },
};

const peers = (nest: string, typeorm: string) => ({
  '@nestjs/common': nest,
  '@nestjs/core': nest,
  '@nestjs/swagger': nest,
  '@nestjs/typeorm': nest,
  typeorm,
});

const lowestPeers = Object.fromEntries(
  Object.entries(manifest.peerDependencies).map(([name, range]) => [name, minVersion(range)!.version]),
);

/**
 * The first that go with Nest 11.0.0: Fastify's own 11.0.0, and Passport's, ask for Nest 10; there is none for WebSockets.
 * The first cache-manager for Nest 11 asks for rxjs 7.8.1, in place of our own 7.8.0.
 */
const lowestAdapters = {
  rxjs: '7.8.1',
  '@fastify/static': '^8.0.0',
  '@nestjs/config': '4.0.0',
  '@nestjs/cache-manager': '3.0.0',
  '@nestjs/passport': '11.0.5',
  '@nestjs/platform-fastify': '11.0.3',
  '@nestjs/platform-ws': '11.0.5',
  '@nestjs/schedule': '5.0.1',
  // The first whose own parts know Nest 11.
  '@nestjs/swagger': '11.0.7',
};

export const LEGS: readonly Leg[] = [
  {
    name: 'nest11-typeorm03',
    node: '20.20',
    build: 'cjs',
    versions: { ...peers('^11.0.0', '^0.3.29'), ...forNest11 },
    overrides: apolloForNest11,
  },
  {
    name: 'nest11-typeorm1',
    node: '22.23',
    build: 'cjs',
    versions: { ...peers('^11.0.0', '^1.0.0'), ...forNest11 },
    overrides: apolloForNest11,
  },
  { name: 'nest12-typeorm03', node: '24.21', build: 'esm', versions: peers('^12.0.0', '^0.3.29') },
  { name: 'nest12-typeorm1', node: '26.12', build: 'esm', versions: peers('^12.0.0', '^1.0.0') },
  {
    name: 'lowest',
    node: '20.19.0',
    build: 'cjs',
    versions: { ...lowestPeers, ...lowestAdapters },
    // They ask for Nest 11.0.1.
    without: [...GRAPHQL, '@apollo/server', '@as-integrations/fastify', 'mercurius'],
    overrides: {
      // @nestjs/swagger asks for 11.0.1, too, and works with 11.0.0.
      '@nestjs/common': lowestPeers['@nestjs/common'],
      '@nestjs/core': lowestPeers['@nestjs/core'],
      'class-validator': '^0.15.1',
      // What TypeORM 0.3.28 asks for.
      ioredis: '^5.0.4',
    },
  },
];
