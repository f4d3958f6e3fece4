import { describe, expect, test } from '@jest/globals';
import { LoadingState, toDataFrame } from '@grafana/data';
import { screen, within } from '@testing-library/react';
import { click, drawPanel, ids, nextFrame, panelData, point } from './draw-panel.tsx';
import { edgesFrame, nodesFrame, SHOP, shopFrames } from './frames.ts';

const shop = () => panelData(shopFrames());
const spoken = () => screen.getByTestId(ids.spoken).textContent;

describe('what is shown in place of a graph', () => {
  test('that the first data is awaited', () => {
    drawPanel({ data: panelData([], { state: LoadingState.Loading }) });
    expect(screen.getByTestId(ids.state('waiting')).textContent).toContain('Waiting');
  });

  test('that there are no nodes', () => {
    drawPanel({ data: panelData(shopFrames([])) });
    expect(screen.getByTestId(ids.state('empty')).textContent).toContain('no nodes');
  });

  test('which frames the panel reads', () => {
    const table = toDataFrame({ fields: [{ name: 'time', values: [1] }] });
    drawPanel({ data: panelData([table]) });
    expect(screen.getByTestId(ids.state('unreadable')).textContent).toContain('nodes and edges');
  });

  test('what is missing in a frame', () => {
    const edges = toDataFrame({ name: 'edges', fields: [{ name: 'source', values: ['a'] }] });
    drawPanel({ data: panelData([nodesFrame(), edges]) });
    expect(screen.getByTestId(ids.messages).textContent).toContain('“source” and “target”');
  });

  test('why the query failed', () => {
    drawPanel({ data: panelData([], { state: LoadingState.Error, errors: [{ message: 'The bridge is away' }] }) });
    expect(screen.getByTestId(ids.state('failed')).textContent).toContain('The bridge is away');
  });
});

describe('messages above the graph', () => {
  test('notices of the frames and the edges that were left out, each once', () => {
    const nodes = nodesFrame();
    nodes.meta = { ...nodes.meta, notices: [{ severity: 'warning', text: 'Data is 84 s old' }] };
    const edges = edgesFrame([
      ['web', 'cart'],
      ['web', 'nowhere'],
    ]);
    drawPanel({ data: panelData([nodes, edges]) });
    const lines = within(screen.getByTestId(ids.messages)).getAllByRole('listitem');
    expect(lines.map((line) => line.textContent)).toEqual([
      'WarningData is 84 s old',
      'NoteEdges left out, because a node that they join is not there: 1',
    ]);
  });

  test('a failed answer leaves the graph and says so', () => {
    const drawn = drawPanel({ data: shop() });
    const { renderer } = drawn;
    drawn.update({ data: panelData([], { state: LoadingState.Error, errors: [{ message: 'The bridge is away' }] }) });
    expect(drawn.renderers).toEqual([renderer]);
    expect(screen.getByTestId(ids.messages).textContent).toContain('The bridge is away');
    expect(screen.getByTestId(ids.messages).textContent).toContain('that of the last answer');
  });
});

describe('the picture', () => {
  test('shows every node and edge, fitted once', () => {
    const { renderer } = drawPanel({ data: shop() });
    expect(renderer.ids).toEqual(['web', 'cart', 'payments', 'db', 'mail']);
    expect(renderer.scene.edges.ids).toHaveLength(3);
    expect(renderer.sizes.at(-1)).toMatchObject({ width: 400, height: 400 });
    expect(renderer.views).toHaveLength(1);
  });

  test('new data keeps the view and the renderer', () => {
    const drawn = drawPanel({ data: shop() });
    const { view } = drawn.renderer;
    const moved = SHOP.map((node) => ({ ...node, at: [9_000, 9_000] as const, status: 'failed' }));
    drawn.update({ data: panelData(shopFrames(moved)) });
    expect(drawn.renderers).toHaveLength(1);
    expect(drawn.renderer.view).toEqual(view);
    expect(new Set(drawn.renderer.scene.nodes.glyph).size).toBe(1);
  });

  test('hands over no column that says the same', () => {
    const drawn = drawPanel({ data: shop() });
    const before = drawn.renderer.scene;
    drawn.update({ data: shop() });
    expect(drawn.renderer.scene.nodes.x).toBe(before.nodes.x);
    expect(drawn.renderer.scene.nodes.title).toBe(before.nodes.title);
  });

  test('ends with the panel', () => {
    const drawn = drawPanel({ data: shop() });
    drawn.unmount();
    expect(drawn.renderer.isDisposed).toBe(true);
  });

  test('parts can be left out, and stay out where there is no room', () => {
    const drawn = drawPanel({ data: shop(), width: 399, height: 150 });
    expect(screen.queryByTestId(ids.miniMap)).toBeNull();
    expect(screen.queryByTestId(ids.legend)).toBeNull();
    drawn.update({ width: 800, height: 500 });
    expect(screen.getByTestId(ids.miniMap)).toBeTruthy();
    expect(screen.getByTestId(ids.legend)).toBeTruthy();
    drawn.update({ options: { miniMap: false, legend: false, controls: false } });
    expect([ids.miniMap, ids.legend, ids.toolbar].map((id) => screen.queryByTestId(id))).toEqual([null, null, null]);
    expect(drawn.renderers).toHaveLength(1);
  });
});

describe('an incident', () => {
  const inIncident = SHOP.map((node) =>
    node.id === 'db'
      ? { ...node, role: 'cause', highlighted: true }
      : node.id === 'payments'
        ? { ...node, role: 'impacted', highlighted: true }
        : node,
  );

  test('stands out of the rest, until somebody wants all of it', async () => {
    const drawn = drawPanel({ data: panelData(shopFrames(inIncident)) });
    expect(drawn.renderer.nodesWith('highlighted')).toEqual(['payments', 'db']);
    expect(drawn.renderer.nodesWith('dim')).toEqual(['web', 'cart', 'mail']);
    await drawn.user.click(screen.getByTestId(ids.incident));
    expect(drawn.renderer.nodesWith('dim')).toEqual([]);
    expect(drawn.renderer.nodesWith('highlighted')).toEqual(['payments', 'db']);
  });

  test('has no switch while there is none', () => {
    drawPanel({ data: shop() });
    expect(screen.queryByTestId(ids.incident)).toBeNull();
  });
});

describe('a pointer', () => {
  test('selects a node and opens what its frame tells', () => {
    const drawn = drawPanel({ data: shop() });
    click(drawn, 'payments');
    expect(drawn.renderer.nodesWith('selected')).toEqual(['payments']);
    const card = screen.getByTestId(ids.card);
    expect(card.textContent).toContain('The payments');
    expect(within(card).getByText('namespace').nextSibling?.textContent).toBe('back');
  });

  test('on nothing clears the selection', () => {
    const drawn = drawPanel({ data: shop() });
    click(drawn, 'payments');
    point(drawn, 'pointerdown', { clientX: 1, clientY: 1 });
    point(drawn, 'pointerup', { clientX: 1, clientY: 1 });
    expect(drawn.renderer.nodesWith('selected')).toEqual([]);
    expect(screen.queryByTestId(ids.card)).toBeNull();
  });

  test('on an edge opens that', () => {
    const drawn = drawPanel({ data: shop() });
    const [from, to] = [drawn.renderer.pixelOf('web'), drawn.renderer.pixelOf('cart')];
    const at = { clientX: (from.clientX + to.clientX) / 2, clientY: (from.clientY + to.clientY) / 2 };
    point(drawn, 'pointerdown', at);
    point(drawn, 'pointerup', at);
    expect(drawn.renderer.edgesWith('selected')).toEqual(['web->cart']);
    expect(screen.getByTestId(ids.card).textContent).toContain('The web → The cart');
  });

  test('holds nothing that it was over when other nodes come', async () => {
    const drawn = drawPanel({ data: shop() });
    point(drawn, 'pointermove', drawn.renderer.pixelOf('cart'));
    await nextFrame();
    drawn.update({ data: panelData(shopFrames(SHOP.slice(2))) });
    expect(screen.queryByTestId(ids.tooltip)).toBeNull();
    expect(drawn.renderer.nodesWith('hovered')).toEqual([]);
  });

  test('with Shift shows what is around, one edge more each time', () => {
    const drawn = drawPanel({ data: shop() });
    click(drawn, 'web', { shiftKey: true });
    expect(drawn.renderer.ids).toEqual(['web', 'cart']);
    click(drawn, 'web', { shiftKey: true });
    expect(drawn.renderer.ids).toEqual(['web', 'cart', 'payments']);
  });

  test('hovers without a component being asked, and shows what is there', async () => {
    const drawn = drawPanel({ data: shop() });
    const event = { ...drawn.renderer.pixelOf('cart') };
    point(drawn, 'pointermove', event);
    await nextFrame();
    expect(drawn.renderer.nodesWith('hovered')).toEqual(['cart']);
    const tooltip = screen.getByTestId(ids.tooltip).textContent;
    expect(tooltip).toContain('The cart');
    expect(tooltip).toContain('Degraded');
    expect(tooltip).toContain('Score42');
    point(drawn, 'pointerleave', event);
    expect(drawn.renderer.nodesWith('hovered')).toEqual([]);
    expect(screen.queryByTestId(ids.tooltip)).toBeNull();
  });

  const drag = (drawn: ReturnType<typeof drawPanel>, id: string): void => {
    const { clientX, clientY } = drawn.renderer.pixelOf(id);
    point(drawn, 'pointerdown', { clientX, clientY });
    point(drawn, 'pointermove', { clientX: clientX + 50, clientY: clientY + 30 });
    point(drawn, 'pointermove', { clientX: clientX + 100, clientY: clientY + 60 });
    point(drawn, 'pointerup', { clientX: clientX + 100, clientY: clientY + 60 });
  };

  test('drags a node to a place that the options keep', async () => {
    const drawn = drawPanel({ data: shop() });
    const [x, y] = drawn.renderer.placeOf('cart');
    const { k } = drawn.renderer.view;
    drag(drawn, 'cart');
    const [places] = drawn.onOptionsChange.mock.calls.map(([options]) => options.places);
    expect(places.cart[0]).toBeCloseTo(x + 100 / k, 0);
    expect(places.cart[1]).toBeCloseTo(y + 60 / k, 0);
    expect(drawn.renderer.placeOf('cart')[0]).toBeCloseTo(x + 100 / k, 0);
    expect(drawn.renderer.nodesWith('selected')).toEqual([]);
    drawn.update({ data: shop() });
    expect(drawn.renderer.placeOf('cart')[0]).toBeCloseTo(x + 100 / k, 0);
    await drawn.user.click(screen.getByTestId(ids.resetPlaces));
    expect(drawn.renderer.placeOf('cart')).toEqual([x, y]);
    expect(drawn.onOptionsChange.mock.lastCall?.[0].places).toEqual({});
  });

  test('drags a node also where the dashboard keeps nothing', () => {
    const drawn = drawPanel({ data: shop(), ignoresOptions: true });
    const [x] = drawn.renderer.placeOf('cart');
    drag(drawn, 'cart');
    drawn.update({ data: shop() });
    expect(drawn.renderer.placeOf('cart')[0]).toBeGreaterThan(x + 100);
  });
});

describe('the keyboard', () => {
  test('goes to the worst node first, from there along edges, and says where it is', async () => {
    const drawn = drawPanel({ data: shop() });
    drawn.stage.focus();
    await drawn.user.keyboard('{ArrowRight}');
    expect(drawn.renderer.nodesWith('hovered')).toEqual(['payments']);
    expect(spoken()).toBe('The payments, pod, Failed, 42, called by 1, calls 1');
    await drawn.user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(drawn.renderer.nodesWith('hovered')).toEqual(['web']);
    // Nothing that it calls lies below, so that the nearest node does.
    await drawn.user.keyboard('{ArrowDown}');
    expect(drawn.renderer.nodesWith('hovered')).toEqual(['mail']);
    expect(spoken()).toContain('called by 0, calls 0');
  });

  test('selects with Enter and clears with Escape', async () => {
    const drawn = drawPanel({ data: shop() });
    drawn.stage.focus();
    await drawn.user.keyboard('{Home}{Enter}');
    expect(drawn.renderer.nodesWith('selected')).toEqual(['payments']);
    expect(screen.getByTestId(ids.card)).toBeTruthy();
    await drawn.user.keyboard('{Escape}');
    expect(drawn.renderer.nodesWith('selected')).toEqual([]);
    expect(screen.queryByTestId(ids.card)).toBeNull();
  });

  test('goes on into the details, where Escape closes them and leaves the selection', async () => {
    const drawn = drawPanel({ data: shop() });
    drawn.stage.focus();
    await drawn.user.keyboard('{Home}{Enter}{Tab}');
    expect(screen.getByTestId(ids.card).contains(document.activeElement)).toBe(true);
    await drawn.user.keyboard('{Escape}');
    expect(screen.queryByTestId(ids.card)).toBeNull();
    expect(drawn.renderer.nodesWith('selected')).toEqual(['payments']);
  });

  test('shows what is around with Shift and Enter', async () => {
    const drawn = drawPanel({ data: shop() });
    drawn.stage.focus();
    await drawn.user.keyboard('{Home}{Shift>}{Enter}{/Shift}');
    expect(drawn.renderer.ids).toEqual(['cart', 'payments', 'db']);
  });

  test('stays at its node when rows before it go', async () => {
    const drawn = drawPanel({ data: shop() });
    drawn.stage.focus();
    await drawn.user.keyboard('{Home}');
    drawn.update({ data: panelData(shopFrames(SHOP.slice(1))) });
    expect(drawn.renderer.nodesWith('hovered')).toEqual(['payments']);
  });

  test('leaves Escape to the page when there is nothing to clear', async () => {
    const drawn = drawPanel({ data: shop() });
    const heard: string[] = [];
    const listen = ({ key }: KeyboardEvent): void => void heard.push(key);
    document.addEventListener('keydown', listen);
    drawn.stage.focus();
    await drawn.user.keyboard('{Home}{Escape}{Escape}');
    document.removeEventListener('keydown', listen);
    expect(heard).toEqual(['Escape']);
  });

  test('leaves Tab to the page', async () => {
    const drawn = drawPanel({ data: shop() });
    drawn.stage.focus();
    await drawn.user.tab();
    expect(document.activeElement).not.toBe(drawn.stage);
  });
});
