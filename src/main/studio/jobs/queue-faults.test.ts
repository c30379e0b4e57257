import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobEvent } from '../../../shared/domain/job.ts';
import { Library } from '../library/index.ts';
import { JobRecords } from '../library/job-records.ts';
import { MAY_MOUNT, NEEDS_MOUNT, smallDisk } from '../library/small-disk.fixture.ts';
import { type JobHandle, JobQueue, type Work } from './queue.ts';

let dir: string;
let library: Library;
const queues: JobQueue[] = [];
const databases: Database.Database[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  library = new Library(dir);
});
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
  for (const db of databases.splice(0)) db.close();
  library.close();
  await rm(dir, { recursive: true });
});

const job = { kind: 'analyze', lane: 'trainer', projectId: null, runId: null, request: {} } as const;
const done: Work = async () => ({ frames: 5 });
function queueOf(records: JobRecords, work: Work): JobQueue {
  const queue = new JobQueue(records, { work, checkpointOf: () => null, onChange: () => undefined });
  queues.push(queue);
  return queue;
}
function database(): Database.Database {
  const db = new Database(library.paths.database);
  databases.push(db);
  return db;
}

/** The library's records over a database that refuses the first ends it is told. */
function troubled(code: string, times: number): JobRecords {
  const db = database();
  let left = times;
  return new JobRecords(
    new Proxy(db, {
      get(target, name) {
        if (name !== 'prepare') {
          const value = target[name as keyof typeof target] as unknown;
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        return (sql: string) => {
          const end = /SET state = \?, worker = NULL, finished_at/.test(sql) && left-- > 0;
          if (!end) return target.prepare(sql);
          return { run: () => raise(code) };
        };
      },
    }),
  );
}
function raise(code: string): never {
  throw Object.assign(new Error(`as if: ${code}`), { code });
}
async function kindsOf({ events }: JobHandle): Promise<string[]> {
  const all: JobEvent[] = [];
  for await (const event of events) all.push(event);
  return all.map((event) => (event.type === 'state' ? event.state.kind : event.event.type));
}
async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 20 }).toBe(true);
}
const stored = (id: string) =>
  database().prepare('SELECT state_kind FROM jobs WHERE id = ?').pluck().get(id) as string | undefined;

describe.each(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_READONLY_DBMOVED', 'nothing that is known'])(
  "a job's end that the database does not take (%s)",
  (code) => {
    it('once: it is told, written later, and the next job runs', async () => {
      const queue = queueOf(troubled(code, 1), done);
      const [first, second] = [queue.add(job), queue.add(job)];
      expect(await first.result).toEqual({ frames: 5 });
      expect((await kindsOf(first)).at(-1)).toBe('done');
      expect(await second.result).toEqual({ frames: 5 });
      expect([stored(first.id), stored(second.id)]).toEqual(['done', 'done']);
    });

    it('ever: everybody in this process hears of it, and nobody waits', async () => {
      const records = troubled(code, Infinity);
      const queue = queueOf(records, () => Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' })));
      const only = queue.add(job);
      await expect(only.result).rejects.toMatchObject({ code: 'disk-full' });
      expect((await kindsOf(only)).at(-1)).toBe('failed');
      expect(queue.size).toBe(0);
      expect([records.get(only.id)?.state.kind, records.list()[0]?.state.kind]).toEqual(['failed', 'failed']);
      expect(records.unfinished()).toEqual([]); // its project is not busy
      expect(stored(only.id)).toBe('running'); // as another process sees it, until it is written
    });
  },
);

it('a full database keeps nobody waiting, and is told once there is room again', async () => {
  const db = database();
  const full = db.pragma('page_count', { simple: true }) as number;
  const records = new JobRecords(db);
  const gate = Promise.withResolvers<void>();
  const queue = queueOf(records, async () => (await gate.promise, { report: 'x'.repeat(100_000) }));
  const first = queue.add(job);
  await until(() => records.get(first.id)?.state.kind === 'running');
  db.pragma(`max_page_count = ${full}`); // SQLite's own full disk
  gate.resolve();
  await first.result;
  expect(records.get(first.id)?.state.kind).toBe('done');
  expect(stored(first.id)).toBe('running');
  expect(() => queue.add(job)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
  db.pragma('max_page_count = 100000');
  await until(() => stored(first.id) === 'done');
  expect(await queue.add(job).result).toHaveProperty('report');
});

it('a database that somebody holds for long delays the word, not the work', async () => {
  const db = database();
  db.pragma('busy_timeout = 20');
  const records = new JobRecords(db);
  const holder = database();
  const gate = Promise.withResolvers<void>();
  const queue = queueOf(records, async () => (await gate.promise, { frames: 5 }));
  const [first, second] = [queue.add(job), queue.add(job)];
  await until(() => records.get(first.id)?.state.kind === 'running');
  holder.exec('BEGIN IMMEDIATE');
  gate.resolve();
  expect(await first.result).toEqual({ frames: 5 });
  expect(records.get(first.id)?.state.kind).toBe('done');
  holder.exec('COMMIT');
  expect(await second.result).toEqual({ frames: 5 }); // it waited for its turn meanwhile
  expect(stored(first.id)).toBe('done');
});

it('a row that is said to be at work in this queue and is not is mended', async () => {
  const queue = queueOf(library.jobs, done);
  const { id, result } = queue.add(job);
  await result;
  const lost = library.jobs.add(job, library.jobs.get(id)!.owner!);
  queue.recover();
  expect(library.jobs.get(lost.id)?.state).toEqual({ kind: 'interrupted', checkpoint: null, progress: null });
  expect(await queue.resume(lost.id).result).toEqual({ frames: 5 });
});

it('a job is stopped even where the wish cannot be written down', async () => {
  const db = database();
  const records = new JobRecords(db);
  const stopped: Work = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
  const queue = queueOf(records, stopped);
  const handle = queue.add(job);
  await until(() => records.get(handle.id)?.state.kind === 'running');
  db.pragma('query_only = ON');
  queue.cancel(handle.id);
  await expect(handle.result).rejects.toMatchObject({ code: 'internal' });
  expect(queue.size).toBe(0);
  db.pragma('query_only = OFF');
});

it.skipIf(!MAY_MOUNT)(`a disk filled to the last byte under a job (${NEEDS_MOUNT})`, async () => {
  const disk = smallDisk(4)!;
  const small = new Library(join(disk.dir, 'library'));
  const queue = queueOf(small.jobs, async () => {
    disk.fill();
    return { report: 'x'.repeat(2_000_000) }; // more than a log of writes that is there already can take
  });
  try {
    const first = queue.add(job);
    await first.result;
    expect((await kindsOf(first)).at(-1)).toBe('done');
    expect(small.jobs.get(first.id)?.state.kind).toBe('done');
    expect(() => queue.add(job)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
    disk.clear();
    await queue.close();
    const file = new Database(small.paths.database, { readonly: true });
    expect(file.prepare('SELECT state_kind FROM jobs WHERE id = ?').pluck().get(first.id)).toBe('done');
    file.close();
  } finally {
    small.close();
    disk.remove();
  }
});
