/** Somebody's transaction has changed the row, and has not ended: to wait for it could take for ever. */
export class RowTakenError extends Error {
  constructor() {
    super('A transaction that has not ended yet holds the row.');
    this.name = new.target.name;
  }
}

/** SQLite's one transaction at a time is somebody else's now. */
export class DatabaseBusyError extends Error {
  constructor() {
    super('A transaction that has not ended yet holds the database.');
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
