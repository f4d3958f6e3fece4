import type { DataFrame } from '@grafana/data';

/** The frame with a warning for its reader beside those that it has. */
export function withNotice(frame: DataFrame, text: string): DataFrame {
  const notices = [...(frame.meta?.notices ?? []), { severity: 'warning' as const, text }];
  return { ...frame, meta: { ...frame.meta, notices } };
}
