/** What drivers tell of an error; each some of it. */
export interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
  readonly syscall?: unknown;
}

/** The driver's own error, which TypeORM has wrapped in most cases. */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return Object(driverError) as DriverError;
}
