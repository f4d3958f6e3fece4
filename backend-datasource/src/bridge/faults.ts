import type { BridgeFault } from './bridge.ts';

/**
 * Faults that the bridge does not tell of itself, because it was not reached, did not answer or is none. Codes are
 * permanent: alert rules and runbooks name them. `action` says what whoever set up the data source can do.
 */
export const FAULT_CODES = {
  // on the way
  CONNECTION_REFUSED: {
    message: 'Nothing listens at the address of the bridge',
    action: 'Check that the bridge runs and that the URL has its port, as seen from the machine that Grafana runs on',
  },
  HOST_NOT_FOUND: {
    message: 'The host name of the bridge is not known',
    action: 'Check the host name in the URL and the DNS of the machine that Grafana runs on',
  },
  HOST_UNREACHABLE: {
    message: 'There is no way to the host of the bridge',
    action: 'Check routes and firewalls between Grafana and the bridge',
  },
  CONNECTION_LOST: {
    message: 'The connection to the bridge was cut',
    action: 'It is opened again by itself; if it keeps being cut, look at the bridge and at proxies on the way',
  },
  TIMEOUT: {
    message: 'The bridge did not answer in time',
    action: 'Check firewalls and the load of the bridge, or raise the timeout in the settings',
  },
  NETWORK_FAILED: {
    message: 'The bridge could not be reached',
    action: 'Check the URL and the network between Grafana and the bridge',
  },
  // TLS
  TLS_UNTRUSTED: {
    message: 'The certificate of the bridge is not from an authority that is trusted',
    action: 'Switch on “Own authority” and paste the certificate of its authority',
  },
  TLS_EXPIRED: {
    message: 'The certificate of the bridge is not valid at this time',
    action: 'Renew the certificate, and check the clocks of both machines',
  },
  TLS_WRONG_NAME: {
    message: 'The certificate of the bridge is for another name',
    action: 'Use the name in the certificate in the URL, or enter it under “Server name”',
  },
  TLS_CLIENT_CERTIFICATE: {
    message: 'The bridge did not accept a client certificate, or got none',
    action: 'Switch on “Client certificate” and paste a certificate and key that the bridge trusts',
  },
  TLS_FAILED: {
    message: 'No encrypted connection to the bridge could be made',
    action: 'Use http:// in the URL if the bridge serves without TLS, else check its TLS settings',
  },
  // the other side
  NOT_A_BRIDGE: {
    message: 'What answers at the URL is not a Live Diagnostics bridge',
    action: 'Check host, port and path of the URL; it ends before /api/v1',
  },
  ACCESS_DENIED: {
    message: 'Access to the bridge was denied',
    action: 'Check the token in the settings and what proxies on the way demand',
  },
  HTTP_FAILED: {
    message: 'The bridge, or a proxy before it, failed',
    action: 'Look at its log; it is tried again by itself',
  },
  BAD_ANSWER: {
    message: 'The answer does not follow the protocol',
    action: 'Use versions of bridge and plugin that belong together',
  },
  ANSWER_TOO_LARGE: { message: 'The answer is too large', action: 'Ask for fewer resources or a shorter range' },
  // the stream
  STREAM_CLOSED: {
    message: 'The bridge closed the stream',
    action: 'It is opened again by itself; look at the log of the bridge if it happens often',
  },
  STREAM_SILENT: {
    message: 'The stream went silent',
    action: 'It is opened again by itself; check proxies and firewalls that cut idle connections',
  },
  STREAM_BROKEN: {
    message: 'The stream does not follow the protocol',
    action: 'Use versions of bridge and plugin that belong together; it is started anew by itself',
  },
  AUTH_EXPIRED: { message: 'The token has expired', action: 'Enter a fresh token in the settings' },
  // our side
  INVALID_PATH: { message: 'The path is not one below the REST API of the bridge', action: 'Correct the path' },
  CLOSED: { message: 'The settings were changed or the data source was removed', action: 'Try again' },
  PLUGIN_FAILED: { message: 'The plugin failed', action: 'Look at the log of Grafana' },
} as const satisfies Readonly<Record<string, { readonly message: string; readonly action: string }>>;

export type FaultCode = keyof typeof FAULT_CODES;

export interface FaultOptions {
  /** Goes behind the message. */
  readonly detail?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** Instead of that of the table. */
  readonly action?: string;
}

export function fault(code: FaultCode, { detail, httpStatus, action }: FaultOptions = {}): BridgeFault {
  const { message, action: usual } = FAULT_CODES[code];
  return {
    code,
    message: detail === undefined ? message : `${message}: ${detail}`,
    action: action ?? usual,
    ...(httpStatus !== undefined && { httpStatus }),
  };
}

/** The same trouble again, whatever the words. */
export const isSameFault = (a: BridgeFault | undefined, b: BridgeFault | undefined): boolean =>
  a === b || (a?.code === b?.code && a?.message === b?.message && a?.httpStatus === b?.httpStatus);
