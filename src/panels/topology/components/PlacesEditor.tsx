import type { StandardEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { TopologyOptions } from '../options.ts';

type Places = TopologyOptions['places'];

/** In the panel's options: how many nodes were dragged, and the way back. */
export function PlacesEditor({ value, onChange }: StandardEditorProps<Places, unknown, TopologyOptions>) {
  const count = Object.keys(value ?? {}).length;
  return (
    <Button
      size="sm"
      variant="secondary"
      icon="history"
      disabled={count === 0}
      onClick={() => onChange({})}
      data-testid={TEST_IDS.topology.resetPlaces}
    >
      {t('topology.options.reset-places', 'Reset places ({{count}})', { count })}
    </Button>
  );
}
