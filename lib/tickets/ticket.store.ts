import type { DataSource, EntityManager, EntityTarget } from 'typeorm';
import { Ticket } from './ticket.entity.js';
import { TicketOfficeConfigurationError } from './ticket.errors.js';
import type { TicketRow } from './ticket.row.js';
import { type TicketStatements, ticketStatements } from './ticket.statements.js';

/** The tickets' table in the app's data source: its rows, and the statements that change them. */
export class TicketStore {
  private made?: TicketStatements;

  constructor(private readonly dataSource: DataSource) {
    if (dataSource.isInitialized) this.assertReady();
  }

  /** Made at first use: an app may initialise its data source by hand, after its modules. */
  get statements(): TicketStatements {
    if (!this.made) this.assertReady();
    return (this.made ??= ticketStatements(this.dataSource));
  }

  /** @throws TicketOfficeConfigurationError when the data source does not know the entity */
  private assertReady(): void {
    if (this.dataSource.hasMetadata(Ticket)) return;
    throw new TicketOfficeConfigurationError(
      'The data source does not know the Ticket entity: write autoLoadEntities: true, or add Ticket to its entities',
    );
  }

  /** Writes a new row: at once, or in the transaction that `manager` is in. */
  async insert(row: TicketRow, manager: EntityManager = this.dataSource.manager): Promise<void> {
    // The entity keeps its internals protected: a row is the same thing, seen from inside.
    const rows = Ticket as unknown as EntityTarget<TicketRow>;
    await manager
      .createQueryBuilder()
      .insert()
      .into(rows)
      .values(row as never)
      .updateEntity(false)
      .execute();
  }

  /** Reads a row, internals included, from the primary; `undefined` when there is none. */
  async load(uuid: string): Promise<TicketRow | undefined> {
    const { records } = await this.statements.load.run({ uuid });
    return records[0] && this.hydrate(records[0]);
  }

  private hydrate(record: Record<string, unknown>): TicketRow {
    const { driver } = this.dataSource;
    const fields = this.dataSource.getMetadata(Ticket).columns.map((column) => {
      const value: unknown = driver.prepareHydratedValue(record[column.databaseName], column);
      return [column.propertyName, value];
    });
    return Object.fromEntries(fields) as TicketRow;
  }
}
