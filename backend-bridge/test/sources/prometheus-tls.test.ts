import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { loadPreset } from '../../src/sources/presets.ts';
import { PrometheusMetrics } from '../../src/sources/prometheus-metrics.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { answerFor, ringTopology } from './prometheus-graph.ts';
import { PrometheusStub } from './prometheus-stub.ts';

/** A fresh certificate each run: none that expires, and no key, lies in the repository. */
function makeCertificate(folder: string): { key: string; cert: string } | undefined {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  try {
    execFileSync('openssl', ['req', '-x509', ...newKey, '-out', cert, '-days', '2', ...subject], { stdio: 'ignore' });
    return { key, cert };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'prometheus-tls-'));
const files = makeCertificate(folder);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// Left out, and shown so, where there is no openssl to make a certificate with.
(files === undefined ? describe.skip : describe)('https', () => {
  const preset = loadPreset('topdeck');
  const topology = ringTopology(2);
  let stub: PrometheusStub;
  const make = (options: { caFile?: string } = {}): PrometheusMetrics =>
    new PrometheusMetrics(
      { url: stub.url, preset, rateWindow: '1m', timeoutMs: 5000, ...options },
      { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() },
    );

  beforeAll(async () => {
    const { key, cert } = files as { key: string; cert: string };
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    stub = await new PrometheusStub(
      answerFor(preset, topology, () => 1),
      tls,
    ).start();
  });
  afterAll(async () => {
    await stub.stop();
  });

  test('trusts the authority of PROMETHEUS_CA_FILE', async () => {
    const source = make({ caFile: (files as { cert: string }).cert });
    const signal = new AbortController().signal;
    const batch = await source.collect({ topology, atMs: 1_700_000_000_000, signal });
    expect(new Set(batch.columns.map(({ report }) => report.outcome))).toEqual(new Set(['ok']));
    await source.close();
  });

  test('trusts nobody else, and says why', async () => {
    const source = make();
    await expect(source.checkAtStart()).resolves.toBe('unreachable');
    expect(source.freshness()).toMatchObject({
      error_code: 'PROMETHEUS_UNREACHABLE',
      error: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    });
    await source.close();
  });

  test('an unreadable CA file stops the start', () => {
    expect(() => make({ caFile: join(folder, 'none.pem') })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        detail: expect.stringMatching(/^PROMETHEUS_CA_FILE: .*none\.pem/),
      }),
    );
  });
});
