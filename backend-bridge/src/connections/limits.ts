/** The settings of the same names, in milliseconds where they are durations. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** 1/s */
  readonly connectionRatePerAddress: number;
  readonly maxMessageBytes: number;
  /** 1/s */
  readonly messageRate: number;
  readonly maxSubscriptions: number;
  readonly idleTimeoutMs: number;
  readonly slowClientTimeoutMs: number;
  readonly maxQueueBytes: number;
}
