import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityOf } from '../ground/process-identity.ts';
import { Library } from './library.ts';
import { Unfinished } from './unfinished.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));
const at = (...parts: string[]): string => join(dir, ...parts);

/** Another process that writes `file` and is killed in the middle. */
function killedWhileWriting(file: string): void {
  const program = `
    import { writeFileSync } from 'node:fs';
    import { Library } from ${JSON.stringify(join(import.meta.dirname, 'library.ts'))};
    const library = new Library(${JSON.stringify(at('library'))});
    await library.unfinished.during([${JSON.stringify(file)}], async () => {
      writeFileSync(${JSON.stringify(file)}, 'half');
      process.kill(process.pid, 'SIGKILL');
    });`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program]);
  expect(signal).toBe('SIGKILL');
}

it('what a killed program was writing is gone with the next start, wherever it lay', () => {
  mkdirSync(at('elsewhere'));
  const partial = at('elsewhere', '.film.mp4.partial');
  killedWhileWriting(partial);
  expect(existsSync(partial)).toBe(true);
  new Library(at('library')).close();
  expect(readdirSync(at('elsewhere'))).toEqual([]);
  expect(readdirSync(at('library', 'unfinished'))).toEqual([]);
});

it('what a living program is writing stays, and nothing is remembered of what came to its end', async () => {
  const unfinished = new Unfinished(at('notes'));
  const partial = at('.film.mp4.partial');
  await unfinished.during([partial], async () => {
    writeFileSync(partial, 'half');
    new Unfinished(at('notes')).sweep();
    expect(existsSync(partial)).toBe(true);
  });
  await expect(unfinished.during([partial], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readdirSync(at('notes'))).toEqual([]);
});

it('removes nothing but passing names, whatever a note says', () => {
  mkdirSync(at('notes'));
  writeFileSync(at('letter.txt'), 'dear reader');
  mkdirSync(at('home'));
  const gone = identityOf(process.pid)!.replace(/@.*/, '@long ago');
  const note = (name: string, content: string): void => writeFileSync(at('notes', name), content);
  note('a.json', JSON.stringify({ owner: gone, partials: [at('letter.txt'), at('home'), '.partial/..', '/'] }));
  note('b.json', 'cut sho');
  new Unfinished(at('notes')).sweep();
  expect(readdirSync(dir).toSorted()).toEqual(['home', 'letter.txt', 'notes']);
  expect(readdirSync(at('notes'))).toEqual([]);
});
