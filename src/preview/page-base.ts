/** Address of the folder that the page lies in, with a slash at its end: a proxy may serve the bridge below a path of its own. */
export const pageBase = (): string => new URL('.', document.baseURI).href;
