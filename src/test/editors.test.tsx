import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CoreApp, type QueryEditorProps } from '@grafana/data';
import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState, type ComponentType } from 'react';
import { AnnotationEditor } from '../datasource/AnnotationEditor.tsx';
import type { DataSource } from '../datasource/datasource.ts';
import { QueryEditor } from '../datasource/QueryEditor.tsx';
import { QueryHelp } from '../datasource/QueryHelp.tsx';
import type { Options, Query, VariableDataQuery } from '../datasource/types.ts';
import { VariableEditor } from '../datasource/VariableEditor.tsx';
import { TEST_IDS } from '../ui/test-ids.ts';
import { startGrafana, type FakeGrafana } from './fake-grafana.ts';

const ids = TEST_IDS.queryEditor;
const filters = TEST_IDS.filter;
let grafana: FakeGrafana;

const VALUES: Record<string, string[]> = {
  types: ['pod', 'database'],
  metrics: ['cpu_usage', 'latency_p95'],
  'edge-metrics': ['bytes_sent'],
  'label-keys': ['team', 'zone'],
  'label-values': ['core', 'web'],
};
beforeEach(() => {
  grafana = startGrafana();
  grafana.backend.answer = ({ url, data, params }) => {
    if (url.endsWith('variable-values')) return (VALUES[data.kind] ?? []).map((value) => ({ text: value, value }));
    if (url.endsWith('topology/search')) {
      return ['cart', 'payments']
        .filter((id) => id.includes(params?.q))
        .map((id) => ({ id, name: id.toUpperCase(), type: 'pod', status: 'healthy' }));
    }
    throw new Error(`Nobody answers ${url}`);
  };
});

/** Draws an editor as Grafana does: what it changes comes back to it. Gives the newest query and how often it was run. */
function draw<Q>(
  Editor: ComponentType<QueryEditorProps<DataSource, Query, Options, never>>,
  start: Q,
  app: CoreApp = CoreApp.PanelEditor,
) {
  const seen = { query: start };
  const onRunQuery = jest.fn();
  const Any = Editor as unknown as ComponentType<Record<string, unknown>>;
  function Host() {
    const [query, setQuery] = useState(start);
    seen.query = query;
    return <Any datasource={grafana.dataSource} query={query} onChange={setQuery} onRunQuery={onRunQuery} app={app} />;
  }
  render(<Host />);
  return { seen, onRunQuery, user: userEvent.setup() };
}
const drawQuery = (query: Partial<Query>, app?: CoreApp) =>
  draw(QueryEditor as never, { refId: 'A', queryType: 'services', ...query }, app);

type User = ReturnType<typeof userEvent.setup>;
async function choose(user: User, testId: string, option: string | RegExp): Promise<void> {
  await user.click(screen.getByTestId(testId));
  await user.click(await screen.findByRole('option', { name: option }));
}
async function type(user: User, testId: string, text: string): Promise<void> {
  const input = screen.getByTestId(testId);
  await user.clear(input);
  await user.type(input, text);
  await user.tab();
}
/** JSON leaves out what is undefined, as a saved dashboard does. */
const saved = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the query editor', () => {
  test('offers each type with what it is', async () => {
    const { user } = drawQuery({});
    await user.click(screen.getByTestId(ids.type));
    const options = await screen.findAllByRole('option');
    expect(options.map((option) => option.textContent)).toContain('AnomaliesValues that are not as expected, now');
  });

  test('keeps of another type what the new one knows', async () => {
    const { seen, user, onRunQuery } = drawQuery({
      format: 'numeric',
      value: 'health_score',
      filter: { ids: ['cart'], statuses: ['failed'] },
    });
    await choose(user, ids.type, /^Anomalies/);
    expect(saved(seen.query)).toEqual({
      refId: 'A',
      queryType: 'anomalies',
      format: 'numeric',
      filter: { ids: ['cart'] },
    });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  test('asks which number of a numeric frame it shall be, metrics included', async () => {
    const { seen, user } = drawQuery({ format: 'table' });
    expect(screen.queryByTestId(ids.value)).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Numeric' }));
    await choose(user, ids.value, 'cpu_usage');
    expect(saved(seen.query)).toEqual({ refId: 'A', queryType: 'services', format: 'numeric', value: 'cpu_usage' });
  });

  test('demands a metric, of services or of dependencies', async () => {
    const { seen, user } = drawQuery({ queryType: 'metric' });
    expect(screen.getByText('Choose a metric')).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'Dependencies' }));
    await choose(user, ids.metric, 'bytes_sent');
    expect(saved(seen.query)).toEqual({ refId: 'A', queryType: 'metric', scope: 'edge', metric: 'bytes_sent' });
    expect(screen.queryByText('Choose a metric')).toBeNull();
  });

  test('asks for the expected band of a metric, which is not live, and forgets it with the type', async () => {
    const { seen, user } = drawQuery({ queryType: 'metric', metric: 'cpu_usage' });
    await user.click(screen.getByTestId(ids.bands));
    expect(saved(seen.query)).toEqual({ refId: 'A', queryType: 'metric', metric: 'cpu_usage', bands: true });
    const live = screen.getByTestId<HTMLInputElement>(ids.streaming);
    expect([live.checked, live.disabled]).toEqual([false, true]);
    await user.click(screen.getByTestId(ids.bands));
    expect(saved(seen.query)).toEqual({ refId: 'A', queryType: 'metric', metric: 'cpu_usage' });
    expect(live.checked).toBe(true);
    await user.click(screen.getByTestId(ids.bands));
    await choose(user, ids.type, /^Traffic/);
    expect(seen.query.bands).toBeUndefined();
    expect(screen.queryByTestId(ids.bands)).toBeNull();
  });

  test('demands a service to compare with the past, takes one metric or all, and offers no live updates', async () => {
    const { seen, user } = drawQuery({ queryType: 'comparison', format: 'table' });
    expect(screen.getByText('Choose a service')).toBeTruthy();
    expect(screen.queryByTestId(ids.streaming)).toBeNull();
    await choose(user, filters.ids, /cart/i);
    expect(screen.queryByText('Choose a service')).toBeNull();
    await choose(user, ids.comparedMetric, 'latency_p95');
    await user.click(screen.getByRole('radio', { name: 'Numeric' }));
    await choose(user, ids.value, 'change');
    expect(saved(seen.query)).toEqual({
      refId: 'A',
      queryType: 'comparison',
      format: 'numeric',
      metric: 'latency_p95',
      value: 'change',
      filter: { ids: ['cart'] },
    });
  });

  test('offers no band to a rule', () => {
    drawQuery({ queryType: 'metric', metric: 'cpu_usage' }, CoreApp.UnifiedAlerting);
    expect(screen.queryByTestId(ids.bands)).toBeNull();
  });

  test('finds services while one types', async () => {
    const { seen, user } = drawQuery({});
    await user.click(screen.getByTestId(filters.ids));
    await user.keyboard('pay');
    await user.click(await screen.findByRole('option', { name: /PAYMENTS/ }));
    expect(seen.query.filter).toEqual({ ids: ['payments'] });
  });

  test('takes a variable for a service', async () => {
    const { seen, user } = drawQuery({});
    await user.click(screen.getByTestId(filters.ids));
    await user.keyboard('$service');
    await user.click(await screen.findByRole('option', { name: /\$service/ }));
    expect(seen.query.filter).toEqual({ ids: ['$service'] });
  });

  test('takes a text when it is left, and only when it is right', async () => {
    const { seen, user, onRunQuery } = drawQuery({});
    await type(user, filters.name, 'cart(');
    expect(seen.query.filter).toBeUndefined();
    expect(screen.getByTestId(filters.name).getAttribute('aria-invalid')).toBe('true');
    await type(user, filters.name, 'cart|shop');
    expect(seen.query.filter).toEqual({ name: 'cart|shop' });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
    await type(user, ids.limit, '0');
    expect(screen.getByText('This must be from 1 to 100000')).toBeTruthy();
    await type(user, ids.limit, '20{Enter}');
    expect(seen.query.limit).toBe(20);
  });

  test('builds conditions on labels', async () => {
    const { seen, user } = drawQuery({});
    await user.click(screen.getByTestId(filters.addLabel));
    await choose(user, filters.labelKey(0), 'team');
    await choose(user, filters.labelOp(0), '!=');
    await choose(user, filters.labelValue(0), 'web');
    expect(seen.query.filter).toEqual({ labels: [{ key: 'team', op: '!=', value: 'web' }] });
    expect(grafana.backend.requests.at(-1)!.data).toEqual({ kind: 'label-values', label: 'team' });
    await user.click(screen.getByTestId(filters.removeLabel(0)));
    expect(seen.query.filter).toBeUndefined();
  });

  test('asks for a neighbourhood and its depth', async () => {
    const { seen, user } = drawQuery({});
    expect(screen.queryByTestId(filters.aroundDepth)).toBeNull();
    await choose(user, filters.aroundId, /CART/);
    await type(user, filters.aroundDepth, '3');
    expect(seen.query.filter).toEqual({ around: { id: 'cart', depth: 3 } });
  });

  test('switches live off and on without a trace', async () => {
    const { seen, user } = drawQuery({});
    await user.click(screen.getByTestId(ids.streaming));
    expect(seen.query.streaming).toBe(false);
    await user.click(screen.getByTestId(ids.streaming));
    expect(saved(seen.query)).toEqual({ refId: 'A', queryType: 'services' });
  });

  test('of a rule asks for numbers only', async () => {
    const { user } = drawQuery({}, CoreApp.UnifiedAlerting);
    expect(screen.queryByTestId(ids.format)).toBeNull();
    expect(screen.queryByTestId(ids.streaming)).toBeNull();
    expect(screen.getByTestId(ids.value)).toBeTruthy();
    expect(screen.getByTestId(ids.alertNote)).toBeTruthy();
    await user.click(screen.getByTestId(ids.type));
    expect(await screen.findByRole('option', { name: /^Connection/ })).toBeTruthy();
    expect(screen.queryByRole('option', { name: /^Topology/ })).toBeNull();
  });

  test('starts from nothing with the table of services', () => {
    draw(QueryEditor as never, { refId: 'A' });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Table' }).checked).toBe(true);
  });

  test('has a label for every field', () => {
    const filter = { labels: [{ key: 'team', op: '=' as const, value: 'core' }], around: { id: 'cart', depth: 1 } };
    drawQuery({ queryType: 'anomalies', format: 'numeric', filter });
    const nameless = ['combobox', 'textbox', 'spinbutton', 'switch']
      .flatMap((role) => screen.queryAllByRole(role))
      .filter((box) => !(box as HTMLInputElement).labels?.length && !box.getAttribute('aria-labelledby'));
    expect(screen.getByRole('combobox', { name: 'Condition' })).toBeTruthy();
    expect(nameless.map((box) => box.dataset['testid'])).toEqual([]);
  });

  test('stays usable while lists cannot be had', async () => {
    grafana.backend.answer = () => {
      throw new Error('gone');
    };
    const { seen, user } = drawQuery({});
    await user.click(screen.getByTestId(filters.types));
    await user.keyboard('pod');
    await user.click(await screen.findByRole('option', { name: /pod/ }));
    expect(seen.query.filter).toEqual({ types: ['pod'] });
  });
});

test('the help gives queries to start from', async () => {
  const onClickExample = jest.fn<(query: Query) => void>();
  render(
    <QueryHelp
      datasource={grafana.dataSource}
      query={{ refId: 'A', queryType: 'services' }}
      onClickExample={onClickExample as never}
    />,
  );
  await userEvent.setup().click(screen.getByText('Topology'));
  expect(onClickExample).toHaveBeenCalledWith({ refId: 'A', queryType: 'topology' });
});

describe('the editor of a variable', () => {
  const labels = TEST_IDS.variableEditor;

  test('starts from an empty text, as a new variable does', async () => {
    const { seen, user } = draw<unknown>(VariableEditor as never, '');
    await choose(user, labels.kind, 'Values of a label');
    expect(screen.getByText('Choose a label')).toBeTruthy();
    await choose(user, labels.label, 'zone');
    expect(saved(seen.query)).toEqual({ refId: 'LiveDiagnosticsVariable', kind: 'label-values', label: 'zone' });
  });

  test('narrows the list by a filter, except that of metrics', async () => {
    const start: VariableDataQuery = { refId: 'V', kind: 'services' };
    const { seen, user } = draw(VariableEditor as never, start);
    await choose(user, filters.types, 'database');
    expect(seen.query.filter).toEqual({ types: ['database'] });
    await choose(user, labels.kind, 'Metrics of services');
    expect(screen.queryByTestId(filters.types)).toBeNull();
  });
});

test('the editor of annotations filters events', async () => {
  const { seen, user, onRunQuery } = draw(AnnotationEditor as never, { refId: 'Anno', queryType: 'events' });
  await choose(user, filters.severities, 'critical');
  expect(seen.query).toEqual({ refId: 'Anno', queryType: 'events', filter: { severities: ['critical'] } });
  expect(onRunQuery).toHaveBeenCalledTimes(1);
  await act(async () => undefined);
  expect(within(screen.getByTestId(TEST_IDS.annotationEditor.root)).queryByTestId(ids.type)).toBeNull();
});
