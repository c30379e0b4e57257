import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { StudioError } from '../../../../shared/contract/index.ts';
import { changedBundle, TINY } from '../bundles.fixture.ts';
import { openBundle, readManifest } from './bundle.ts';
import { forbiddenIn } from './model-scan.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const file = (name: string) => join(folder, name);
const refused = (message: RegExp) =>
  expect.objectContaining({ name: 'StudioError', code: 'bad-bundle', message: expect.stringMatching(message) });

/** A protobuf field of bytes. */
const field = (number: number, bytes: readonly number[]) => [number * 8 + 2, bytes.length, ...bytes];
const string = (text: string) => [...new TextEncoder().encode(text)];
/** model.graph.initializer[0].external_data = {key: location, value: ../secret} */
const externalModel = Uint8Array.from(
  field(
    7,
    field(5, [
      ...field(8, string('w')),
      ...field(13, [...field(1, string('location')), ...field(2, string('../secret'))]),
    ]),
  ),
);

describe('a bundle', () => {
  it('opens when every byte is what the manifest says', async () => {
    const bundle = await openBundle(TINY);
    expect(bundle.manifest.name).toBe('Tiny');
    expect(bundle.id).toMatch(/^[0-9a-f]{64}$/);
    expect(bundle.files.has('render.onnx')).toBe(true);
  });

  it('is refused when one byte of the archive changed, wherever it is', async () => {
    const bytes = await readFile(TINY);
    for (const share of [0.1, 0.35, 0.6, 0.85]) {
      const changed = Buffer.from(bytes);
      const at = Math.floor(changed.length * share);
      changed[at] = changed[at]! ^ 1;
      await writeFile(file('changed.likeness'), changed);
      await expect(openBundle(file('changed.likeness'))).rejects.toEqual(refused(/damaged|changed/));
    }
  });

  it('is refused when a small file of it is said to be packed into a gigabyte, before that is read', async () => {
    const path = file('packed.likeness');
    const bytes = await readFile(TINY);
    const [end, hole] = [bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1'), 2 ** 30];
    const directoryAt = bytes.readUInt32LE(end + 16);
    const tail = Buffer.from(bytes.subarray(directoryAt));
    tail.writeUInt32LE(hole, 20); // the first entry's compressed size
    tail.writeUInt32LE(directoryAt + hole, end - directoryAt + 16);
    const archive = await open(path, 'w');
    await archive.write(bytes, 0, directoryAt, 0);
    await archive.write(tail, 0, tail.length, directoryAt + hole);
    await archive.close();
    for (const reads of [openBundle, readManifest])
      await expect(reads(path)).rejects.toEqual(refused(/far larger than an avatar/));
  });

  it('is refused when a file and its checksum in the archive were both replaced', async () => {
    const path = await changedBundle(file('swapped.likeness'), {
      files: { 'report.json': Buffer.from('{"psnr":99}') },
      manifest: (manifest) =>
        Object.assign((manifest.files as Record<string, object>)['report.json']!, { sha256: '0'.repeat(64) }),
    });
    await expect(openBundle(path)).rejects.toEqual(refused(/report\.json is not what the manifest says/));
  });

  it('is refused in few words, however much is wrong with it', async () => {
    const path = await changedBundle(file('wrong.likeness'), {
      manifest: ({ files }) => {
        for (let count = 0; count < 40_000; count++) (files as Record<string, unknown>)[`F${count}`] = 0;
      },
    });
    const error = await openBundle(path).catch((thrown: unknown) => thrown as StudioError);
    expect(error).toMatchObject({ code: 'bad-bundle', detail: expect.stringContaining('F0') });
    expect(JSON.stringify(error).length).toBeLessThan(50_000);
  });

  it('is refused when a part is missing, unlisted, or the manifest is of another kind', async () => {
    await expect(
      openBundle(await changedBundle(file('a.likeness'), { files: { 'motion.onnx': null } })),
    ).rejects.toEqual(refused(/motion\.onnx is missing/));
    await expect(
      openBundle(
        await changedBundle(file('b.likeness'), {
          manifest: (manifest) => void delete (manifest.files as Record<string, object>)['thumbnail.jpg'],
        }),
      ),
    ).rejects.toEqual(refused(/thumbnail\.jpg/));
    await expect(
      openBundle(await changedBundle(file('c.likeness'), { manifest: (manifest) => (manifest.version = 2) })),
    ).rejects.toMatchObject({ message: expect.stringContaining('newer Likeness'), hint: 'Update Likeness.' });
    await expect(
      openBundle(await changedBundle(file('e.likeness'), { manifest: (manifest) => (manifest.version = 0) })),
    ).rejects.toMatchObject({ message: expect.stringContaining('older Likeness'), hint: 'Train the avatar again.' });
    await expect(
      openBundle(await changedBundle(file('d.likeness'), { manifest: (manifest) => (manifest.renderSize = 512) })),
    ).rejects.toEqual(refused(/manifest/));
  });

  it('may lack a fast graph and a report while it is a checkpoint, and only then', async () => {
    const files = { 'render-fast.onnx': null, 'report.json': null };
    const checkpoint = { step: 40, steps: 100, stage: 'refine', savedAt: '2026-01-02T03:04:05.678Z' };
    const unfinished = await changedBundle(file('unfinished.likeness'), {
      files,
      manifest: (manifest) => (manifest['checkpoint'] = checkpoint),
    });
    expect([...(await openBundle(unfinished)).files.keys()]).not.toContain('render-fast.onnx');
    expect((await readManifest(unfinished)).checkpoint).toEqual(checkpoint);
    await expect(openBundle(await changedBundle(file('e.likeness'), { files }))).rejects.toEqual(
      refused(/render-fast\.onnx is missing/),
    );
    await expect(
      openBundle(
        await changedBundle(file('f.likeness'), {
          files: { 'motion.onnx': null },
          manifest: (manifest) => (manifest['checkpoint'] = checkpoint),
        }),
      ),
    ).rejects.toEqual(refused(/motion\.onnx is missing/));
    await expect(
      openBundle(
        await changedBundle(file('g.likeness'), {
          files,
          manifest: (manifest) => (manifest['checkpoint'] = { ...checkpoint, steps: -1 }),
        }),
      ),
    ).rejects.toEqual(refused(/manifest/));
  });

  it('says what it is without being read whole', async () => {
    expect((await readManifest(TINY)).name).toBe('Tiny');
    await writeFile(file('words.likeness'), 'this is not an avatar');
    await expect(readManifest(file('words.likeness'))).rejects.toEqual(refused(/not a ZIP/));
  });

  it('is refused when it is no archive; a missing file is said to be missing', async () => {
    await writeFile(file('text.likeness'), 'this is not an avatar');
    await expect(openBundle(file('text.likeness'))).rejects.toEqual(refused(/not a ZIP/));
    await expect(openBundle(file('nowhere.likeness'))).rejects.toEqual(expect.objectContaining({ code: 'not-found' }));
  });

  it('is refused when a model wants data from another file', async () => {
    const path = await changedBundle(file('external.likeness'), { files: { 'speech.onnx': externalModel } });
    await expect(openBundle(path)).rejects.toEqual(refused(/speech\.onnx asks for data outside/));
  });
});

describe('what a model may not ask for', () => {
  const outside = 'data outside the bundle';

  it('is found in initializers and in attributes, and by its location alone', () => {
    expect(forbiddenIn(externalModel)).toBe(outside);
    const tensor = [...field(8, string('w')), 14 * 8, 1]; // data_location = EXTERNAL
    const nested = field(7, field(1, field(5, field(5, tensor))));
    expect(forbiddenIn(Uint8Array.from(nested))).toBe(outside);
  });

  it('is found in loops, branches and functions, which have no bounds', () => {
    const body = field(7, field(1, field(5, field(6, []))));
    for (const model of [body, field(7, field(1, field(5, field(11, [])))), [0xca, 1, 0], [0xa2, 1, 0]])
      expect(forbiddenIn(Uint8Array.from(model))).toBe('parts that no model of an avatar has');
  });

  it('is not seen where there is none', async () => {
    const models = [...(await openBundle(TINY)).files].filter(([name]) => name.endsWith('.onnx'));
    expect(models.map(([, bytes]) => forbiddenIn(bytes))).toEqual(Array.from({ length: 4 }));
  });

  it('counts as damage when the framing is broken', () => {
    expect(() => forbiddenIn(Uint8Array.from([58, 200, 1]))).toThrow(RangeError);
  });

  it('is not hidden by a tag or a length that others read as 32 bits', () => {
    const entry = field(1, string('location'));
    /** Field 13 again for those who drop what is above 32 bits: 0x6a with 2^32 on top. */
    const overlong = [0xea, 0x80, 0x80, 0x80, 0x10, entry.length, ...entry];
    expect(() => forbiddenIn(Uint8Array.from(field(7, field(5, overlong))))).toThrow('32 bits');
    const six = [0xea, 0x80, 0x80, 0x80, 0x80, 0x00, entry.length, ...entry];
    expect(() => forbiddenIn(Uint8Array.from(field(7, field(5, six))))).toThrow('does not end');
    const length = [0x6a, 0x80 | entry.length, 0x80, 0x80, 0x80, 0x10, ...entry];
    expect(() => forbiddenIn(Uint8Array.from([0x3a, 0x80, 0x80, 0x80, 0x80, 0x10]))).toThrow('past its message');
    expect(forbiddenIn(Uint8Array.from(field(7, field(5, length))))).toBe(outside);
  });
});
