type Range = readonly [min: number, max: number];

/** How a kind of resource behaves; each resource lies somewhere within the ranges. */
export interface ResourceProfile {
  readonly serviceTimeS: Range;
  /** Standard deviation of the service time over its mean. */
  readonly variation: number;
  readonly servers: Range;
  /** Longest queue, requests per server. */
  readonly queuePlaces: number;
  readonly cores: number;
  readonly memoryMiB: Range;
  /** Share of requests that fail on a good day. */
  readonly errorShare: Range;
  /** Callers give up after this. */
  readonly timeoutS: number;
  /** Share of its failures that callers can do without. */
  readonly fallback: number;
  /** Whether it runs in a container of ours; what others run has no cpu or memory series. */
  readonly container: boolean;
}

const SERVICE: ResourceProfile = {
  serviceTimeS: [0.005, 0.018],
  variation: 0.8,
  servers: [8, 24],
  queuePlaces: 100,
  cores: 1.2,
  memoryMiB: [192, 768],
  errorShare: [0.0005, 0.002],
  timeoutS: 5,
  fallback: 0.1,
  container: true,
};

export const RESOURCE_PROFILES: Readonly<Record<string, ResourceProfile>> = {
  service: SERVICE,
  gateway: {
    ...SERVICE,
    serviceTimeS: [0.001, 0.003],
    variation: 1,
    servers: [24, 48],
    queuePlaces: 200,
    timeoutS: 10,
    memoryMiB: [128, 384],
  },
  database: {
    ...SERVICE,
    serviceTimeS: [0.002, 0.008],
    variation: 1.2,
    servers: [16, 32],
    queuePlaces: 250,
    memoryMiB: [2048, 6144],
    errorShare: [0.0001, 0.0005],
    timeoutS: 4,
    fallback: 0,
  },
  cache: {
    ...SERVICE,
    serviceTimeS: [0.0003, 0.0008],
    variation: 1,
    servers: [4, 8],
    queuePlaces: 500,
    memoryMiB: [1024, 3072],
    errorShare: [0.0001, 0.0004],
    timeoutS: 1,
    fallback: 0.6,
  },
  queue: {
    ...SERVICE,
    serviceTimeS: [0.001, 0.004],
    variation: 1,
    queuePlaces: 400,
    memoryMiB: [512, 2048],
    errorShare: [0.0001, 0.0005],
    timeoutS: 3,
    fallback: 0.3,
  },
  external: {
    ...SERVICE,
    serviceTimeS: [0.06, 0.16],
    variation: 0.6,
    servers: [32, 64],
    queuePlaces: 30,
    errorShare: [0.001, 0.004],
    timeoutS: 6,
    fallback: 0.2,
    container: false,
  },
};

/** Types that a graph invents are treated as services. */
export const resourceProfile = (type: string): ResourceProfile => RESOURCE_PROFILES[type] ?? SERVICE;
