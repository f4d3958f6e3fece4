import { describe, expect, test } from '@jest/globals';
import { BridgeError } from '../../src/errors.ts';
import { captureLog } from '../capture-log.ts';

const fault = () =>
  new BridgeError('PROMETHEUS_UNREACHABLE', {
    cause: new Error('fetch failed', { cause: new Error('connect http://ada:hunter2@prom.example:9090 refused') }),
  });

describe('SEC-5 faults in the log', () => {
  test('tell what happened down to the first cause, without credentials and without a stack', () => {
    const { log, events, text } = captureLog('info');
    log.error({ event: 'x', err: fault() });
    expect(events()[0]).toMatchObject({
      event: 'x',
      err: {
        type: 'BridgeError',
        code: 'PROMETHEUS_UNREACHABLE',
        causes: ['fetch failed', 'connect http://[secret]@prom.example:9090 refused'],
      },
    });
    expect(text()).not.toContain('hunter2');
    expect(text()).not.toMatch(/\bat .*\.ts:\d+/);
  });

  test('a stack is there for who debugs', () => {
    const { log, text } = captureLog('debug');
    log.error({ event: 'x', err: fault() });
    expect(text()).toContain('serialize-error.test.ts');
    expect(text()).not.toContain('hunter2');
  });

  test('what is thrown without being an Error is told too, and a circle of causes ends', () => {
    const { log, events } = captureLog('info');
    const circle = new Error('a');
    circle.cause = circle;
    log.error({ err: 'bolt://u:p@h failed' });
    log.error({ err: circle });
    expect(events()[0]).toMatchObject({ err: { type: 'string', message: 'bolt://[secret]@h failed' } });
    expect(events()[1]).toMatchObject({ err: { causes: ['a', 'a', 'a', 'a', 'a'] } });
  });
});
