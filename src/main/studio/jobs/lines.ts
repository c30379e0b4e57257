import { StringDecoder } from 'node:string_decoder';

/** Longer than any event: what goes on and on without an end of line is not one, and must not fill memory. */
const MAX_LINE = 1 << 20;

/**
 * Cuts a stream of bytes into lines; the part of a line beyond the limit is dropped. The second function ends the last
 * line.
 */
export function splitLines(onLine: (line: string) => void): {
  readonly write: (chunk: Buffer) => void;
  readonly end: () => void;
} {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const parts = text.split('\n');
    for (const [i, part] of parts.entries()) {
      if (rest.length < MAX_LINE) rest += part.slice(0, MAX_LINE - rest.length);
      if (i === parts.length - 1) return;
      if (rest.trim()) onLine(rest.trimEnd());
      rest = '';
    }
  };
  return { write: (chunk) => take(decoder.write(chunk)), end: () => take(`${decoder.end()}\n`) };
}
