import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identityOf } from '../ground/process-identity.ts';
import { DamagedLibrary } from './damaged.ts';
import { inLibrary, source } from './library.fixture.ts';
import { Library } from './library.ts';
import { libraryCopies, restoreLibrary } from './restore.ts';

let dir: string;
let video: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  video = join(dir, 'ada.mov');
  writeFileSync(video, 'a video, as far as the library cares');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dir, { recursive: true });
});

const consent = { basis: 'permission', note: 'She signed a letter.', recordedBy: 'me' } as const;
const root = (): string => join(dir, 'library');
const at = (...parts: string[]): string => join(root(), ...parts);

const withLibrary = <T>(work: (library: Library) => T | Promise<T>): Promise<T> => inLibrary(root(), work);
const add = (name: string): Promise<string> =>
  withLibrary(async (library) => (await library.addVideo(video, name, source, consent)).id);
const names = (): Promise<string[]> =>
  withLibrary(({ projects }) =>
    projects
      .list()
      .map(({ name }) => name)
      .toSorted(),
  );
/** As a bad block or an interrupted copy leaves it. */
function damage(): void {
  for (const part of ['-wal', '-shm']) rmSync(`${at('library.db')}${part}`, { force: true });
  writeFileSync(at('library.db'), 'this is not a database, but it is longer than the header of one: '.repeat(200));
}
function opened(): unknown {
  try {
    new Library(root()).close();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('copies', () => {
  it('are made at a start, of what there is by then; an empty library makes none', async () => {
    await withLibrary(() => undefined);
    expect(libraryCopies(root())).toEqual([]);
    await add('Ada'); // it started empty
    await names();
    await add('Grace');
    await names();
    await names(); // nothing new
    expect(libraryCopies(root()).map(({ projects }) => projects)).toEqual([2, 1]);
    expect(readdirSync(at('backups')).every((name) => name.endsWith('.db'))).toBe(true);
  });

  it('are made every day of a program that stays open', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    await withLibrary(async (library) => {
      await library.addVideo(video, 'Ada', source, consent);
      vi.advanceTimersByTime(25 * 3600 * 1000);
      expect(libraryCopies(root()).map(({ projects }) => projects)).toEqual([1]);
    });
  });

  it('do not grow without bound: the newest, and one of each of the last days', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let day = 1; day <= 15; day += 1)
      for (const hour of [9, 17]) {
        vi.setSystemTime(Date.UTC(2030, 0, day, hour));
        await add(`${day} ${hour}`);
      }
    const copies = libraryCopies(root());
    const days = new Set(copies.map(({ madeAt }) => madeAt.slice(0, 10)));
    expect([copies.length, days.size]).toEqual([14, 10]); // 8 newest of 4 days, and 6 days before
    expect(copies[0]!.madeAt.slice(0, 13)).toBe('2030-01-15T17');
  });

  it('are newer than those before them, also when the clock was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let day = 1; day <= 12; day++) {
      vi.setSystemTime(`2099-03-${String(day).padStart(2, '0')}T09:00:00Z`);
      await add(`Ahead ${day}`);
    }
    vi.setSystemTime('2026-03-01T09:00:00Z');
    await add('Ada');
    await withLibrary(() => undefined);
    expect(libraryCopies(root())[0]).toMatchObject({ projects: 13 });
    damage();
    expect(restoreLibrary(root())).toMatchObject({ projects: 13, foundAgain: 0 });
  });

  it('are beside the work: where they cannot be made, the library opens all the same', async () => {
    await add('Ada');
    rmSync(at('backups'), { recursive: true, force: true });
    writeFileSync(at('backups'), 'a file in their place');
    expect(await names()).toEqual(['Ada']);
  });
});

describe('a library that lost its database', () => {
  it.each([
    ['damaged', damage],
    ['empty', () => truncateSync(at('library.db'), 0)],
    ['missing', () => rmSync(at('library.db'))],
  ])('(%s) is not a new one, and comes back whole', async (how, lose) => {
    const id = await add('Ada');
    await add('Grace'); // in no copy: the next start would have made it
    lose();
    const error = opened();
    expect(error).toBeInstanceOf(DamagedLibrary);
    expect(error).toMatchObject({
      code: 'bad-request',
      message: `The library's database is ${how}.`,
      hint: expect.stringMatching(/library restore": .*\(projects: 1\) and .*folders \(2\)/) as string,
    });
    const restored = restoreLibrary(root());
    expect(restored).toMatchObject({ projects: 2, foundAgain: 1, copy: expect.stringMatching(/^library-/) as string });
    expect(restored.setAside === null).toBe(how === 'missing');
    expect(await names()).toEqual(['Ada', 'Grace']);
    await withLibrary((library) => {
      const project = library.projects.find(id);
      expect(project).toMatchObject({ source, sourceFile: 'source.mov' });
      expect(library.consents.get(project.consentId)).toMatchObject(consent);
    });
  });

  it('keeps the damaged file aside as it was', async () => {
    await add('Ada');
    damage();
    const before = readFileSync(at('library.db'));
    const { setAside } = restoreLibrary(root());
    expect(readFileSync(join(setAside!, 'library.db'))).toEqual(before);
  });

  it('is made again from the folders alone: trainings, and the take as it was last closed', async () => {
    const id = await add('Ada');
    const run = await withLibrary((library) => {
      library.takes.save(id, { smile: 1 }, 0);
      library.takes.save(id, { smile: 2 }, 1);
      library.projects.rename(id, 'Ada L.');
      return library.runs.start(id, { preset: 'draft', device: 'auto', seed: 3 });
    });
    rmSync(at('backups'), { recursive: true, force: true });
    damage();
    expect(restoreLibrary(root())).toMatchObject({ copy: null, projects: 1, foundAgain: 1 });
    await withLibrary((library) => {
      expect(library.projects.find('Ada L.').id).toBe(id);
      expect(library.runs.list(id)).toEqual([run]);
      expect(library.runs.start(id, { preset: 'draft', device: 'auto', seed: 3 }).number).toBe(2);
      expect(library.takes.find(id).document).toEqual({ smile: 2 });
    });
  });

  it('learns from the folders what the copy is too old for, and what went to the trash since', async () => {
    const [ada, grace] = [await add('Ada'), await add('Grace')];
    await names(); // a copy of both
    await withLibrary(async (library) => {
      library.runs.start(ada, { preset: 'draft', device: 'auto', seed: 0 });
      library.takes.save(ada, { smile: 1 }, 0);
      await library.trash(library.projects.find(grace));
    });
    damage();
    restoreLibrary(root());
    expect(await names()).toEqual(['Ada']);
    await withLibrary((library) => {
      expect(library.runs.list(ada)).toHaveLength(1);
      expect(library.takes.find(ada).document).toEqual({ smile: 1 });
    });
  });

  it('knows what lies in the trash, and what came back from there since the copy', async () => {
    const [ada, grace] = [await add('Ada'), await add('Grace')];
    await withLibrary(async (library) => {
      for (const id of [ada, grace]) await library.trash(library.projects.find(id));
    });
    await names(); // a copy without both
    await withLibrary((library) => library.bringBack(ada));
    damage();
    restoreLibrary(root());
    expect(await names()).toEqual(['Ada']);
    rmSync(at('backups'), { recursive: true });
    damage();
    restoreLibrary(root()); // from the folders alone
    expect(await names()).toEqual(['Ada']);
    await withLibrary(async (library) => {
      expect(library.trashed().map(({ name }) => name)).toEqual(['Grace']);
      await library.bringBack(grace);
    });
    expect((await names()).toSorted()).toEqual(['Ada', 'Grace']);
  });

  it('takes the newest copy that is sound and holds something', async () => {
    await add('Ada');
    await names();
    writeFileSync(at('backups', 'library-2039-01-01T00-00-00-000Z-1.db'), 'half a copy');
    expect(libraryCopies(root()).map(({ projects }) => projects)).toEqual([null, 1]);
    damage();
    expect(restoreLibrary(root()).copy).toBe(libraryCopies(root())[1]!.name);
  });

  it('a card of somebody else, or a damaged one, is not taken in', async () => {
    const id = await add('Ada');
    mkdirSync(at('projects', 'stranger'));
    writeFileSync(at('projects', 'stranger', 'project.json'), readFileSync(at('projects', id, 'project.json')));
    mkdirSync(at('projects', 'cut'));
    writeFileSync(at('projects', 'cut', 'project.json'), '{"format": "likeness.pro');
    const evil = JSON.parse(readFileSync(at('projects', id, 'project.json'), 'utf8')) as { project: object };
    mkdirSync(at('projects', 'evil'));
    const project = { ...evil.project, id: 'evil', sourceFile: 'source.mov/../../../../secret' };
    writeFileSync(at('projects', 'evil', 'project.json'), JSON.stringify({ ...evil, project }));
    damage();
    expect(restoreLibrary(root())).toMatchObject({ projects: 1, foundAgain: 1 });
  });
});

describe('a library in order', () => {
  it('is left alone, unless a copy is named', async () => {
    await add('Ada');
    await names();
    const [copy] = libraryCopies(root());
    await withLibrary((library) => library.projects.rename(library.projects.list()[0]!.id, 'Ada L.'));
    expect(() => restoreLibrary(root())).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(() => restoreLibrary(root(), 'library-none.db')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => restoreLibrary(join(dir, 'nowhere'))).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(existsSync(join(dir, 'nowhere'))).toBe(false);
    restoreLibrary(root(), copy!.name);
    expect(await names()).toEqual(['Ada']);
  });

  it('is not changed under a running job', async () => {
    await add('Ada');
    await names();
    await withLibrary(({ jobs }) => {
      jobs.add(
        { kind: 'analyze', lane: 'trainer', projectId: null, runId: null, request: {} },
        identityOf(process.pid)!,
      );
      expect(() => restoreLibrary(root(), libraryCopies(root())[0]!.name)).toThrow(
        expect.objectContaining({ code: 'busy' }),
      );
    });
  });

  it('with no more than an empty folder, or a file of no bytes in it, is new', async () => {
    mkdirSync(at('projects'), { recursive: true });
    writeFileSync(at('library.db'), '');
    expect(await names()).toEqual([]);
    expect(statSync(at('library.db')).size).toBeGreaterThan(0);
  });
});
