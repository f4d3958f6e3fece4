/** One runner for every package: native ES modules, TypeScript stripped by swc, no type checking here (that is `npm run typecheck`). */
const project = (displayName, ...testMatch) => ({
  displayName,
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

/** Packages that come as ES modules alone: turned into CommonJS like our own files. */
const ES_PACKAGES = [
  'typebox',
  'rxjs',
  'd3[^/]*',
  'internmap',
  'delaunator',
  'robust-predicates',
  'ol',
  'uuid',
  'marked',
];

/** What runs in a browser: in jsdom, and as CommonJS, which is what @grafana's packages are for everything but a bundler. */
const browserProject = (displayName, ...testMatch) => ({
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  testEnvironment: 'jsdom',
  setupFiles: ['<rootDir>/src/test/browser-setup.ts'],
  transformIgnorePatterns: [`/node_modules/(?!(${ES_PACKAGES.join('|')})/)`],
  moduleNameMapper: {
    '^react-inlinesvg$': '<rootDir>/src/test/inline-svg.tsx',
    '\\.(css|svg)$': '<rootDir>/src/test/asset.ts',
  },
  transform: {
    '^.+\\.(m?js|tsx?)$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

export default {
  // For all: jest ignores a project's own. Tests that start real servers say how long they may take.
  testTimeout: 30_000,
  projects: [
    project('unit', 'packages/*/test/**/*.test.ts', 'backend-*/test/**/*.test.ts', 'build/test/**/*.test.ts'),
    browserProject('browser', 'src/test/**/*.test.{ts,tsx}'),
    project('repo', 'tests/repo/**/*.test.ts'),
    project('integration', 'tests/integration/**/*.test.ts'),
  ],
};
