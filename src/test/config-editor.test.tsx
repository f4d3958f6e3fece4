import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { DataSourceSettings } from '@grafana/data';
import { HealthStatus } from '@grafana/runtime';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { ConfigEditor } from '../datasource/ConfigEditor.tsx';
import { pemProblem, urlProblem } from '../ui/url-problem.ts';
import { healthReports } from '../datasource/health-report.ts';
import type { Options, Secrets } from '../datasource/types.ts';
import { TEST_IDS } from '../ui/test-ids.ts';

const ids = TEST_IDS.configEditor;
type All = DataSourceSettings<Options, Secrets>;

function draw(start: Partial<All> = {}) {
  const options = {
    uid: 'c1',
    url: 'http://bridge:8000',
    jsonData: {},
    secureJsonFields: {},
    readOnly: false,
    ...start,
  } as All;
  const seen = { options };
  const onChange = jest.fn();
  function Host() {
    const [current, setCurrent] = useState(options);
    seen.options = current;
    return (
      <ConfigEditor
        options={current}
        onOptionsChange={(next) => {
          onChange();
          setCurrent(next);
        }}
      />
    );
  }
  render(<Host />);
  return { seen, onChange, user: userEvent.setup() };
}

describe('the settings page', () => {
  test('takes address and token', async () => {
    const { seen, user } = draw({ url: '' });
    expect(screen.getByText('Enter the address of the bridge')).toBeTruthy();
    await user.type(screen.getByTestId(ids.url), 'bridge:8000');
    expect(screen.getByText('The address must begin with http:// or https://')).toBeTruthy();
    await user.clear(screen.getByTestId(ids.url));
    await user.type(screen.getByTestId(ids.url), 'https://bridge:8000');
    await user.type(screen.getByTestId(ids.token), 'secret');
    expect(seen.options.url).toBe('https://bridge:8000');
    expect(seen.options.secureJsonData).toEqual({ token: 'secret' });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('never shows a saved token, and lets it be replaced', async () => {
    const { seen, user } = draw({ secureJsonFields: { token: true } });
    expect(screen.getByTestId<HTMLInputElement>(ids.token).value).toBe('configured');
    await user.click(screen.getByRole('button', { name: /reset/i }));
    expect(seen.options.secureJsonFields).toEqual({ token: false });
    expect(seen.options.secureJsonData).toEqual({ token: '' });
  });

  test('asks for certificates only where they are used', async () => {
    const { seen, user } = draw();
    expect(screen.queryByTestId(ids.tlsCa)).toBeNull();
    await user.click(screen.getByTestId(ids.tlsWithCa));
    await user.click(screen.getByTestId(ids.tlsAuth));
    expect(screen.getAllByText('Paste it here, as PEM text')).toHaveLength(3);
    await user.type(screen.getByTestId(ids.tlsCa), 'nonsense');
    expect(screen.getByText(/must be PEM text that begins with -----BEGIN CERTIFICATE/)).toBeTruthy();
    await user.type(screen.getByTestId(ids.serverName), 'bridge.local');
    expect(seen.options.jsonData).toEqual({ tlsAuthWithCACert: true, tlsAuth: true, serverName: 'bridge.local' });
  });

  test.each([
    [ids.updateInterval, 'updateIntervalS', '61', 'This must be from 1 to 60', '2'],
    [ids.pollInterval, 'pollIntervalS', '4', 'This must be from 5 to 300', '15'],
    [ids.timeout, 'timeoutS', '1.5', 'This must be a whole number', '20'],
    [ids.staleAfter, 'staleAfterS', '9', 'This must be from 10 to 3600', '120'],
  ] as const)('%s is kept within its limits', async (testId, key, wrong, words, right) => {
    const { seen, user } = draw();
    await user.type(screen.getByTestId(testId), wrong);
    expect(screen.getByText(words)).toBeTruthy();
    await user.clear(screen.getByTestId(testId));
    await user.type(screen.getByTestId(testId), right);
    expect(screen.queryByText(words)).toBeNull();
    expect(seen.options.jsonData[key]).toBe(Number(right));
    await user.clear(screen.getByTestId(testId));
    expect(seen.options.jsonData[key]).toBeUndefined();
  });

  test('of a provisioned data source shows everything and changes nothing', async () => {
    const { onChange, user } = draw({ readOnly: true, jsonData: { updateIntervalS: 3, tlsAuthWithCACert: true } });
    expect(screen.getByTestId<HTMLInputElement>(ids.updateInterval).value).toBe('3');
    for (const box of screen.getAllByRole<HTMLInputElement>('textbox')) expect(box.disabled).toBe(true);
    await user.click(screen.getByTestId(ids.tlsSkipVerify));
    await user.type(screen.getByTestId(ids.url), 'x');
    expect(onChange).not.toHaveBeenCalled();
  });

  describe('after a test', () => {
    beforeEach(() => {
      healthReports.record('other', { status: HealthStatus.OK, message: 'x', details: {} });
    });

    test('shows each hop with what to do', () => {
      draw();
      expect(screen.queryByTestId(ids.hops)).toBeNull();
      const hops = [
        { hop: 'bridge', state: 'ok', text: 'A bridge answers', latencyMs: 12.4 },
        { hop: 'authorisation', state: 'error', text: 'The token is refused', action: 'Enter another token' },
        { hop: 'data', state: 'unknown', text: 'Not looked at, because of the above' },
      ];
      act(() => {
        healthReports.record('c1', { status: HealthStatus.Error, message: 'Refused', details: { hops } });
      });
      expect(screen.getByTestId(ids.hop('bridge')).textContent).toContain('Bridge: A bridge answers (12 ms)');
      const refused = screen.getByTestId(ids.hop('authorisation')).textContent;
      expect(refused).toContain('Failed');
      expect(refused).toContain('Enter another token');
      expect(screen.getByTestId(ids.hop('data')).textContent).toContain('Not looked at');
    });
  });
});

test.each([
  ['http://bridge:8000', true],
  ['https://proxy/bridge', true],
  ['ftp://bridge', false],
  ['http://', false],
  ['http://user:pw@bridge', false],
  ['http://bridge?x=1', false],
])('the address %s is right: %s', (url, isRight) => {
  expect(urlProblem(url) === undefined).toBe(isRight);
});

test('keys of every kind are taken', () => {
  for (const kind of ['', 'RSA ', 'EC ', 'ENCRYPTED ']) {
    expect(pemProblem(`-----BEGIN ${kind}PRIVATE KEY-----`, 'key')).toBeUndefined();
  }
  expect(pemProblem('-----BEGIN CERTIFICATE-----', 'key')).toContain('PRIVATE KEY');
});
