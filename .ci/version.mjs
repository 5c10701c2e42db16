// Collects the changesets into CHANGELOG.md and a new version, in package.json and in its lock file alike. `npm install`
// would write the lock file anew, and drop a line of it that test/package-lock.spec.ts wants.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const npx = (...command) => execFileSync('npx', command, { stdio: 'inherit' });
npx('changeset', 'version');
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
lock.version = version;
lock.packages[''].version = version;
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
npx('prettier', '--write', 'CHANGELOG.md', 'package.json');
