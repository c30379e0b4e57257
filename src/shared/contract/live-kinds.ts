/** What a window sends to a live avatar in binary messages: the first number of each, u32, little-endian. */
export const LIVE_KINDS = { sound: 1, camera: 2 } as const;
export type LiveKind = keyof typeof LIVE_KINDS;

/** Undefined for a message that is none of them. */
export function liveKindOf(message: Uint8Array): LiveKind | undefined {
  if (message.byteLength < 4) return undefined;
  const number = new DataView(message.buffer, message.byteOffset).getUint32(0, true);
  return (Object.keys(LIVE_KINDS) as LiveKind[]).find((kind) => LIVE_KINDS[kind] === number);
}
