import type { TimeRange } from '@grafana/data';
import type { DiagnosticsSource } from '../source.ts';
import type { Subject } from './subject.ts';

export interface DetailDrawerProps {
  readonly subject: Subject;
  readonly source: DiagnosticsSource;
  readonly timeRange: TimeRange;
  readonly onClose: () => void;
  /** Another service was clicked, by its id. */
  readonly onSelect: (id: string) => void;
  /**
   * Of the panel, whose root must be positioned (relative). Below 480 the drawer takes all of it, else it lies at its right.
   */
  readonly panelWidth: number;
}

export function DetailDrawer({ onClose }: DetailDrawerProps) {
  return <button onClick={onClose} />;
}
