import { TextDecoder, TextEncoder } from 'node:util';

/** What browsers have, jsdom lacks, and @grafana's packages look for when they are loaded or drawn. */
const missing = {
  TextEncoder,
  TextDecoder,
  ResizeObserver: class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  },
  IntersectionObserver: class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  },
  matchMedia: (media: string) => ({
    media,
    matches: false,
    addListener: () => undefined,
    removeListener: () => undefined,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
};

for (const [name, value] of Object.entries(missing)) {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

// Lists are virtual: without a size they show no option.
Element.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 300, 400);
for (const side of ['clientWidth', 'clientHeight', 'offsetWidth', 'offsetHeight']) {
  Object.defineProperty(HTMLElement.prototype, side, { value: 400, configurable: true });
}
Element.prototype.scrollTo = () => undefined;
// Grafana's widths are measured by drawing text.
HTMLCanvasElement.prototype.getContext = (() => ({
  measureText: (text: string) => ({ width: text.length * 8 }),
})) as never;
// A line of thanks that i18next prints once a process.
Object.defineProperty(globalThis, '__i18next_supportNoticeShown', { value: true });
