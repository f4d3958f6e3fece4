import { t } from '@grafana/i18n';
import { DEFAULT_OPTIONS, PARTS, type Part } from './options.ts';

export const TAB_PARTS = ['services', 'anomalies', 'traffic', 'failing-dependencies', 'events'] as const;
/** Each is a tab, and the kind of frames that it lists. */
export type TabPart = (typeof TAB_PARTS)[number];

export interface ShownParts {
  readonly overall: boolean;
  readonly counts: boolean;
  readonly connection: boolean;
  readonly tabs: readonly TabPart[];
}

/** Of saved options, which may be of another version of the panel, or written by hand. */
export function shownParts(saved: readonly Part[] | undefined): ShownParts {
  const wanted = new Set<Part>(Array.isArray(saved) ? saved : DEFAULT_OPTIONS.parts);
  return {
    overall: wanted.has('overall'),
    counts: wanted.has('counts'),
    connection: wanted.has('connection'),
    tabs: TAB_PARTS.filter((part) => wanted.has(part)),
  };
}

export const hasHead = ({ overall, counts, connection }: ShownParts): boolean => overall || counts || connection;

export function partName(part: Part): string {
  const names: Readonly<Record<Part, () => string>> = {
    overall: () => t('diagnostics.part.overall', 'Overall health'),
    counts: () => t('diagnostics.part.counts', 'Counts by status'),
    connection: () => t('diagnostics.part.connection', 'Connection'),
    services: () => t('diagnostics.part.services', 'Services'),
    anomalies: () => t('diagnostics.part.anomalies', 'Anomalies'),
    traffic: () => t('diagnostics.part.traffic', 'Traffic'),
    'failing-dependencies': () => t('diagnostics.part.failing-dependencies', 'Failing dependencies'),
    events: () => t('diagnostics.part.events', 'Events'),
  };
  return names[part]();
}

export const partChoices = (): { value: Part; label: string }[] =>
  PARTS.map((value) => ({ value, label: partName(value) }));
