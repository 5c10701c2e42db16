import { beforeAll, describe, it } from 'vitest';
import { ownResources } from '../support/suite-scope.js';
import { eachBuild } from './builds.js';
import { type NestApp, newApps } from './nest.apps.js';

describe('an app of Nest 11 and TypeORM 0.3, in CommonJS,', () => {
  ownResources();
  let app: NestApp;

  beforeAll(async () => {
    [app] = (await newApps(11, 'cjs')) as [NestApp];
  });

  it('is tested with Jest, without flags', () => app.run('npm', 'test', '--', '--runInBand'));

  eachBuild(['tsc', 'swc', 'webpack'], () => app);
});
