import { CLOSE_CODES } from '@topdeck/protocol';
import { ERRORS, type ErrorCode } from '../../backend-bridge/src/errors.ts';
import { code, GENERATED, table } from './markdown.ts';

/** RFC 6455's own code for a message that is too big. */
const STANDARD_CLOSE_CODES: Partial<Record<ErrorCode, number>> = { MESSAGE_TOO_LARGE: 1009 };

function reachesClientAs(errorCode: ErrorCode): string {
  const entry: { readonly message: string; readonly status?: number } = ERRORS[errorCode];
  const closeCodes: Partial<Record<ErrorCode, number>> = { ...CLOSE_CODES, ...STANDARD_CLOSE_CODES };
  const closeCode = closeCodes[errorCode];
  return [entry.status !== undefined && `HTTP ${entry.status}`, closeCode !== undefined && `close ${closeCode}`]
    .filter(Boolean)
    .join(', ');
}

/** docs/errors.md: the catalogue of faults. */
export function errorReference(): string {
  const rows = (Object.keys(ERRORS) as ErrorCode[]).map((errorCode) => {
    const { message, action } = ERRORS[errorCode];
    return [code(errorCode), reachesClientAs(errorCode), message, action];
  });
  return [
    GENERATED,
    '# Errors',
    'Codes are permanent: clients, runbooks and alerts may rely on them. Over HTTP they come as `{code, message, action, detail}`, on an open WebSocket as an `error` message or as the reason of a close; faults of the sources stand in the `freshness` of each snapshot; everything is in the log.',
    table(['Code', 'HTTP status or close code', 'What happened', 'What to do'], rows),
    'Source: `backend-bridge/src/errors.ts`.',
  ].join('\n\n');
}
