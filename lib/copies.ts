import type { InjectionToken } from '@nestjs/common';
import type { DataSource } from 'typeorm';

/** A copy of the library in this process: its ES modules, its CommonJS modules, or those of another installation. */
export interface Copy {
  readonly format: 'ES modules' | 'CommonJS modules';
  /** What its module exports, for classes of the app to inject. */
  readonly tokens: readonly InjectionToken[];
  /** What else an app may have of it: classes, and the functions that its parameter decorators call. */
  readonly parts: readonly unknown[];
}

// Copies of other versions read and write this, too: what stands there stays as it is. It keeps no copy alive, since
// tests may load the library anew many times.
const KEY = Symbol.for('nestjs-ticketoffice');
const copies = ((globalThis as { [KEY]?: Set<WeakRef<Copy>> })[KEY] ??= new Set());

/** How this copy was loaded: an ES module has no `this`. Some test runners and bundlers give it a `__filename`. */
const FORMAT = (this as unknown) === undefined ? 'ES modules' : 'CommonJS modules';

let own: Copy | undefined;

/** Makes this copy known to all others. */
export function registerCopy(copy: Omit<Copy, 'format'>): void {
  own = { format: FORMAT, ...copy };
  copies.add(new WeakRef(own));
}

/** All copies in the process but this one. */
export const otherCopies = (): Copy[] =>
  [...copies].map((copy) => copy.deref()).filter((copy) => copy !== undefined && copy !== own) as Copy[];

/** The other copy whose entity a data source has, if any. */
export const otherCopyOf = (dataSource: DataSource): Copy | undefined =>
  otherCopies().find((copy) => hasEntityOf(dataSource, copy));

/** The other copy of one of whose classes a value is an instance, if any. */
export const otherCopyWith = (value: unknown): Copy | undefined =>
  otherCopies().find(({ parts }) =>
    parts.some((part) => Object.prototype.isPrototypeOf.call(prototypeOf(part), Object(value) as object)),
  );

const prototypeOf = (part: unknown): object =>
  Object((Object(part) as Partial<Function>).prototype) as object;

/** This copy, where the data source has its entity. */
export const ownCopyOf = (dataSource: DataSource): Copy | undefined =>
  own && hasEntityOf(dataSource, own) ? own : undefined;

/** The copy's own entity, or a class of the app's that extends it. */
const hasEntityOf = ({ entityMetadatas }: DataSource, { parts }: Copy): boolean =>
  entityMetadatas.some(({ target }) =>
    parts.some((part) => part === target || Object.prototype.isPrototypeOf.call(part, target)),
  );

/** What is wrong, and what to write, where `where` has a part of another copy. */
export const copyProblem = (where: string, { format }: Copy): string =>
  `${where} uses another copy of nestjs-ticketoffice than TicketOfficeModule, and two copies share no class. ` +
  (format === FORMAT
    ? 'npm ls nestjs-ticketoffice shows where they are installed, and npm dedupe leaves one where the versions that ' +
      'are asked for allow it. After a resetModules() in a test, load all of the app anew'
    : `TicketOfficeModule comes from the ${FORMAT}, the other from the ${format}: load both ${LOADING[FORMAT]}, or ` +
      `both ${LOADING[format]}`);

const LOADING = { 'ES modules': 'by import', 'CommonJS modules': 'by require()' };
