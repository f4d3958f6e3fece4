/** The client of a bridge without what carries it: for whoever brings a socket, requests and timers of their own. */
export { restUrl, socketUrl, type Address } from './address.ts';
export { answerFault, closeFault, FIXED_PATH } from './answer-fault.ts';
export { BridgeClient, type BridgeParts } from './bridge-client.ts';
export * from './bridge.ts';
export { fault } from './faults.ts';
export { createReads } from './rest-reads.ts';
export { RETRY_DEFAULTS } from './session-types.ts';
export type { HttpAnswer, HttpRequest, OpenSocket, Request, Socket, SocketEvents } from './transport.ts';
