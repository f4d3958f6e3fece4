import { createContext, type ComponentType } from 'react';
import type { ReplaySlotProps } from './replayed.ts';

/** The time slider; undefined where there is none. */
export const ReplaySlot = createContext<ComponentType<ReplaySlotProps> | undefined>(undefined);
