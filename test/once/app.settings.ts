import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { TicketOfficeOptions } from 'nestjs-ticketoffice';
import type { IsolationLevel } from './isolation.js';

/** One app of a test, as it can be told to another process. */
export interface AppSettings extends Pick<TicketOfficeOptions, 'secret' | 'abandonedAfter'> {
  /** Written beside each of its effects. */
  readonly name: string;
  readonly platform: 'Express' | 'Fastify';
  readonly database: TypeOrmModuleOptions;
  readonly isolation?: IsolationLevel | undefined;
  /** How far ahead its clock is, in ms. */
  readonly clockOffset?: number;
}
