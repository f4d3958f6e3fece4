import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventsQuery } from '@topdeck/protocol';
import { DEFAULT_QUERY_LIMIT } from './history-store.ts';

export interface SqlQuery {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

const COLUMNS = 'id, at_ms, type, resource_id, data';
const ORDER = 'ORDER BY at_ms DESC, id DESC LIMIT :limit';

/**
 * One statement per combination of filters. The two sides of an edge are two selects and not an OR: SQLite merges two
 * ordered selects row by row up to the limit, whereas it would gather and sort all rows of an OR.
 */
export function eventsQuery(query: EventsQuery): SqlQuery {
  const parameters: Record<string, string | number> = { limit: query.limit ?? DEFAULT_QUERY_LIMIT };
  const conditions: string[] = [];
  const add = (condition: string, name: string, value: string | number): void => {
    conditions.push(condition);
    parameters[name] = value;
  };
  if (query.since !== undefined) add('at_ms >= :since', 'since', Date.parse(query.since));
  if (query.until !== undefined) add('at_ms < :until', 'until', Date.parse(query.until));
  if (query.type !== undefined) add('type = :type', 'type', query.type);
  if (query.before_id !== undefined) {
    add('(at_ms, id) < (SELECT at_ms, id FROM event WHERE id = :before)', 'before', query.before_id);
  }
  const select = (...all: string[]): string =>
    `SELECT ${COLUMNS} FROM event${all.length > 0 ? ` WHERE ${all.join(' AND ')}` : ''}`;
  if (query.resource_id === undefined) return { sql: `${select(...conditions)} ${ORDER}`, parameters };
  parameters['resource'] = query.resource_id;
  const sides = ['resource_id = :resource', 'other_resource_id = :resource'];
  return { sql: `${sides.map((side) => select(side, ...conditions)).join(' UNION ALL ')} ${ORDER}`, parameters };
}

/** Prepares each statement once: how many there are is bounded by the combinations of filters. */
export function statementsOf(database: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
}
