import { createInterface } from 'node:readline';
import { note, type Terminal } from './terminal.ts';

/**
 * The printed address opens the window once: Enter prints another. Where nobody can press Enter nothing is read. The
 * answer ends it.
 */
export function addressesOnEnter(terminal: Terminal, newAddress: () => string): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  note(terminal, 'That address opens the window once; Enter prints another one.');
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => note(terminal, `The studio is open at ${newAddress()}`));
  return () => lines.close();
}
