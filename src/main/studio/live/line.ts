/** What a live session talks over; each host has its own (a WebSocket, a message port). */
export interface Line {
  /** Text for messages, bytes for pictures. */
  send(message: string | Uint8Array): void;
  /** Bytes that were sent and have not left yet; the host calls the session's `drained` when it falls. */
  readonly buffered: number;
  close(): void;
}
