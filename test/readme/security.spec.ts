import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const security = read('docs/security.md');

describe('docs/security.md', () => {
  it('shows the throttling of the sample app', () => {
    const [, options] = /\(\{\n([^]*)\n\}\);/.exec(read('sample-app/site/address-throttle.ts'))!;
    const lines = options!
      .split('\n')
      .map((line) => line.trim().replace('{ limit, ttl }', '{ limit: 30, ttl: 60_000 }'));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(security).toContain(line);
  });
});
