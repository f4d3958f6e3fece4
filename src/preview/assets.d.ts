declare module '*.css';

interface ImportMeta {
  /** Of the bundler: the files of a folder as modules, by their paths from it. */
  webpackContext(
    folder: string,
    options: { readonly recursive: boolean; readonly regExp: RegExp; readonly mode: 'sync' },
  ): { (path: string): unknown; keys(): string[] };
}
