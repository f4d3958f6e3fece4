import type { ServerMessage } from '@topdeck/protocol';
import { parseServerMessage } from '@topdeck/protocol/validate';
import type { BridgeFault, Received } from './bridge.ts';
import { fault } from './faults.ts';
import { cancel, lose, schedule, unchanged, withBridge, withConnection, type Reaction } from './session-steps.ts';
import type { Effect, Moment, OpenLink, Session } from './session-types.ts';
import { takeMessage, withoutState } from './stream-cursor.ts';

/** Of the first message of a connection. */
function greet(session: Session, link: OpenLink, nowMs: number): Session {
  if (link.isGreeted) return { ...session, link };
  const reconnects = session.bridge.reconnects + (session.hasBeenOpen ? 1 : 0);
  const greeted = { ...session, link: { ...link, isGreeted: true }, hasBeenOpen: true };
  return withConnection(withBridge(greeted, { reconnects }), { state: 'websocket', sinceMs: nowMs });
}

function hold(session: Session, received: Received): Reaction {
  const held = withBridge({ ...session, failedTries: 0, waits: 0, polling: { kind: 'off' } }, { received });
  const polls: Effect[] = session.polling.kind === 'off' ? [] : [{ kind: 'abort-poll' }, cancel('poll')];
  return { session: held, effects: [cancel('answer'), ...polls] };
}

/** What was read makes no sense: asks for a full snapshot, and the second time on a connection begins with a new one. */
function resync(session: Session, detail: string, moment: Moment): Reaction {
  const { link, options } = session;
  if (link.kind !== 'open') return unchanged(session);
  const told = fault('STREAM_BROKEN', { detail });
  const log: Effect = { kind: 'log', message: 'the stream was not understood', fault: told };
  if (link.resyncs > 0) {
    const intake = { ...link.intake, cursor: withoutState(link.intake.cursor) };
    const lost = lose({ ...session, link: { ...link, intake } }, told, moment);
    return { session: lost.session, effects: [log, ...lost.effects] };
  }
  const waiting: OpenLink = { ...link, resyncs: 1, intake: { ...link.intake, awaitsFull: true } };
  return {
    session: { ...withBridge(session, { lastFault: told }), link: waiting },
    effects: [log, { kind: 'send', message: { type: 'get_snapshot' } }, schedule('answer', options.answerTimeoutMs)],
  };
}

function refused(session: Session, { code, message }: Extract<ServerMessage, { type: 'error' }>): Reaction {
  const told: BridgeFault = { code, message, action: 'Look at the log of the bridge if it happens often' };
  return {
    session: withBridge(session, { lastFault: told }),
    effects: [{ kind: 'log', message: 'the bridge refused a message', fault: told }],
  };
}

/** One message of the open socket. */
export function heard(session: Session, link: OpenLink, { text, moment }: { text: string; moment: Moment }): Reaction {
  const parsed = parseServerMessage(text);
  // A type that a later bridge may have; what this plugin needs does not come in it.
  if (!parsed.ok && parsed.reason === 'unknown-type') return unchanged({ ...session, link });
  if (!parsed.ok) return resync({ ...session, link }, parsed.detail, moment);
  const { intake, taken } = takeMessage(link.intake, parsed.value);
  const greeted = greet(session, { ...link, intake, unansweredPings: 0 }, moment.nowMs);
  const welcome = link.isGreeted ? [] : [cancel('answer')];
  const then = (reaction: Reaction): Reaction => ({ ...reaction, effects: [...welcome, ...reaction.effects] });
  switch (taken.kind) {
    case 'nothing':
      return then(parsed.value.type === 'error' ? refused(greeted, parsed.value) : unchanged(greeted));
    case 'event':
      return then({ session: greeted, effects: [{ kind: 'event', event: taken.event }] });
    case 'state':
      return then(hold(greeted, { ...taken.received, receivedAtMs: moment.nowMs }));
    case 'broken':
      return then(resync(greeted, taken.detail, moment));
  }
}
