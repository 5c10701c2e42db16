import type { TestProject } from 'vitest/node';
import prepareBrowser from '../browser/browser-setup.js';
import compileApp from '../once/app.compilation.js';
import prepareDatabases from './database-setup.js';

/** vitest's globalSetup: prepares, at the same time, all that a run needs before its first test. */
export default async function prepareRun(project: TestProject) {
  const reportBrowser = prepareBrowser(project);
  const [endDatabases, removeApp] = await Promise.all([prepareDatabases(project), compileApp(project)]);
  return async () => {
    removeApp();
    reportBrowser();
    await endDatabases();
  };
}
