import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Opened } from '../../shared/contract/bridge.ts';
import { closingQuestion } from './closing.ts';
import { handedVideos, OpenedFiles, videosIn } from './opened-files.ts';
import { RecentFiles } from './recent-files.ts';
import { readPlace } from './saved-place.ts';
import { writeWhole } from './write-whole.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'likeness-shell-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function video(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, 'film');
  return path;
}

describe('where the window was', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };
  const read = (text: string) => {
    writeFileSync(join(folder, 'window.json'), text);
    return readPlace(join(folder, 'window.json'), () => screen);
  };
  const place = (x: number, y: number) =>
    JSON.stringify({ bounds: { x, y, width: 1200, height: 800 }, maximized: true });

  it('is where it opens again', () =>
    expect(read(place(100, 50))).toEqual({ bounds: { x: 100, y: 50, width: 1200, height: 800 }, maximized: true }));

  it.each([
    '',
    '{',
    'null',
    '[]',
    place(100, 50).slice(0, 30),
    '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}',
    '{"bounds":{"x":0.5,"y":0,"width":900,"height":700},"maximized":false}',
  ])('a damaged note (%s) is none', (text) => expect(read(text)).toBeUndefined());

  it.each([
    [1850, 50],
    [-1150, 50],
    [100, 1000],
    [5000, 5000],
  ])('nor is a place that can hardly be reached (%i, %i)', (x, y) => expect(read(place(x, y))).toBeUndefined());

  it('a write that fails leaves the old note', () => {
    writeWhole(join(folder, 'window.json'), 'old');
    mkdirSync(join(folder, 'window.json.partial'));
    expect(() => writeWhole(join(folder, 'window.json'), 'new')).toThrow(/EISDIR|EPERM|EACCES/);
    expect(readFileSync(join(folder, 'window.json'), 'utf8')).toBe('old');
  });
});

describe('videos on a command line', () => {
  it('are found among what else stands there', () => {
    const talk = video('A talk.MP4');
    const words = [
      '.',
      '--allow-file-access-from-files',
      '--user-data-dir=x.mp4',
      'A talk.MP4',
      talk,
      'gone.mp4',
      'notes.txt',
      folder,
    ];
    expect(videosIn(words, folder)).toEqual([talk, talk]);
  });

  it('handed over by a second start they are looked at again', () => {
    const talk = video('talk.mov');
    expect(handedVideos({ files: [talk, join(folder, 'gone.mov'), '-x.mp4'] }, folder)).toEqual([talk]);
    for (const nonsense of [
      undefined,
      null,
      7,
      [],
      {},
      { files: 'x.mp4' },
      { files: [1] },
      { files: ['a'.repeat(5000)] },
    ])
      expect(handedVideos(nonsense, folder)).toEqual([]);
  });
});

describe('opened files', () => {
  it('wait for a window that listens; one that is a project already is shown', () => {
    const [one, two, three] = [video('one.mp4'), video('two.mp4'), video('three.mp4')];
    const opened = new OpenedFiles((path) => (path === two ? 'project-2' : undefined));
    opened.add([one, two]);
    const seen: Opened[] = [];
    opened.deliverTo((file) => seen.push(file));
    expect(seen).toEqual([
      { kind: 'video', path: one, name: 'one.mp4', size: 4 },
      { kind: 'project', id: 'project-2' },
    ]);
    opened.deliverTo(undefined); // the window is gone
    opened.add([three]);
    expect(seen).toHaveLength(2);
    opened.deliverTo((file) => seen.push(file));
    expect(seen[2]).toMatchObject({ name: 'three.mp4' });
    expect(seen).toHaveLength(3);
  });
});

describe('recent videos', () => {
  it('are kept, the newest first, each once, and not too many', () => {
    const file = join(folder, 'recent.json');
    let changes = 0;
    const recent = new RecentFiles(file, () => (changes += 1));
    for (let count = 0; count < 12; count++) recent.add({ path: `/v/${count}.mp4`, projectId: `p${count}` });
    recent.add({ path: '/v/5.mp4', projectId: 'again' });
    const again = new RecentFiles(file);
    expect(again.list()).toHaveLength(10);
    expect(again.list().slice(0, 2)).toEqual([
      { path: '/v/5.mp4', projectId: 'again' },
      { path: '/v/11.mp4', projectId: 'p11' },
    ]);
    expect(again.projectOf('/v/5.mp4')).toBe('again');
    again.forget('/v/5.mp4');
    expect(new RecentFiles(file).projectOf('/v/5.mp4')).toBeUndefined();
    again.clear();
    expect(new RecentFiles(file).list()).toEqual([]);
    expect(changes).toBe(13);
  });

  it('a damaged list is an empty one', () => {
    writeFileSync(join(folder, 'recent.json'), '[{"path":1}]');
    expect(new RecentFiles(join(folder, 'recent.json')).list()).toEqual([]);
  });

  it('a list that cannot be written is kept while the program runs', () => {
    const recent = new RecentFiles(join(folder, 'no', 'such', 'folder', 'recent.json'));
    recent.add({ path: '/v/1.mp4', projectId: 'p' });
    expect(recent.list()).toHaveLength(1);
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });
});

it('closing asks when jobs would be cut short, and only then', () => {
  expect(closingQuestion(0)).toBeUndefined();
  expect(closingQuestion(1)?.message).toBe('A job is still running.');
  expect(closingQuestion(3)?.message).toBe('3 jobs are still running.');
  expect(closingQuestion(1)?.detail).toMatch(/can be resumed/);
});
