import type { DataSource } from 'typeorm';
import { otherCopies, otherCopyOf, ownCopyOf } from '../copies.js';
import type * as OfficeModule from './office.js';

/** The CommonJS build's, beside this one; no literal, since TypeScript would look for it beside the sources. */
const COMMONJS: string = '../../cjs/command-line/office.js';

/**
 * The office of the build whose `Ticket` the data source has: the two builds share no class. Where it has neither, that
 * of the build which its file has loaded, for the migrations perhaps.
 *
 * @param dataSource connected, so that its entities are known
 */
export async function officeFor(dataSource: DataSource): Promise<typeof OfficeModule> {
  const copy = ownCopyOf(dataSource) ?? otherCopyOf(dataSource) ?? otherCopies()[0];
  return copy?.format === 'CommonJS modules'
    ? ((await import(COMMONJS)) as typeof OfficeModule)
    : import('./office.js');
}
