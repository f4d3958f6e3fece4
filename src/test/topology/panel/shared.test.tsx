import { beforeEach, describe, expect, test } from '@jest/globals';
import { LoadingState, type PanelData } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { act, screen, within } from '@testing-library/react';
import type { Status } from '@topdeck/protocol';
import { GLYPHS } from '../../../panels/topology/draw/scene.ts';
import type { ReplaySlotProps } from '../../../panels/topology/replay/replayed.ts';
import { ReplaySlot } from '../../../panels/topology/replay/slot.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { startGrafana, TYPE, UID } from '../../fake-grafana.ts';
import { click, drawPanel, ids, panelData } from './draw-panel.tsx';
import { edgesFrame, nodesFrame, SHOP, shopFrames } from './frames.ts';

/** As a dashboard tells where its data came from. */
const ours = (): PanelData =>
  panelData(shopFrames(), {
    request: { targets: [{ refId: 'A', datasource: { uid: UID, type: TYPE } }], scopedVars: {} } as never,
  });

/** A dashboard with the variable `service`, which follows the address. */
const replaceVariables = (text: string): string => {
  const value = locationService.getSearch().get('var-service') ?? '';
  return text === '${service}' ? value : text;
};

/** Its questions come to nothing here, which it says when they have. */
const drawer = async (): Promise<HTMLElement> => {
  await screen.findAllByTestId(TEST_IDS.drawer.error);
  return screen.getByTestId(TEST_IDS.drawer.root);
};

beforeEach(() => {
  startGrafana();
  act(() => locationService.replace('/d/shop'));
});

describe('a selection that panels share', () => {
  const options = { selectionVariable: 'service' };

  test('is the variable’s: a click sets it, Escape empties it', async () => {
    const drawn = drawPanel({ data: panelData(shopFrames()), options, replaceVariables });
    click(drawn, 'payments');
    expect(locationService.getSearch().get('var-service')).toBe('payments');
    expect(drawn.renderer.nodesWith('selected')).toEqual(['payments']);
    drawn.stage.focus();
    await drawn.user.keyboard('{Escape}');
    expect(locationService.getSearch().get('var-service')).toBe('');
    expect(drawn.renderer.nodesWith('selected')).toEqual([]);
  });

  test('that another panel made is marked and opens nothing', () => {
    const drawn = drawPanel({ data: panelData(shopFrames()), options, replaceVariables });
    act(() => locationService.partial({ 'var-service': 'db' }));
    expect(drawn.renderer.nodesWith('selected')).toEqual(['db']);
    expect(screen.queryByTestId(ids.card)).toBeNull();
  });

  test('that another panel made is followed by what is open', () => {
    const drawn = drawPanel({ data: panelData(shopFrames()), options, replaceVariables });
    click(drawn, 'payments');
    act(() => locationService.partial({ 'var-service': 'db' }));
    expect(screen.getByTestId(ids.card).textContent).toContain('The db');
  });

  test('of a group is nobody else’s business', () => {
    const drawn = drawPanel({
      data: panelData(shopFrames()),
      options: { ...options, groupBy: 'namespace' },
      replaceVariables,
    });
    click(drawn, 'group:namespace:back');
    expect(locationService.getSearch().get('var-service')).toBeNull();
  });
});

describe('details', () => {
  test('come from this project’s data source where the data does', async () => {
    const drawn = drawPanel({ data: ours() });
    click(drawn, 'payments');
    expect(within(await drawer()).getByTestId(TEST_IDS.drawer.title).textContent).toContain('payments');
    expect(screen.queryByTestId(ids.card)).toBeNull();
  });

  test('close and leave the node selected', async () => {
    const drawn = drawPanel({ data: ours() });
    click(drawn, 'payments');
    await drawn.user.click(within(await drawer()).getByTestId(TEST_IDS.drawer.close));
    expect(screen.queryByTestId(TEST_IDS.drawer.root)).toBeNull();
    expect(drawn.renderer.nodesWith('selected')).toEqual(['payments']);
  });

  test('of a group are a card also there, since the data source knows no groups', () => {
    const drawn = drawPanel({ data: ours(), options: { groupBy: 'namespace' } });
    click(drawn, 'group:namespace:back');
    expect(screen.getByTestId(ids.card)).toBeTruthy();
    expect(screen.queryByTestId(TEST_IDS.drawer.root)).toBeNull();
  });

  test('have the data links of the row', async () => {
    const nodes = nodesFrame();
    const [id] = nodes.fields;
    id.config = { links: [{ title: 'Runbook', url: '' }] };
    id.getLinks = ({ valueRowIndex = 0 }) => [
      { title: 'Runbook', href: `/runbooks/${SHOP[valueRowIndex].id}`, target: '_self', origin: id },
    ];
    const drawn = drawPanel({ data: panelData([nodes, edgesFrame()]) });
    click(drawn, 'payments');
    expect(screen.getByRole('link', { name: 'Runbook' }).getAttribute('href')).toBe('/runbooks/payments');
    drawn.update({ data: { ...ours(), series: [nodes, edgesFrame()] } });
    expect(await drawer()).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Runbook' })).toBeTruthy();
  });
});

describe('another time', () => {
  let slot: ReplaySlotProps | undefined;
  function Slider(props: ReplaySlotProps) {
    slot = props;
    return <div data-testid={ids.replay} />;
  }
  const start = (data: PanelData) =>
    drawPanel({ data, wrap: (panel) => <ReplaySlot.Provider value={Slider}>{panel}</ReplaySlot.Provider> });
  const glyphs = (drawn: ReturnType<typeof start>) =>
    Array.from(drawn.renderer.scene.nodes.glyph, (glyph) => GLYPHS[glyph]);
  beforeEach(() => {
    slot = undefined;
  });

  test('lays its health over the graph of now, which stays in its place', () => {
    const drawn = start(ours());
    const { x } = drawn.renderer.scene.nodes;
    const then: Record<string, Status> = { web: 'failed', cart: 'healthy' };
    const edgeStatusOf = (id: string): Status | undefined => (id === 'web->cart' ? 'failed' : undefined);
    act(() => slot?.onReplay({ atMs: 1_000, statusOf: (id) => then[id], edgeStatusOf }));
    expect(glyphs(drawn)).toEqual(['failed', 'healthy', 'unknown', 'unknown', 'unknown']);
    expect(drawn.renderer.scene.nodes.main).toEqual(['', '', '', '', '']);
    expect(drawn.renderer.scene.nodes.x).toBe(x);
    expect(drawn.renderer.edgesWith('dashed')).toEqual(['cart->payments', 'payments->db']);
    expect(screen.getByTestId(ids.legendStatus('failed')).textContent).toBe('Failed 1');
    act(() => slot?.onReplay(undefined));
    expect(glyphs(drawn)).toEqual(['healthy', 'degraded', 'failed', 'unknown', 'healthy']);
  });

  test('has no slider without a source to ask', () => {
    start(panelData(shopFrames()));
    expect(screen.queryByTestId(ids.replay)).toBeNull();
  });

  test('has no slider where the options want none', () => {
    const drawn = start(ours());
    drawn.update({ options: { replay: false } });
    expect(screen.queryByTestId(ids.replay)).toBeNull();
  });
});

describe('frames without places', () => {
  test('are laid out before they are drawn, and stay where they are', () => {
    const nodes = nodesFrame();
    const bare = () => ({ ...nodes, fields: nodes.fields.filter(({ name }) => !name.startsWith('fixed')) });
    const drawn = drawPanel({ data: panelData([bare(), edgesFrame()]) });
    const places = () => SHOP.map(({ id }) => drawn.renderer.placeOf(id).join());
    const before = places();
    expect(new Set(before).size).toBe(SHOP.length);
    const more = nodesFrame([{ id: 'new' }, ...SHOP]);
    const grown = { ...more, fields: more.fields.filter(({ name }) => !name.startsWith('fixed')) };
    drawn.update({ data: panelData([grown, edgesFrame()], { state: LoadingState.Streaming }) });
    expect(drawn.renderer.ids).toContain('new');
    expect(places()).toEqual(before);
  });
});
