import { expect, type Locator } from '@playwright/test';
import { TEST_IDS } from '../../src/ui/test-ids.ts';

const { diagnostics: IDS, table: TABLE } = TEST_IDS;

export type ChipState = 'websocket' | 'polling' | 'disconnected' | 'unknown';
export type TabName = 'services' | 'anomalies' | 'traffic' | 'failing-dependencies' | 'events';

/** The diagnostics panel, wherever it is shown. */
export class DiagnosticsPanelObject {
  readonly root: Locator;

  /** `within` holds one such panel. */
  constructor(within: Locator) {
    this.root = within.getByTestId(IDS.root);
  }

  get chip(): Locator {
    return this.root.getByTestId(IDS.chip);
  }

  get overall(): Locator {
    return this.root.getByTestId(IDS.overall);
  }

  get message(): Locator {
    return this.root.getByTestId(IDS.message);
  }

  /** What stands in a list in place of rows. */
  get empty(): Locator {
    return this.root.getByTestId(TABLE.empty);
  }

  get rows(): Locator {
    return this.root.getByTestId(TABLE.row);
  }

  tab(name: TabName): Locator {
    return this.root.getByTestId(IDS.tab(name));
  }

  count(status: string): Locator {
    return this.root.getByTestId(IDS.count(status));
  }

  async open(name: TabName): Promise<void> {
    await this.tab(name).click();
  }

  async expectChip(state: ChipState, timeout?: number): Promise<void> {
    await expect(this.chip).toHaveAttribute('data-state', state, timeout === undefined ? {} : { timeout });
  }

  async refresh(): Promise<void> {
    await this.root.getByTestId(IDS.refresh).first().click();
  }

  /** In one line what keeps queries from being answered. */
  get problems(): Locator {
    return this.root.getByTestId(IDS.problems);
  }

  /** What is known of the way to the data, behind the chip. */
  async openConnection(): Promise<Locator> {
    await this.chip.click();
    return this.root.page().getByTestId(IDS.connection);
  }

  /** Of what the connection tells: `browser`, `bridge`, `data-age` and so on. */
  connectionEntry(id: string): Locator {
    return this.root.page().getByTestId(IDS.connectionEntry(id));
  }
}
