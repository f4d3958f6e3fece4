import type { BridgeFault, BridgeState, Connection } from './bridge.ts';
import { retryDelayMs } from './retry.ts';
import type { Effect, Moment, Session, Timer } from './session-types.ts';

export interface Reaction {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

export const unchanged = (session: Session): Reaction => ({ session, effects: [] });
export const schedule = (timer: Timer, delayMs: number): Effect => ({ kind: 'schedule', timer, delayMs });
export const cancel = (timer: Timer): Effect => ({ kind: 'cancel', timer });

export const withBridge = (session: Session, change: Partial<BridgeState>): Session => ({
  ...session,
  bridge: { ...session.bridge, ...change },
});

export function withConnection(session: Session, connection: Connection): Session {
  const before = session.bridge.connection;
  const { sinceMs } = before.state === connection.state ? before : connection;
  return withBridge(session, { connection: { ...connection, sinceMs } });
}

/** Without the stream: on REST alone, or on nothing. */
export function cutOff(
  session: Session,
  state: 'polling' | 'disconnected',
  told: { readonly fault: BridgeFault; readonly nowMs: number },
): Session {
  const { link, failedTries, bridge } = session;
  const { fault, nowMs } = told;
  const before = 'nextAttemptAtMs' in bridge.connection ? bridge.connection.nextAttemptAtMs : nowMs;
  const nextAttemptAtMs = link.kind === 'waiting' ? link.nextAttemptAtMs : before;
  return withConnection(session, { state, sinceMs: nowMs, fault, attempts: failedTries, nextAttemptAtMs });
}

export function connect(session: Session): Reaction {
  const socket = session.lastNumber + 1;
  return {
    session: { ...session, link: { kind: 'opening', socket }, lastNumber: socket },
    effects: [{ kind: 'open', socket }, schedule('answer', session.options.answerTimeoutMs)],
  };
}

export function poll(session: Session): Reaction {
  const number = session.lastNumber + 1;
  return {
    session: { ...session, polling: { kind: 'reading', poll: number }, lastNumber: number },
    effects: [{ kind: 'poll', poll: number }],
  };
}

/** The socket is lost or given up: waits and tries again, and reads over REST once that has failed often enough. */
export function lose(session: Session, lost: BridgeFault, { nowMs, random }: Moment): Reaction {
  const { options, link, waits } = session;
  const wasGood = link.kind === 'open' && link.intake.hasState;
  const failedTries = wasGood ? 0 : session.failedTries + 1;
  const delayMs = retryDelayMs(waits, lost, { random, options });
  const waiting: Session = {
    ...withBridge(session, { lastFault: lost }),
    link: { kind: 'waiting', nextAttemptAtMs: nowMs + delayMs },
    cursor: link.kind === 'open' ? link.intake.cursor : session.cursor,
    lostBy: lost,
    failedTries,
    waits: waits + 1,
  };
  const state = session.bridge.connection.state === 'polling' ? 'polling' : 'disconnected';
  const told = cutOff(waiting, state, { fault: lost, nowMs });
  const isPollDue = told.polling.kind === 'off' && failedTries >= options.pollAfterTries;
  const polled = isPollDue ? poll(told) : unchanged(told);
  const effects: Effect[] = [{ kind: 'close' }, cancel('answer'), cancel('ping'), schedule('retry', delayMs)];
  return { session: polled.session, effects: [...effects, ...polled.effects] };
}
