import { CLOSE_CODES } from '@topdeck/protocol';
import { ERRORS, type ErrorCode } from '../../backend-bridge/src/errors.ts';
import { FAULT_CODES } from '../../backend-datasource/src/bridge/faults.ts';
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
  const seenByGrafana = Object.entries(FAULT_CODES).map(([name, { message, action }]) => [code(name), message, action]);
  return [
    GENERATED,
    '# Errors',
    'Codes are permanent: clients, runbooks and alerts may rely on them. Over HTTP they come as `{code, message, action, detail}`, on an open WebSocket as an `error` message or as the reason of a close; faults of the sources stand in the `freshness` of each snapshot; everything is in the log.',
    table(['Code', 'HTTP status or close code', 'What happened', 'What to do'], rows),
    'Source: `backend-bridge/src/errors.ts`.',
    '## The way from Grafana to the bridge',
    'What the data source tells when the bridge was not reached, did not answer or is none; where the bridge answered, its own code from above stands there.',
    table(['Code', 'What happened', 'What to do'], seenByGrafana),
    'Source: `backend-datasource/src/bridge/faults.ts`.',
  ].join('\n\n');
}
