import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page as it is shown: `rule: element`, for each. */
async function faultsOn(page: Page, options: RunOptions): Promise<string[]> {
  const results: AxeResults = await page.evaluate(`axe.run(${JSON.stringify(options)})`);
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** All of axe's rules, and those that the other colours can break. */
const RULES = { light: {}, dark: { runOnly: ['color-contrast', 'link-in-text-block'] } };

/**
 * What axe finds in light and in dark, on the narrowest of screens, and whether that has to be scrolled sideways.
 * Needs a guest with JavaScript.
 */
export async function faultsOnAnyScreen(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 640 });
  // The page's policy does not hold for what the browser's owner runs.
  await page.evaluate(AXE);
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const options = { ...RULES[colorScheme], resultTypes: ['violations' as const] };
    for (const fault of await faultsOn(page, options)) faults.push(`${colorScheme}: ${fault}`);
  }
  if (await scrollsSideways(page)) faults.push('scrolls sideways at 320 px');
  await page.setViewportSize({ width: 640, height: 640 });
  await enlargeText(page);
  if (await scrollsSideways(page)) faults.push('scrolls sideways with text of 200 %');
  return faults;
}

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** As a guest does who has set the browser's text to twice its size. */
const enlargeText = (page: Page): Promise<void> =>
  page.evaluate(
    "document.documentElement.style.fontSize = parseFloat(getComputedStyle(document.documentElement).fontSize) * 2 + 'px'",
  );
