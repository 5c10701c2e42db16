import { beforeAll, describe, it } from 'vitest';
import { ownResources } from '../support/suite-scope.js';
import { eachBuild } from './builds.js';
import { type NestApp, newApps } from './nest.apps.js';

describe('an app of Nest 12 and TypeORM 1,', () => {
  ownResources();
  let modules: NestApp;
  let commonJs: NestApp;

  beforeAll(async () => {
    [modules, commonJs] = (await newApps(12, 'esm', 'cjs')) as [NestApp, NestApp];
  });

  describe('in ES modules,', () => {
    it('is tested with Vitest', () => modules.run('npm', 'test', '--', '--no-file-parallelism'));

    eachBuild(['tsc', 'swc'], () => modules);
  });

  describe('in CommonJS,', () => {
    it('is tested with Jest, by --experimental-vm-modules', () =>
      commonJs.run('npm', 'test', '--', '--runInBand'));

    eachBuild(['webpack'], () => commonJs);
  });
});
