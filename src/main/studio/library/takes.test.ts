import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { inLibrary, source } from './library.fixture.ts';
import type { Library } from './library.ts';
import { MIGRATIONS } from './migrations.ts';
import { restoreLibrary } from './restore.ts';

let dir: string;
let video: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  video = join(dir, 'ada.mov');
  writeFileSync(video, 'a video, as far as the library cares');
});
afterEach(() => rm(dir, { recursive: true }));

const consent = { basis: 'permission', note: '', recordedBy: 'me' } as const;
const path = (...parts: string[]): string => join(dir, 'library', ...parts);
const withLibrary = <T>(work: (library: Library) => T | Promise<T>): Promise<T> => inLibrary(path(), work);
const ada = (library: Library) => library.addVideo(video, 'Ada', source, consent);
const namesOf = (library: Library, id: string): string[] => library.takes.list(id).map(({ name }) => name);

/** A library as the version before several takes left it: one project's take was edited, another's never. */
function oldLibrary(): void {
  const db = openDatabase(path('library.db'), MIGRATIONS.slice(0, 4), path('backups'));
  db.exec(`INSERT INTO consents VALUES ('c', 'self', '', 'ada', '2026-01-01')`);
  const add = db.prepare(`INSERT INTO projects VALUES (?, ?, '2026-01-01', 'source.mov', 'x', ?, 'c', NULL)`);
  for (const id of ['edited', 'plain']) add.run(id, id, JSON.stringify(source));
  db.exec(`INSERT INTO takes VALUES ('edited', '{"smile":1}', 7, '2026-02-01')`);
  db.close();
}

describe('who drives a take', () => {
  it('was known by its job alone, and is known by the take and its copies', async () => {
    const db = openDatabase(path('library.db'), MIGRATIONS.slice(0, 5), path('backups'));
    db.exec(
      `INSERT INTO consents VALUES ('c', 'self', '', 'ada', '2026-01-01'), ('g', 'self', '', 'grace', '2026-02-01')`,
    );
    const add = db.prepare(`INSERT INTO projects VALUES (?, ?, '2026-01-01', 'source.mov', 'x', ?, 'c', NULL)`);
    for (const id of ['first', 'copy']) add.run(id, id, JSON.stringify(source));
    const take = db.prepare(`INSERT INTO takes VALUES (?, ?, ?, NULL, 0, 1, ?, NULL)`);
    for (const project of ['first', 'copy']) {
      take.run(project, project, 'Take 1', '2026-01-01');
      take.run(`driven-${project}`, project, 'Driven', '2026-02-01T10:00:00.123Z');
    }
    const [request, state] = [{ consent: 'g' }, { kind: 'done', result: { take: { id: 'driven-first' } } }];
    db.prepare(
      `INSERT INTO jobs (id, kind, lane, project_id, request, state, position, created_at)
        VALUES ('j', 'drive', 'trainer', 'first', ?, ?, 1, '2026-02-01')`,
    ).run(JSON.stringify(request), JSON.stringify(state));
    db.close();
    await withLibrary((library) => {
      for (const id of ['first', 'copy'])
        expect(library.takes.list(id).map(({ consentId }) => consentId)).toEqual([null, 'g']);
      library.projects.forget({ id: 'first' });
      expect(library.consents.get('g')).toMatchObject({ recordedBy: 'grace' });
      library.projects.forget({ id: 'copy' });
      expect([library.consents.get('g'), library.consents.get('c')]).toEqual([undefined, undefined]);
    });
  });
});

describe('a library from before there were several takes', () => {
  it('has what was on each timeline as Take 1, and a copy from before', async () => {
    oldLibrary();
    await withLibrary(({ takes }) => {
      expect(takes.list('edited')).toMatchObject([
        { id: 'edited', name: 'Take 1', document: { smile: 1 }, revision: 7 },
      ]);
      expect(takes.list('plain')).toMatchObject([{ id: 'plain', name: 'Take 1', document: null, revision: 0 }]);
    });
    expect(readdirSync(path('backups')).some((name) => name.startsWith('library-version-4-'))).toBe(true);
  });

  it('is found again by the cards of that time', async () => {
    mkdirSync(path('projects', 'edited'), { recursive: true });
    const project = {
      id: 'edited',
      name: 'Edited',
      createdAt: '2026-01-01',
      sourceFile: 'source.mov',
      sourceSha256: 'x',
      source,
      consentId: 'c',
    };
    const card = {
      format: 'likeness.project',
      version: 1,
      project,
      consent: { id: 'c', basis: 'self', note: '', recordedBy: 'ada', recordedAt: '2026-01-01' },
      runs: [],
      take: { document: { smile: 1 }, revision: 3 },
    };
    writeFileSync(path('projects', 'edited', 'project.json'), JSON.stringify(card));
    writeFileSync(path('library.db'), 'this is not a database, but it is longer than the header of one: '.repeat(200));
    expect(restoreLibrary(path())).toMatchObject({ foundAgain: 1 });
    await withLibrary(({ takes }) =>
      expect(takes.list('edited')).toMatchObject([{ name: 'Take 1', document: { smile: 1 }, revision: 3 }]),
    );
  });
});

describe('the takes of a project', () => {
  it('have each a document of their own, and the one opened last is open', () =>
    withLibrary(async (library) => {
      const { id } = await ada(library);
      const two = library.takes.create(id, 'Two', { smile: 2 });
      expect(library.takes.find(id).id).toBe(two.id);
      expect(library.takes.save(two.id, { smile: 3 }, 1)).toBe(2);
      expect(library.takes.find(id, 'Take 1')).toMatchObject({ document: null, revision: 0 });
      library.takes.open(library.takes.find(id, 'Take 1'));
      expect(library.takes.find(id).name).toBe('Take 1');
      library.takes.create(id, 'Two');
      expect(() => library.takes.find(id, 'Two')).toThrow(expect.objectContaining({ code: 'ambiguous' }));
      expect(() => library.takes.find(id, 'Three')).toThrow(expect.objectContaining({ code: 'not-found' }));
    }));

  it('come back after they were removed, with what was saved since; the last one stays', () =>
    withLibrary(async (library) => {
      const { id } = await ada(library);
      const two = library.takes.create(id, 'Two', { smile: 2 });
      library.takes.remove(two);
      expect(namesOf(library, id)).toEqual(['Take 1']);
      expect(library.takes.find(id).name).toBe('Take 1');
      expect(library.takes.removed(id).map(({ name }) => name)).toEqual(['Two']);
      library.takes.save(two.id, { smile: 3 }, 1); // by a window that had it open
      library.takes.bringBack(id, two.id);
      expect(library.takes.find(id, 'Two').document).toEqual({ smile: 3 });
      expect(() => library.takes.bringBack(id, two.id)).toThrow(expect.objectContaining({ code: 'not-found' }));
      library.takes.remove(two);
      expect(() => library.takes.remove(library.takes.find(id))).toThrow(
        expect.objectContaining({ code: 'bad-request' }),
      );
    }));

  it('are found again from the folder alone, names, manners and what was removed included', async () => {
    const id = await withLibrary(async (library) => {
      const project = await ada(library);
      library.takes.rename(library.takes.find(project.id), 'First');
      library.takes.create(project.id, 'Two', { smile: 2 }, library.consents.record(consent).id);
      library.takes.remove(library.takes.create(project.id, 'Three', { smile: 3 }));
      library.manners.save(project.id, { name: 'Calm', document: { pose: 1 } });
      return project.id;
    });
    const before = await withLibrary(({ takes }) => takes.all(id));
    await rm(path('backups'), { recursive: true, force: true });
    for (const part of ['-wal', '-shm']) await rm(`${path('library.db')}${part}`, { force: true });
    writeFileSync(path('library.db'), 'this is not a database, but it is longer than the header of one: '.repeat(200));
    restoreLibrary(path());
    await withLibrary((library) => {
      expect(library.takes.all(id)).toEqual(before);
      expect(library.consents.get(library.takes.find(id, 'Two').consentId!)).toMatchObject(consent);
      expect(namesOf(library, id)).toEqual(['First', 'Two']);
      expect(library.manners.list(id)).toEqual([{ name: 'Calm', document: { pose: 1 } }]);
    });
  });
});

describe('a project that is duplicated', () => {
  it('has everything but the films, on the same consent, and goes its own way then', () =>
    withLibrary(async (library) => {
      const project = await ada(library);
      const run = library.runs.start(project.id, { preset: 'draft', device: 'auto', seed: 0 });
      library.takes.save(project.id, { smile: 1 }, 0);
      library.takes.create(project.id, 'Two', { smile: 2 });
      library.manners.save(project.id, { name: 'Calm', document: { pose: 1 } });
      const old = new Date('2026-01-02T03:04:05Z');
      for (const file of ['avatar.likeness', 'exports/film.mp4', 'runs/1/log.ndjson', 'x.partial']) {
        const whole = path('projects', project.id, file);
        mkdirSync(join(whole, '..'), { recursive: true });
        writeFileSync(whole, file);
        utimesSync(whole, old, old);
      }
      const copy = await library.duplicate(project, 'Ada 2');
      const at = (file: string): string => path('projects', copy.id, file);
      expect(readFileSync(at('source.mov'), 'utf8')).toBe('a video, as far as the library cares');
      expect(statSync(at('avatar.likeness')).mtime).toEqual(old);
      expect(existsSync(at('runs/1/log.ndjson'))).toBe(true);
      expect([existsSync(at('exports')), existsSync(at('x.partial'))]).toEqual([false, false]);
      expect(copy).toMatchObject({ name: 'Ada 2', consentId: project.consentId, source });
      expect(library.runs.list(copy.id)).toMatchObject([{ number: run.number, request: run.request }]);
      expect(library.takes.list(copy.id).map(({ name, document }) => [name, document])).toEqual([
        ['Take 1', { smile: 1 }],
        ['Two', { smile: 2 }],
      ]);
      expect(library.manners.list(copy.id)).toHaveLength(1);
      library.takes.save(copy.id, { smile: 9 }, 1);
      expect(library.takes.find(project.id, 'Take 1').document).toEqual({ smile: 1 });
      const card = JSON.parse(readFileSync(at('project.json'), 'utf8')) as { project: { id: string } };
      expect(card.project.id).toBe(copy.id);
    }));
});
