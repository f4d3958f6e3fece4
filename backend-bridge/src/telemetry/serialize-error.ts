const MAX_CAUSES = 5;

export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly causes?: readonly string[];
  readonly stack?: string;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  let cause = error.cause;
  while (cause !== undefined && cause !== null && causes.length < MAX_CAUSES) {
    causes.push(sentence(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** How a fault appears in the log: what happened, down to the first cause. A stack only for who debugs (SEC-5). */
export function serializeError(error: unknown, withStack: boolean): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: sentence(error) };
  const code = (error as { code?: unknown }).code;
  const causes = causesOf(error);
  return {
    type: error.name,
    message: sentence(error),
    ...(typeof code === 'string' && { code }),
    ...(causes.length > 0 && { causes }),
    ...(withStack && error.stack !== undefined && { stack: error.stack }),
  };
}
