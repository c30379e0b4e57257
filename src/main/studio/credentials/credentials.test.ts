// The trainer signs; another implementation, which shares no code with it, reads. Its list of brands that it takes for
// BMFF has pictures alone: films are put on it here.
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BMFF, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ActionAssertion, IngredientAssertion, ManifestStore } from '@trustnxt/c2pa-ts/manifest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedFormat } from '../../../shared/domain/film/index.ts';
import { changedBundle, TINY } from '../engine/bundles.fixture.ts';
import { exportVideo, type ExportSound, isMadeOf, type Ordered, sealReturned } from '../export/index.ts';
import { waveFile } from '../export/wave.fixture.ts';
import { EMPTY_TAKE } from '../../../shared/domain/take.ts';
import { ffmpeg, scratchFolder, tools } from '../media/clips.fixture.ts';
import { readSound, soundSeconds } from '../media/index.ts';
import { PRODUCER } from '../ground/product.ts';
import { findInstallation } from '../system/environment.ts';
import { beginSigning, readCredentials, withSigning } from './index.ts';

for (const brand of ['isom', 'mp42', 'qt  '])
  (BMFF as unknown as { canReadBrands: Set<string> }).canReadBrands.add(brand);

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
const place = { installation: findInstallation(), tools, folder: at('credentials') };
afterAll(() => rm(folder, { recursive: true }));

const AI = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const MANIFEST = {
  claim_generator_info: [{ name: 'Likeness', version: '0.1.0' }],
  assertions: [{ label: 'c2pa.actions.v2', data: { actions: [{ action: 'c2pa.created', digitalSourceType: AI }] } }],
};

async function readElsewhere(content: NonSharedBuffer) {
  const asset = PNG.canRead(content) ? new PNG(content) : new BMFF(content);
  const store = ManifestStore.read(SuperBox.fromBuffer(Uint8Array.from(asset.getManifestJUMBF()!)));
  const { isValid, statusEntries } = await store.validate(asset);
  return { isValid, wrong: statusEntries.filter(({ success }) => !success), manifest: store.getActiveManifest()! };
}

async function sign(file: string, format: SignedFormat) {
  const signing = beginSigning(place);
  try {
    return await signing.sign(file, format, MANIFEST);
  } finally {
    await signing.close();
  }
}

const FILES = { 'a.mp4': 'video/mp4', 'a.mov': 'video/quicktime', 'a.png': 'image/png' } as const;

describe('what is signed', () => {
  beforeAll(async () => {
    const drawn = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=0.5'];
    await ffmpeg(...drawn, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', at('a.mp4'));
    await ffmpeg(...drawn, '-c:v', 'prores_ks', at('a.mov'));
    await ffmpeg(...drawn, '-frames:v', '1', at('a.png'));
  });

  it.each(Object.entries(FILES))(
    'another implementation finds valid, and changed where it was: %s',
    async (name, format) => {
      expect(await sign(at(name), format)).toEqual({
        kind: 'signed',
        signer: 'Likeness local, not verified by anybody',
        certificate: 'local',
      });
      const content = await readFile(at(name));
      expect(await readElsewhere(content)).toMatchObject({ isValid: true, wrong: [] });
      content[content.indexOf(name === 'a.png' ? 'IDAT' : 'mdat') + 60]! ^= 1;
      expect((await readElsewhere(content)).isValid).toBe(false);
      await writeFile(at(name), content);
      expect(await readCredentials(place, at(name))).toMatchObject({ kind: 'changed', certificate: 'local' });
    },
  );

  it('a file that cannot be signed stays as it is, and why is told', async () => {
    await writeFile(at('no.mp4'), 'no film');
    expect(await sign(at('no.mp4'), 'video/mp4')).toMatchObject({
      kind: 'unsigned',
      why: expect.stringContaining('could not be signed'),
    });
    expect(await readFile(at('no.mp4'), 'utf8')).toBe('no film');
  });

  it('without a trainer a file is left unsigned, and its credentials unread', async () => {
    const installation = { ...place.installation, venv: at('no-venv'), python: at('no-python') };
    const nowhere = { ...place, installation };
    const signing = beginSigning(nowhere);
    expect(await signing.sign(at('a.mp4'), 'video/mp4', MANIFEST)).toMatchObject({
      kind: 'unsigned',
      why: expect.stringContaining('not set up'),
    });
    await signing.close();
    expect(await readCredentials(nowhere, at('a.mp4'))).toMatchObject({ kind: 'unread' });
  });

  it('one that is not asked in the end leaves no process', async () => {
    await expect(beginSigning(place).close()).resolves.toBeUndefined();
  });
});

describe('an export', () => {
  const source = at('source.mp4');
  beforeAll(async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x128:r=25:d=0.8', '-pix_fmt', 'yuv420p', source);
    await writeFile(
      at('sound.wav'),
      waveFile(
        Float32Array.from({ length: 4800 }, (_, k) => 0.2 * Math.sign(Math.sin(k / 6))),
        16_000,
      ),
    );
  });

  async function made(mode: 'dub' | 'portrait') {
    const signing = beginSigning(place);
    const outPath = at(`${mode}.mp4`);
    const sound = { kind: 'path', path: at('sound.wav') } as const;
    try {
      return await exportVideo({
        tools,
        avatarPath: TINY,
        source,
        sound,
        outPath,
        mode,
        height: 64,
        threads: 1,
        signing,
      });
    } finally {
      await signing.close();
    }
  }

  it.each([
    ['portrait', ['c2pa.created', 'c2pa.placed'], 'trainedAlgorithmicMedia', 'inputTo'],
    ['dub', ['c2pa.opened', 'c2pa.edited', 'c2pa.placed'], 'compositeWithTrainedAlgorithmicMedia', 'parentOf'],
  ] as const)('says what was done, and what it is made of: a %s', async (mode, actions, type, source) => {
    const { path, credentials, provenance } = await made(mode);
    expect(credentials.kind).toBe('signed');
    const content = await readFile(path);
    const { isValid, manifest } = await readElsewhere(content);
    expect(isValid).toBe(true);
    const assertions = manifest.assertions!.assertions;
    const done = assertions.find((one) => one instanceof ActionAssertion)!.actions;
    expect(done.map(({ action }) => action)).toEqual(actions);
    expect(done.find(({ digitalSourceType }) => digitalSourceType)).toMatchObject({
      digitalSourceType: `http://cv.iptc.org/newscodes/digitalsourcetype/${type}`,
      softwareAgent: { name: 'Likeness' },
    });
    const record = JSON.parse(await readFile(provenance, 'utf8')) as Record<string, Record<string, string>>;
    const of = assertions.filter((one) => one instanceof IngredientAssertion);
    expect(of.map(({ title, relationship, description }) => [title, relationship, description])).toEqual([
      [
        'Source video',
        source,
        `SHA-256 ${mode === 'dub' ? record['source']!['sha256'] : record['avatar']!['trainedOnSha256']}`,
      ],
      ['Avatar "Tiny"', 'inputTo', `SHA-256 ${record['avatar']!['id']}`],
      ['Sound', 'componentOf', `SHA-256 ${record['audio']!['sha256']}`],
    ]);
    expect(content.includes(folder)).toBe(false); // no path of this computer
    expect(assertions.map(({ label }) => label).filter((label) => label?.includes('thumbnail'))).toEqual([]);
    expect(content.indexOf('moov')).toBeLessThan(content.indexOf('mdat')); // still plays before it is all there
  });

  it('that a farm made is signed where it comes back to, if it is what was asked for', async () => {
    const sound = { kind: 'path', path: at('sound.wav') } as const;
    const madeOf = 'of this';
    const size = { mode: 'portrait', height: 64, threads: 1 } as const;
    const request = { tools, avatarPath: TINY, sound, outPath: at('farm.mp4'), madeOf, ...size };
    const { path, provenance } = await exportVideo({ ...request, signing: { unsigned: 'not there' } });
    const recordOf = async () => JSON.parse(await readFile(provenance, 'utf8')) as Record<string, { sha256: string }>;
    const before = await recordOf();
    const asked = {
      avatarPath: TINY,
      sound: before['audio']!.sha256,
      spoken: false,
      madeOf,
      mode: 'portrait',
      format: 'mp4',
    } as const;
    const seal = (other: Partial<Ordered> = {}) =>
      withSigning(place, true, (signing) => sealReturned(path, { ...asked, ...other }, signing));
    const unsigned = { kind: 'unsigned', why: expect.stringContaining('not said to be what was asked for') };
    for (const other of [{ sound: 'f'.repeat(64) }, { madeOf: 'of that' }, { avatarPath: await otherAvatar() }])
      expect(await seal(other)).toEqual(unsigned);
    expect([await isMadeOf(path, madeOf), await readCredentials(place, path)]).toEqual([true, { kind: 'none' }]);
    expect(await seal()).toMatchObject({ kind: 'signed', certificate: 'local' });
    expect(await isMadeOf(path, madeOf)).toBe(true); // the record is of the signed file
    expect(await recordOf()).toEqual({ ...before, output: { ...before['output'], sha256: expect.any(String) } });
    const { isValid, manifest } = await readElsewhere(await readFile(path));
    const [created] = manifest.assertions!.assertions.find((one) => one instanceof ActionAssertion)!.actions;
    expect([isValid, created!.softwareAgent]).toEqual([true, { name: PRODUCER }]);
    expect((await readFile(path)).includes('drawn by another computer')).toBe(true);
    expect(await seal()).toMatchObject({ kind: 'signed' }); // again where it was stopped in between
    await writeFile(path, 'another film');
    expect(await seal()).toEqual(unsigned);
  });

  it.each([
    ['webm', 'webm'],
    ['png', 'zip'],
  ] as const)('of a format that has no place for it has it beside: %s', async (format, ending) => {
    const [sound, outPath] = [{ kind: 'path', path: at('sound.wav') } as const, at(`beside/a.${ending}`)];
    const how = { tools, avatarPath: TINY, sound, outPath, mode: 'portrait', height: 64, format, threads: 1 } as const;
    const make = (on: boolean) => withSigning(place, on, (signing) => exportVideo({ ...how, signing }));
    const beside = `${outPath}.c2pa`;
    expect((await make(true)).credentials).toMatchObject({ kind: 'signed', certificate: 'local', path: beside });
    expect((await readdir(at('beside'))).toSorted()).toEqual(
      [outPath, beside, `${outPath}.provenance.json`].map((path) => basename(path)).toSorted(),
    );
    const said = { generated: true, actions: ['c2pa.created', 'c2pa.placed'], generator: PRODUCER };
    expect(await readCredentials(place, outPath)).toMatchObject({ kind: 'valid', certificate: 'local', ...said });
    const content = await readFile(outPath);
    content[content.length >> 1]! ^= 1;
    await writeFile(outPath, content);
    expect(await readCredentials(place, outPath)).toMatchObject({ kind: 'changed', certificate: 'local' });
    expect((await make(false)).credentials).toMatchObject({ kind: 'unsigned' });
    expect(await readCredentials(place, outPath)).toEqual({ kind: 'none' }); // not what was said of the one before
    await rm(at('beside'), { recursive: true });
  });

  it.each(['wav', 'm4a'] as const)('of speech alone says that software spoke: %s', async (format) => {
    const made = (said: ExportSound, name: string) =>
      withSigning(place, true, (signing) =>
        exportVideo({
          tools,
          avatarPath: TINY,
          sound: said,
          outPath: at(`${name}.${format}`),
          mode: 'portrait',
          height: 64,
          format,
          signing,
        }),
      );
    const path = at('sound.wav');
    const clip = { id: 'a', sound: 'a', at: 0, start: 0, seconds: 0.2 };
    const take = { ...EMPTY_TAKE, clips: [clip, { ...clip, id: 'b', sound: 'b', at: 0.1 }] };
    const sounds = { kind: 'take', take, sounds: async () => path, folder: at('job') } as const;
    const typeIn = async (file: string): Promise<string | undefined> =>
      /digitalsourcetype\/(\w+?Media)/.exec((await readFile(file)).toString('latin1').split('c2pa.created')[1]!)?.[1];

    const whole = await made({ kind: 'path', path, spoken: true }, 'spoken');
    expect(whole.credentials).toMatchObject({ kind: 'signed', certificate: 'local' });
    expect(await readCredentials(place, whole.path)).toMatchObject({
      kind: 'valid',
      generated: true,
      actions: ['c2pa.created', 'c2pa.placed'],
    });
    expect(await typeIn(whole.path)).toBe('trainedAlgorithmicMedia');
    expect(JSON.parse(await readFile(whole.provenance, 'utf8'))).toMatchObject({
      digitalSourceType: AI,
      disclosure: 'Speech in this sound was spoken by software.',
    });
    expect(soundSeconds(await readSound(tools, whole.path))).toBeCloseTo(whole.seconds, 1); // still heard as before
    const both = await made({ ...sounds, spoken: async (sound) => sound === 'a' }, 'both');
    expect(await typeIn(both.path)).toBe('compositeWithTrainedAlgorithmicMedia');
    for (const said of [{ kind: 'path', path } as const, { ...sounds, spoken: async () => false }]) {
      const given = await made(said, 'given');
      expect(given.credentials).toMatchObject({ kind: 'unsigned', why: expect.stringContaining('as it was given') });
      expect(await readCredentials(place, given.path)).toEqual({ kind: 'none' });
      expect(JSON.parse(await readFile(given.provenance, 'utf8'))).not.toHaveProperty('digitalSourceType');
    }
  });

  const otherAvatar = () => changedBundle(at('other.likeness'), { manifest: (manifest) => (manifest['name'] = 'Ben') });

  it('that cannot be signed is there all the same', async () => {
    await copyFile(at('sound.wav'), at('credentials/own.pem')); // no certificate
    const { path, credentials } = await made('portrait');
    expect(credentials).toMatchObject({ kind: 'unsigned', why: expect.stringContaining('no certificate') });
    expect(await readCredentials(place, path)).toMatchObject({ kind: 'none' });
  });
});
