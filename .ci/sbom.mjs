// Writes the bill of materials of what an app installs with the package (CycloneDX, JSON) to the file that is named, at the
// versions of package-lock.json. `npm sbom --omit=dev` leaves out what a development dependency needs, too, such as ms:
// so it reads a package without development dependencies. Peers are the app's own.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const [target = 'build/sbom.cdx.json'] = process.argv.slice(2);
const {
  devDependencies: _,
  peerDependencies: __,
  overrides: ___,
  ...manifest
} = JSON.parse(readFileSync('package.json', 'utf8'));
const parent = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  // npm names the bill by its folder.
  const cwd = join(parent, manifest.name);
  mkdirSync(cwd);
  cpSync('package-lock.json', join(cwd, 'package-lock.json'));
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  const npm = (...flags) =>
    execFileSync('npm', flags, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  npm('install', '--package-lock-only', '--ignore-scripts');
  const bill = npm('sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=library');
  mkdirSync(dirname(resolve(target)), { recursive: true });
  writeFileSync(target, bill);
  const { components } = JSON.parse(bill);
  console.log(`${target}: ${components.map(({ name, version }) => `${name}@${version}`).join(', ')}`);
} finally {
  rmSync(parent, { recursive: true });
}
