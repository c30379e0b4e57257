/**
 * For a clip or a marker. Not crypto.randomUUID: that is only there on a page that came over https or from this
 * computer.
 */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
