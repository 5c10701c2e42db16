/** A setting is missing or invalid; the message says what to write. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
