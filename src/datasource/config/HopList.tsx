import { useEffect, useState } from 'react';
import { t } from '@grafana/i18n';
import { FieldSet, Icon, Stack, Text, type IconName } from '@grafana/ui';
import type { HealthHop } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { healthReports, type HealthReport } from '../health-report.ts';

interface Look {
  readonly icon: IconName;
  readonly color: 'success' | 'warning' | 'error' | 'secondary';
  readonly label: () => string;
}

const LOOKS: Readonly<Record<HealthHop['state'], Look>> = {
  ok: { icon: 'check-circle', color: 'success', label: () => t('datasource.hops.ok', 'In order') },
  warning: { icon: 'exclamation-triangle', color: 'warning', label: () => t('datasource.hops.warning', 'Warning') },
  error: { icon: 'times-circle', color: 'error', label: () => t('datasource.hops.error', 'Failed') },
  unknown: { icon: 'question-circle', color: 'secondary', label: () => t('datasource.hops.unknown', 'Not looked at') },
};

const NAMES: Readonly<Record<HealthHop['hop'], () => string>> = {
  settings: () => t('datasource.hops.settings', 'Settings'),
  bridge: () => t('datasource.hops.bridge', 'Bridge'),
  authorisation: () => t('datasource.hops.authorisation', 'Authorisation'),
  stream: () => t('datasource.hops.stream', 'Stream'),
  topology: () => t('datasource.hops.topology', 'Topology'),
  metrics: () => t('datasource.hops.metrics', 'Metrics'),
  data: () => t('datasource.hops.data', 'Data'),
};

function HopRow({ hop, state, text, action, latencyMs }: HealthHop) {
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

/** The way from Grafana to the data as the last test found it; nothing before the first test. */
export function HopList({ uid }: { readonly uid: string }) {
  const [report, setReport] = useState<HealthReport | undefined>();
  useEffect(() => {
    const subscription = healthReports.of(uid).subscribe(setReport);
    return () => subscription.unsubscribe();
  }, [uid]);
  if (report === undefined || report.hops.length === 0) return null;
  return (
    <div data-testid={TEST_IDS.configEditor.hops} role="status">
      <FieldSet label={t('datasource.hops.title', 'What the test found')}>
        <Stack direction="column" gap={1}>
          {report.hops.map((hop) => (
            <HopRow key={hop.hop} {...hop} />
          ))}
        </Stack>
      </FieldSet>
    </div>
  );
}
