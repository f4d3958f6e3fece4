/** Throws where none may be started: from another origin, or against the page's security policy. */
export const startWorker = (): Worker => new Worker(new URL('./layout.worker.ts', import.meta.url));
