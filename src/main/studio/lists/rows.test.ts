import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { StudioError } from '../../../shared/contract/index.ts';
import { type Asked, filmsOf, requireFaultless, type Table } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
for (const name of ['hello.wav', 'wall.jpg']) writeFileSync(at(name), 'a file');
writeFileSync(at('words.txt'), 'Good morning.');

/** Ada has an avatar and a video, Ben an avatar alone; the one voice that is here hums. */
const asked = {
  exportsOf: () => at('exports'),
  avatars: {
    path(project: string) {
      if (['Ada', 'Ben'].includes(project)) return 'an avatar';
      throw new StudioError({ code: 'not-found', message: `There is no project "${project}".`, hint: '' });
    },
  },
  projects: { get: async (project: string) => ({ hasVideo: project === 'Ada' }) },
  voices: {
    usual: async () => 'hum',
    list: async () => [
      { name: 'hum', state: 'present' },
      { name: 'far', state: 'absent' },
    ],
    readText: (file: string) => readFile(file, 'utf8'),
  },
} as unknown as Asked;

type Cells = Readonly<Record<string, string>>;
const read = (table: Table, rows: readonly Cells[]) =>
  filmsOf(
    asked,
    table,
    rows.map((cells, k) => ({ row: k + 2, cells: new Map(Object.entries(cells)) })),
  );
const films = async (...rows: Cells[]) => {
  const found = await read({ kind: 'file', path: at('jobs.csv') }, rows);
  requireFaultless(found.faults);
  return found.films;
};
const good = { project: 'Ada', audio: 'hello.wav', out: 'films/a.mp4' };
const said = { project: 'Ada', text: 'Hello there.', out: 'b.mp4' };

it('a row says what the options of the command say, by the same rules; paths are those of its folder', async () => {
  const [first, second, third] = await films(
    good,
    { ...said, preset: 'shorts', background: 'wall.jpg', style: '2:0.5', 'mouth-strength': '1.2', speed: '1.5' },
    { project: 'Ben', script: 'words.txt', out: 'c.webm', mode: 'portrait', background: 'transparent', height: '240' },
  );
  expect(first).toEqual({
    row: 2,
    project: 'Ada',
    says: { kind: 'path', path: at('hello.wav') },
    speech: {},
    look: {
      mode: 'dub',
      format: 'mp4',
      height: 'source',
      shape: 'own',
      background: { kind: 'own' },
      quality: 'good',
    },
    outPath: at('films/a.mp4'),
  });
  expect(second).toMatchObject({
    says: { kind: 'script', script: { text: 'Hello there.', voice: 'hum', speed: 1.5 } },
    speech: { strength: 1.2, style: { entry: 2, amount: 0.5 } },
    look: { mode: 'portrait', shape: '9:16', height: 1920, background: { kind: 'file', path: at('wall.jpg') } },
  });
  expect(third).toMatchObject({
    says: { kind: 'script', script: { text: 'Good morning.' } },
    look: { format: 'webm', height: 240, background: { kind: 'transparent' } },
  });
});

it.each<[string, string, Cells]>([
  ['project', 'There is no project "Eve".', { ...good, project: 'Eve' }],
  ['project', 'It is empty.', { audio: 'hello.wav', out: 'a.mp4' }],
  ['project', 'Its video is not here', { ...good, project: 'Ben' }],
  ['project', 'It has control characters in it.', { ...good, project: 'A\u001b[31mda' }],
  ['project', 'It has more than 4096 characters.', { ...good, project: 'a'.repeat(5000) }],
  ['text', 'It is not said what the avatar shall say', { project: 'Ada', out: 'a.mp4' }],
  ['text', 'There is nothing to say in this text.', { ...said, text: '...' }],
  ['text', 'This text has markup in it', { ...said, text: '<speak>Hi</speak>' }],
  ['text', 'This text is too long', { ...said, text: 'a '.repeat(1e6) }],
  ['audio', 'There is "text" already', { ...good, text: 'Hi' }],
  ['audio', `There is no file ${at('gone.wav')}.`, { ...good, audio: 'gone.wav' }],
  ['script', `There is no file ${at('gone.txt')}.`, { project: 'Ada', script: 'gone.txt', out: 'a.mp4' }],
  ['voice', 'There is no voice "nobody".', { ...said, voice: 'nobody' }],
  ['voice', 'is not here yet', { ...said, voice: 'far' }],
  ['voice', 'It is for a text', { ...good, voice: 'hum' }],
  ['speed', 'It must be a number from', { ...said, speed: '99' }],
  ['style', 'It must be "none"', { ...said, style: 'happy' }],
  ['mouth-strength', 'It must be a number from', { ...good, 'mouth-strength': 'NaN' }],
  ['preset', 'It must be youtube, shorts, course or transparent.', { ...good, preset: 'vimeo' }],
  ['height', 'It must be "source", or a number from 128 to 2160.', { ...good, height: '1e9' }],
  ['background', 'such as #1E3A5F', { ...good, mode: 'portrait', background: '#12' }],
  ['background', `There is no file ${at('gone.jpg')}.`, { ...good, mode: 'portrait', background: 'gone.jpg' }],
  ['background', 'MP4, H.264 has no transparency.', { ...good, mode: 'portrait', background: 'transparent' }],
  ['shape', 'A dub keeps the shape', { ...good, shape: '1:1' }],
  ['out', 'It is empty.', { project: 'Ada', audio: 'hello.wav' }],
  ['out', 'is written to a file that ends with .webm', { ...good, format: 'webm' }],
  ['out', 'is written to a file that ends with .mp4', { ...good, out: 'a' }],
])('column %s: %s', async (column, message, row) => {
  const wrong = films({ ...good, out: 'first.mp4' }, row);
  await expect(wrong).rejects.toMatchObject({ code: 'bad-request' });
  await expect(wrong).rejects.toThrow(`Row 3, column "${column}": `);
  await expect(wrong).rejects.toThrow(message);
});

it.runIf(process.platform !== 'win32').each<[string, Cells]>([
  ['out', { ...good, out: `${'a'.repeat(300)}.mp4` }],
  ['audio', { ...good, audio: `${'a'.repeat(300)}.wav` }],
])('column %s: a name that the system cannot look for', async (column, row) => {
  await expect(films(row)).rejects.toThrow(`Row 2, column "${column}": This path cannot be used.`);
});

it('films that would take the place of each other, or of what they are made of, are refused', async () => {
  await expect(films(good, { ...good, out: 'films/../films/A.mp4' })).rejects.toThrow(
    'Row 3, column "out": This is the film of row 2.',
  );
  await expect(films({ ...good, format: 'wav', out: 'hello.wav' })).rejects.toThrow(
    'Row 2, column "out": This is what row 2 says.',
  );
});

it('all that is wrong is told at once, up to ten cells', async () => {
  const wrong = films(...Array.from({ length: 30 }, () => ({ ...good, project: 'Eve' })));
  const { message } = (await wrong.catch((error: unknown) => error)) as StudioError;
  expect(message.split('\n')).toHaveLength(11);
  expect(message).toContain('Row 11, column "project"');
  expect(message).toContain('... and 20 more.');
});

const sent = (...rows: Cells[]) => read({ kind: 'sent', path: at('up.csv'), name: 'jobs.csv' }, rows);

it('a table that a browser sent has its films among the exports of their projects', async () => {
  const found = await sent(said, { ...said, out: 'c.mp4' });
  expect(found.faults).toEqual([]);
  expect(found.films.map(({ outPath }) => outPath)).toEqual([at('exports/b.mp4'), at('exports/c.mp4')]);
});

it.each(['../b.mp4', 'films/b.mp4', String.raw`films\b.mp4`, '/tmp/b.mp4', 'C:b.mp4', '..', '.b.mp4'])(
  'and cannot name the place "%s"',
  async (out) => {
    expect((await sent({ ...said, out })).faults).toEqual([
      { row: 2, column: 'out', message: expect.stringContaining('it is a name without folders') },
    ]);
  },
);

it('nor any file of this computer, whether it is there or not', async () => {
  const { faults } = await sent(
    { project: 'Ada', audio: 'hello.wav', out: 'a.mp4' },
    { project: 'Ada', script: at('words.txt'), out: 'c.mp4' },
    { ...said, mode: 'portrait', background: at('gone.jpg') },
  );
  expect(faults.map(({ column }) => column)).toEqual(['audio', 'script', 'background']);
  for (const { message } of faults) expect(message).toContain('can name no files');
});

it('nor an export that was made otherwise; one of a list may be made again', async () => {
  mkdirSync(at('exports'), { recursive: true });
  for (const name of ['mine.mp4', 'listed.mp4']) writeFileSync(at(`exports/${name}`), 'a film');
  const record = { madeOf: 'f'.repeat(64), output: { sha256: '0'.repeat(64) } };
  writeFileSync(at('exports/listed.mp4.provenance.json'), JSON.stringify(record));
  const { faults } = await sent({ ...said, out: 'mine.mp4' }, { ...said, out: 'listed.mp4' });
  expect(faults).toEqual([{ row: 2, column: 'out', message: expect.stringContaining('that no list made') }]);
});
