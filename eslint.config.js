import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import layers from './eslint.layers-rule.js';

const SOURCE = ['packages/*/src/**', 'backend-*/src/**', 'src/**'];
const TESTS = ['tests/**', '**/test/**'];
/** Programs a person runs; they talk to a terminal. */
const SCRIPTS = [
  'tests/run.ts',
  'tests/run/**',
  'tests/e2e/*.ts',
  'tests/preview/*.ts',
  'tests/load/**',
  'docs/*.ts',
  'build/**',
];
/** Processes start and end here. */
const ENTRIES = ['backend-bridge/src/{main,simulate}.ts', 'backend-datasource/src/main.ts'];
/** Tables, read from top to bottom and never branched: their length says nothing about their complexity. */
const TABLES = ['backend-bridge/src/{config-schema,errors}.ts', 'backend-bridge/src/telemetry/metrics.ts'];

const property = (object, name, message) => ({ object, property: name, message });
const ENV = property('process', 'env', 'Only config.ts reads the environment: take a slice of the Config.');
const EXIT = property('process', 'exit', 'Only an entry ends the process: throw a BridgeError.');
const TIME = [
  property('Date', 'now', 'Take `now` as an argument, or a Clock.'),
  property('performance', 'now', 'Take a Clock.'),
];

/** A comment inside does not make a block less empty, which is what no-empty would accept. */
const SWALLOWED = [
  { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'Handle, translate or count what was thrown.' },
  {
    selector: 'CallExpression[callee.property.name="catch"] > :function > BlockStatement[body.length=0]',
    message: 'Handle, translate or count the rejection.',
  },
];
const WALL_CLOCK = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'Take `now` as an argument, or a Clock.',
};
const TIMERS = ['setTimeout', 'setInterval'].map((name) => ({ name, message: 'Schedule on a Clock.' }));

const IMPORTS = {
  // By name, env and exit would pass by the bans on process.env and process.exit.
  paths: [{ name: 'node:process', message: 'Use the global `process`.' }],
  patterns: [
    { group: ['**/packages/*/src/**', '@topdeck/*/src/**'], message: 'Import a package by its name.' },
    {
      regex:
        '^(child_process|crypto|events|fs|http|https|net|os|path|process|stream|url|util|worker_threads|zlib)(/|$)',
      message: 'Write node: before a module of Node.',
    },
  ],
};
/** Compiled validators need eval, which a strict content security policy forbids in a browser. */
const VALIDATORS = { name: '@topdeck/protocol/validate', message: 'Panels trust frames; only processes validate.' };

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'backend-bridge/public/',
    '**/coverage/',
    '**/src/generated/',
    '.cache/',
    'artifacts/',
    'data/',
  ]),
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-imports': ['error', IMPORTS],
      'no-restricted-syntax': ['error', ...SWALLOWED],
      'object-shorthand': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `import { type A }` still runs the module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Without noUncheckedIndexedAccess, which typed arrays make unbearable, it takes every lookup in a record for a hit.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Patches and label maps are records made for removing keys by name.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // `async` without `await` turns what an adapter throws into the rejection its port promises.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: SOURCE,
    ignores: TESTS,
    plugins: { local: { rules: { layers } } },
    rules: {
      'local/layers': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      'no-restricted-properties': ['error', ENV, EXIT, ...TIME],
      'no-restricted-globals': ['error', ...TIMERS],
      'no-restricted-syntax': ['error', ...SWALLOWED, WALL_CLOCK],
    },
  },
  { files: TABLES, rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  { files: ['backend-bridge/src/config.ts'], rules: { 'no-restricted-properties': ['error', EXIT, ...TIME] } },
  {
    files: ['backend-*/src/clock.ts', 'src/**/frame-clock.ts', 'src/ui/clock.ts'],
    rules: { 'no-restricted-properties': ['error', ENV, EXIT], 'no-restricted-globals': 'off' },
  },
  // Where a plugin meets its process: the handshake's environment, timers, the end.
  {
    files: ['packages/grafana-plugin-sdk/src/process/**'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': ['error', ...SWALLOWED],
    },
  },
  { files: ENTRIES, rules: { 'no-restricted-properties': ['error', ENV, ...TIME], 'no-console': 'off' } },
  { files: ['src/**'], rules: { 'no-restricted-imports': ['error', { ...IMPORTS, paths: [VALIDATORS] }] } },
  {
    files: TESTS,
    rules: {
      // Answers are read as a client reads them: parsed JSON, whose shape is what the test asserts.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // Playwright reads a fixture's needs from its first parameter, which must be a pattern also where there are none.
  { files: ['tests/{e2e,preview}/fixtures/test.ts'], rules: { 'no-empty-pattern': 'off' } },
  { files: SCRIPTS, rules: { 'no-console': 'off' } },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['*.js'], languageOptions: { globals: { process: 'readonly' } } },
);
