import type { KeyboardEvent } from 'react';

/** For what Escape closes. Told no further: Grafana would leave the view of a single panel. */
export const onEscape =
  (close: () => void) =>
  (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  };
