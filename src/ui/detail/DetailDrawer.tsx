import { useState } from 'react';
import type { TimeRange } from '@grafana/data';
import type { DiagnosticsSource } from '../source.ts';
import { Contents } from './Contents.tsx';
import { Sheet } from './Sheet.tsx';
import { subjectKey, type Subject } from './subject.ts';

export interface DetailDrawerProps {
  readonly subject: Subject;
  readonly source: DiagnosticsSource;
  readonly timeRange: TimeRange;
  readonly onClose: () => void;
  /** Another service was clicked, by its id. */
  readonly onSelect: (id: string) => void;
  /**
   * Of the panel, whose root must be positioned and a stacking context (`position: relative; isolation: isolate`). Below
   * WHOLE_BELOW the drawer takes all of it, else it lies at its right.
   */
  readonly panelWidth: number;
}

interface Named {
  readonly key: string;
  readonly title: string;
}

const idsOf = (subject: Subject): string =>
  subject.kind === 'service' ? subject.id : `${subject.sourceId} → ${subject.targetId}`;

/** Everything about a service or an edge. It asks by itself, and shows nothing of one subject for another. */
export function DetailDrawer({ subject, source, timeRange, onClose, onSelect, panelWidth }: DetailDrawerProps) {
  const key = `${source.uid} ${subjectKey(subject)}`;
  const [named, setNamed] = useState<Named | undefined>();
  const title = named?.key === key ? named.title : idsOf(subject);
  return (
    <Sheet title={title} subjectKey={key} panelWidth={panelWidth} onClose={onClose}>
      <Contents
        key={key}
        {...{ subject, source, timeRange, onSelect }}
        onName={(name) => setNamed({ key, title: name })}
      />
    </Sheet>
  );
}
