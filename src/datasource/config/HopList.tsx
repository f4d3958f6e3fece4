import { useEffect, useState } from 'react';
import { t } from '@grafana/i18n';
import { FieldSet } from '@grafana/ui';
import { HopRows } from '../../ui/hops/HopRows.tsx';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { healthReports, type HealthReport } from '../health-report.ts';

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
        <HopRows hops={report.hops} />
      </FieldSet>
    </div>
  );
}
