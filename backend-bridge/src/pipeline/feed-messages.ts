import { BridgeError, ERRORS, toBridgeError, type ErrorCode } from '../errors.ts';
import type { Feed, TickNotice } from '../publisher/feed.ts';

/** Methods of the port that ask and are answered; `listen` and `close` have messages of their own. */
export type CallName = Exclude<keyof Feed, 'listen' | 'close'>;
export type CallArguments<N extends CallName> = Parameters<Feed[N]>;
export type CallResult<N extends CallName> = Awaited<ReturnType<Feed[N]>>;

/** Serving thread → diagnosing thread. */
export type Request =
  | {
      [N in CallName]: {
        readonly kind: 'call';
        readonly id: number;
        readonly name: N;
        readonly args: CallArguments<N>;
      };
    }[CallName]
  | { readonly kind: 'listen'; readonly on: boolean }
  | { readonly kind: 'close' };

/** A fault as it crosses threads; what happened inside is logged where it happened. */
export interface Fault {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
}

/** Diagnosing thread → serving thread. */
export type Reply =
  | { readonly kind: 'started' }
  | { readonly kind: 'start-failed'; readonly fault: Fault }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'fault'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'tick'; readonly notice: TickNotice };

export function toFault(error: unknown): Fault {
  const { code, detail } = toBridgeError(error);
  return { code, detail };
}

export const fromFault = ({ code, detail }: Fault): BridgeError =>
  new BridgeError(Object.hasOwn(ERRORS, code) ? code : 'INTERNAL', { detail });
