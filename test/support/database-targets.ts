export const databaseNames = ['sqlite', 'postgres-embedded', 'postgres', 'mariadb'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** A database that answers, as the run's set-up hands it to the workers: it has to survive serialisation. */
export interface DatabaseTarget {
  name: DatabaseName;
  /** A folder for SQLite, a server for the others. */
  url: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    databases: DatabaseTarget[];
  }
}

export interface DatabaseSelection {
  names: DatabaseName[];
  /** Whether a missing database fails the run instead of being skipped. */
  required: boolean;
}

/**
 * Reads TICKET_OFFICE_TEST_DATABASES: a comma list of names restricts the run to them, and the word `required`,
 * alone or among the names, turns a missing one into a failure.
 */
export function selectedDatabases(setting = process.env['TICKET_OFFICE_TEST_DATABASES']): DatabaseSelection {
  const words = (setting ?? '').split(/[\s,]+/).filter(Boolean);
  const unknown = words.filter((word) => word !== 'required' && !isDatabaseName(word));
  if (unknown.length > 0) {
    throw new Error(
      `TICKET_OFFICE_TEST_DATABASES does not know ${unknown.join(', ')}: ` +
        `write \`required\`, or some of ${databaseNames.join(',')}`,
    );
  }
  const names = words.filter(isDatabaseName);
  return { names: names.length > 0 ? names : [...databaseNames], required: words.includes('required') };
}

function isDatabaseName(word: string): word is DatabaseName {
  return databaseNames.some((name) => name === word);
}
