import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import InlineSvg, { cacheStore } from 'react-inlinesvg';

const NOTHING = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E';

/** The store comes to be when the first of these images is drawn. */
function openStore(): typeof cacheStore {
  const aside = createRoot(document.createElement('div'));
  flushSync(() => aside.render(<InlineSvg src={NOTHING} />));
  aside.unmount();
  return cacheStore;
}

/**
 * Puts @grafana/ui's icons where its Icon looks for what it has read before. Grafana's page does so, too: icons are drawn at
 * once, and a page whose bridge has gone away has those that tell it.
 */
export function bringIcons(folder: string): void {
  const sources = [
    import.meta.webpackContext('grafana-icons', { recursive: true, regExp: /\.svg$/, mode: 'sync' }),
    // The package lacks some that its components know.
    import.meta.webpackContext('./icons', { recursive: true, regExp: /\.svg$/, mode: 'sync' }),
  ];
  const store = openStore();
  for (const files of sources) {
    for (const path of files.keys()) {
      const url = `${folder}build/img/icons/${path.replace(/^\.\//, '')}`;
      store.set(url, { content: files(path) as string, status: 'loaded' });
    }
  }
}
