/**
 * What a terminal or a browser takes for an order and not for text: control characters but for line feed and tab, and
 * those that turn the direction of what follows.
 */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of anybody's, to be shown: without what is no text. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '');
}

/** A file's text: UTF-8, with or without its mark, or UTF-16 with its mark. Raises TypeError for other bytes. */
export function decodedText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

/** As `withoutControls`, for JSON: its reader gets every character, a terminal none of these. */
export function escapedControls(json: string): string {
  return json.replace(CONTROLS, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
