import type { Locator } from '@playwright/test';
import { TEST_IDS } from '../../src/ui/test-ids.ts';

const { drawer: IDS, ui: UI } = TEST_IDS;

/** What is known of one service or edge, inside whichever panel it was opened. */
export class DetailDrawerObject {
  readonly root: Locator;

  /** `within` holds one such drawer. */
  constructor(within: Locator) {
    this.root = within.getByTestId(IDS.root);
  }

  get title(): Locator {
    return this.root.getByTestId(IDS.title);
  }

  get status(): Locator {
    return this.root.getByTestId(IDS.status);
  }

  get anomalies(): Locator {
    return this.root.getByTestId(IDS.anomalies);
  }

  metric(name: string): Locator {
    return this.root.getByTestId(IDS.metric(name));
  }

  /** What was expected of a metric, drawn behind it. */
  band(metric: string): Locator {
    return this.metric(metric).getByTestId(UI.sparklineBand);
  }

  neighbour(id: string): Locator {
    return this.root.getByTestId(IDS.neighbour(id));
  }

  explore(what: 'services' | 'metrics' | 'events'): Locator {
    return this.root.getByTestId(IDS.explore(what));
  }

  async close(): Promise<void> {
    await this.root.getByTestId(IDS.close).click();
  }
}
