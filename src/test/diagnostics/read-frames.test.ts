import { describe, expect, test } from '@jest/globals';
import { LoadingState, toDataFrame, type DataFrame } from '@grafana/data';
import { renderHook } from '@testing-library/react';
import { countStatuses, overallHealth } from '../../panels/diagnostics/health.ts';
import { problemsOf, queryStates } from '../../panels/diagnostics/queries.ts';
import { readFrames, Table, tableOf, type FrameKind } from '../../panels/diagnostics/read-frames.ts';
import { useReadings } from '../../panels/diagnostics/use-readings.ts';
import { anomalies, connection, panelData, services, shopFrames, traffic, type DataParts } from './fixtures.ts';

const stateOf = (series: DataFrame[]) =>
  Object.fromEntries(Object.entries(readFrames(series)).map(([kind, { state }]) => [kind, state]));

describe('frames', () => {
  test('are known by name and columns, whichever there are and in any order', () => {
    expect(stateOf(shopFrames().reverse())).toEqual({
      connection: 'ready',
      services: 'ready',
      anomalies: 'ready',
      traffic: 'ready',
      'failing-dependencies': 'ready',
      events: 'ready',
    });
    expect(stateOf([services([])])).toEqual({
      connection: 'absent',
      services: 'ready',
      anomalies: 'absent',
      traffic: 'absent',
      'failing-dependencies': 'absent',
      events: 'absent',
    });
  });

  test('of another format or of strangers are not taken for tables', () => {
    const numeric = toDataFrame({ name: 'services', refId: 'B', fields: [{ name: 'id' }, { name: 'health_score' }] });
    const stranger = toDataFrame({ name: 'constructor', fields: [{ name: 'id' }] });
    expect(readFrames([stranger, numeric]).services).toEqual({ state: 'unreadable', refId: 'B' });
    expect(tableOf(readFrames([numeric, services([{ id: 'a', status: 'failed' }])]).services)?.length).toBe(1);
  });

  test('of dependencies are read as traffic', () => {
    const table = tableOf(
      readFrames([traffic([{ source_id: 'a', target_id: 'b' }], { name: 'dependencies' })]).traffic,
    );
    expect(table?.text('target_name', 0)).toBe('B');
  });

  test('without a column read as empty or not known', () => {
    const table = new Table('services', toDataFrame({ name: 'services', fields: [{ name: 'id', values: ['a'] }] }));
    expect([table.text('name', 0), table.number('health_score', 0), table.field('anomaly')]).toEqual([
      '',
      null,
      undefined,
    ]);
  });

  test('keep their fields, with units', () => {
    const table = tableOf(readFrames(shopFrames()).services);
    expect(table?.field('request_rate')?.config.unit).toBe('reqps');
  });

  test('that did not change keep their tables when others did', () => {
    const [first, second] = [shopFrames(), shopFrames()];
    // Grafana makes frames and fields anew and keeps the values.
    const again = first.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field })) }));
    const next = again.map((frame) => (frame.name === 'services' ? second[1] : frame));
    const { result, rerender } = renderHook(({ series }) => useReadings(series), { initialProps: { series: first } });
    const before = result.current;
    rerender({ series: next });
    const same = (kind: FrameKind) => result.current[kind].state === 'ready' && result.current[kind] === before[kind];
    expect([same('services'), same('anomalies'), same('events')]).toEqual([false, true, true]);
    const warned = next.map((frame) => ({
      ...frame,
      meta: { ...frame.meta, notices: [{ severity: 'warning' as const, text: 'old' }] },
    }));
    rerender({ series: warned });
    expect(tableOf(result.current.anomalies)?.notices.map(({ text }) => text)).toEqual(['old']);
  });
});

describe('health', () => {
  const counted = (...statuses: string[]) =>
    countStatuses(new Table('services', services(statuses.map((status, index) => ({ id: `s${index}`, status })))));

  test('counts a status of another version as unknown', () => {
    expect(counted('failed', 'healthy', 'sleepy')).toEqual({
      healthy: 1,
      degraded: 0,
      failed: 1,
      unknown: 1,
      total: 3,
    });
  });

  test('overall is the bridge’s word, and what the services add up to without it', () => {
    const table = new Table('connection', connection({ overall_health: 'degraded' }));
    expect(overallHealth(table, counted('failed'))).toBe('degraded');
    expect(overallHealth(undefined, counted('failed', 'healthy'))).toBe('critical');
    expect(overallHealth(undefined, counted('degraded', 'healthy', 'healthy'))).toBe('degraded');
    expect(overallHealth(undefined, counted('degraded', 'healthy', 'healthy', 'healthy'))).toBe('healthy');
    expect(overallHealth(undefined, counted('unknown', 'unknown'))).toBe('unknown');
    expect(overallHealth(undefined, counted())).toBe('unknown');
    expect(overallHealth(undefined, undefined)).toBeUndefined();
  });
});

describe('queries', () => {
  const states = (parts: DataParts) => {
    const data = panelData(parts);
    return queryStates(data, readFrames(data.series));
  };
  const words = (parts: DataParts, ...kinds: FrameKind[]) => {
    const all = states(parts);
    return kinds.map((kind) => all[kind].state);
  };

  test('are waited for, answered, or not asked at all', () => {
    const { Loading, NotStarted, Streaming, Done } = LoadingState;
    const types = ['services', 'anomalies'];
    expect(words({ types, state: Loading }, 'services', 'events')).toEqual(['loading', 'not asked']);
    expect(words({ types: [], state: NotStarted }, 'services')).toEqual(['loading']);
    expect(words({ types, state: Streaming, series: [services([])] }, 'services', 'anomalies', 'events')).toEqual([
      'ready',
      'unanswered',
      'not asked',
    ]);
    expect(words({ types: ['dependencies'], state: Done }, 'traffic')).toEqual(['unanswered']);
  });

  test('fail each by itself, and keep the rows that they have', () => {
    const parts: DataParts = {
      state: LoadingState.Error,
      series: [services([])],
      errors: [
        { refId: 'anomalies', message: 'bad expression', status: 400 },
        { refId: 'services', message: 'refused', status: 502 },
      ],
    };
    expect(words(parts, 'services', 'anomalies', 'traffic')).toEqual(['ready', 'failed', 'unanswered']);
    expect(states(parts).services.errors).toEqual([{ refId: 'services', message: 'refused', isForbidden: false }]);
    expect(states(parts).traffic.errors).toEqual([]);
  });

  test('that failed as a whole tell the server’s words, and whether it is a matter of permission', () => {
    const error = { status: 403, message: 'Forbidden', data: { message: 'Access denied to this dashboard' } };
    const data = { ...panelData({ state: LoadingState.Error }), error };
    expect(queryStates(data, readFrames([])).events.errors).toEqual([
      { refId: undefined, message: 'Access denied to this dashboard', isForbidden: true },
    ]);
    expect(problemsOf({})).toEqual([]);
  });

  test('hidden ones are not asked', () => {
    const data = panelData({ types: ['services'] });
    const hidden = {
      ...data,
      request: { ...data.request, targets: [{ refId: 'A', queryType: 'services', hide: true }] },
    };
    expect(queryStates(hidden as never, readFrames([])).services.state).toBe('not asked');
  });
});

test('frames of anomalies in the numeric format lack what is listed', () => {
  const { fields, ...frame } = anomalies([]);
  const numeric = { ...frame, fields: fields.filter(({ name }) => name !== 'message') };
  expect(readFrames([numeric]).anomalies.state).toBe('unreadable');
});
