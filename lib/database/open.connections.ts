import type { DataSource } from 'typeorm';
import type { Connections } from './connections.js';
import { ServerConnections } from './server.connections.js';
import { SqliteConnections } from './sqlite.connections.js';

/** TypeORM's names for what is SQLite, in a file or otherwise. */
const SQLITE: ReadonlySet<string> = new Set([
  'better-sqlite3',
  'sqljs',
  'capacitor',
  'cordova',
  'expo',
  'nativescript',
  'react-native',
]);

/** @param app the app's data source, connected */
export const openConnections = async (app: DataSource): Promise<Connections> =>
  SQLITE.has(app.options.type) ? SqliteConnections.open(app) : new ServerConnections(app);
