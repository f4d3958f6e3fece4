import { Observable } from 'rxjs';

/**
 * One round after the other: the first at once, the next when `due` has told so meanwhile. What comes while a round runs
 * leads to one more round after it, however often it comes. `round` does not reject but with the signal's reason.
 */
export function rounds<T>(due: Observable<unknown>, round: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable<T>((subscriber) => {
    const ends = new AbortController();
    let isRunning = false;
    let isDue = false;
    const run = async (): Promise<void> => {
      isDue = true;
      if (isRunning) return;
      isRunning = true;
      while (isDue && !ends.signal.aborted) {
        isDue = false;
        try {
          subscriber.next(await round(ends.signal));
        } catch (error) {
          if (!ends.signal.aborted) subscriber.error(error);
        }
      }
      isRunning = false;
    };
    const subscription = due.subscribe(() => void run());
    void run();
    return () => {
      ends.abort();
      subscription.unsubscribe();
    };
  });
}
