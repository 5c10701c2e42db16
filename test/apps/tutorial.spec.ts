import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { formOf } from '../invitations/page.form.js';
import { freePort } from '../support/free-port.js';
import { afterwards, ownResources } from '../support/suite-scope.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { environmentIn, install, NODE_OF_NEST_12 } from './nest.apps.js';
import { Reader, type Section, sectionsOf } from './tutorial.steps.js';

const tutorial = readFileSync(new URL('../../docs/tutorial.md', import.meta.url), 'utf8');
const sections = sectionsOf(tutorial);

/** What a text of the tutorial says with `…` for what differs each time. */
const patternOf = (text: string) =>
  new RegExp(
    `^${text
      .trim()
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('…', '.+')}$`,
  );

/** A browser with one cookie: opens the link, and presses the button of the page where there is one. */
async function openLink(link: string): Promise<string> {
  const headers: Record<string, string> = { Accept: 'text/html' };
  const opened = await fetch(link, { headers, redirect: 'manual' });
  if (opened.status !== 303) return opened.text();
  headers['Cookie'] = opened.headers.getSetCookie()[0]!.split(';')[0]!;
  const clean = new URL(opened.headers.get('location')!, link);
  const page = await fetch(clean, { headers });
  const { target, buttons } = formOf(await page.text(), clean.pathname);
  expect(buttons).toBe(1);
  return (await fetch(new URL(target, link), { headers })).text();
}

/** What is done by hand after the commands of a section, and before those of the next. */
const BY_HAND: Record<string, (links: string[]) => Promise<void>> = {
  '6. Issue a ticket': async ([ada]) => {
    expect(await openLink(ada!)).toBe('Welcome to the Louvre museum Ada');
    const [, refusal] = /Reload, or paste the link once more: `(.+)`/.exec(tutorial)!;
    expect(await openLink(ada!)).toContain(refusal);
  },
  '8. Start it again': async ([ada, grace]) => {
    expect(await openLink(grace!)).toBe('Welcome to the Louvre museum Grace');
    expect(await openLink(grace!)).toContain('already been used');
    expect(await openLink(ada!)).toContain('already been used');
  },
};

describe('docs/tutorial.md, followed to the letter from an empty folder,', () => {
  ownResources();
  const links: string[] = [];
  let reader: Reader;

  beforeAll(async () => {
    const folder = await temporaryFolder('tutorial');
    afterwards(() => rm(folder, { recursive: true, force: true }));
    const [tools, empty] = [join(folder, 'tools'), join(folder, 'empty')];
    await Promise.all([mkdir(tools), mkdir(empty)]);
    const port = await freePort();
    const env = { ...environmentIn(tools), PORT: String(port), npm_config_prefer_offline: 'true' };
    await install(tools, env, NODE_OF_NEST_12);
    // What is true here and not in the tutorial: the library is in no registry, and the port may be taken.
    const translate = (text: string) =>
      text
        .replace('npm install nestjs-ticketoffice', `npm install ${inject('tarball')}`)
        .replaceAll('http://localhost:3000', `http://localhost:${port}`);
    reader = new Reader(empty, env, translate);
    afterwards(() => reader.interrupt());
  });

  const follow = async ({ title, blocks }: Section) => {
    for (const block of blocks) {
      await reader.follow(block);
      if (block.language === 'text') expect(reader.printed).toMatch(patternOf(reader.translate(block.text)));
      else if (reader.printed.startsWith('http')) links.push(reader.printed);
    }
    await BY_HAND[title]?.(links);
  };

  it.each(sections)('$title', follow, 400_000);

  it('has sections for everything that is done by hand', () => {
    const titles = sections.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(Object.keys(BY_HAND)));
    expect(titles).toHaveLength(8);
  });
});
