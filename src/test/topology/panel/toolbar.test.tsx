import { describe, expect, test } from '@jest/globals';
import { screen, waitFor, within } from '@testing-library/react';
import { click, drawPanel, ids, panelData, point } from './draw-panel.tsx';
import { SHOP, shopFrames } from './frames.ts';

const shop = () => panelData(shopFrames());
const pressed = (id: string) => screen.getByTestId(id).getAttribute('aria-pressed');

describe('the search', () => {
  test('dims what it does not find, and goes to what is chosen', async () => {
    const drawn = drawPanel({ data: shop() });
    await drawn.user.type(screen.getByTestId(ids.search), 'back');
    expect(drawn.renderer.nodesWith('dim')).toEqual(['web', 'mail']);
    const options = screen.getAllByRole('option').map((option) => option.textContent);
    expect(options).toEqual(['The cartpod', 'The paymentspod', 'The dbdatabase']);
    await drawn.user.keyboard('{ArrowDown}{Enter}');
    expect(drawn.renderer.nodesWith('selected')).toEqual(['payments']);
    expect(drawn.renderer.nodesWith('dim')).toEqual([]);
    expect(screen.queryAllByRole('option')).toEqual([]);
  });

  test('takes a suggestion by the pointer', async () => {
    const drawn = drawPanel({ data: shop() });
    await drawn.user.type(screen.getByTestId(ids.search), 'db');
    await drawn.user.click(screen.getByRole('option'));
    expect(drawn.renderer.nodesWith('selected')).toEqual(['db']);
  });

  test('ends with Escape', async () => {
    const drawn = drawPanel({ data: shop() });
    await drawn.user.type(screen.getByTestId(ids.search), 'back{Escape}');
    expect(drawn.renderer.nodesWith('dim')).toEqual([]);
    expect(screen.getByTestId<HTMLInputElement>(ids.search).value).toBe('');
  });
});

describe('the filter', () => {
  test('lets through the statuses, types and severities that are chosen', async () => {
    const nodes = SHOP.map((node) => (node.id === 'cart' ? { ...node, severity: 'high' } : node));
    const drawn = drawPanel({ data: panelData(shopFrames(nodes)) });
    await drawn.user.click(screen.getByTestId(ids.filter));
    await drawn.user.click(screen.getByTestId(ids.filterStatus('failed')));
    await drawn.user.click(screen.getByTestId(ids.filterStatus('degraded')));
    expect(drawn.renderer.ids).toEqual(['cart', 'payments']);
    await drawn.user.click(screen.getByTestId(ids.filterSeverity('high')));
    expect(drawn.renderer.ids).toEqual(['cart']);
    expect(screen.queryByTestId(ids.filterSeverity('low'))).toBeNull();
    await drawn.user.click(screen.getByTestId(ids.clearFilter));
    expect(drawn.renderer.ids).toHaveLength(5);
    await drawn.user.click(screen.getByTestId(ids.filterType('database')));
    expect(drawn.renderer.ids).toEqual(['db']);
    expect(screen.getByTestId(ids.filter).getAttribute('aria-label')).toBe('Filter (on)');
  });

  test('cuts down to what is around the selected node', async () => {
    const drawn = drawPanel({ data: shop() });
    await drawn.user.click(screen.getByTestId(ids.filter));
    expect(screen.queryByTestId(ids.around)).toBeNull();
    click(drawn, 'web');
    await drawn.user.click(screen.getByTestId(ids.around));
    expect(drawn.renderer.ids).toEqual(['web', 'cart']);
    await drawn.user.click(within(screen.getByTestId(ids.depth)).getByLabelText('2'));
    expect(drawn.renderer.ids).toEqual(['web', 'cart', 'payments']);
    await drawn.user.click(within(screen.getByTestId(ids.direction)).getByLabelText('Callers'));
    expect(drawn.renderer.ids).toEqual(['web']);
  });

  test('closes with Escape and keeps what was chosen', async () => {
    const drawn = drawPanel({ data: shop() });
    await drawn.user.click(screen.getByTestId(ids.filter));
    expect(screen.getByTestId(ids.filter).getAttribute('aria-expanded')).toBe('true');
    await drawn.user.click(screen.getByTestId(ids.filterStatus('failed')));
    await drawn.user.keyboard('{Escape}');
    expect(screen.queryByTestId(ids.filterForm)).toBeNull();
    expect(drawn.renderer.ids).toEqual(['payments']);
  });
});

describe('the legend', () => {
  const count = (status: string) => screen.getByTestId(ids.legendStatus(status)).textContent;

  test('counts, and shows those of a status alone', async () => {
    const drawn = drawPanel({ data: shop() });
    expect(['healthy', 'degraded', 'failed', 'unknown'].map(count)).toEqual([
      'Healthy 2',
      'Degraded 1',
      'Failed 1',
      'Unknown 1',
    ]);
    await drawn.user.click(screen.getByTestId(ids.legendStatus('failed')));
    expect(drawn.renderer.ids).toEqual(['payments']);
    expect(pressed(ids.legendStatus('failed'))).toBe('true');
    // Counts are of all, so that there is something to come back to.
    expect(count('healthy')).toBe('Healthy 2');
    await drawn.user.click(screen.getByTestId(ids.legendStatus('failed')));
    expect(drawn.renderer.ids).toHaveLength(5);
  });
});

describe('groups', () => {
  const choose = async (drawn: ReturnType<typeof drawPanel>, name: string): Promise<void> => {
    await drawn.user.click(screen.getByTestId(ids.groupBy));
    await drawn.user.click(await screen.findByRole('option', { name }));
  };

  test('collapse nodes of one value, open on a double click, and close again', async () => {
    const drawn = drawPanel({ data: shop() });
    await choose(drawn, 'namespace');
    expect(drawn.renderer.nodesWith('group')).toEqual(['group:namespace:front', 'group:namespace:back']);
    point(drawn, 'dblclick', drawn.renderer.pixelOf('group:namespace:back'));
    expect(drawn.renderer.ids).toEqual(['group:namespace:front', 'cart', 'payments', 'db']);
    await drawn.user.click(screen.getByTestId(ids.collapse));
    expect(drawn.renderer.nodesWith('group')).toHaveLength(2);
  });

  test('open by their card, without being anybody’s selection', async () => {
    const drawn = drawPanel({ data: shop(), options: { groupBy: 'namespace' } });
    click(drawn, 'group:namespace:back');
    expect(drawn.renderer.nodesWith('selected')).toEqual(['group:namespace:back']);
    expect(screen.getByTestId(ids.card).textContent).toContain('3 nodes');
    await drawn.user.click(screen.getByTestId(ids.expand));
    expect(drawn.renderer.ids).toContain('payments');
  });

  test('stand for the node that is selected in them', async () => {
    const drawn = drawPanel({ data: shop() });
    click(drawn, 'payments');
    await choose(drawn, 'namespace');
    expect(drawn.renderer.nodesWith('selected')).toEqual(['group:namespace:back']);
  });
});

describe('the list', () => {
  test('tells the same nodes in words, the worst first, and opens them', async () => {
    const drawn = drawPanel({ data: shop() });
    await drawn.user.click(screen.getByTestId(ids.legendStatus('failed')));
    await drawn.user.click(screen.getByTestId(ids.legendStatus('degraded')));
    await drawn.user.click(screen.getByTestId(ids.list));
    const rows = within(screen.getByTestId(ids.listTable)).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringContaining('FailedThe payments'),
      expect.stringContaining('DegradedThe cart'),
    ]);
    await drawn.user.click(rows[1]);
    expect(drawn.renderer.nodesWith('selected')).toEqual(['cart']);
    expect(screen.getByTestId(ids.card).textContent).toContain('The cart');
  });

  test('keeps the picture for when it is closed', async () => {
    const drawn = drawPanel({ data: shop() });
    const { view } = drawn.renderer;
    await drawn.user.click(screen.getByTestId(ids.list));
    await drawn.user.click(screen.getByTestId(ids.list));
    expect(drawn.renderers).toHaveLength(1);
    expect(drawn.renderer.view).toEqual(view);
  });
});

describe('switches', () => {
  test('the flow begins as the options say', async () => {
    const drawn = drawPanel({ data: shop(), options: { flow: true } });
    expect(drawn.renderer.isFlowing).toBe(true);
    await drawn.user.click(screen.getByTestId(ids.flow));
    expect(drawn.renderer.isFlowing).toBe(false);
    expect(pressed(ids.flow)).toBe('false');
  });

  test('zoom and fit', async () => {
    const drawn = drawPanel({ data: shop() });
    const { k } = drawn.renderer.view;
    await drawn.user.click(screen.getByTestId(ids.zoomIn));
    await waitFor(() => expect(drawn.renderer.view.k).toBeCloseTo(k * 1.4, 5));
    await drawn.user.click(screen.getByTestId(ids.fit));
    await waitFor(() => expect(drawn.renderer.view.k).toBeCloseTo(k, 5));
  });

  test('go into a menu where there is no room', async () => {
    const drawn = drawPanel({ data: shop(), width: 479 });
    expect(screen.queryByTestId(ids.flow)).toBeNull();
    expect(screen.getByTestId(ids.search)).toBeTruthy();
    await drawn.user.click(screen.getByTestId(ids.menu));
    const menu = within(screen.getByTestId(ids.menuSheet));
    expect(menu.getByRole('button', { name: 'Flow along edges' })).toBeTruthy();
    await drawn.user.click(menu.getByTestId(ids.flow));
    expect(drawn.renderer.isFlowing).toBe(true);
    await drawn.user.keyboard('{Escape}');
    expect(screen.queryByTestId(ids.menuSheet)).toBeNull();
  });
});
