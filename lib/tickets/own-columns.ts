import { types } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { sentence } from './input/rules.js';
import { isJson, ownColumnProblem, ownFilterProblem, transformed } from './input/own-column.rule.js';
import { notConnected } from './store/database.errors.js';
import type { OwnPart } from './store/own-columns.js';
import { mostRows } from './store/prepared-insert.js';
import { TicketDatabase } from './store/ticket.database.js';
import { findMapping } from './store/ticket.mapping.js';
import { Ticket } from './ticket.entity.js';

/** The fields that inputs have beside the library's: the columns of the app's own entity. */
@Injectable()
export class OwnColumns {
  constructor(private readonly database: TicketDatabase) {}

  /** The fields of a new ticket: all columns but those that the database fills. */
  get inputs(): readonly string[] {
    return namesOf(this.columns.filter(isWritten));
  }

  /** The fields of a filter. */
  get filters(): readonly string[] {
    return namesOf(this.columns);
  }

  /** Most new tickets that one statement writes. */
  get mostRows(): number {
    return mostRows(this.columns.length);
  }

  /** What is wrong with these fields of a new ticket; what is spelled out as `undefined` is left out. */
  inputProblems(input: object): string[] {
    return this.columns.filter(isWritten).flatMap((column) => {
      const { propertyName: name } = column;
      const value = input[name as keyof object] as unknown;
      if (value === undefined) return missingProblem(column);
      return named(name, ownColumnProblem(value, column, this.database.app));
    });
  }

  /** The same for a filter; the caller refuses `undefined`. */
  filterProblems(filter: object): string[] {
    return this.columns.flatMap((column) => {
      const value = filter[column.propertyName as keyof object] as unknown;
      if (value === undefined) return [];
      return named(column.propertyName, ownFilterProblem(value, column, this.database.app));
    });
  }

  /** What a new row has of them; `undefined` without an entity of the app's. */
  partOf(input: object): OwnPart | undefined {
    if (this.database.entity === Ticket) return undefined;
    const given = this.columns
      .filter(isWritten)
      .filter(({ propertyName }) => input[propertyName as keyof object] !== undefined);
    return {
      entity: this.database.entity,
      // A copy: the app may change its object while this waits.
      values: Object.fromEntries(
        given.map((column) => [
          column.propertyName,
          copyOf(input[column.propertyName as keyof object], column),
        ]),
      ),
    };
  }

  private get columns(): readonly ColumnMetadata[] {
    if (this.database.entity === Ticket) return [];
    const mapping = findMapping(this.database.app);
    if (!mapping) throw notConnected();
    return mapping.own;
  }
}

function missingProblem(column: ColumnMetadata): string[] {
  const { propertyName: name, isNullable, default: value } = column;
  try {
    const isFilled = (transformed(undefined, column) ?? value ?? undefined) !== undefined;
    if (isFilled || isNullable) return [];
  } catch {
    return [
      `${name} is missing, and its column's transformer refuses undefined: write it, or return undefined there`,
    ];
  }
  return [`${name} is missing: write it, or give its column a default, or make it nullable`];
}

/** Not what the database, or TypeORM, fills. */
const isWritten = (column: ColumnMetadata): boolean =>
  column.isInsert &&
  !column.isGenerated &&
  !column.isCreateDate &&
  !column.isUpdateDate &&
  !column.isVersion &&
  !column.asExpression;

const namesOf = (columns: readonly ColumnMetadata[]): string[] =>
  columns.map(({ propertyName }) => propertyName);

const named = (name: string, problem: string | undefined): string[] =>
  problem === undefined ? [] : [sentence(name, problem)];

/** Of JSON and of plain values; instances of the app's own classes go to its transformer as they are. */
function copyOf(value: unknown, column: ColumnMetadata): unknown {
  // What is wrapped in a proxy cannot be cloned.
  if (!column.transformer && (isJson(column) || isList(column))) return JSON.parse(JSON.stringify(value));
  const prototype: unknown = Object(value) === value ? Object.getPrototypeOf(value) : undefined;
  return PLAIN.has(prototype) && !types.isProxy(value) ? structuredClone(value) : value;
}

const PLAIN: ReadonlySet<unknown> = new Set([null, Object.prototype, Array.prototype, Date.prototype]);

const isList = ({ type }: ColumnMetadata): boolean => type === 'simple-array';
