import { VARIABLE_KINDS, type VariableValue } from '@topdeck/protocol/grafana';
import { saveDashboard } from '../fixtures/dashboards.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/board-page.ts';

const OVERVIEW = '/d/topdeck-live-diagnostics-overview';

test.describe('variables', () => {
  for (const kind of VARIABLE_KINDS) {
    test(`${kind} are listed`, async ({ stack }) => {
      const query = kind === 'label-values' ? { kind, label: 'team' } : { kind };
      const values = await stack.api.resource<VariableValue[]>(stack.uid, 'variable-values', query);
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) expect(value).toEqual({ text: expect.any(String), value: expect.any(String) });
    });
  }

  test('a namespace chosen on the shipped dashboard narrows its panels', async ({ stack, page }) => {
    test.skip(stack.process === undefined, 'the dashboard is provisioned');
    const board = new BoardPage(page);
    await board.open(`${OVERVIEW}?var-namespace=payments`);
    // Edges come with both ends.
    const shown = async (): Promise<string[]> => [...(await board.places('Topology')).keys()].sort();
    await expect.poll(shown).toEqual(['checkout', 'payment-provider', 'payments']);
  });

  test('the values of a variable are offered on the dashboard', async ({ stack, page }) => {
    test.skip(stack.process === undefined, 'the dashboard is provisioned');
    const board = new BoardPage(page);
    await board.open(OVERVIEW);
    await board.variable('Namespace').click();
    for (const namespace of ['edge', 'fulfilment', 'identity', 'payments', 'shop']) {
      await expect(page.getByRole('option', { name: namespace, exact: true })).toBeVisible();
    }
  });
});

test('events are drawn as annotations', async ({ stack, page }) => {
  test.skip(!stack.system.canFail, 'without a fault there may be no event to draw');
  const { id } = await stack.system.startFault({ kind: 'errors', target: 'shipping', magnitude: 0.9 });
  expect(id).toBeTruthy();
  await stack.system.when(
    'an event has happened',
    (s) => s.anomalies.some((a) => a.resource_id === 'shipping'),
    30_000,
  );
  const datasource = { type: 'topdeck-livediagnostics-datasource', uid: stack.uid };
  const annotations = {
    list: [
      { name: 'Events', datasource, enable: true, iconColor: 'red', target: { refId: 'Anno', queryType: 'events' } },
    ],
  };
  const path = await saveDashboard(stack.api, stack.uid, {
    uid: 'e2e-annotations',
    title: 'Annotations',
    from: 'now-5m',
    annotations,
    panels: [
      {
        title: 'Requests',
        type: 'timeseries',
        width: 24,
        query: { queryType: 'metric', metric: 'request_rate', filter: { ids: ['shipping'] } },
      },
    ],
  });
  const board = new BoardPage(page);
  await board.open(path);
  await expect(board.panel('Requests').getByTestId('data-testid annotation-marker').first()).toBeVisible();
  await stack.system.endFaults();
});
