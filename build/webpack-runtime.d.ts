/** What an AMD loader tells a module about itself; webpack.config.ts maps the name to AMD's own `module`. */
declare module 'amd-module' {
  const self: { readonly uri?: string } | undefined;
  export default self;
}

/** Webpack puts its own variable here. */
declare let __webpack_public_path__: string;
