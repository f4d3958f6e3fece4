import { useTheme2 } from '@grafana/ui';
import type { Mark } from '../draw/scene.ts';
import { drawTheme } from '../stage/draw-theme.ts';

/** The same figures as around the nodes, in a square of 16. */
const FIGURES: Readonly<Record<Exclude<Mark, 'none'>, string>> = {
  cause: 'M14 8a6 6 0 1 1-12 0a6 6 0 1 1 12 0M9.5 8a1.5 1.5 0 1 1-3 0a1.5 1.5 0 1 1 3 0',
  'first-failure': 'M5.5 4.8 9 2V14',
  impacted: 'M8 2V13.5M3.5 9.2 8 13.5 12.5 9.2',
};

export function MarkIcon({ mark }: { readonly mark: Exclude<Mark, 'none'> }) {
  const { marks } = drawTheme(useTheme2());
  return (
    <svg width={14} height={14} viewBox="0 0 16 16" aria-hidden="true">
      <path d={FIGURES[mark]} fill="none" stroke={marks[mark]} strokeWidth={2} strokeLinecap="round" />
    </svg>
  );
}
