import type { Locator, Page } from '@playwright/test';
import { TEST_IDS } from '../../../src/ui/test-ids.ts';
import { DiagnosticsPanelObject } from '../../pages/diagnostics-panel.ts';
import { TopologyPanelObject } from '../../pages/topology-panel.ts';

const { preview: IDS } = TEST_IDS;

/** The page that a bridge serves at `/`. */
export class PreviewPage {
  readonly page: Page;
  readonly diagnostics: DiagnosticsPanelObject;
  readonly topology: TopologyPanelObject;

  constructor(page: Page) {
    this.page = page;
    this.diagnostics = new DiagnosticsPanelObject(this.panel('diagnostics'));
    this.topology = new TopologyPanelObject(this.panel('topology'));
  }

  /** `query` as in the address, without its question mark. */
  async open(bridgeUrl: string, query = 'interval=1'): Promise<void> {
    await this.page.goto(`${bridgeUrl}/?${query}`, { waitUntil: 'commit' });
  }

  panel(name: 'diagnostics' | 'topology'): Locator {
    return this.page.getByTestId(TEST_IDS.hosting.panel(name));
  }

  get header(): Locator {
    return this.page.getByTestId(IDS.header);
  }

  theme(name: 'System' | 'Dark' | 'Light'): Locator {
    return this.page.getByTestId(IDS.theme).getByRole('radio', { name });
  }

  get accessForm(): Locator {
    return this.page.getByTestId(IDS.access);
  }

  get refusal(): Locator {
    return this.page.getByTestId(IDS.refusal);
  }

  async connect(token: string): Promise<void> {
    await this.page.getByTestId(IDS.token).fill(token);
    await this.page.getByTestId(IDS.connect).click();
  }

  /** Whether anything of the page lies beyond its right edge. */
  scrollsSideways(): Promise<boolean> {
    return this.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  }

  backgroundColor(): Promise<string> {
    return this.page.evaluate(
      () => getComputedStyle(document.querySelector('#root > div') ?? document.body).backgroundColor,
    );
  }
}
