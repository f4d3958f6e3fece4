import type { Locator } from '@playwright/test';
import { TEST_IDS } from '../../src/ui/test-ids.ts';

const { topology: IDS } = TEST_IDS;

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
}
