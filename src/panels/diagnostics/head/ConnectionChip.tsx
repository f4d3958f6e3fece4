import { css, cx } from '@emotion/css';
import { forwardRef, useCallback, useRef, useState, type ComponentPropsWithoutRef } from 'react';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ConnectionStateName } from '@topdeck/protocol/grafana';
import { durationText } from '../../../ui/format.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { useNow } from '../../../ui/use-now.ts';
import { connectionState, type BridgeReading, type ConnectionState, type LiveState } from '../connection-state.ts';
import { ConnectionDetails } from './ConnectionDetails.tsx';
import { Popover } from './Popover.tsx';
import type { Refresh } from './use-refresh.ts';
import { connectionWord } from './words.ts';

const getStyles = (theme: GrafanaTheme2) => {
  const look = (color: { readonly text: string; readonly border: string; readonly transparent: string }) =>
    css({ color: color.text, borderColor: color.border, background: color.transparent });
  return {
    chip: css({
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      height: theme.spacing(3.5),
      maxWidth: '100%',
      padding: theme.spacing(0, 1),
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.pill,
      background: 'none',
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      whiteSpace: 'nowrap',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
    }),
    word: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
    age: css({ color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightRegular }),
    websocket: look(theme.colors.success),
    polling: look(theme.colors.warning),
    disconnected: look(theme.colors.error),
  };
};

/** Each has a shape of its own, for those who do not see the colour. */
const ICONS: Readonly<Record<ConnectionStateName, IconName>> = {
  websocket: 'check-circle',
  polling: 'exclamation-triangle',
  disconnected: 'times-circle',
};

/** Below it there is room for the word alone. */
const AGE_FROM_PX = 480;

interface ChipFaceProps extends ComponentPropsWithoutRef<'button'> {
  readonly connection: ConnectionState;
  readonly isWide: boolean;
}

function chipAge(connection: ConnectionState): string {
  if (!connection.known || connection.details.dataAgeS === null) return '';
  const age = durationText(connection.details.dataAgeS);
  return t('diagnostics.connection.data-age-short', 'data {{age}} old', { age });
}

const ChipFace = forwardRef<HTMLButtonElement, ChipFaceProps>(({ connection, isWide, ...trigger }, ref) => {
  const styles = useStyles2(getStyles);
  const state = connection.known ? connection.state : undefined;
  const word = state === undefined ? t('diagnostics.connection.unknown', 'No connection data') : connectionWord(state);
  return (
    <button
      {...trigger}
      ref={ref}
      type="button"
      className={cx(styles.chip, state && styles[state])}
      data-testid={TEST_IDS.diagnostics.chip}
      data-state={state ?? 'unknown'}
    >
      <Icon name={state === undefined ? 'question-circle' : ICONS[state]} size="sm" />
      <span className={styles.word}>{word}</span>
      {isWide && <span className={styles.age}>{chipAge(connection)}</span>}
    </button>
  );
});
ChipFace.displayName = 'ChipFace';

interface ConnectionChipProps {
  readonly reading: BridgeReading | undefined;
  readonly live: LiveState;
  readonly refresh: Refresh;
  /** Why there is no frame, where there is none. */
  readonly absence: string;
  /** CSS pixels of the panel. */
  readonly width: number;
}

/** The worse of both hops in a word, and all about them on a click. */
export function ConnectionChip({ reading, live, refresh, absence, width }: ConnectionChipProps) {
  const nowMs = useNow();
  const [isOpen, setIsOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setIsOpen(false), []);
  const connection = connectionState(reading, live, Math.max(nowMs, reading?.arrivedMs ?? 0));
  const title = t('diagnostics.connection.title', 'Connection');
  return (
    <>
      <ChipFace
        ref={anchor}
        connection={connection}
        isWide={width >= AGE_FROM_PX}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={title}
        onClick={() => setIsOpen(!isOpen)}
      />
      {isOpen && (
        <Popover anchor={anchor} label={title} onClose={close}>
          <ConnectionDetails connection={connection} refresh={refresh} absence={absence} />
        </Popover>
      )}
    </>
  );
}
