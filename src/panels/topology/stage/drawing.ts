import { createContext } from 'react';
import { createMiniMap, type MiniMap, type MiniMapOptions } from '../draw/mini-map.ts';
import { createRenderer } from '../draw/create-renderer.ts';
import type { Renderer, RendererOptions } from '../draw/renderer.ts';

/** What draws. Handed in, for where there is no canvas. */
export interface Drawing {
  createRenderer(options: RendererOptions): Renderer;
  createMiniMap(options: MiniMapOptions): MiniMap;
}

export const DrawingContext = createContext<Drawing>({ createRenderer, createMiniMap });
