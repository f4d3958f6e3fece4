import type { BridgeFault } from './bridge.ts';
import { fault } from './faults.ts';
import { heard } from './session-messages.ts';
import {
  cancel,
  connect,
  cutOff,
  lose,
  poll,
  schedule,
  unchanged,
  withBridge,
  type Reaction,
} from './session-steps.ts';
import type { Effect, Input, Moment, OpenLink, Session, SessionOptions, Timer } from './session-types.ts';
import { beginIntake, resumeFrom } from './stream-cursor.ts';

type InputOf<K extends Input['kind']> = Extract<Input, { kind: K }>;

/** After so many pings in a row without any message the other side is taken for dead. */
const MAX_UNANSWERED_PINGS = 2;
const PING: Effect = { kind: 'send', message: { type: 'ping' } };
const TIMERS: readonly Timer[] = ['retry', 'answer', 'ping', 'poll'];

export const createSession = (options: SessionOptions, nowMs: number): Session => ({
  options,
  bridge: {
    connection: { state: 'connecting', sinceMs: nowMs },
    received: undefined,
    reconnects: 0,
    lastFault: undefined,
  },
  link: { kind: 'waiting', nextAttemptAtMs: nowMs },
  polling: { kind: 'off' },
  cursor: undefined,
  lostBy: undefined,
  failedTries: 0,
  waits: 0,
  hasBeenOpen: false,
  lastNumber: 0,
});

function opened(session: Session, { socket }: InputOf<'opened'>): Reaction {
  const { cursor, options } = session;
  const intake = beginIntake(cursor);
  const link: OpenLink = { kind: 'open', socket, intake, isGreeted: false, unansweredPings: 0, resyncs: 0 };
  // The ping behind it tells that the resume was read; alone, it ends the bridge's wait for one (EXT-8).
  const resume: Effect[] = cursor === undefined ? [] : [{ kind: 'send', message: resumeFrom(cursor) }];
  return { session: { ...session, link }, effects: [...resume, PING, schedule('ping', options.pingIntervalMs)] };
}

function pingDue(session: Session, link: OpenLink, moment: Moment): Reaction {
  if (link.unansweredPings >= MAX_UNANSWERED_PINGS) return lose(session, fault('STREAM_SILENT'), moment);
  return {
    session: { ...session, link: { ...link, unansweredPings: link.unansweredPings + 1 } },
    effects: [PING, schedule('ping', session.options.pingIntervalMs)],
  };
}

function answerDue(session: Session, moment: Moment): Reaction {
  const { link } = session;
  if (link.kind === 'opening' || (link.kind === 'open' && !link.isGreeted)) {
    return lose(session, fault('TIMEOUT'), moment);
  }
  if (link.kind !== 'open' || !link.intake.awaitsFull) return unchanged(session);
  return lose(session, fault('STREAM_BROKEN', { detail: 'no snapshot came when asked for' }), moment);
}

function due(session: Session, { timer }: InputOf<'due'>, moment: Moment): Reaction {
  const { link, polling } = session;
  switch (timer) {
    case 'retry':
      return link.kind === 'waiting' ? connect(session) : unchanged(session);
    case 'answer':
      return answerDue(session, moment);
    case 'ping':
      return link.kind === 'open' ? pingDue(session, link, moment) : unchanged(session);
    case 'poll':
      return polling.kind === 'waiting' ? poll(session) : unchanged(session);
  }
}

const isGreeted = ({ link }: Session): boolean => link.kind === 'open' && link.isGreeted;

function pollEnded(session: Session): Reaction {
  return {
    session: { ...session, polling: { kind: 'waiting' } },
    effects: [schedule('poll', session.options.pollIntervalMs)],
  };
}

function polled(session: Session, { snapshot, sentAtMs }: InputOf<'polled'>, nowMs: number): Reaction {
  const ended = pollEnded(session);
  const held = withBridge(ended.session, { received: { snapshot, sentAtMs, receivedAtMs: nowMs } });
  const { lostBy } = session;
  if (isGreeted(held) || lostBy === undefined) return { ...ended, session: held };
  return { ...ended, session: cutOff(held, 'polling', { fault: lostBy, nowMs }) };
}

function pollFailed(session: Session, failure: BridgeFault, nowMs: number): Reaction {
  const ended = pollEnded(session);
  const told = withBridge(ended.session, { lastFault: failure });
  if (isGreeted(told)) return { ...ended, session: told };
  return { ...ended, session: cutOff(told, 'disconnected', { fault: failure, nowMs }) };
}

function stop(session: Session, nowMs: number): Reaction {
  const closed = cutOff(session, 'disconnected', { fault: fault('CLOSED'), nowMs });
  return {
    session: { ...closed, link: { kind: 'stopped' }, polling: { kind: 'off' } },
    effects: [{ kind: 'close' }, { kind: 'abort-poll' }, ...TIMERS.map(cancel)],
  };
}

/** What the session becomes by an input, and what is to be done about it. Inputs of sockets and polls gone by change nothing. */
export function react(session: Session, input: Input, moment: Moment): Reaction {
  const { link, polling } = session;
  if (link.kind === 'stopped') return unchanged(session);
  if ('socket' in input && !('socket' in link && link.socket === input.socket)) return unchanged(session);
  if ('poll' in input && !(polling.kind === 'reading' && polling.poll === input.poll)) return unchanged(session);
  switch (input.kind) {
    case 'start':
      return link.kind === 'waiting' ? connect(session) : unchanged(session);
    case 'opened':
      return link.kind === 'opening' ? opened(session, input) : unchanged(session);
    case 'message':
      return link.kind === 'open' ? heard(session, link, { text: input.text, moment }) : unchanged(session);
    case 'failed':
      return lose(session, input.fault, moment);
    case 'due':
      return due(session, input, moment);
    case 'polled':
      return polled(session, input, moment.nowMs);
    case 'poll-failed':
      return pollFailed(session, input.fault, moment.nowMs);
    case 'stop':
      return stop(session, moment.nowMs);
  }
}
