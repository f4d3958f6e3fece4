import Type, { type Static } from 'typebox';

/** `jsonData` of the data source. The bridge's address is its `url`. TLS names are those of Grafana's own sources. */
export const DataSourceJson = Type.Object({
  updateIntervalS: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 60, default: 5, description: 'How often the bridge sends changes' }),
  ),
  pollIntervalS: Type.Optional(
    Type.Integer({
      minimum: 5,
      maximum: 300,
      default: 30,
      description: 'Of reading over REST while the stream is cut',
    }),
  ),
  timeoutS: Type.Optional(Type.Integer({ minimum: 1, maximum: 120, default: 10, description: 'Of one request' })),
  staleAfterS: Type.Optional(
    Type.Integer({ minimum: 10, maximum: 3600, default: 60, description: 'Older data fails alert queries' }),
  ),
  tlsSkipVerify: Type.Optional(Type.Boolean({ default: false })),
  tlsAuthWithCACert: Type.Optional(Type.Boolean({ default: false, description: 'Trust secureJsonData.tlsCACert' })),
  tlsAuth: Type.Optional(
    Type.Boolean({ default: false, description: 'Present secureJsonData.tlsClientCert and tlsClientKey' }),
  ),
  serverName: Type.Optional(Type.String({ description: 'Name to verify in the certificate when it is not the host' })),
});
export type DataSourceJson = Static<typeof DataSourceJson>;

/** `secureJsonData`: never sent back to a browser. */
export const SECRETS = ['token', 'tlsCACert', 'tlsClientCert', 'tlsClientKey'] as const;
export type SecretName = (typeof SECRETS)[number];

export const DATA_SOURCE_DEFAULTS = {
  updateIntervalS: 5,
  pollIntervalS: 30,
  timeoutS: 10,
  staleAfterS: 60,
} as const satisfies DataSourceJson;
