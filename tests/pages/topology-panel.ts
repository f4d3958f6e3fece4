import { expect, type Locator } from '@playwright/test';
import { viewThatFits } from '../../src/panels/topology/draw/fit.ts';
import { TEST_IDS } from '../../src/ui/test-ids.ts';
import { DetailDrawerObject } from './detail-drawer.ts';

const { topology: IDS } = TEST_IDS;

/** CSS pixels around the graph when all of it is shown. */
const PADDING = 24;

export interface PlacedNode {
  readonly id: string;
  readonly title: string;
  /** Graph units. */
  readonly x: number;
  readonly y: number;
}

/** The topology panel, wherever it is shown. */
export class TopologyPanelObject {
  readonly root: Locator;

  /** `within` holds one such panel. */
  constructor(within: Locator) {
    this.root = within.getByTestId(IDS.root);
  }

  get stage(): Locator {
    return this.root.getByTestId(IDS.stage);
  }

  /** Number of nodes of a status, as the legend tells it. */
  legend(status: string): Locator {
    return this.root.getByTestId(IDS.legendStatus(status));
  }

  /** What stands in place of a graph. */
  state(kind: 'waiting' | 'failed' | 'unreadable' | 'empty'): Locator {
    return this.root.getByTestId(IDS.state(kind));
  }

  get messages(): Locator {
    return this.root.getByTestId(IDS.messages);
  }

  get legendMarks(): Locator {
    return this.root.getByTestId(IDS.legend).getByRole('listitem');
  }

  get tooltip(): Locator {
    return this.root.getByTestId(IDS.tooltip);
  }

  get drawer(): DetailDrawerObject {
    return new DetailDrawerObject(this.root);
  }

  /** With a pointer, on the canvas: all of the graph is shown first, so that its place follows from those of all. */
  async click(id: string, nodes: readonly PlacedNode[]): Promise<void> {
    const node = nodes.find((one) => one.id === id);
    if (node === undefined) throw new Error(`no node ${id}`);
    await this.root.getByTestId(IDS.fit).click();
    await expect(async () => {
      const position = await this.#placeOf(node, nodes);
      await this.stage.hover({ position: { x: position.x + 2, y: position.y } });
      await this.stage.hover({ position });
      await expect(this.tooltip).toContainText(node.title, { timeout: 500 });
      await this.stage.click({ position });
    }).toPass({ timeout: 15_000 });
  }

  /** Beside the graph, where nothing is. */
  async clickNothing(): Promise<void> {
    await this.stage.click({ position: { x: 4, y: 4 } });
  }

  async #placeOf(node: PlacedNode, nodes: readonly PlacedNode[]): Promise<{ x: number; y: number }> {
    const box = await this.stage.boundingBox();
    if (box === null) throw new Error('the graph is not on the page');
    const { width, height } = box;
    const places = { x: Float64Array.from(nodes, ({ x }) => x), y: Float64Array.from(nodes, ({ y }) => y) };
    const options = { padding: PADDING, limits: [0.01, 1] as const };
    const view = viewThatFits({ nodes: places } as never, { width, height, pixelRatio: 1 }, options);
    if (view === undefined) throw new Error('a graph without nodes has no view');
    return { x: node.x * view.k + view.x, y: node.y * view.k + view.y };
  }
}
