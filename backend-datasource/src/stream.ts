import type {
  Call,
  Frame,
  InstanceManager,
  StreamHandler,
  StreamRequest,
  StreamSender,
  Subscription,
} from '@topdeck/grafana-plugin-sdk';
import type { EventMessage } from '@topdeck/protocol';
import { firstWord } from './first-word.ts';
import { readChannel, type Channel } from './channel.ts';
import { liveBehaviour } from './frames/query-types.ts';
import type { Instance } from './instance.ts';
import { Mailbox } from './mailbox.ts';
import type { PluginMetrics } from './metrics.ts';
import { StreamFrames } from './stream-frames.ts';

/** Grafana cancels the streams of a data source whose settings were saved; where it has not after so long, we end them. */
const SUPERSEDED_GRACE_MS = 5_000;

const SUPERSEDED = new Error('The settings were saved anew: the stream starts again with them');

function whenAborted(signal: AbortSignal, run: () => void): () => void {
  if (signal.aborted) run();
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}

interface Run {
  readonly channel: Channel;
  readonly instance: Instance;
  readonly send: StreamSender;
  readonly call: Call;
  readonly superseded: AbortSignal;
}

/** Resolves when the call ends; rejects when it is left running with settings that are no more. */
async function pump({ channel, instance, send, call, superseded }: Run, onSent: () => void): Promise<void> {
  const { bridge, clock, settings } = instance;
  const frames = new StreamFrames(channel, instance);
  const mailbox = new Mailbox<EventMessage>(clock, settings.updateIntervalMs);
  const ends = new AbortController();
  const wake = (): void => mailbox.wake();
  const undo = [
    bridge.listen({ onState: wake, onEvent: (event) => mailbox.put(event) }),
    whenAborted(call.signal, wake),
    whenAborted(superseded, () => undo.push(clock.schedule(SUPERSEDED_GRACE_MS, () => ends.abort(SUPERSEDED)))),
    whenAborted(ends.signal, wake),
  ];
  try {
    while (!call.signal.aborted) {
      ends.signal.throwIfAborted();
      for (const { frame, parts } of await frames.next(mailbox.take(), call.signal)) {
        await send.frame(frame, parts);
        onSent();
      }
      await mailbox.wait();
    }
  } catch (error) {
    // The host gave up while something was on its way; that is how streams end.
    if (!call.signal.aborted) throw error;
  } finally {
    for (const undoOne of undo) undoOne();
    mailbox.close();
  }
}

async function firstFrame(channel: Channel, instance: Instance, { signal }: Call): Promise<Frame | undefined> {
  await firstWord(instance, signal);
  return new StreamFrames(channel, instance).first(signal);
}

/** Channels of the data source: checked and started with a full frame, then sent on change and at least once an interval. */
export function createStream(instances: InstanceManager<Instance>, metrics: PluginMetrics): StreamHandler {
  const channelOf = ({ path, data, context }: StreamRequest): Channel | undefined => {
    const channel = context.dataSource === undefined ? undefined : readChannel(path, data);
    const parts = channel && liveBehaviour(channel.query)?.parts;
    return channel !== undefined && parts?.includes(channel.part) === true ? channel : undefined;
  };
  return {
    async subscribeStream(request, call): Promise<Subscription> {
      const channel = channelOf(request);
      if (channel === undefined) return { verdict: 'not found' };
      return instances.use(request.context, async (instance) => {
        const frame = await firstFrame(channel, instance, call);
        return { verdict: 'ok', ...(frame && { initial: { frame } }) };
      });
    },
    async runStream(request, send, call) {
      const channel = channelOf(request);
      if (channel === undefined) throw new Error(`There is no channel ${request.path}`);
      const { queryType } = channel.query;
      const ended = metrics.streamStarted(queryType);
      try {
        await instances.use(request.context, (instance, superseded) =>
          pump({ channel, instance, send, call, superseded }, () => metrics.frameSent(queryType)),
        );
      } finally {
        ended();
      }
    },
  };
}
