import { ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';

export default new DataSource({
  type: 'better-sqlite3',
  database: 'museum.sqlite',
  migrations: ticketOfficeMigrations,
});
