import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { DataSourceSettings } from '@topdeck/grafana-plugin-sdk';
import { DATA_SOURCE_DEFAULTS, DataSourceJson, SECRETS, type SecretName } from '@topdeck/protocol/grafana';
import { Secret } from '@topdeck/protocol/secret';
import { validator } from '@topdeck/protocol/validate';
import { readAddress, type Address } from './bridge/address.ts';
import { badQuery } from './frames/bad-query.ts';

/** PEM texts as they were pasted. */
export interface TlsSettings {
  readonly skipVerify: boolean;
  /** Absent: the authorities that the runtime trusts. */
  readonly ca?: string;
  readonly client?: { readonly cert: string; readonly key: Secret };
  /** Absent: the host of the URL. */
  readonly serverName?: string;
}

/** What one data source was set up with, checked and frozen. */
export interface Settings {
  readonly address: Address;
  readonly token: Secret | undefined;
  /** Whole seconds, as the bridge takes it. */
  readonly updateIntervalMs: number;
  readonly pollIntervalMs: number;
  readonly timeoutMs: number;
  /** Older data fails alert queries. */
  readonly alertAgeLimitMs: number;
  readonly tls: TlsSettings;
}

const checkJson = validator(DataSourceJson);
type Json = typeof DataSourceJson.properties;

/** Editors and provisioning files write null or an empty text for what is not set. */
function withoutEmpty(json: unknown): Record<string, unknown> {
  const given = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return Object.fromEntries(given.filter(([, value]) => value !== null && value !== ''));
}

/** What a key may be, for whoever wrote something else. */
function expected(key: keyof Json): string {
  const schema = DataSourceJson.properties[key] as { type?: string; minimum?: number; maximum?: number };
  if (schema.type === 'integer') return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  return schema.type === 'boolean' ? 'true or false' : 'a text';
}

function readJson(settings: DataSourceSettings, problems: string[]): DataSourceJson {
  const given = withoutEmpty(settings.jsonData);
  for (const key of Object.keys(DataSourceJson.properties) as (keyof Json)[]) {
    if (!Object.hasOwn(given, key) || checkJson({ [key]: given[key] }).ok) continue;
    problems.push(`jsonData.${key}: is ${JSON.stringify(given[key])}. Enter ${expected(key)}`);
    delete given[key];
  }
  const parsed = checkJson(given);
  if (!parsed.ok) problems.push(`jsonData: ${parsed.detail}`);
  return { ...DATA_SOURCE_DEFAULTS, ...(parsed.ok && parsed.value) };
}

function readSecrets(settings: DataSourceSettings): Partial<Record<SecretName, string>> {
  const entries = SECRETS.map((name) => [name, settings.secureJsonData[name]?.trim() ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** What it throws at is not shown: the text may be a key in the wrong field. */
function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

type ReadSecrets = Partial<Record<SecretName, string>>;

function readCa(json: DataSourceJson, { tlsCACert: ca }: ReadSecrets, problems: string[]): string | undefined {
  if (json.tlsAuthWithCACert !== true) return undefined;
  if (ca === undefined)
    problems.push('Certificate of the authority: is missing. Paste it, or switch “Own authority” off');
  else if (!isReadable(() => new X509Certificate(ca)))
    problems.push(
      'Certificate of the authority: is no certificate. Paste PEM text that begins with -----BEGIN CERTIFICATE-----',
    );
  else return ca;
  return undefined;
}

function readClient(json: DataSourceJson, secrets: ReadSecrets, problems: string[]): TlsSettings['client'] {
  const { tlsClientCert: cert, tlsClientKey: key } = secrets;
  if (json.tlsAuth !== true) return undefined;
  const before = problems.length;
  if (cert === undefined) problems.push('Client certificate: is missing. Paste it, or switch “Client certificate” off');
  else if (!isReadable(() => new X509Certificate(cert)))
    problems.push('Client certificate: is no certificate. Paste PEM text that begins with -----BEGIN CERTIFICATE-----');
  if (key === undefined) problems.push('Private key: is missing. Paste it, or switch “Client certificate” off');
  else if (!isReadable(() => createPrivateKey(key)))
    problems.push('Private key: is no private key without a passphrase. Paste PEM text that begins with -----BEGIN');
  if (cert === undefined || key === undefined || problems.length > before) return undefined;
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    problems.push('Private key: does not belong to the client certificate. Paste the two that belong together');
  return { cert, key: new Secret(key) };
}

function readToken({ token }: ReadSecrets, problems: string[]): Secret | undefined {
  if (token === undefined) return undefined;
  if (!/^[\x21-\x7e]+$/.test(token))
    problems.push('Token: has a space, a line break or a letter beyond ASCII in it. Paste the token alone');
  return new Secret(token);
}

function readTls(json: DataSourceJson, secrets: ReadSecrets, problems: string[]): TlsSettings {
  const ca = readCa(json, secrets, problems);
  const client = readClient(json, secrets, problems);
  const serverName = json.serverName?.trim();
  return Object.freeze({
    skipVerify: json.tlsSkipVerify === true,
    ...(ca !== undefined && { ca }),
    ...(client !== undefined && { client: Object.freeze(client) }),
    ...(serverName && { serverName }),
  });
}

/** Throws a QueryError with status 400 that lists everything that is wrong with the settings, and what to do. */
export function readSettings(dataSource: DataSourceSettings | undefined): Settings {
  if (dataSource === undefined) {
    throw badQuery('This is answered for a data source only');
  }
  const problems: string[] = [];
  const read = readAddress(dataSource.url);
  if (!read.ok) problems.push(read.problem);
  const json = readJson(dataSource, problems);
  const secrets = readSecrets(dataSource);
  const token = readToken(secrets, problems);
  const tls = readTls(json, secrets, problems);
  if (!read.ok || problems.length > 0) {
    throw badQuery(`The settings of the data source are not complete or not valid. ${problems.join('. ')}.`);
  }
  const seconds = (key: keyof typeof DATA_SOURCE_DEFAULTS): number => (json[key] ?? DATA_SOURCE_DEFAULTS[key]) * 1000;
  return Object.freeze({
    address: Object.freeze(read.address),
    token,
    updateIntervalMs: seconds('updateIntervalS'),
    pollIntervalMs: seconds('pollIntervalS'),
    timeoutMs: seconds('timeoutS'),
    alertAgeLimitMs: seconds('staleAfterS'),
    tls,
  });
}
