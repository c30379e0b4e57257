import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LARGEST_ATTACHMENT } from '../../shared/domain/consent.ts';
import { comparisonInWords } from '../../shared/domain/same-person.ts';
import { openBundle, readManifest } from './engine/index.ts';
import { changedBundle, TINY } from './engine/bundles.fixture.ts';
import { openDatabase } from './library/database.ts';
import { source } from './library/library.fixture.ts';
import { Library } from './library/library.ts';
import { MIGRATIONS } from './library/migrations.ts';
import { LiveLines } from './live/index.ts';
import { TestLine, until } from './live/line.fixture.ts';
import { tinyClip } from './media/clips.fixture.ts';
import { libraryCopies, openStudio, restoreLibrary, type Studio } from './studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-test-'));
const at = (...parts: string[]): string => join(folder, ...parts);
const LETTER = 'I agree. Ada';
const LETTER_SHA256 = createHash('sha256').update(LETTER).digest('hex');
const withdrawn = expect.objectContaining({
  code: 'consent-withdrawn',
  message: 'The consent to use "Ada" was withdrawn.',
  hint: expect.stringContaining('likeness consent give') as string,
}) as Error;
let studio: Studio;
let id = '';
beforeAll(async () => {
  await tinyClip(at('clip.mp4'));
  writeFileSync(at('Letter.PDF'), LETTER);
});
beforeEach(async () => {
  studio = openStudio({ libraryDir: at('library') });
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'permission', note: 'by mail' } } as const;
  id = (await studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, studio.library.paths.avatar(id));
});
afterEach(async () => {
  await studio.close();
  rmSync(at('library'), { recursive: true, force: true, maxRetries: 5 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const film = () => studio.avatars.exportVideo(id, { sound: { kind: 'source' }, mode: 'portrait', height: 128 });

describe('a consent that is withdrawn', () => {
  it('lets nobody play or export the avatar, deletes nothing, and is given again', async () => {
    studio.consents.withdraw('Ada', 'she called');
    expect(() => film()).toThrow(withdrawn);
    expect(() => studio.avatars.saveFrame(id, { at: 0, mode: 'portrait', height: 128 })).toThrow(withdrawn);
    const face = { path: at('clip.mp4'), consent: { basis: 'self', note: '' } } as const;
    expect(() => studio.timeline.drive(id, face)).toThrow(withdrawn);
    expect(() => studio.training.train(id, { preset: 'instant' })).toThrow(withdrawn);
    expect(() => studio.avatars.path(id)).toThrow(withdrawn);
    await expect(studio.avatars.shownPath(id)).rejects.toEqual(withdrawn);
    await expect(studio.avatars.exportBundle(id, at('taken.likeness'))).rejects.toEqual(withdrawn);
    const motion = { audioPath: at('clip.mp4'), outPath: at('motion.safetensors') };
    await expect(studio.avatars.writeMotion(id, motion)).rejects.toEqual(withdrawn);
    expect(existsSync(at('taken.likeness'))).toBe(false);
    expect(existsSync(studio.library.paths.avatar(id))).toBe(true);
    expect(studio.projects.list()).toMatchObject([{ id, trained: true, withdrawn: true }]);

    const view = studio.consents.give('Ada', 'she came back');
    expect(view).toMatchObject({ withdrawnAt: null, changes: [{ note: 'she called' }, { note: 'she came back' }] });
    expect(await studio.avatars.shownPath(id)).toBe(studio.avatars.path(id));
  });

  it('stops what is being made of it; what is resumed or waited is refused at its turn', async () => {
    const job = film();
    studio.consents.withdraw(id);
    await expect(job.result).rejects.toMatchObject({ code: 'cancelled' });
    await expect(studio.jobs.resume(job.id).result).rejects.toEqual(withdrawn);
    expect((await studio.projects.get(id)).exports).toEqual([]);
    studio.consents.give(id);
    expect((await studio.jobs.resume(job.id).result)['frames']).toBeGreaterThan(0);
  });

  it('holds for every project that rests on it, and outlasts its avatar coming in again', async () => {
    await studio.avatars.exportBundle(id, at('ada.likeness'));
    const copy = await studio.projects.duplicate(id);
    expect(studio.consents.withdraw(copy.projectId).projects).toHaveLength(2);
    expect(() => studio.avatars.path(id)).toThrow(withdrawn);
    const { projectId } = await studio.avatars.importBundle(at('ada.likeness'), 'Again');
    expect(() => studio.avatars.path(projectId)).toThrow(expect.objectContaining({ code: 'consent-withdrawn' }));
  });

  it('ends the live line and what is filmed of it', async () => {
    const lines = new LiveLines(studio, { threads: 1, lookMs: 20 });
    const [window, page, late] = [new TestLine(), new TestLine(), new TestLine()];
    const leave = lines.watch(id, page);
    const session = lines.connect(window);
    session.receive(JSON.stringify({ type: 'open', projectId: id, height: 200 }));
    await window.next('ready');
    studio.consents.withdraw(id);
    await until(() => window.closed && page.closed);
    lines.watch(id, late);
    for (const line of [window, page, late])
      expect(line.of('failed').at(-1)).toMatchObject({ serial: null, error: { code: 'consent-withdrawn' } });
    leave();
    session.close();
    await lines.close();
  });

  it('is still withdrawn when the library is restored from a copy made before', async () => {
    await studio.close();
    studio = openStudio({ libraryDir: at('library') });
    studio.consents.withdraw(id);
    await studio.close();
    const [copy] = libraryCopies(at('library')).filter(({ projects }) => projects === 1);
    restoreLibrary(at('library'), copy!.name);
    studio = openStudio({ libraryDir: at('library') });
    expect(() => studio.avatars.path(id)).toThrow(withdrawn);
  });
});

describe('faces that are compared', () => {
  const found = { verdict: 'same', distance: 0.31, faces: 40, looked: 48 } as const;

  it('need a recording that is here', async () => {
    const missing = expect.objectContaining({ code: 'not-found', message: expect.stringContaining('No recording') });
    expect(() => studio.consents.compare(id)).toThrow(missing as Error);
    await studio.consents.attach(id, at('clip.mp4'));
    expect(() => studio.consents.compare(id, at('nowhere.mp4'))).toThrow(/not there/);
  });

  it('are shown with the recording that they were seen in, and not with another', async () => {
    const { library } = studio;
    const { attachment } = await studio.consents.attach(id, at('clip.mp4'));
    const path = join(library.paths.consent(id), `${attachment!.sha256}.mp4`);
    const { id: job } = library.jobs.add(
      { kind: 'same-person', lane: 'trainer', projectId: id, runId: null, request: { path } },
      'nobody',
    );
    expect(studio.consents.show(id).compared).toBeNull();
    library.jobs.finish(job, { kind: 'done', result: found }, 'nobody');
    expect(studio.consents.show(id).compared).toEqual(found);
    await studio.consents.attach(id, at('Letter.PDF'));
    expect(studio.consents.show(id).compared).toBeNull();
  });

  it('are told in words that claim no more', () => {
    expect(comparisonInWords(found)).toMatch(/look like the same person \(distance 0\.31/);
    expect(comparisonInWords({ ...found, verdict: 'other', distance: 0.8 })).toMatch(/two different people/);
    expect(comparisonInWords({ ...found, verdict: 'unsure', distance: 0.5 })).toMatch(/cannot be told/);
    expect(comparisonInWords({ ...found, verdict: 'unsure', distance: null, faces: 2 })).toMatch(
      /2 of 48 frames: too few/,
    );
  });
});

describe('a file that shows a consent', () => {
  it('is kept with its name, size and hash in each project that rests on it', async () => {
    const copy = await studio.projects.duplicate(id);
    const view = await studio.consents.attach(id, at('Letter.PDF'));
    const attachment = { name: 'Letter.PDF', bytes: LETTER.length, sha256: LETTER_SHA256, here: true };
    expect(view.attachment).toEqual(attachment);
    expect(studio.consents.show(copy.projectId).attachment).toEqual(attachment);
    const kept = join(studio.library.paths.consent(id), `${LETTER_SHA256}.pdf`);
    expect(readFileSync(kept, 'utf8')).toBe(LETTER);
    rmSync(kept);
    expect(studio.consents.show(id).attachment).toMatchObject({ here: false });
  });

  it('is refused where it is none, empty, too large, or not there', async () => {
    writeFileSync(at('empty'), '');
    writeFileSync(at('large'), '');
    truncateSync(at('large'), LARGEST_ATTACHMENT + 1);
    mkdirSync(at('dir'), { recursive: true });
    for (const [name, code, message] of [
      ['empty', 'bad-request', /empty/],
      ['large', 'bad-request', /at most 512 MB/],
      ['dir', 'bad-request', /not a file/],
      ['nowhere', 'not-found', /./],
    ] as const)
      await expect(studio.consents.attach(id, at(name)), name).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    expect(studio.consents.show(id).attachment).toBeNull();
  });

  it('travels as its hash alone, with the record, in the bundle and beside films', async () => {
    await studio.consents.attach(id, at('Letter.PDF'));
    const record = { basis: 'permission', note: 'by mail', attachmentSha256: LETTER_SHA256 };
    await studio.avatars.exportBundle(id, at('ada.likeness'));
    const { manifest } = await openBundle(at('ada.likeness')); // each file's hash is checked
    expect(manifest.consent).toMatchObject(record);
    expect(manifest.files).toEqual((await readManifest(TINY)).files);
    const { provenance } = await film().result;
    expect(JSON.parse(readFileSync(provenance, 'utf8'))).toMatchObject({ consent: record });

    const elsewhere = openStudio({ libraryDir: at('elsewhere') });
    const { projectId } = await elsewhere.avatars.importBundle(at('ada.likeness'));
    const attachment = { name: null, bytes: null, sha256: LETTER_SHA256, here: false };
    expect(elsewhere.consents.show(projectId)).toMatchObject({ note: 'by mail', recordedBy: '', attachment });
    await elsewhere.avatars.exportBundle(projectId, at('on.likeness'));
    expect(readFileSync(at('on.likeness')).equals(readFileSync(at('ada.likeness')))).toBe(true); // nothing to add
    await elsewhere.close();
  });

  it('is in no avatar of an earlier version, which is read on', async () => {
    expect((await readManifest(TINY)).consent).toEqual({
      basis: 'synthetic',
      id: 'tiny',
      recordedAt: expect.any(String),
    });
    const hostile = await changedBundle(at('hostile.likeness'), {
      manifest: (manifest) => Object.assign(manifest['consent'] as object, { attachmentSha256: '../../letter' }),
    });
    await expect(studio.avatars.importBundle(hostile)).rejects.toMatchObject({ code: 'bad-bundle' });
  });
});

it('a library from before anything could become of a consent is brought on, with a copy kept', () => {
  const dir = at('older');
  const old = openDatabase(join(dir, 'library.db'), MIGRATIONS.slice(0, 6), join(dir, 'backups'));
  old.exec(`INSERT INTO consents VALUES ('c', 'self', 'mine', 'ada', '2026-01-01')`);
  old
    .prepare(`INSERT INTO projects VALUES ('old', 'Old', '2026-01-01', NULL, 'x', ?, 'c', NULL)`)
    .run(JSON.stringify(source));
  old.close();
  const library = new Library(dir);
  expect(library.consents.get('c')).toMatchObject({ basis: 'self', note: 'mine', changes: [] });
  const copies = library.paths.backups;
  library.changeConsent(library.projects.find('old'), {
    kind: 'withdrawn',
    recordedBy: 'ada',
    note: '',
    attachment: null,
  });
  library.projects.forget({ id: 'old' });
  expect(library.consents.find('c')).toBeUndefined(); // and what became of it
  library.close();
  const before = new Database(
    join(
      copies,
      readdirSync(copies).find((name) => name.startsWith('library-version-6-'))!,
    ),
    { readonly: true },
  );
  expect(before.pragma('user_version', { simple: true })).toBe(6);
  before.close();
});
