/** What a live session talks over; each host has its own (a WebSocket, a message port). */
export interface Line {
  /** Text for messages, bytes for pictures. `left` is called when the bytes are the sender's again, if ever. */
  send(message: string | Uint8Array, left?: () => void): void;
  /** Bytes that were sent and have not left yet; the host calls the session's `drained` when it falls. */
  readonly buffered: number;
  close(): void;
}
