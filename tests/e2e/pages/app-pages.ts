import { expect, type Locator, type Page } from '@playwright/test';
import { TEST_IDS } from '../../../src/ui/test-ids.ts';
import { DiagnosticsPanelObject } from '../../pages/diagnostics-panel.ts';
import { TopologyPanelObject } from '../../pages/topology-panel.ts';

const { app: IDS, hosting: HOSTING } = TEST_IDS;
const APP = '/a/topdeck-livediagnostics-app';

/** From nothing to panels and rules. */
export class SetUpPageObject {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(query = ''): Promise<void> {
    await this.#page.goto(`${APP}/set-up?${query}`, { waitUntil: 'commit' });
    await expect(this.#page.getByTestId(IDS.stepConnection)).toBeVisible({ timeout: 45_000 });
  }

  get source(): Locator {
    return this.#page.getByTestId(IDS.source);
  }

  get url(): Locator {
    return this.#page.getByTestId(IDS.url);
  }

  get token(): Locator {
    return this.#page.getByTestId(IDS.token);
  }

  get save(): Locator {
    return this.#page.getByTestId(IDS.save);
  }

  get check(): Locator {
    return this.#page.getByTestId(IDS.check);
  }

  get hops(): Locator {
    return this.#page.getByTestId(IDS.hops);
  }

  get importBoards(): Locator {
    return this.#page.getByTestId(IDS.importBoards);
  }

  get importRules(): Locator {
    return this.#page.getByTestId(IDS.importRules);
  }

  /** What became of each that was imported. */
  outcomes(step: 'boards' | 'rules'): Locator {
    const testId = step === 'boards' ? IDS.stepBoards : IDS.stepRules;
    return this.#page.getByTestId(testId).getByRole('status').locator('> *');
  }
}

/** The panels without a dashboard. */
export class LivePageObject {
  readonly diagnostics: DiagnosticsPanelObject;
  readonly topology: TopologyPanelObject;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.diagnostics = new DiagnosticsPanelObject(page.getByTestId(HOSTING.panel('diagnostics')));
    this.topology = new TopologyPanelObject(page.getByTestId(HOSTING.panel('topology')));
  }

  async open(query = ''): Promise<void> {
    await this.#page.goto(`${APP}?${query}`, { waitUntil: 'commit' });
    await expect(this.#page.getByTestId(IDS.live)).toBeVisible({ timeout: 45_000 });
  }
}

/** Test ids of what is ours on either page. */
export const SET_UP_PARTS = [IDS.stepConnection, IDS.stepCheck, IDS.stepBoards, IDS.stepRules] as const;
export const LIVE_PARTS = [IDS.live] as const;
