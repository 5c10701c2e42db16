import type { TestProject } from 'vitest/node';
import { browserReport, findChromium, isBrowserRequired } from './chromium.js';

/** Looks once for the browser of this run, and says at its end whether there was one. */
export default function setup(project: TestProject) {
  const found = findChromium();
  if (found === null && isBrowserRequired()) throw new Error(browserReport(found));
  project.provide('chromium', found);
  return () => void process.stdout.write(`${browserReport(found)}\n`);
}
