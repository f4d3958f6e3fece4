import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { QueryError, type DataSourceSettings } from '@topdeck/grafana-plugin-sdk';
import { CertificateAuthority } from '../../tests/fixtures/certificates.ts';
import { Secret } from '@topdeck/protocol/secret';
import { readSettings, type Settings } from '../src/settings.ts';

const authority = new CertificateAuthority();
const client = authority.issue({ names: ['client'] });
const other = authority.issue({ names: ['other'] });

type Given = Partial<Pick<DataSourceSettings, 'url' | 'jsonData' | 'secureJsonData'>>;
const read = (given: Given = {}): Settings =>
  readSettings({
    uid: 'u',
    name: 'n',
    url: 'http://bridge:8000',
    user: '',
    database: '',
    basicAuthEnabled: false,
    basicAuthUser: '',
    jsonData: {},
    secureJsonData: {},
    updatedMs: 0,
    apiVersion: '',
    ...given,
  });

const problemsOf = (given: Given): string => {
  try {
    read(given);
  } catch (error) {
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ status: 400, source: 'downstream' });
    return (error as Error).message;
  }
  throw new Error('the settings were accepted');
};

describe('settings', () => {
  test('have defaults for all but the URL', () => {
    expect(read()).toEqual({
      address: { base: 'http://bridge:8000', isSecure: false },
      token: undefined,
      updateIntervalMs: 5000,
      pollIntervalMs: 30_000,
      timeoutMs: 10_000,
      alertAgeLimitMs: 60_000,
      tls: { skipVerify: false },
    });
  });

  test('are what was saved, frozen, with empty values as good as absent', () => {
    const settings = read({
      jsonData: {
        updateIntervalS: 2,
        pollIntervalS: null,
        timeoutS: '',
        staleAfterS: 90,
        tlsAuthWithCACert: true,
        tlsAuth: true,
        serverName: ' bridge.example ',
        httpHeaderName1: 'of Grafana',
      },
      secureJsonData: {
        token: ' abc \n',
        tlsCACert: authority.cert,
        tlsClientCert: client.cert,
        tlsClientKey: client.key,
      },
    });
    expect(settings).toMatchObject({
      updateIntervalMs: 2000,
      pollIntervalMs: 30_000,
      timeoutMs: 10_000,
      alertAgeLimitMs: 90_000,
    });
    expect(settings.token?.reveal()).toBe('abc');
    expect(settings.tls).toMatchObject({ ca: authority.cert.trim(), serverName: 'bridge.example' });
    expect(settings.tls.client?.key.reveal()).toBe(client.key.trim());
    expect([settings, settings.address, settings.tls, settings.tls.client].every(Object.isFrozen)).toBe(true);
  });

  test('of TLS that is switched off are passed over', () => {
    const { tls } = read({ secureJsonData: { tlsCACert: 'x', tlsClientCert: 'y', tlsClientKey: 'z' } });
    expect(tls).toEqual({ skipVerify: false });
  });

  test('that are wrong are all listed in one error, each with what to do', () => {
    const text = problemsOf({
      url: 'bridge',
      jsonData: {
        updateIntervalS: 0,
        timeoutS: 'soon',
        tlsSkipVerify: 1,
        serverName: 7,
        tlsAuthWithCACert: true,
        tlsAuth: true,
      },
      secureJsonData: { token: 'two words' },
    });
    for (const problem of [
      'URL: “bridge” is no address. Enter one with http:// or https://',
      'jsonData.updateIntervalS: is 0. Enter a whole number from 1 to 60',
      'jsonData.timeoutS: is "soon". Enter a whole number from 1 to 120',
      'jsonData.tlsSkipVerify: is 1. Enter true or false',
      'jsonData.serverName: is 7. Enter a text',
      'Certificate of the authority: is missing. Paste it, or switch',
      'Client certificate: is missing',
      'Private key: is missing',
      'Token: has a space',
    ]) {
      expect(text).toContain(problem);
    }
  });

  test.each<readonly [string, Given['secureJsonData'], string]>([
    ['a CA that is no certificate', { tlsCACert: client.key }, 'Certificate of the authority: is no certificate'],
    [
      'a certificate that is none',
      { tlsCACert: authority.cert, tlsClientCert: 'x', tlsClientKey: client.key },
      'Client certificate: is no',
    ],
    [
      'a key that is none',
      { tlsCACert: authority.cert, tlsClientCert: client.cert, tlsClientKey: client.cert },
      'Private key: is no',
    ],
    [
      'the key of another certificate',
      { tlsCACert: authority.cert, tlsClientCert: client.cert, tlsClientKey: other.key },
      'does not belong',
    ],
  ])('refuse %s, without showing it', (_, secureJsonData, problem) => {
    const text = problemsOf({ jsonData: { tlsAuthWithCACert: true, tlsAuth: true }, secureJsonData });
    expect(text).toContain(problem);
    expect(text).not.toContain(client.key.split('\n')[1]);
  });

  test('are those of a data source', () => {
    expect(() => readSettings(undefined)).toThrow(QueryError);
  });
});

test('a secret shows itself to nobody who does not ask for it', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    [secret].join(),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }),
  ];
  expect(shown.join()).not.toContain('hunter2');
  expect(shown[0]).toBe('[secret]');
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.reveal()).toBe('hunter2');
});
