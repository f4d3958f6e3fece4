import { jest } from '@jest/globals';
import { createTheme, ThemeContext } from '@grafana/data';
import { config, setDataSourceSrv, setGrafanaLiveSrv } from '@grafana/runtime';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { of } from 'rxjs';
import { DiagnosticsPanel } from '../../panels/diagnostics/DiagnosticsPanel.tsx';
import { ClockContext } from '../../ui/clock.ts';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { FakeLive } from '../fake-live.ts';
import { FakeClock } from '../ui/fake-clock.ts';
import { NOW_MS, panelProps, shopFrames, UID, type PanelParts } from './fixtures.ts';

const TYPE = 'topdeck-livediagnostics-datasource';

export interface Drawn {
  readonly clock: FakeClock;
  readonly live: FakeLive;
  readonly user: ReturnType<typeof userEvent.setup>;
  /** What the data source answers to a refresh. */
  readonly refresh: jest.Mock<() => Promise<unknown>>;
  readonly show: (parts: PanelParts) => void;
  readonly wait: (ms: number) => void;
}

/** Draws the panel as Grafana does, with whole data unless told otherwise. */
export function drawPanel(parts: PanelParts & { readonly hasLive?: boolean } = {}): Drawn {
  const { hasLive = true, ...first } = parts;
  const clock = new FakeClock(NOW_MS);
  const live = new FakeLive();
  const refresh = jest.fn(() => Promise.resolve<unknown>({}));
  const settings = { uid: UID, type: TYPE, name: 'Live' };
  config.liveEnabled = true;
  config.publicDashboardAccessToken = '';
  setGrafanaLiveSrv((hasLive ? live : undefined) as never);
  setDataSourceSrv({
    getInstanceSettings: () => settings,
    get: () => Promise.resolve({ query: () => of({ data: [] }), postResource: refresh, getResource: refresh }),
  } as never);
  const theme = createTheme();
  const element = (next: PanelParts) => (
    <ThemeContext.Provider value={theme}>
      <ClockContext.Provider value={clock}>
        <DiagnosticsPanel {...panelProps({ series: shopFrames(), ...next })} />
      </ClockContext.Provider>
    </ThemeContext.Provider>
  );
  const { rerender } = render(element(first));
  return {
    clock,
    live,
    refresh,
    user: userEvent.setup(),
    show: (next) => rerender(element(next)),
    wait: (ms) => act(() => clock.skip(ms)),
  };
}

export const ids = TEST_IDS.diagnostics;
export const text = (testId: string): string => screen.getByTestId(testId).textContent;
export const chip = (): string => screen.getByTestId(ids.chip).getAttribute('data-state') ?? '';
/** What the rows say, cell by cell, as they stand. */
export const rowTexts = (): string[][] =>
  screen
    .queryAllByTestId(TEST_IDS.table.row)
    .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
    .map((row) => [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent));
export const columnTexts = (index: number): string[] => rowTexts().map((cells) => cells[index]);
