import { describe, expect, test } from '@jest/globals';
import neo4j from 'neo4j-driver';
import { systemClock } from '../../src/clock.ts';
import { neo4jFault } from '../../src/sources/neo4j-errors.ts';
import { edgeReader, nodeReader } from '../../src/sources/neo4j-rows.ts';
import { createNeo4jTopology } from '../../src/sources/neo4j-topology.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { silentLog } from '../../src/telemetry/log.ts';

const record = (row: Record<string, unknown>) => new neo4j.types.Record(Object.keys(row), Object.values(row));
const readNode = (row: Record<string, unknown>, labels: string[] = ['team', 'tier']) =>
  nodeReader(Object.keys(row), labels)(record(row));

describe('rows of the nodes query', () => {
  test('labels come from properties as a map or as pairs, cut to the allow-list', () => {
    const expected = { id: 'a', name: undefined, resource_type: undefined, labels: { team: 'x' } };
    expect(readNode({ id: 'a', properties: { team: 'x', password: 'p' } })).toEqual(expected);
    expect(readNode({ id: 'a', properties: [['team', 'x'], ['password', 'p'], 'odd'] })).toEqual(expected);
    expect(readNode({ id: 'a', properties: null }).labels).toEqual({});
  });

  test('a column of a label’s name goes before the property; columns with a meaning of their own never are labels', () => {
    const row = {
      id: 'a',
      name: 'n',
      team: 'column',
      tier: null,
      properties: { team: 'property', tier: 2n, name: 'p' },
    };
    expect(readNode(row, ['team', 'tier', 'name', 'labels'])).toMatchObject({
      name: 'n',
      labels: { team: 'column', tier: 2n, name: 'p' },
    });
  });

  test('the type is the column, else the node’s first label', () => {
    const type = (row: Record<string, unknown>): unknown => readNode({ id: 'a', ...row }).resource_type;
    expect(type({ resource_type: 'queue', labels: ['Service'] })).toBe('queue');
    expect(type({ resource_type: null, labels: ['Service', 'Pod'] })).toBe('Service');
    expect(type({ resource_type: '', labels: [] })).toBeUndefined();
    expect(type({})).toBeUndefined();
  });

  test('a query without the columns that are needed says which it has', () => {
    expect(() => nodeReader(['node', 'name'], [])).toThrow(
      expect.objectContaining({
        code: 'NEO4J_QUERY_FAILED',
        detail: 'the nodes query returns node, name but not id',
      }),
    );
    expect(() => edgeReader(['from', 'to'])).toThrow(
      expect.objectContaining({ detail: 'the edges query returns from, to but not source, target' }),
    );
  });
});

describe('faults of the database', () => {
  test.each([
    ['Neo.ClientError.Security.Unauthorized', 'NEO4J_AUTH_FAILED'],
    ['Neo.ClientError.Security.AuthenticationRateLimit', 'NEO4J_AUTH_FAILED'],
    ['Neo.ClientError.Statement.SyntaxError', 'NEO4J_QUERY_FAILED'],
    ['Neo.ClientError.Transaction.TransactionTimedOut', 'NEO4J_QUERY_FAILED'],
    ['Neo.ClientError.Database.DatabaseNotFound', 'NEO4J_DATABASE_NOT_FOUND'],
    ['Neo.TransientError.General.DatabaseUnavailable', 'NEO4J_UNREACHABLE'],
    ['ServiceUnavailable', 'NEO4J_UNREACHABLE'],
    ['SessionExpired', 'NEO4J_UNREACHABLE'],
    ['N/A', 'NEO4J_UNREACHABLE'],
  ])('%s is %s', (status, code) => {
    const error = new neo4j.Neo4jError('said at 10.0.0.1:7687', status, '', '');
    const fault = neo4jFault(error);
    expect(fault).toMatchObject({ code, cause: error });
    // What the driver says about connections names hosts, and freshness is shown to clients.
    expect(fault.message.includes('10.0.0.1')).toBe(code !== 'NEO4J_UNREACHABLE');
  });

  test('what is no fault of Neo4j is internal, and says nothing', () => {
    expect(neo4jFault(new TypeError('x is undefined'))).toMatchObject({ code: 'INTERNAL', message: 'Internal error' });
  });
});

test('a URI that no driver understands is refused when the source is made', () => {
  const options = {
    uri: 'bolt://host?policy=x',
    username: 'neo4j',
    password: undefined,
    database: undefined,
    nodesQuery: '',
    edgesQuery: '',
    timeoutS: 1,
    refreshS: 1,
    labels: [],
    maxNodes: 1,
    maxEdges: 1,
  };
  const deps = { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() };
  expect(() => createNeo4jTopology(options, deps)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', detail: expect.stringMatching(/^NEO4J_URI: /) }),
  );
});
