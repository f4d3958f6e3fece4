import { useEffect } from 'react';
import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import { HopRows, type Hop } from '../../ui/hops/HopRows.tsx';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { Step } from '../Step.tsx';
import { useTask } from '../use-task.ts';
import { check, type Report } from './grafana.ts';

/** The whole way, the reader's own part of it first. */
function wholeWay({ grafanaMs, live, hops, message }: Report): readonly Hop[] {
  const grafana: Hop = {
    hop: 'grafana',
    state: 'ok',
    text: t('app.check.grafana', 'answers this browser'),
    latencyMs: grafanaMs,
  };
  const stream: Hop =
    live === true
      ? { hop: 'live', state: 'ok', text: t('app.check.live', 'streams to this browser') }
      : {
          hop: 'live',
          state: 'warning',
          text: t('app.check.no-live', 'does not stream to this browser'),
          action: t(
            'app.check.no-live-action',
            'Panels ask again and again instead. Check that proxies before Grafana pass WebSocket on, and max_connections in the section live of its settings.',
          ),
        };
  const rest: readonly Hop[] = hops.length > 0 ? hops : [{ hop: 'settings', state: 'error', text: message }];
  return [grafana, stream, ...rest];
}

/** Names each hop from this browser to the data, with what it took. */
export function CheckStep({ uid }: { readonly uid: string | undefined }) {
  const { state, value, problem, run } = useTask<Report>();
  useEffect(() => {
    if (uid !== undefined) run(() => check(uid));
  }, [uid, run]);
  return (
    <Step number={2} title={t('app.check.title', 'Check the way')} testId={TEST_IDS.app.stepCheck}>
      {value !== undefined && (
        <div role="status" data-testid={TEST_IDS.app.hops}>
          <HopRows hops={wholeWay(value)} />
        </div>
      )}
      {problem !== undefined && (
        <Alert severity="error" title={t('app.check.failed', 'Grafana did not answer')}>
          {problem}
        </Alert>
      )}
      <Button
        variant="secondary"
        data-testid={TEST_IDS.app.check}
        icon={state === 'running' ? 'spinner' : 'sync'}
        disabled={uid === undefined || state === 'running'}
        onClick={() => {
          if (uid !== undefined) run(() => check(uid));
        }}
      >
        {t('app.check.run', 'Check')}
      </Button>
    </Step>
  );
}
