/** Somebody's transaction has changed the row, and has not ended: to wait for it could take for ever. */
export class RowTakenError extends Error {
  constructor() {
    super('A transaction that has not ended yet holds the row.');
    this.name = new.target.name;
  }
}

/** Somebody holds the row: one of many who write it, each for a statement, or a transaction that has not ended. */
export class RowContestedError extends Error {
  constructor() {
    super('Others who write the row, or a transaction that has not ended yet, hold it.');
    this.name = new.target.name;
  }
}

/** The one connection to a database in memory is in a transaction of the app's. */
export class DatabaseBusyError extends Error {
  constructor() {
    super('A transaction of the app, which has not ended yet, holds the one connection to the database.');
    this.name = new.target.name;
  }
}

/** SQLite's one transaction at a time has been somebody else's for too long. */
export class DatabaseHeldError extends Error {
  constructor() {
    super('A transaction with the stamp, which has not ended yet, holds the database.');
    this.name = new.target.name;
  }
}

/** Whoever was lent a connection has gone on with it. */
export class SharingOverError extends Error {
  constructor() {
    super('This transaction is over: await all that is to be written in it, before its work returns.');
    this.name = new.target.name;
  }
}
