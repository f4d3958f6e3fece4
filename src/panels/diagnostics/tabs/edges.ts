import { t } from '@grafana/i18n';
import { textColumn } from './cells.tsx';
import type { Opening, Row, WideColumn } from './tab.ts';

type EdgeKind = 'traffic' | 'failing-dependencies';
export type EdgeRow = Row<EdgeKind>;

const nameOf = ({ table, row }: EdgeRow, end: 'source' | 'target'): string =>
  table.text(`${end}_name`, row) || table.text(`${end}_id`, row);

export const edgeKey = ({ table, row }: EdgeRow): string =>
  JSON.stringify([table.text('source_id', row), table.text('target_id', row)]);

export const edgeText = ({ table, row }: EdgeRow): string =>
  (['source_name', 'source_id', 'target_name', 'target_id'] as const).map((name) => table.text(name, row)).join(' ');

/** What is called is what is looked at: the trouble of an edge is that of its target, or the way to it. */
export function edgeOpening({ table, row }: EdgeRow): Opening {
  const targetId = table.text('target_id', row);
  return { id: targetId, subject: { kind: 'edge', sourceId: table.text('source_id', row), targetId } };
}

const BOTH_FROM_PX = 560;

/** Both ends, in one column where there is no room for two. */
export function endColumns(): WideColumn<EdgeRow>[] {
  const end = (which: 'source' | 'target', header: string): WideColumn<EdgeRow> => ({
    ...textColumn<EdgeKind>(`${which}_name`, { header, width: 120, flex: 1 }),
    render: (edge) => nameOf(edge, which),
    sortValue: (edge) => nameOf(edge, which),
    from: BOTH_FROM_PX,
  });
  return [
    end('source', t('diagnostics.column.source', 'From')),
    end('target', t('diagnostics.column.target', 'To')),
    {
      id: 'edge',
      header: t('diagnostics.column.edge', 'From → to'),
      width: 130,
      flex: 1,
      upTo: BOTH_FROM_PX,
      render: (edge) => `${nameOf(edge, 'source')} → ${nameOf(edge, 'target')}`,
      sortValue: (edge) => nameOf(edge, 'source'),
    },
  ];
}
