import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Size } from '../draw/scene.ts';

/** Of an element in CSS pixels, with the screen's pixels to one of them; undefined before it stands in the page. */
export function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size | undefined>();
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return undefined;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = measured;
      const pixelRatio = window.devicePixelRatio || 1;
      setSize((before) =>
        before?.width === width && before.height === height && before.pixelRatio === pixelRatio
          ? before
          : { width, height, pixelRatio },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    const endRatio = onPixelRatio(measure);
    return () => {
      observer.disconnect();
      endRatio();
    };
  }, [element]);
  return size;
}

/** A window that is moved to another screen, or zoomed. A media query tells only when its own ratio is left. */
function onPixelRatio(listener: () => void): () => void {
  let query: MediaQueryList | undefined;
  const changed = (): void => {
    watch();
    listener();
  };
  const watch = (): void => {
    query?.removeEventListener('change', changed);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio || 1}dppx)`);
    query.addEventListener('change', changed);
  };
  watch();
  return () => query?.removeEventListener('change', changed);
}
