import pg from 'pg';
import { afterwards } from './suite-scope.js';

/** Undoes TypeORM's option `parseInt8` after the test: it is the driver's, for all connections of the process. */
export const undoParseInt8 = (): void =>
  afterwards(() => {
    pg.defaults.parseInt8 = false;
  });
