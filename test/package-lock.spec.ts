import { describe, expect, it } from 'vitest';
import lock from '../package-lock.json' with { type: 'json' };

describe('package-lock.json', () => {
  // npm drops the line whenever it writes the file, and `npm ci` of npm 10 then needs Python and make to build nothing:
  // https://github.com/WiseLibs/better-sqlite3/issues/1516
  it('says that better-sqlite3 has nothing to build', () => {
    const driver = lock.packages['node_modules/better-sqlite3'];
    expect(driver, 'write "gypfile": false there').toMatchObject({ gypfile: false });
  });

  it('names no registry', () => {
    expect(Object.values(lock.packages).filter((entry) => 'resolved' in entry)).toEqual([]);
  });
});
