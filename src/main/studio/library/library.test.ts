import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, truncate, utimes, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { source } from './library.fixture.ts';
import { Library } from './library.ts';
import { MIGRATIONS } from './migrations.ts';

let dir: string;
let video: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  video = join(dir, 'ada.MOV');
  writeFileSync(video, 'a video, as far as the library cares');
});
afterEach(() => rm(dir, { recursive: true }));

const consent = { basis: 'permission', note: 'She signed a letter.', recordedBy: 'me' } as const;
const path = (...parts: string[]): string => join(dir, 'library', ...parts);
function withLibrary<T>(work: (library: Library) => T): T {
  const library = new Library(path());
  const result = work(library);
  if (result instanceof Promise) return result.finally(() => library.close()) as T;
  library.close();
  return result;
}

describe('a project', () => {
  it('keeps its video, its consent and itself over a restart', async () => {
    const { id } = await withLibrary((library) => library.addVideo(video, 'Ada', source, consent));
    expect(readFileSync(path('projects', id, 'source.mov'), 'utf8')).toBe(readFileSync(video, 'utf8'));
    withLibrary((library) => {
      const project = library.projects.find(id);
      expect(project).toMatchObject({ name: 'Ada', source, sourceFile: 'source.mov' });
      // printf 'a video, as far as the library cares' | sha256sum
      expect(project.sourceSha256).toBe('223b262fe513aedf25d86a84ddecb38fcbeb8e91fe4b30ffa2d61edc6007bfb0');
      expect(library.consents.get(project.consentId)).toMatchObject(consent);
    });
  });

  it('is found by its id or a name that only it has', () =>
    withLibrary(async (library) => {
      const [one, two] = [
        await library.addVideo(video, 'Ada', source, consent),
        await library.addVideo(video, 'Ada', source, consent),
      ];
      await library.addVideo(video, 'Grace', source, consent);
      expect(library.projects.find(two.id).id).toBe(two.id);
      expect(library.projects.find('Grace').name).toBe('Grace');
      expect(() => library.projects.find('Ada')).toThrow(
        expect.objectContaining({ code: 'ambiguous', hint: expect.stringContaining(one.id) as string }),
      );
      expect(() => library.projects.find('Alan')).toThrow(expect.objectContaining({ code: 'not-found' }));
    }));

  it('that is deleted lies in the trash and its name is free', () =>
    withLibrary(async (library) => {
      const project = await library.addVideo(video, 'Ada', source, consent);
      await library.trash(project);
      expect(existsSync(path('trash', project.id, 'source.mov'))).toBe(true);
      expect(library.projects.list()).toEqual([]);
      expect((await library.addVideo(video, 'Ada', source, consent)).name).toBe('Ada');
    }));

  it('that was deleted comes back whole from the trash, and once', () =>
    withLibrary(async (library) => {
      const [ada, grace] = [
        await library.addVideo(video, 'Ada', source, consent),
        await library.addVideo(video, 'Grace', source, consent),
      ];
      library.takes.save(ada.id, { smile: 1 }, 0);
      for (const project of [ada, grace]) await library.trash(project);
      expect(library.trashed().map(({ name }) => name)).toEqual(['Grace', 'Ada']);
      await library.bringBack(ada.id);
      expect(library.projects.list()).toEqual([ada]);
      expect(existsSync(library.sourcePath(ada))).toBe(true);
      expect(library.takes.find(ada.id).document).toEqual({ smile: 1 });
      await expect(library.bringBack(ada.id)).rejects.toMatchObject({ code: 'not-found' });
      await rm(path('trash', grace.id), { recursive: true });
      expect(library.trashed()).toEqual([]);
      await expect(library.bringBack(grace.id)).rejects.toMatchObject({ code: 'not-found' });
    }));

  it('is gone for good once the trash is emptied, its files, takes, jobs and trainings with it', () =>
    withLibrary(async (library) => {
      const [ada, grace, alan] = [
        await library.addVideo(video, 'Ada', source, consent),
        await library.addVideo(video, 'Grace', source, consent),
        await library.addVideo(video, 'Alan', source, consent),
      ];
      library.takes.save(ada.id, { smile: 1 }, 0);
      library.manners.save(ada.id, { name: 'Calm', document: {} });
      const run = library.runs.start(ada.id, { preset: 'draft', device: 'auto', seed: 0 });
      const job = library.jobs.add(
        { kind: 'train', lane: 'trainer', projectId: ada.id, runId: run.id, request: {} },
        'nobody',
      );
      library.jobs.finish(job.id, { kind: 'cancelled', checkpoint: null, progress: null }, 'nobody');
      await mkdir(library.paths.job(job.id), { recursive: true });
      for (const project of [ada, grace]) await library.trash(project);
      await expect(library.emptyTrash(alan.id)).rejects.toMatchObject({ code: 'not-found' });
      expect(await library.emptyTrash(ada.id)).toBe(1);
      expect(library.trashed().map(({ name }) => name)).toEqual(['Grace']);
      for (const folder of [path('trash', ada.id), library.paths.job(job.id)]) expect(existsSync(folder)).toBe(false);
      expect([library.jobs.list(), library.runs.list(ada.id)]).toEqual([[], []]);
      expect([library.takes.all(ada.id), library.manners.list(ada.id)]).toEqual([[], []]);
      expect(library.projects.has(ada.id)).toBe(false);
      expect(library.consents.get(ada.consentId)).toBeUndefined();
      expect(await library.emptyTrash()).toBe(1);
      expect([library.trashed(), library.projects.list()]).toEqual([[], [alan]]);
      expect(library.consents.get(alan.consentId).basis).toBe(consent.basis);
    }));

  it('whose move to the trash was cut short can be brought back too', () =>
    withLibrary(async (library) => {
      const ada = await library.addVideo(video, 'Ada', source, consent);
      library.projects.markDeleted(ada.id);
      expect(library.trashed()).toHaveLength(1);
      await library.bringBack(ada.id);
      expect(library.projects.list()).toEqual([ada]);
    }));

  it('that an earlier version deleted comes back as well', async () => {
    const db = openDatabase(path('library.db'), MIGRATIONS.slice(0, 4), path('backups'));
    db.exec(`INSERT INTO consents VALUES ('c', 'self', '', 'ada', '2026-01-01')`);
    db.prepare(`INSERT INTO projects VALUES ('old', 'Old', '2026-01-01', 'source.mov', 'x', ?, 'c', '2026-02-01')`).run(
      JSON.stringify(source),
    );
    db.close();
    await mkdir(path('trash', 'old'), { recursive: true });
    writeFileSync(path('trash', 'old', 'source.mov'), 'a video');
    await withLibrary(async (library) => {
      expect(library.trashed()).toMatchObject([{ name: 'Old', deletedAt: '2026-02-01' }]);
      await library.bringBack('old');
      expect(existsSync(library.sourcePath(library.projects.find('Old')))).toBe(true);
    });
  });

  it('gets its runs numbered, and settings come back', () =>
    withLibrary(async (library) => {
      const { id } = await library.addVideo(video, 'Ada', source, consent);
      const request = { preset: 'draft', device: 'auto', seed: 0 } as const;
      expect([library.runs.start(id, request).number, library.runs.start(id, request).number]).toEqual([1, 2]);
      expect(library.settings.get()).toEqual({
        device: 'auto',
        exportName: '{project} {take} {mode} {date} {time}',
        threads: null,
        provider: 'auto',
        theme: 'system',
        shortcuts: {},
        jobsClearedAt: null,
        faceBasis: 'generic',
        credentials: true,
      });
      expect(library.settings.set({ threads: 2 }).threads).toBe(2);
      expect(() => library.settings.set({ threads: 0 })).toThrow(expect.objectContaining({ code: 'bad-request' }));
    }));

  it('has a take that only the last to see it can change', () =>
    withLibrary(async (library) => {
      const { id } = await library.addVideo(video, 'Ada', source, consent);
      expect(library.takes.find(id)).toMatchObject({ id, name: 'Take 1', document: null, revision: 0 });
      expect(library.takes.save(id, { smile: 1 }, 0)).toBe(1);
      expect(library.takes.save(id, { smile: 2 }, 1)).toBe(2);
      for (const old of [0, 1, 3]) expect(library.takes.save(id, { smile: 9 }, old)).toBeUndefined();
      expect(library.takes.find(id)).toMatchObject({ document: { smile: 2 }, revision: 2 });
    }));
});

describe('a failed import leaves the library untouched', () => {
  it('when the disk is full', () =>
    withLibrary(async (library) => {
      await truncate(video, 2 ** 43); // a hole of 8 TiB: more than fits, and takes no room itself
      await expect(library.addVideo(video, 'Ada', source, consent)).rejects.toMatchObject({ code: 'disk-full' });
      expect([library.projects.list(), readdirSync(path('projects'))]).toEqual([[], []]);
    }));

  it('when the file goes away, or the database refuses', () =>
    withLibrary(async (library) => {
      await expect(library.addVideo(join(dir, 'gone.mp4'), 'Ada', source, consent)).rejects.toMatchObject({
        code: 'not-found',
      });
      const nobody = { ...consent, basis: 'hearsay' as 'self' };
      await expect(library.addVideo(video, 'Ada', source, nobody)).rejects.toMatchObject({
        code: 'internal',
        detail: expect.stringContaining('CHECK') as string,
      });
      expect([library.projects.list(), readdirSync(path('projects'))]).toEqual([[], []]);
    }));

  it('when the program was killed in the middle: swept a day later', async () => {
    await mkdir(path('projects', 'old.partial'), { recursive: true });
    await mkdir(path('projects', 'young.partial'));
    await utimes(path('projects', 'old.partial'), 0, 0);
    withLibrary(() => undefined);
    expect(readdirSync(path('projects'))).toEqual(['young.partial']);
  });
});

describe('the database', () => {
  it('is durable: write-ahead log, full sync, foreign keys', () => {
    const db = openDatabase(path('library.db'), MIGRATIONS, path('backups'));
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('user_version')]).toEqual([
      'wal',
      2,
      1,
      MIGRATIONS.length,
    ]);
    db.close();
  });

  it('keeps a copy before each step, and a step that fails changes nothing', () => {
    const steps = ['CREATE TABLE a (x)', 'INSERT INTO a VALUES (1)'];
    openDatabase(path('library.db'), steps.slice(0, 1), path('backups')).close();
    expect(existsSync(path('backups'))).toBe(false); // nothing to lose yet
    expect(() =>
      openDatabase(
        path('library.db'),
        [...steps, 'INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (3)'],
        path('backups'),
      ),
    ).toThrow(expect.objectContaining({ name: 'StudioError' }));
    const db = new Database(path('library.db'));
    expect([db.pragma('user_version', { simple: true }), db.prepare('SELECT x FROM a').pluck().all()]).toEqual([
      2,
      [1],
    ]);
    db.close();
    const copies = readdirSync(path('backups')).sort();
    expect(copies.map((name) => name.slice(0, 17))).toEqual(['library-version-1', 'library-version-2']);
    const copy = new Database(path('backups', copies[0]!));
    expect([copy.pragma('user_version', { simple: true }), copy.prepare('SELECT x FROM a').pluck().all()]).toEqual([
      1,
      [],
    ]);
    copy.close();
  });

  it('that is damaged, or newer than the program, is refused and kept as it is', () => {
    openDatabase(path('library.db'), [...MIGRATIONS, 'CREATE TABLE later (x)'], path('backups')).close();
    expect(() => new Library(path())).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('newer') as string }),
    );
    writeFileSync(path('library.db'), 'this is not a database, but it is longer than the header of one: '.repeat(20));
    const before = readFileSync(path('library.db'));
    expect(() => new Library(path())).toThrow(
      expect.objectContaining({ message: expect.stringContaining('damaged') as string }),
    );
    expect(readFileSync(path('library.db'))).toEqual(before);
  });

  it('takes two processes at once, from the very first moment', async () => {
    const add = `
      import { Library } from ${JSON.stringify(join(import.meta.dirname, 'library.ts'))};
      const library = new Library(${JSON.stringify(path())});
      for (let i = 0; i < 15; i += 1) {
        await library.addVideo(
          ${JSON.stringify(video)}, process.argv[1] + i, ${JSON.stringify(source)}, ${JSON.stringify(consent)});
      }
      library.close();`;
    const codes = await Promise.all(
      ['a', 'b'].map(
        (name) =>
          new Promise((resolve) =>
            spawn(process.execPath, ['--input-type=module-typescript', '-e', add, name], { stdio: 'inherit' }).on(
              'exit',
              resolve,
            ),
          ),
      ),
    );
    expect(codes).toEqual([0, 0]);
    withLibrary((library) => expect(library.projects.list()).toHaveLength(30));
  });
});
