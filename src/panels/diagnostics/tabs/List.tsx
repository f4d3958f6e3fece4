import { css } from '@emotion/css';
import { useMemo, type ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { FilterInput, useStyles2 } from '@grafana/ui';
import type { Sort, TableColumn } from '../../../ui/table/column.ts';
import { VirtualTable } from '../../../ui/table/VirtualTable.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { TabPart } from '../parts.ts';
import type { ListView } from './list-view.ts';
import { useSize } from './use-size.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.75), flex: '1 0 auto' }),
  bar: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.75), flexShrink: 0 }),
  search: css({ flex: '1 1 140px', maxWidth: 320 }),
  // A header and two rows: a lower panel scrolls as a whole.
  area: css({ position: 'relative', flex: 1, minHeight: 108, overflow: 'hidden' }),
  // Its height follows that of the area, which must not follow it.
  table: css({ position: 'absolute', inset: 0 }),
});

export interface ListProps<Row> {
  readonly part: TabPart;
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What is searched; the text typed may stand anywhere in it. */
  readonly textOf: (row: Row) => string;
  readonly worstFirst: Sort;
  readonly view: ListView;
  readonly onView: (view: ListView) => void;
  readonly onOpen: (row: Row) => void;
  readonly selectedKey?: string;
  /** Where there is nothing to list. */
  readonly emptyText: string;
  /** Filters beside the text. */
  readonly filters?: ReactNode;
}

/** A list that is searched, filtered and sorted. */
export function List<Row>(props: ListProps<Row>) {
  const { part, label, rows, columns, rowKey, textOf, worstFirst, view, onView, onOpen, selectedKey } = props;
  const styles = useStyles2(getStyles);
  const [area, { width, height }] = useSize();
  const { search } = view;
  const wanted = search.trim().toLowerCase();
  const found = useMemo(
    () => (wanted === '' ? rows : rows.filter((row) => textOf(row).toLowerCase().includes(wanted))),
    [rows, wanted, textOf],
  );
  const isNarrowed = wanted !== '' || view.only.size > 0;
  return (
    <div className={styles.root}>
      <div className={styles.bar}>
        <div className={styles.search}>
          <FilterInput
            value={search}
            onChange={(text) => onView({ ...view, search: text })}
            escapeRegex={false}
            placeholder={t('diagnostics.list.search', 'Search')}
            aria-label={t('diagnostics.list.search-label', 'Search: {{list}}', { list: label })}
            data-testid={TEST_IDS.diagnostics.search}
          />
        </div>
        {props.filters}
      </div>
      <div ref={area} className={styles.area}>
        <div className={styles.table}>
          <VirtualTable
            label={label}
            rows={found}
            columns={columns}
            rowKey={rowKey}
            width={width}
            height={height}
            sort={view.sort ?? worstFirst}
            onSort={(sort) => onView({ ...view, sort })}
            onOpen={onOpen}
            selectedKey={selectedKey}
            emptyText={isNarrowed ? t('diagnostics.list.no-match', 'Nothing matches the filter') : props.emptyText}
            testId={TEST_IDS.diagnostics.list(part)}
          />
        </div>
      </div>
    </div>
  );
}
