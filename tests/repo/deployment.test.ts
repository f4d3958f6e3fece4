import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CONFIG_KEYS } from '../../backend-bridge/src/config-schema.ts';
import { loadConfig } from '../../backend-bridge/src/config.ts';
import { parseSimulateOptions } from '../../backend-bridge/src/simulator/simulate-options.ts';
import { DATA_SOURCES } from './provisioning-files.ts';
import { exists, FILES, namesIn, read, readJson } from './repository.ts';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test: readonly string[] };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly environment: string }>>;
}

const COMPOSE_FILE = 'docker-compose.yml';
const { services, volumes, secrets } = parse(read(COMPOSE_FILE), { merge: true }) as Compose;
const named = Object.entries(services);
const { bridge, grafana, simulator, neo4j, prometheus } = services;
const root = readJson('package.json') as {
  version: string;
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
  workspaces: string[];
};

/** `${NAME:?…}` and `${NAME}` of a compose file. */
const variablesIn = (text: string): string[] => [...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name);
const exampleKeys = [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)];
/** What Compose puts in for secrets. */
const fill = (text: string): string => text.replace(/\$\{\w+:\?[^}]*\}/g, '0123456789abcdef0123456789abcdef');
const environmentOf = ({ environment = {} }: Service): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, fill(value)]));
const portOf = (address: string): string => new URL(address.includes('://') ? address : `http://${address}`).port;
const containerPorts = ({ ports = [] }: Service): string[] => ports.map((port) => port.split(':').at(-1) ?? '');

describe('secrets', () => {
  test('stand in no file: each is required from the environment', () => {
    const given = named.flatMap(([name, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([key]) => /PASSWORD|TOKEN|SECRET|_AUTH$/.test(key))
        .filter(([, value]) => !/^(\w+\/)?\$\{\w+:\?[^}]+\}$/.test(value))
        .map(([key]) => `${name}.${key}`),
    );
    expect(given).toEqual([]);
  });

  test('are all named, and left empty, in .env.example', () => {
    const used = new Set([
      ...variablesIn(read(COMPOSE_FILE)),
      ...Object.values(secrets).map(({ environment }) => environment),
    ]);
    expect(new Set(exampleKeys.map(([, key]) => key))).toEqual(used);
    expect(exampleKeys.filter(([, , value]) => value !== '')).toEqual([]);
    expect(read('.gitignore').split('\n')).toContain('.env');
    expect(read('.dockerignore').split('\n')).toContain('.env');
  });
});

describe.each(named)('service %s', (_name, service) => {
  test('runs a pinned image', () => {
    expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-\w+)?$/);
    if (service.build) expect(service.image.endsWith(`:${root.version}`)).toBe(true);
  });

  test('runs without privileges', () => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.user ?? 'root').not.toMatch(/^(root|0)(:|$)/);
  });

  test('has a health check, and waits for services that have one', () => {
    expect(service.healthcheck.test.length).toBeGreaterThan(1);
    const waits = Object.entries(service.depends_on ?? {});
    expect(waits.filter(([name, { condition }]) => !(name in services) || condition !== 'service_healthy')).toEqual([]);
  });

  test('publishes ports on loopback only', () => {
    expect((service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('uses volumes, secrets and files that are there', () => {
    const missing = (service.volumes ?? []).filter((volume) => {
      const [source] = volume.split(':');
      return source.startsWith('.') ? !exists(source) : !(source in volumes);
    });
    expect(missing).toEqual([]);
    expect((service.secrets ?? []).filter((name) => !(name in secrets))).toEqual([]);
    // Compose cannot put a secret that comes from the environment into a container that cannot be written to.
    expect(service.read_only === true && (service.secrets ?? []).length > 0).toBe(false);
    if (service.build) expect(exists(posix.join(service.build.context, service.build.dockerfile))).toBe(true);
  });
});

describe('the bridge', () => {
  test('starts with the settings given to it', () => {
    const env = environmentOf(bridge);
    expect(Object.keys(env).filter((key) => !(CONFIG_KEYS as readonly string[]).includes(key))).toEqual([]);
    const config = loadConfig(env);
    expect([String(config.PORT)]).toEqual(containerPorts(bridge));
    expect(bridge.volumes?.map((volume) => volume.split(':')[1])).toEqual([posix.dirname(config.HISTORY_FILE)]);
  });

  test('is given addresses of services that listen there', () => {
    const { NEO4J_URI, PROMETHEUS_URL = '' } = loadConfig(environmentOf(bridge));
    expect(NEO4J_URI).toBe('bolt://neo4j:7687');
    expect([new URL(PROMETHEUS_URL).hostname, portOf(PROMETHEUS_URL)]).toEqual([
      'prometheus',
      ...containerPorts(prometheus),
    ]);
    expect(environmentOf(neo4j)['NEO4J_AUTH']).toBe(`neo4j/${environmentOf(bridge)['NEO4J_PASSWORD']}`);
  });

  test('and the simulator are probed at a route that asks for no token', () => {
    const probed = (service: Service): string[] =>
      [...service.healthcheck.test.join(' ').matchAll(/http:\/\/127\.0\.0\.1:\d+\/\w+/g)].map(([url]) => url);
    expect(probed(bridge)).toEqual([`http://127.0.0.1:${containerPorts(bridge)[0]}/healthz`]);
    expect(probed(simulator)).toEqual([`http://127.0.0.1:${containerPorts(simulator)[0]}/healthz`]);
    expect(namesIn('backend-bridge/src/http/probe-routes.ts')).toContain('/healthz');
    expect(namesIn('backend-bridge/src/simulator/control-api.ts')).toContain('/healthz');
  });
});

test('the simulator starts with the flags given to it', () => {
  const [program, warnings, script, ...flags] = simulator.command ?? [];
  expect([program, warnings]).toEqual(['node', '--disable-warning=ExperimentalWarning']);
  expect(exists(script)).toBe(true);
  const options = parseSimulateOptions(flags);
  expect(options).toMatchObject({
    host: '0.0.0.0',
    neo4j: { uri: 'bolt://neo4j:7687', passwordEnv: 'NEO4J_PASSWORD' },
  });
  expect(options === 'help' ? [] : [String(options.port)]).toEqual(containerPorts(simulator));
});

test('Prometheus scrapes services that listen there, with the token that the bridge wants', () => {
  const { scrape_configs: jobs } = parse(read('deploy/prometheus.yaml')) as {
    scrape_configs: {
      job_name: string;
      authorization?: { credentials_file: string };
      static_configs: { targets: string[] }[];
    }[];
  };
  const targets = jobs.flatMap(({ static_configs }) => static_configs.flatMap(({ targets: own }) => own));
  expect(targets.sort()).toEqual(['bridge', 'simulator'].map((name) => `${name}:${containerPorts(services[name])[0]}`));
  expect(jobs.find(({ job_name }) => job_name === 'bridge')?.authorization?.credentials_file).toBe(
    `/run/secrets/${prometheus.secrets?.[0]}`,
  );
  expect(secrets[prometheus.secrets?.[0] ?? ''].environment).toBe(
    variablesIn(bridge.environment?.['AUTH_TOKENS'] ?? '')[0],
  );
  expect(prometheus.command?.find((flag) => flag.startsWith('--config.file='))?.split('=')[1]).toBe(
    prometheus.volumes?.find((volume) => volume.startsWith('./deploy/prometheus.yaml:'))?.split(':')[1],
  );
});

describe('Grafana', () => {
  test('is given what the provisioned data sources take from the environment', () => {
    const wanted = DATA_SOURCES.flatMap(({ url, secureJsonData = {} }) => [
      url,
      ...Object.values(secureJsonData),
    ]).flatMap(variablesIn);
    expect(Object.keys(grafana.environment ?? {})).toEqual(expect.arrayContaining(wanted));
    expect(environmentOf(grafana)['TOPDECK_BRIDGE_URL']).toBe(`http://bridge:${containerPorts(bridge)[0]}`);
    expect(environmentOf(grafana)['TOPDECK_PROMETHEUS_URL']).toBe(environmentOf(bridge)['PROMETHEUS_URL']);
    expect(grafana.environment?.['TOPDECK_BRIDGE_TOKEN']).toBe(bridge.environment?.['AUTH_TOKENS']);
  });

  test('may load the plugins, unsigned as they are', () => {
    const ids = /UNSIGNED_PLUGINS=(\S+)/.exec(read('deploy/grafana.dockerfile'))?.[1].split(',') ?? [];
    const built = FILES.filter((path) => /^src\/(.+\/)?plugin\.json$/.test(path)).map(
      (path) => (readJson(path) as { id: string }).id,
    );
    expect(built.length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining(built));
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toHaveLength(4);
  });
});

describe.each(FILES.filter((path) => path.endsWith('.dockerfile')))('%s', (path) => {
  const lines = read(path).replaceAll('\\\n', ' ').split('\n');
  const instructions = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

  test('starts from pinned images; Node is the one of the tests', () => {
    const images = instructions('FROM').map((line) => line.split(' ')[0]);
    expect(images.filter((image) => !/^[\w./-]+:\d+\.\d+\.\d+(-[\w-]+)?$/.test(image))).toEqual([]);
    const nodes = images.filter((image) => image.startsWith('node:'));
    expect(nodes.length).toBeGreaterThan(0);
    expect(new Set(nodes.map((image) => /^node:([\d.]+)/.exec(image)?.[1]))).toEqual(
      new Set([root.devDependencies['node']]),
    );
  });

  test('copies what is there', () => {
    const sources = instructions('COPY')
      .filter((line) => !line.includes('--from='))
      .flatMap((line) =>
        line
          .split(/\s+/)
          .filter((word) => !word.startsWith('--'))
          .slice(0, -1),
      );
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !exists(source))).toEqual([]);
  });

  test('runs scripts that are there', () => {
    const scripts = [...lines.join('\n').matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script);
    expect(scripts.filter((script) => !Object.hasOwn(root.scripts, script))).toEqual([]);
  });
});

test('the bridge’s image has the manifest of every workspace, which `npm ci` asks for', () => {
  const manifests = FILES.filter((path) => /^(packages\/[^/]+|backend-[^/]+)\/package\.json$/.test(path));
  const text = read('deploy/bridge.dockerfile');
  expect(manifests.length).toBeGreaterThan(0);
  expect(manifests.filter((path) => !text.includes(`COPY ${path} ${posix.dirname(path)}/`))).toEqual([]);
  expect(/CMD \["node", "--disable-warning=ExperimentalWarning", "([^"]+)"\]/.exec(text)?.[1]).toBe(
    'backend-bridge/src/main.ts',
  );
});
