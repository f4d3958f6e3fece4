import { describe, expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import layers from '../../eslint.layers-rule.js';
import { LAYERS } from '../../eslint.layers.js';

const linter = new Linter({ cwd: '/' });
const root = new URL('../..', import.meta.url).pathname;

function violations(file: string, code: string): string[] {
  const messages = linter.verify(
    code,
    {
      files: ['**/*.ts', '**/*.tsx'],
      languageOptions: { parser: tseslint.parser },
      linterOptions: { noInlineConfig: true },
      plugins: { local: { rules: { layers } } },
      rules: { 'local/layers': 'error' },
    },
    `${root}${file}`,
  );
  return messages.map((message) => message.messageId ?? message.message);
}

const bridge = 'backend-bridge/src';
const allowed = [
  ['packages/protocol/src/delta.ts', "import Value from 'typebox/value'"],
  ['packages/protocol/src/delta.ts', "import { edgeKey } from './topology.ts'"],
  ['packages/grafana-plugin-sdk/src/serve.ts', "import { Server } from '@grpc/grpc-js'; import fs from 'node:fs'"],
  [`${bridge}/engine/health.ts`, "import { STATUSES } from '@topdeck/protocol'"],
  [
    `${bridge}/sources/neo4j-topology.ts`,
    "import neo4j from 'neo4j-driver'; import { BridgeError } from '../errors.ts'",
  ],
  [`${bridge}/sources/neo4j-topology.ts`, "import { NOTHING } from './topology-source.ts'"],
  [`${bridge}/sources/simulated-metrics.ts`, "import { step } from '../simulator/step.ts'"],
  [`${bridge}/publisher/tick.ts`, "import { diagnose } from '../engine/diagnose.ts'"],
  [`${bridge}/publisher/tick.ts`, "import type { MetricsSource } from '../sources/metrics-source.ts'"],
  [`${bridge}/publisher/tick.ts`, "let store: import('../history/history-store.ts').HistoryStore"],
  [`${bridge}/connections/manager.ts`, "import type { Feed } from '../publisher/feed.ts'"],
  [`${bridge}/connections/manager.ts`, "export type { Feed } from '../publisher/feed.ts'"],
  [`${bridge}/http/routes.ts`, "import type { Manager } from '../connections/manager.ts'"],
  [`${bridge}/http/guards.ts`, "import { isAllowedOrigin } from '../access/origin.ts'"],
  [`${bridge}/connections/limits.ts`, "import type { Config } from '../config.ts'"],
  [`${bridge}/pipeline/worker.ts`, "import { Publisher } from '../publisher/publisher.ts'"],
  [`${bridge}/pipeline/remote-feed.ts`, "new Worker(new URL('./worker.ts', import.meta.url))"],
  [`${bridge}/app.ts`, "import { routes } from './http/routes.ts'; import { startTable } from './start-table.ts'"],
  [`${bridge}/main.ts`, "import { app } from './app.ts'; import { loadConfig } from './config.ts'"],
  ['backend-datasource/src/main.ts', "import { serve } from '@topdeck/grafana-plugin-sdk'"],
  ['src/panels/topology/XPanel.tsx', "import { Dot } from '../../ui/Dot'; import { Panel } from '@grafana/data'"],
  ['src/preview/page.tsx', "import { XPanel } from '../panels/topology/XPanel'"],
  ['tests/integration/x.test.ts', "import { diagnose } from '../../backend-bridge/src/engine/diagnose.ts'"],
] as const;

const forbidden = [
  ['packages/protocol/src/delta.ts', "import { z } from 'zod'", 'forbidden'],
  ['packages/protocol/src/delta.ts', "import fs from 'node:fs'", 'forbidden'],
  ['packages/grafana-plugin-sdk/src/serve.ts', "import { Snapshot } from '@topdeck/protocol'", 'forbidden'],
  [`${bridge}/engine/health.ts`, "import { systemClock } from '../clock.ts'", 'forbidden'],
  [`${bridge}/engine/health.ts`, "import { readFileSync } from 'node:fs'", 'forbidden'],
  [`${bridge}/engine/health.ts`, "import type { Feed } from '../publisher/feed.ts'", 'forbidden'],
  [`${bridge}/sources/neo4j-topology.ts`, "import { loadConfig } from '../config.ts'", 'typesOnly'],
  [`${bridge}/simulator/step.ts`, "import { log } from '../telemetry/log.ts'", 'forbidden'],
  [`${bridge}/telemetry/log.ts`, "import { BridgeError } from '../errors.ts'", 'forbidden'],
  [`${bridge}/publisher/tick.ts`, "import { X } from '../sources/metrics-source.ts'", 'typesOnly'],
  [`${bridge}/publisher/tick.ts`, "import { type X } from '../sources/metrics-source.ts'", 'typesOnly'],
  [`${bridge}/publisher/tick.ts`, "import type { X } from '../sources/prometheus-metrics.ts'", 'forbidden'],
  [`${bridge}/connections/manager.ts`, "import { Publisher } from '../publisher/publisher.ts'", 'typesOnly'],
  [`${bridge}/connections/manager.ts`, "export * from '../publisher/publisher.ts'", 'typesOnly'],
  [`${bridge}/connections/manager.ts`, "await import('../http/auth.ts')", 'forbidden'],
  [`${bridge}/connections/manager.ts`, 'await import(name)', 'dynamic'],
  [`${bridge}/http/routes.ts`, "import { Manager } from '../connections/manager.ts'", 'typesOnly'],
  [`${bridge}/http/routes.ts`, "new Worker(new URL('../pipeline/worker.ts', import.meta.url))", 'forbidden'],
  [`${bridge}/pipeline/worker.ts`, "import type { Manager } from '../connections/manager.ts'", 'forbidden'],
  [`${bridge}/pipeline/worker.ts`, "import { app } from '../app.ts'", 'forbidden'],
  [`${bridge}/app.ts`, "import './main.ts'", 'forbidden'],
  [`${bridge}/app.ts`, "import { FakeClock } from '../test/fake-clock.ts'", 'forbidden'],
  [`${bridge}/engine/health.ts`, "import type { Config } from '../config.ts'", 'forbidden'],
  [`${bridge}/access/auth.ts`, "import type { HttpDependencies } from '../http/dependencies.ts'", 'forbidden'],
  [`${bridge}/main.ts`, "import { Publisher } from './publisher/publisher.ts'", 'forbidden'],
  ['backend-datasource/src/main.ts', "import { app } from '../../backend-bridge/src/app.ts'", 'forbidden'],
  ['src/panels/topology/XPanel.tsx', "import { YPanel } from '../diagnostics/YPanel'", 'forbidden'],
  ['src/datasource/datasource.ts', "import { XPanel } from '../panels/topology/XPanel'", 'forbidden'],
  ['src/new-folder/thing.ts', 'export {}', 'noLayer'],
  [`${bridge}/engine/health.ts`, "import { x } from '../../../elsewhere/x.ts'", 'noLayer'],
] as const;

describe('layers', () => {
  test.each(allowed)('%s may: %s', (file, code) => {
    expect(violations(file, code)).toEqual([]);
  });

  test.each(forbidden)('%s may not: %s', (file, code, messageId) => {
    expect(violations(file, code)).toEqual([messageId]);
  });

  test('a comment does not silence it', () => {
    const code = "/* eslint-disable */\nimport { systemClock } from '../clock.ts'; // eslint-disable-line";
    expect(violations(`${bridge}/engine/health.ts`, code)).toContain('forbidden');
  });

  test('the map names only layers that it holds', () => {
    const named = Object.values(LAYERS).flatMap(({ may, types = [] }) => [...may, ...types]);
    expect(named.filter((name) => !Object.hasOwn(LAYERS, name))).toEqual([]);
  });
});
