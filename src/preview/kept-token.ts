const KEY = 'live-diagnostics.token';

/** Kept for as long as the tab is open; a browser that keeps nothing is asked for again when the page is loaded again. */
export function keptToken(): string | undefined {
  try {
    return window.sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether it could be kept. */
export function keepToken(token: string | undefined): boolean {
  try {
    if (token === undefined) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, token);
    return true;
  } catch {
    return false;
  }
}
