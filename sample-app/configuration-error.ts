/** A setting that is missing or makes no sense; its message says what to write. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
