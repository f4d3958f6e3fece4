import neo4j from 'neo4j-driver';
import { BridgeError, type ErrorCode } from '../errors.ts';

interface Rule {
  /** Start of a Neo4j status code, or of one of the driver's own. */
  readonly prefix: string;
  readonly code: ErrorCode;
  /** Whether the database's sentence is shown: it helps whoever wrote the Cypher, but may name hosts otherwise. */
  readonly showMessage?: true;
}

/** The first rule whose prefix fits applies. Codes: https://neo4j.com/docs/status-codes/current/errors/all-errors/ */
const RULES: readonly Rule[] = [
  { prefix: 'Neo.ClientError.Security.', code: 'NEO4J_AUTH_FAILED', showMessage: true },
  { prefix: 'Neo.ClientError.Database.DatabaseNotFound', code: 'NEO4J_DATABASE_NOT_FOUND', showMessage: true },
  { prefix: 'Neo.TransientError.General.DatabaseUnavailable', code: 'NEO4J_UNREACHABLE' },
  { prefix: 'Neo.TransientError.Database.DatabaseUnavailable', code: 'NEO4J_UNREACHABLE' },
  { prefix: 'Neo.DatabaseError.Database.', code: 'NEO4J_UNREACHABLE' },
  { prefix: 'Neo.ClientError.Cluster.', code: 'NEO4J_UNREACHABLE' },
  { prefix: 'Neo.', code: 'NEO4J_QUERY_FAILED', showMessage: true },
];

/** A fault of the driver or the database as one of the catalogue. Codes without `Neo.` are the driver's: no connection. */
export function neo4jFault(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  if (!(error instanceof neo4j.Neo4jError)) return new BridgeError('INTERNAL', { cause: error });
  const rule = RULES.find(({ prefix }) => error.code.startsWith(prefix));
  if (rule === undefined) return new BridgeError('NEO4J_UNREACHABLE', { cause: error });
  return new BridgeError(rule.code, { cause: error, ...(rule.showMessage && { detail: error.message }) });
}
