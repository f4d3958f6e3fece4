import { t } from '@grafana/i18n';
import { Icon, Stack, Text, type IconName } from '@grafana/ui';
import type { HealthHop } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../test-ids.ts';

/** A step of the way from the reader to the data; the data source's own check knows nothing of what lies before it. */
export type Hop = Omit<HealthHop, 'hop'> & { readonly hop: HealthHop['hop'] | 'grafana' | 'live' };

interface Look {
  readonly icon: IconName;
  readonly color: 'success' | 'warning' | 'error' | 'secondary';
  readonly label: () => string;
}

const LOOKS: Readonly<Record<Hop['state'], Look>> = {
  ok: { icon: 'check-circle', color: 'success', label: () => t('ui.hops.ok', 'In order') },
  warning: { icon: 'exclamation-triangle', color: 'warning', label: () => t('ui.hops.warning', 'Warning') },
  error: { icon: 'times-circle', color: 'error', label: () => t('ui.hops.error', 'Failed') },
  unknown: { icon: 'question-circle', color: 'secondary', label: () => t('ui.hops.unknown', 'Not looked at') },
};

const NAMES: Readonly<Record<Hop['hop'], () => string>> = {
  grafana: () => t('ui.hops.grafana', 'Grafana'),
  live: () => t('ui.hops.live', 'Grafana Live'),
  settings: () => t('ui.hops.settings', 'Settings'),
  bridge: () => t('ui.hops.bridge', 'Bridge'),
  authorisation: () => t('ui.hops.authorisation', 'Authorisation'),
  stream: () => t('ui.hops.stream', 'Stream'),
  topology: () => t('ui.hops.topology', 'Topology'),
  metrics: () => t('ui.hops.metrics', 'Metrics'),
  data: () => t('ui.hops.data', 'Data'),
};

function HopRow({ hop, state, text, action, latencyMs }: Hop) {
  const { icon, color, label } = LOOKS[state];
  return (
    <Stack gap={1} alignItems="flex-start" data-testid={TEST_IDS.configEditor.hop(hop)}>
      <Text color={color}>
        <Icon name={icon} title={label()} />
      </Text>
      <Stack direction="column" gap={0}>
        <Text>
          {NAMES[hop]()}: {text}
          {latencyMs === undefined ? '' : ` (${Math.round(latencyMs)} ms)`}
        </Text>
        {action && <Text color="secondary">{action}</Text>}
      </Stack>
    </Stack>
  );
}

/** In the order in which data comes the other way. */
export function HopRows({ hops }: { readonly hops: readonly Hop[] }) {
  return (
    <Stack direction="column" gap={1}>
      {hops.map((hop) => (
        <HopRow key={hop.hop} {...hop} />
      ))}
    </Stack>
  );
}
