import type { DataFrame, LinkModel } from '@grafana/data';

/** Of one row, in the order of its fields. Grafana gives fields the means to make them where links are configured. */
export const linksOfRow = (frame: DataFrame | undefined, row: number): readonly LinkModel[] =>
  (frame?.fields ?? []).flatMap((field) =>
    field.config.links === undefined || field.config.links.length === 0
      ? []
      : (field.getLinks?.({ valueRowIndex: row }) ?? []),
  );
