import {
  jsonResponse,
  QueryError,
  type Call,
  type CallResourceHandler,
  type InstanceManager,
  type ResourceRequest,
  type ResourceResponse,
} from '@topdeck/grafana-plugin-sdk';
import { RESOURCES, VariableQuery } from '@topdeck/protocol/grafana';
import { validator } from '@topdeck/protocol/validate';
import { BridgeUnavailable, type Received } from './bridge/bridge.ts';
import { badQuery } from './frames/bad-query.ts';
import { firstWord, receivedOf, unavailable } from './first-word.ts';
import { connectionInfo } from './frames/connection-info.ts';
import type { Instance } from './instance.ts';
import { searchTopology } from './frames/search-topology.ts';
import { variableValues } from './variable-values.ts';

interface Asked {
  readonly instance: Instance;
  readonly request: ResourceRequest;
  readonly signal: AbortSignal;
}
type Answer = (asked: Asked) => Promise<ResourceResponse>;

const checkVariableQuery = validator(VariableQuery);
const DEFAULT_HITS = 20;
const MAX_HITS = 200;

const received = async ({ instance, signal }: Asked): Promise<Received> =>
  receivedOf(await firstWord(instance, signal));

function bodyOf({ body }: ResourceRequest): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch (error) {
    throw badQuery(`The body is not JSON: ${(error as Error).message}`);
  }
}

const parametersOf = ({ url }: ResourceRequest): URLSearchParams => new URL(url, 'http://resource').searchParams;

const readVariables: Answer = async (asked) => {
  const parsed = checkVariableQuery(bodyOf(asked.request));
  if (!parsed.ok) throw badQuery(`This variable cannot be answered: ${parsed.detail}`);
  return jsonResponse(variableValues(parsed.value, (await received(asked)).snapshot));
};

const search: Answer = async (asked) => {
  const parameters = parametersOf(asked.request);
  const wanted = Number(parameters.get('limit') ?? DEFAULT_HITS);
  const limit = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, MAX_HITS) : DEFAULT_HITS;
  return jsonResponse(searchTopology(parameters.get('q') ?? '', limit, (await received(asked)).snapshot));
};

const readConnection: Answer = async ({ instance, signal }) => {
  const state = await firstWord(instance, signal);
  return jsonResponse(connectionInfo(state, instance.clock.nowMs()));
};

const refresh: Answer = async ({ instance, signal }) => jsonResponse(await instance.bridge.reads.refresh(signal));

const readBridge: Answer = async ({ instance, request, signal }) => {
  const { search: query } = new URL(request.url, 'http://resource');
  const answer = await instance.bridge.reads.raw(`${request.path.slice(RESOURCES.bridge.length)}${query}`, signal);
  return { status: answer.status, headers: { 'content-type': [answer.type] }, body: answer.body };
};

const ROUTES: Readonly<Record<string, Answer>> = {
  [`POST ${RESOURCES.variableValues}`]: readVariables,
  [`GET ${RESOURCES.search}`]: search,
  [`GET ${RESOURCES.connection}`]: readConnection,
  [`POST ${RESOURCES.refresh}`]: refresh,
};

function routeOf({ method, path }: ResourceRequest): Answer {
  const known = ROUTES[`${method} ${path}`];
  if (known !== undefined) return known;
  if (method === 'GET' && path.startsWith(RESOURCES.bridge)) return readBridge;
  throw new QueryError(`There is no resource ${method} ${path}`, { status: 404, source: 'downstream' });
}

const refused = ({ status, message }: QueryError): ResourceResponse => jsonResponse({ message }, status);

/** {@link RESOURCES}. A refusal is `{ message }` with the status that fits, the bridge's own where it refused. */
export function createResources(instances: InstanceManager<Instance>): CallResourceHandler {
  const answer = async (request: ResourceRequest, { signal }: Call): Promise<ResourceResponse> => {
    try {
      const route = routeOf(request);
      return await instances.use(request.context, (instance) => route({ instance, request, signal }));
    } catch (error) {
      if (error instanceof BridgeUnavailable) return refused(unavailable(error.fault));
      if (error instanceof QueryError) return refused(error);
      throw error;
    }
  };
  return { callResource: async (request, send, call) => send(await answer(request, call)) };
}
