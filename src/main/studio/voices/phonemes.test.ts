import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { clausesOf } from './clauses.ts';
import { Reader } from './phonemes.ts';

// What reads text is another program's code in a thread of its own: it may end, or never answer.
const { code } = vi.hoisted(() => ({ code: { now: '' } }));
vi.mock('node:worker_threads', async (original) => {
  const threads = await original<{ Worker: typeof Worker }>();
  return {
    ...threads,
    Worker: class extends threads.Worker {
      constructor() {
        super(code.now, { eval: true });
      }
    },
  };
});
const clauses = clausesOf('Hello there.');
let reader: Reader | undefined;
afterEach(() => reader?.close());

it.each([
  ['ends', 'process.exit(3)'],
  ['fails', 'throw new Error("wasm")'],
])('a reader that %s says so, also when it is asked again', async (_, does) => {
  code.now = `require('node:worker_threads').parentPort.on('message', () => { ${does} })`;
  reader = new Reader('en-us');
  await expect(reader.read(clauses)).rejects.toMatchObject({ code: 'missing-tool' });
  await expect(reader.read(clauses)).rejects.toMatchObject({ code: 'missing-tool' });
});

it('a reader that never answers is not waited for once that is stopped', async () => {
  code.now = "require('node:worker_threads').parentPort.on('message', () => { for (;;); })";
  reader = new Reader('en-us');
  const stop = new AbortController();
  const read = reader.read(clauses, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(read).rejects.toThrow('stopped');
});
