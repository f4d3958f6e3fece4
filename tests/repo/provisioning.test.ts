import { describe, expect, test } from '@jest/globals';
import { DataSourceJson, DiagnosticsQuery, SECRETS, VALUES, type QueryType } from '@topdeck/protocol/grafana';
import {
  DASHBOARDS,
  DATA_SOURCE,
  DATA_SOURCES,
  entries,
  faults,
  provisioned,
  RULE_GROUPS,
  RULES,
  type Rule,
} from './provisioning-files.ts';
import { read, readJson } from './repository.ts';

const seconds = (duration: string): number => {
  const [, amount = '', unit = ''] = /^(\d+)(s|m|h)$/.exec(duration) ?? [];
  return Number(amount) * ({ s: 1, m: 60, h: 3600 }[unit] ?? Number.NaN);
};

describe('plugins and data sources', () => {
  test('are those that are built', () => {
    expect((entries('plugins', 'apps') as readonly { type: string }[]).map(({ type }) => type)).toEqual([
      (readJson('src/plugin.json') as { id: string }).id,
    ]);
    expect(DATA_SOURCES.map(({ type }) => type).sort()).toEqual([
      'prometheus',
      (readJson('src/datasource/plugin.json') as { id: string }).id,
    ]);
  });

  test('settings of the data source are those of its schema', () => {
    expect(faults(DataSourceJson, DATA_SOURCE.jsonData)).toEqual([]);
    const secrets = Object.keys(DATA_SOURCE.secureJsonData ?? {});
    expect(secrets.filter((name) => !(SECRETS as readonly string[]).includes(name))).toEqual([]);
  });

  test('addresses and token come from the environment, in the one form that Grafana expands', () => {
    const texts = DATA_SOURCES.flatMap(({ url, secureJsonData = {} }) => [url, ...Object.values(secureJsonData)]);
    expect(texts).toHaveLength(3);
    expect(texts.filter((text) => !/^\$\{[A-Z][A-Z0-9_]*\}$/.test(text))).toEqual([]);
  });
});

describe.each(RULES.map((rule) => [rule.title, rule] as const))('rule %s', (_title, rule: Rule) => {
  const [query, threshold] = rule.data;

  test('asks the data source for one number', () => {
    expect(query.datasourceUid).toBe(DATA_SOURCE.uid);
    expect(faults(DiagnosticsQuery, query.model)).toEqual([]);
    expect(query.model).toMatchObject({ refId: query.refId, format: 'numeric' });
    const values: Partial<Record<QueryType, readonly string[]>> = VALUES;
    expect(values[query.model['queryType'] as QueryType]).toContain(query.model['value']);
  });

  test('fires by a threshold on that number', () => {
    expect(rule.data).toHaveLength(2);
    expect(threshold).toMatchObject({ refId: rule.condition, datasourceUid: '__expr__' });
    expect(threshold.model).toMatchObject({
      refId: rule.condition,
      type: 'threshold',
      expression: query.refId,
      conditions: [{ evaluator: { type: expect.stringMatching(/^(gt|gte|lt|lte)$/), params: [expect.any(Number)] } }],
    });
    for (const { relativeTimeRange } of rule.data) expect(relativeTimeRange.from).toBeGreaterThan(relativeTimeRange.to);
  });

  test('says what it does without data and on errors', () => {
    expect(['OK', 'KeepLast', 'Alerting']).toContain(rule.noDataState);
    expect(['KeepLast', 'Alerting']).toContain(rule.execErrState);
    expect(seconds(rule.for)).toBeGreaterThanOrEqual(10);
  });

  test('carries labels to route by and words for a person', () => {
    // Of an anomaly it comes with the row, and Grafana warns of labels that come twice.
    const severity = rule.data[0].model['queryType'] !== 'anomalies' && {
      severity: expect.stringMatching(/^(critical|warning)$/),
    };
    expect(rule.labels).toEqual({
      product: 'live-diagnostics',
      ...severity,
      about: expect.stringMatching(/^(service|dependency|diagnostics)$/),
    });
    // Grafana expands variables of the environment in labels, but not in annotations.
    expect(Object.values(rule.labels).filter((text) => text.includes('$'))).toEqual([]);
    expect(Object.keys(rule.annotations)).toEqual(expect.arrayContaining(['summary', 'description', 'runbook']));
  });

  test('leads to a panel of a provisioned dashboard', () => {
    const { __dashboardUid__: uid, __panelId__: panelId } = rule.annotations;
    const dashboard = DASHBOARDS.find(([, one]) => one.uid === uid)?.[1];
    expect(dashboard?.panels.map(({ id }) => String(id))).toContain(panelId);
  });
});

describe('rules', () => {
  test('have uids of their own, short enough for Grafana', () => {
    const uids = RULES.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids.filter((uid) => !/^[a-z0-9-]{1,40}$/.test(uid))).toEqual([]);
  });

  test('are evaluated at a multiple of ten seconds', () => {
    expect(RULE_GROUPS.map(({ interval }) => seconds(interval) % 10)).toEqual(RULE_GROUPS.map(() => 0));
  });

  test('one of them fires when the diagnosis is silent: on old data, without data and on errors', () => {
    const [stale, ...more] = RULES.filter(({ labels }) => labels['about'] === 'diagnostics');
    expect(more).toEqual([]);
    expect(stale).toMatchObject({ noDataState: 'Alerting', execErrState: 'Alerting' });
    expect(stale.data[0].model).toMatchObject({ queryType: 'connection', value: 'data_age_s' });
    expect(stale.data[1].model).toMatchObject({
      conditions: [{ evaluator: { type: 'gt', params: [DATA_SOURCE.jsonData['staleAfterS']] } }],
    });
  });

  test('all others keep their state while the bridge is away', () => {
    const others = RULES.filter(({ labels }) => labels['about'] !== 'diagnostics');
    expect(new Set(others.map(({ execErrState }) => execErrState))).toEqual(new Set(['KeepLast']));
  });
});

describe('examples', () => {
  interface Route {
    readonly receiver: string;
    readonly routes?: readonly Route[];
    readonly object_matchers?: readonly (readonly [string, string, string])[];
  }
  const policies = (entries('examples', 'policies') as readonly Route[]).flatMap((root) => [
    root,
    ...(root.routes ?? []),
  ]);

  test('route to contact points that exist: Grafana does not start otherwise', () => {
    const receivers = (entries('examples', 'contactPoints') as readonly { name: string }[]).map(({ name }) => name);
    expect(policies.length).toBeGreaterThan(0);
    expect(policies.map(({ receiver }) => receiver).filter((name) => !receivers.includes(name))).toEqual([]);
  });

  test('match labels that rules have', () => {
    const matchers = policies.flatMap(({ object_matchers = [] }) => object_matchers);
    const unknown = matchers.filter(([name, , value]) => !RULES.some(({ labels }) => labels[name] === value));
    expect(unknown).toEqual([]);
  });

  test('notify loopback alone', () => {
    const urls = [...read('provisioning/examples/contact-points.yaml').matchAll(/https?:\/\/[^\s'"]+/g)].map(
      ([url]) => url,
    );
    expect(urls.length).toBeGreaterThan(0);
    expect(urls.filter((url) => new URL(url).hostname !== '127.0.0.1')).toEqual([]);
  });

  test('stay where Grafana does not read them, and it meets no file that it has to skip', () => {
    expect(provisioned('alerting').filter((path) => !/^provisioning\/alerting\/[^/]+\.yaml$/.test(path))).toEqual([]);
  });
});
