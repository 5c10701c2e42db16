import {
  DataSource,
  type EntityMetadata,
  type EntitySubscriberInterface,
  FindOperator,
  type ObjectLiteral,
  type QueryRunner,
  type SelectQueryBuilder,
  type ValueTransformer,
} from 'typeorm';
import { Broadcaster } from 'typeorm/subscriber/Broadcaster.js';
import type { BroadcasterResult } from 'typeorm/subscriber/BroadcasterResult.js';

// All that the library uses of TypeORM beyond its documented API. `typeorm.internals.spec.ts` fails by name when a
// version of TypeORM moves one of these.

/** What belongs to a data source: a query runner, a manager, a driver. TypeORM 0.3 calls the data source `connection`. */
interface OfDataSource {
  readonly dataSource?: DataSource;
  readonly connection?: DataSource;
}

const dataSourceName = (owner: object): keyof OfDataSource =>
  'dataSource' in owner ? 'dataSource' : 'connection';

/** The data source of a query runner, a manager or a driver. */
export const dataSourceOf = (owner: OfDataSource): DataSource => owner[dataSourceName(owner)]!;

/** The property by which a driver has its data source, with another one as its value. */
export const asDataSourceOf = (driver: object, dataSource: DataSource): OfDataSource => ({
  [dataSourceName(driver)]: dataSource,
});

/**
 * A column's transformer, for `update()` and `delete()` whose criteria have operators, such as `IsNull()`: TypeORM 1 has
 * the operator's value transformed, and 0.3 would have the operator itself.
 */
export const columnTransformer = <V>(
  to: (value: V) => unknown,
  from: ValueTransformer['from'],
): ValueTransformer => ({
  from,
  to(value: V | FindOperator<V>): unknown {
    if (!(value instanceof FindOperator)) return to(value);
    // By this transformer: the values of `Or()` and `And()` are operators, too.
    value.transformValue(this);
    return value;
  },
});

/** How deep a query runner is in transactions: 0 outside, 1 in a transaction, 2 in a savepoint of it, and so on. */
export function transactionDepthOf(runner: QueryRunner): number {
  const { transactionDepth } = runner as { transactionDepth?: number };
  return transactionDepth ?? Number(runner.isTransactionActive);
}

/** Calls the subscribers with the given query runner, in place of the runner that it belongs to. */
export const broadcasterFor = (runner: QueryRunner): Broadcaster => new Broadcaster(runner);

/** The same; but when a subscriber throws after something has happened, that is reported, and changes nothing. */
export class HarmlessBroadcaster extends Broadcaster {
  constructor(
    runner: QueryRunner,
    private readonly report: (error: unknown) => void,
  ) {
    super(runner);
  }

  override broadcast: Broadcaster['broadcast'] = async (event, ...args) => {
    // A rollback cannot be refused: the transaction would stay open.
    const canRefuse = event.startsWith('Before') && event !== 'BeforeTransactionRollback';
    await super.broadcast(event, ...args).catch((error: unknown) => {
      if (canRefuse) throw error;
      this.report(error);
    });
  };

  override broadcastAfterQueryEvent(...args: Parameters<Broadcaster['broadcastAfterQueryEvent']>): void {
    this.harmlessly(args[0], () => super.broadcastAfterQueryEvent(...args));
  }

  override broadcastAfterInsertEvent(...args: Parameters<Broadcaster['broadcastAfterInsertEvent']>): void {
    this.harmlessly(args[0], () => super.broadcastAfterInsertEvent(...args));
  }

  private harmlessly({ promises }: BroadcasterResult, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.report(error);
    }
    for (const promise of promises.splice(0)) promises.push(promise.catch(this.report));
  }
}

/** The driver of a query runner: the logger that hears of its statements is that of the driver's data source. */
export const driverOf = (runner: QueryRunner): OfDataSource =>
  (runner as unknown as { driver: OfDataSource }).driver;

/** Puts a subscriber before all others: one of the app that throws would keep the later ones from being called. */
export function subscribeFirst(dataSource: DataSource, subscriber: EntitySubscriberInterface): void {
  if (!dataSource.subscribers.includes(subscriber)) dataSource.subscribers.unshift(subscriber);
}

/** The entity whose rows a query selects. */
export const entityOf = (rows: SelectQueryBuilder<ObjectLiteral>): EntityMetadata =>
  rows.expressionMap.mainAlias!.metadata;

/** A data source with hooks in the middle of `initialize()`. */
export abstract class DataSourceWithHooks extends DataSource {
  protected override async buildMetadatas(): Promise<void> {
    this.connected();
    await super.buildMetadatas();
    this.metadataBuilt();
  }

  /** Its connection is open, and its entities' metadata is not built yet. */
  protected abstract connected(): void;

  /** Its entities' metadata is built, and other databases are not attached yet. */
  protected abstract metadataBuilt(): void;

  /** Takes over the subscribers of another data source, as they are: the app may have added to them. */
  protected shareSubscribersOf({ subscribers }: DataSource): void {
    Object.assign(this, { subscribers });
  }
}

/**
 * Makes a data source for SQLite attach these files for its entities, in place of those that it has derived from their
 * names.
 *
 * @param files by the names of their databases in SQL
 */
export function attachAs({ driver }: DataSource, files: ReadonlyMap<string, string>): void {
  const { attachedDatabases } = driver as { attachedDatabases?: Record<string, AttachedDatabase> };
  for (const attached of Object.values(attachedDatabases ?? {})) {
    attached.attachFilepathAbsolute = files.get(attached.attachHandle) ?? attached.attachFilepathAbsolute;
  }
}

interface AttachedDatabase {
  /** Its name in SQL. */
  readonly attachHandle: string;
  attachFilepathAbsolute: string;
}

/** What PostgreSQL's driver takes for a prepared statement; to a logger of the app it looks like its text. */
class NamedQuery {
  constructor(
    readonly text: string,
    readonly name: string,
  ) {}

  get length(): number {
    return this.text.length;
  }

  toString(): string {
    return this.text;
  }

  /** Without it `'SQL: ' + query` would throw: String's own valueOf works on strings alone. */
  valueOf(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}
// All other methods of strings work on anything that has a toString(). Not `extends String`: the driver copies the own
// properties of its query, and a String has one for each character.
Object.setPrototypeOf(NamedQuery.prototype, String.prototype);

/**
 * A query for `QueryRunner.query()` that pg prepares under a name. TypeORM has no parameter for the name, but hands its
 * query on as it is, and logs it as text. A new object each time, because older versions of pg write on it.
 */
export const namedQuery = (text: string, name: string): string =>
  new NamedQuery(text, name) as unknown as string;
