import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { TickNotice } from '../publisher/feed.ts';
import {
  fromFault,
  type CallArguments,
  type CallName,
  type CallResult,
  type Reply,
  type Request,
} from './feed-messages.ts';

export interface WorkerConnectionHandlers {
  readonly clock: Clock;
  readonly onTick: (notice: TickNotice) => void;
  /** Once, when a worker that had started ended without having been asked to; calls under way have been rejected. */
  readonly onCrash: (cause: BridgeError) => void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: BridgeError) => void;
}

type Life = 'starting' | 'serving' | 'closing' | 'ended';

/** A worker that does not end by itself within this time after it was asked to is ended. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Calls to one worker, from its start to its end. */
export class WorkerConnection {
  /** Rejects with the fault that kept the worker from starting. */
  readonly started: Promise<void>;
  readonly #worker: Worker;
  readonly #handlers: WorkerConnectionHandlers;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #life: Life = 'starting';
  #cause: unknown;

  constructor(worker: Worker, handlers: WorkerConnectionHandlers) {
    this.#worker = worker;
    this.#handlers = handlers;
    const { promise: started, resolve, reject } = Promise.withResolvers<undefined>();
    this.started = started;
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'started') {
        if (this.#life === 'starting') this.#life = 'serving';
        resolve(undefined);
      } else if (reply.kind === 'start-failed') {
        reject(fromFault(reply.fault));
        void worker.terminate();
      } else this.#receive(reply);
    });
    worker.on('error', (error: unknown) => void (this.#cause = error));
    worker.on('messageerror', (error: unknown) => void (this.#cause = error));
    this.#ended = new Promise((done) => {
      worker.on('exit', (exitCode) => {
        const fault = new BridgeError('PIPELINE_FAILED', { cause: this.#cause ?? new Error(`exit code ${exitCode}`) });
        reject(fault);
        this.#end(fault);
        done();
      });
    });
  }

  call<N extends CallName>(name: N, args: CallArguments<N>): Promise<CallResult<N>> {
    if (this.#life !== 'serving') return Promise.reject(new BridgeError('PIPELINE_FAILED'));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#send({ kind: 'call', id, name, args } as Request);
    });
  }

  listen(on: boolean): void {
    this.#send({ kind: 'listen', on });
  }

  /** Resolves when the worker has ended. */
  async close(): Promise<void> {
    if (this.#life === 'ended') return;
    this.#life = 'closing';
    this.#rejectAll(new BridgeError('PIPELINE_FAILED'));
    this.#send({ kind: 'close' });
    const cancel = this.#handlers.clock.schedule(CLOSE_TIMEOUT_MS, () => void this.#worker.terminate());
    await this.#ended;
    cancel();
  }

  #receive(reply: Extract<Reply, { kind: 'result' | 'fault' | 'tick' }>): void {
    if (reply.kind === 'tick') {
      if (this.#life === 'serving') this.#handlers.onTick(reply.notice);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'result') pending?.resolve(reply.value);
    else pending?.reject(fromFault(reply.fault));
  }

  #end(fault: BridgeError): void {
    const wasServing = this.#life === 'serving';
    this.#life = 'ended';
    this.#rejectAll(fault);
    if (wasServing) this.#handlers.onCrash(fault);
  }

  #rejectAll(fault: BridgeError): void {
    for (const { reject } of this.#pending.values()) reject(fault);
    this.#pending.clear();
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }
}
