/** A film that another computer made as it was asked to: looked at, and signed here. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Signed } from '../../../shared/contract/credentials.ts';
import { type FilmFormat, FORMATS, SIGNED_AS } from '../../../shared/domain/film/index.ts';
import type { SigningOrNot } from '../credentials/index.ts';
import { openBundle } from '../engine/index.ts';
import { writeWhole } from '../ground/settle.ts';
import { sha256Of } from '../library/index.ts';
import { AS_GIVEN, definitionOf, signedAs, speechDefinition } from './credentials.ts';
import { provenancePath } from './provenance.ts';

/** What was asked for: of files their SHA-256. */
export interface Ordered {
  readonly avatarPath: string;
  readonly sound: string;
  readonly background?: string | undefined;
  /** Whether a voice of this program speaks the sound. */
  readonly spoken: boolean;
  readonly madeOf: string;
  readonly mode: 'portrait';
  readonly format: FilmFormat;
}

const Returned = z.looseObject({
  producer: z.string(),
  mode: z.string(),
  madeOf: z.string(),
  output: z.looseObject({ sha256: z.string() }),
  audio: z.looseObject({ sha256: z.string() }),
  avatar: z.looseObject({ id: z.string() }),
});

/**
 * Signs a film that came back, and brings the record beside it up to date. It is signed only where its record says that
 * it is this very film, made of what was sent: else it stays as it came, and why is told. Raises
 * StudioError('cancelled').
 */
export async function sealReturned(
  path: string,
  { avatarPath, sound, background, spoken, madeOf, mode, format }: Ordered,
  signing: SigningOrNot,
): Promise<Signed> {
  const beside = provenancePath(path);
  const record = Returned.safeParse(await readFile(beside, 'utf8').then(JSON.parse, () => undefined)).data;
  const { manifest, id: avatarId } = await openBundle(avatarPath);
  const asOrdered =
    record?.output.sha256 === (await sha256Of(path)) &&
    record.avatar.id === avatarId &&
    record.audio.sha256 === sound &&
    record.madeOf === madeOf &&
    record.mode === mode;
  if (!asOrdered) return { kind: 'unsigned', why: 'What came back is not said to be what was asked for.' };
  const origin = { avatarId, manifest, mode, made: 'film' } as const;
  const source = manifest.provenance.sourceSha256;
  const { picture } = FORMATS[format];
  if (!picture && !spoken) return AS_GIVEN;
  const signed = await signedAs(SIGNED_AS[format], signing, { file: path, path }, async () =>
    picture
      ? definitionOf(origin, { source, sound, background }, record.producer)
      : speechDefinition(manifest.name, 'all', sound),
  );
  if (signed.kind === 'signed') {
    const output = { ...record.output, sha256: await sha256Of(path) };
    await writeWhole(beside, `${JSON.stringify({ ...record, output }, null, 2)}\n`);
  }
  return signed;
}
