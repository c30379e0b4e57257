import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobView } from '../../../shared/domain/job.ts';
import { initialTake, PLAIN_SPEECH } from '../../../shared/domain/take.ts';
import { JobQueue } from '../jobs/index.ts';
import { KINDS } from '../kinds/index.ts';
import { openDatabase } from './database.ts';
import { Library } from './library.ts';
import { MIGRATIONS } from './migrations.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly lane: string;
  readonly request: string;
  readonly state: string;
}
/** A library whose jobs were written by a version with so many migrations. */
function libraryWith(rows: readonly Row[], version = MIGRATIONS.length): Library {
  const db = openDatabase(join(dir, 'library.db'), MIGRATIONS.slice(0, version), join(dir, 'backups'));
  const insert = db.prepare(
    `INSERT INTO jobs (id, kind, lane, request, state, position, created_at) VALUES (?, ?, ?, ?, ?, ?, '2026-01-01')`,
  );
  for (const [place, { id, kind, lane, request, state }] of rows.entries())
    insert.run(id, kind, lane, request, state, place);
  db.close();
  return new Library(dir);
}
const done = '{"kind":"done","result":{}}';

describe('the jobs of a library of before', () => {
  it('have the kinds, lanes and requests of now', () => {
    const take = { ...initialTake({ duration: 2, hasAudio: true }), speech: { ...PLAIN_SPEECH, temperature: 0.5 } };
    const how = { outPath: '/films/said.mp4', mode: 'dub', height: 'source' } as const;
    const speech = { ...PLAIN_SPEECH, strength: 1.3 };
    const row = (id: string, kind: string, lane: string, request: object): Row => ({
      id,
      kind,
      lane,
      request: JSON.stringify({ kind, ...request }),
      state: done,
    });
    const library = libraryWith(
      [
        row('p', 'preview', 'preview', { run: 2 }),
        row('t', 'export', 'engine', { ...how, take }),
        row('f', 'export', 'engine', { ...how, audioPath: '/sounds/said.wav', speech }),
        row('o', 'export', 'engine', { ...how, audioPath: '/sounds/said.wav' }), // before speech had a manner
        row('a', 'analyze', 'trainer', { person: 1 }),
      ],
      2,
    );
    const { jobs } = library;
    expect(jobs.get('p')).toMatchObject({ kind: 'checkpoint', lane: 'checkpoint' });
    expect(KINDS.checkpoint.request.parse(jobs.get('p')!.request)).toEqual({ run: 2 });
    const exported = (id: string) => KINDS.export.request.parse(jobs.get(id)!.request);
    const now = { ...how, background: { kind: 'own' }, shape: 'own', format: 'mp4', quality: 'good' };
    expect(exported('t')).toEqual({ ...now, sound: { kind: 'take', take }, speech: PLAIN_SPEECH });
    expect(exported('f')).toEqual({ ...now, sound: { kind: 'path', path: '/sounds/said.wav' }, speech });
    expect(exported('o')).toMatchObject({ speech: PLAIN_SPEECH });
    expect(jobs.get('t')).toMatchObject({ kind: 'export', lane: 'media' });
    expect(jobs.get('a')).toMatchObject({ lane: 'trainer', request: { person: 1 } });
    library.close();
  });
});

describe('the jobs of a later version', () => {
  it('are shown as not understood, and can be neither read wrongly nor resumed', async () => {
    const library = libraryWith([
      {
        id: 'k',
        kind: 'dream',
        lane: 'night',
        request: '{"of":"sheep"}',
        state: '{"kind":"cancelled","checkpoint":null}',
      },
      { id: 's', kind: 'render', lane: 'trainer', request: '{}', state: '{"kind":"paused","until":"noon"}' },
      { id: 'r', kind: 'render', lane: 'trainer', request: 'not JSON', state: done },
    ]);
    const views = Object.fromEntries(library.jobs.list().map((job) => [job.id, jobView(job)]));
    expect(views['k']).toMatchObject({ kind: 'unknown', status: 'cancelled', resumable: false });
    expect(views['s']).toMatchObject({ kind: 'render', status: 'failed', error: { code: 'bad-request' } });
    expect(views['r']).toMatchObject({ kind: 'render', status: 'done' });
    expect(library.jobs.get('r')!.request).toBeUndefined();

    const queue = new JobQueue(library.jobs, {
      work: () => Promise.reject(new Error('it must not begin')),
      checkpointOf: () => null,
      onChange: () => undefined,
    });
    expect(() => queue.resume('k')).toThrow(expect.objectContaining({ code: 'bad-request' }));
    await queue.close();
    library.close();
  });
});
