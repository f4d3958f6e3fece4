/** One runner for every package: native ES modules, TypeScript stripped by swc, no type checking here (that is `npm run typecheck`). */
const project = (displayName, testTimeout, ...testMatch) => ({
  displayName,
  testTimeout,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript', tsx: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

export default {
  projects: [
    project('unit', 20_000, 'packages/*/test/**/*.test.ts', 'backend-bridge/test/**/*.test.ts'),
    project('repo', 20_000, 'tests/repo/**/*.test.ts'),
    // Real servers take their time to start.
    project('integration', 120_000, 'tests/integration/**/*.test.ts'),
  ],
};
