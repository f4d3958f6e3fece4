/** The command was given something that it does not know; its message is all that a person needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
