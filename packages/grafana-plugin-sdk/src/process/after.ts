/** Calls back after some time unless it is called off; keeps no process alive. */
export type After = (ms: number, call: () => void) => () => void;

export const after: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
