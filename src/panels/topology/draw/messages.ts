import type { ChangedColumns } from './drawn-scene.ts';
import type { PageFont } from './page-fonts.ts';
import type { Drawn } from './renderer.ts';
import type { DrawTheme, Size, View } from './scene.ts';

/** To the worker. `start` comes first. */
export type ToWorker =
  | {
      readonly kind: 'start';
      readonly canvas: OffscreenCanvas;
      readonly theme: DrawTheme;
      readonly fonts: readonly PageFont[];
      readonly isTold: boolean;
    }
  | { readonly kind: 'scene'; readonly changed: ChangedColumns }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'size'; readonly size: Size }
  | { readonly kind: 'theme'; readonly theme: DrawTheme }
  | { readonly kind: 'flow'; readonly isOn: boolean };

/** From the worker: `ready` once, before `start`, whether it has what drawing takes. */
export type FromWorker =
  { readonly kind: 'ready'; readonly canDraw: boolean } | { readonly kind: 'drawn'; readonly drawn: Drawn };
