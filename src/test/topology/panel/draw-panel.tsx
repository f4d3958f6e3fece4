import { jest } from '@jest/globals';
import { dateTime, LoadingState, type DataFrame, type PanelData, type PanelProps } from '@grafana/data';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState, type ComponentType, type ReactNode } from 'react';
import { FLAGS, type Scene, type Size, type View } from '../../../panels/topology/draw/scene.ts';
import { DEFAULT_OPTIONS, type TopologyOptions } from '../../../panels/topology/options.ts';
import { DrawingContext, type Drawing } from '../../../panels/topology/stage/drawing.ts';
import { TopologyPanel } from '../../../panels/topology/TopologyPanel.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';

export const ids = TEST_IDS.topology;

/** Keeps what it is told to draw. */
export class FakeRenderer {
  readonly scenes: Scene[] = [];
  readonly views: View[] = [];
  readonly sizes: Size[] = [];
  readonly themes: unknown[] = [];
  isFlowing = false;
  isDisposed = false;

  get scene(): Scene {
    return this.scenes.at(-1)!;
  }
  get view(): View {
    return this.views.at(-1)!;
  }
  get ids(): readonly string[] {
    return this.scene.nodes.ids;
  }

  /** Ids of nodes that have the flag. */
  nodesWith(flag: keyof typeof FLAGS): readonly string[] {
    return this.ids.filter((_, index) => (this.scene.nodes.flags[index] & FLAGS[flag]) !== 0);
  }
  edgesWith(flag: keyof typeof FLAGS): readonly string[] {
    return this.scene.edges.ids.filter((_, index) => (this.scene.edges.flags[index] & FLAGS[flag]) !== 0);
  }
  placeOf(id: string): readonly [number, number] {
    const index = this.ids.indexOf(id);
    return [this.scene.nodes.x[index], this.scene.nodes.y[index]];
  }
  /** Where a place of the graph is on the page; the stage's corner is the page's in jsdom. */
  pixelOf(id: string): { clientX: number; clientY: number } {
    const [x, y] = this.placeOf(id);
    return { clientX: x * this.view.k + this.view.x, clientY: y * this.view.k + this.view.y };
  }
}

const range = { from: dateTime(0), to: dateTime(3_600_000), raw: { from: 'now-1h', to: 'now' } };
export const panelData = (series: DataFrame[], more: Partial<PanelData> = {}): PanelData => ({
  state: LoadingState.Done,
  series,
  timeRange: range,
  ...more,
});

export interface Start {
  readonly data: PanelData;
  readonly options?: Partial<TopologyOptions>;
  readonly width?: number;
  readonly height?: number;
  readonly replaceVariables?: PanelProps['replaceVariables'];
  /** A host that does not keep what the panel asks it to. */
  readonly ignoresOptions?: boolean;
  readonly wrap?: (panel: ReactNode) => ReactNode;
}

/** Draws the panel as Grafana does, on a renderer that only listens. */
export function drawPanel(start: Start) {
  const renderers: FakeRenderer[] = [];
  const miniMaps: { scene?: Scene }[] = [];
  const drawing: Drawing = {
    createRenderer() {
      const made = new FakeRenderer();
      renderers.push(made);
      return {
        setScene: (scene) => void made.scenes.push(scene),
        setView: (view) => void made.views.push(view),
        setSize: (size) => void made.sizes.push(size),
        setTheme: (theme) => void made.themes.push(theme),
        setFlow: (isOn) => void (made.isFlowing = isOn),
        dispose: () => void (made.isDisposed = true),
      };
    },
    createMiniMap() {
      const made: { scene?: Scene } = {};
      miniMaps.push(made);
      return {
        setScene: (scene) => void (made.scene = scene),
        setView: () => undefined,
        setTheme: () => undefined,
        viewAt: (x, y) => ({ x: -x, y: -y, k: 1 }),
        dispose: () => undefined,
      };
    },
  };
  const onOptionsChange = jest.fn<(options: TopologyOptions) => void>();
  const host: { update: (patch: Partial<Start>) => void } = { update: () => undefined };
  const Panel = TopologyPanel as unknown as ComponentType<Record<string, unknown>>;
  function Host() {
    const [now, setNow] = useState(start);
    host.update = (patch) => setNow((before) => ({ ...before, ...patch }));
    const options = { ...DEFAULT_OPTIONS, selectionVariable: '', ...now.options };
    return (
      <Panel
        data={now.data}
        width={now.width ?? 800}
        height={now.height ?? 500}
        options={options}
        onOptionsChange={(next: TopologyOptions) => {
          onOptionsChange(next);
          if (now.ignoresOptions !== true) setNow((before) => ({ ...before, options: next }));
        }}
        replaceVariables={now.replaceVariables ?? ((text: string) => text)}
        timeRange={range}
        timeZone="utc"
      />
    );
  }
  const wrap = start.wrap ?? ((panel: ReactNode) => panel);
  const view = render(<DrawingContext.Provider value={drawing}>{wrap(<Host />)}</DrawingContext.Provider>);
  return {
    user: userEvent.setup(),
    onOptionsChange,
    miniMaps,
    unmount: view.unmount,
    get renderer(): FakeRenderer {
      return renderers.at(-1)!;
    },
    renderers,
    update: (patch: Partial<Start>) => act(() => host.update(patch)),
    get stage(): HTMLElement {
      return screen.getByTestId(ids.stage);
    },
  };
}
export type Drawn = ReturnType<typeof drawPanel>;

type PointerType = 'pointerdown' | 'pointermove' | 'pointerup' | 'pointerleave' | 'dblclick';

/** jsdom has no pointer events of its own. */
export function point(
  drawn: Drawn,
  type: PointerType,
  at: { clientX: number; clientY: number; shiftKey?: boolean },
): void {
  const event = new MouseEvent(type, { bubbles: true, button: 0, buttons: type === 'pointerup' ? 0 : 1, ...at });
  Object.defineProperties(event, { pointerId: { value: 1 }, isPrimary: { value: true } });
  act(() => void drawn.stage.dispatchEvent(event));
}

export function click(drawn: Drawn, id: string, how: { shiftKey?: boolean } = {}): void {
  const at = { ...drawn.renderer.pixelOf(id), ...how };
  point(drawn, 'pointerdown', at);
  point(drawn, 'pointerup', at);
}

/** Until the next frame of the page. */
export const nextFrame = (): Promise<void> =>
  act(async () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())));
