import { createContext, type ComponentType } from 'react';
import type { ReplaySlotProps } from './replayed.ts';
import { TimeSlider } from './TimeSlider.tsx';

/** The time slider; undefined where there is to be none. */
export const ReplaySlot = createContext<ComponentType<ReplaySlotProps> | undefined>(TimeSlider);
