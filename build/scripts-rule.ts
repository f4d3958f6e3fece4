import type { RuleSetRule } from 'webpack';

/** TypeScript to what browsers run that Grafana supports. */
export const SCRIPTS_RULE: RuleSetRule = {
  test: /\.[jt]sx?$/,
  exclude: /node_modules/,
  loader: 'swc-loader',
  options: {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic' } },
    },
  },
};
