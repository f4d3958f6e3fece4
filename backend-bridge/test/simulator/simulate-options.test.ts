import { describe, expect, test } from '@jest/globals';
import { BridgeError } from '../../src/errors.ts';
import { parseSimulateOptions, simulateHelp } from '../../src/simulator/simulate-options.ts';

const parse = (line: string) => parseSimulateOptions(line === '' ? [] : line.split(' '));
function detailOf(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'CONFIG_INVALID') return error.detail as string;
    throw error;
  }
  throw new Error(`accepted: ${line}`);
}

describe('the flags of npm run simulate', () => {
  test('without any: the demo graph on loopback, quiet, no Neo4j', () => {
    expect(parse('')).toEqual({
      host: '127.0.0.1',
      port: 9400,
      topology: { kind: 'demo' },
      seed: 1,
      demo: false,
      serviceGraph: false,
      neo4j: undefined,
      onceLoad: false,
    });
  });

  test('as docker-compose uses them', () => {
    const line = '--host 0.0.0.0 --demo --neo4j-uri bolt://neo4j:7687 --neo4j-password-env=SECRET --once-load';
    expect(parse(line)).toMatchObject({
      host: '0.0.0.0',
      demo: true,
      onceLoad: true,
      neo4j: { uri: 'bolt://neo4j:7687', username: 'neo4j', passwordEnv: 'SECRET', database: undefined },
    });
  });

  test.each([
    ['--topology graph.yaml', { kind: 'file', path: 'graph.yaml' }],
    ['--services 100 --edges 280', { kind: 'generated', services: 100, edges: 280 }],
    ['--services 100', { kind: 'generated', services: 100, edges: 300 }],
  ])('%s', (line, topology) => {
    expect(parse(line)).toMatchObject({ topology });
  });

  test('every mistake is told at once, each with what was expected', () => {
    const detail = detailOf('--port 70000 --seed=x --demo=yes --colour blue --edges 3 --once-load --host');
    for (const problem of [
      '--port: expected a whole number from 0 to 65535',
      '--seed: expected a whole number from 0 to 4294967295',
      '--demo: takes no value',
      '--colour: unknown flag',
      'blue: unexpected',
      '--edges: needs --services',
      '--host: expected ADDRESS',
      '--once-load: needs --neo4j-uri',
    ])
      expect(detail).toContain(`\n  ${problem}`);
  });

  test('a forgotten value does not swallow the next flag in silence', () => {
    expect(detailOf('--host --demo')).toContain('--host: expected ADDRESS');
  });

  test('two graphs at once, or an address that is not of Neo4j, are refused', () => {
    expect(detailOf('--topology a.yaml --services 5')).toContain('--topology: excludes --services');
    expect(detailOf('--neo4j-uri http://localhost:7474')).toContain('--neo4j-uri: expected neo4j:// or bolt://');
  });

  test('help lists every flag with its default', () => {
    expect(parse('--help')).toBe('help');
    const help = simulateHelp();
    expect(help.match(/^ {2}--/gm)).toHaveLength(14);
    expect(help).toMatch(/--port N +TCP port; 0 takes a free one \(default: 9400\)/);
  });
});
