import { dirname } from 'node:path';
import type { ExportResult } from '../../../shared/contract/index.ts';
import { SIGNED_AS } from '../../../shared/domain/film/index.ts';
import { openBundle } from '../engine/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { writeSoundFile } from '../media/index.ts';
import { AS_GIVEN, signedAs, speechDefinition } from './credentials.ts';
import { provenanceTags, rememberingHashes, writeProvenance } from './provenance.ts';
import type { ExportProgress, ExportRequest, ExportSound } from './request.ts';
import { directionsOf, type PreparedSound, withSound } from './sound.ts';

/** What a film says, without the film. Raises as `exportVideo` does. */
export async function exportSound(
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal | undefined,
): Promise<ExportResult> {
  const begin = performance.now();
  const { tools, outPath: path, mode, format, quality = 'good' } = request;
  makeFolder(dirname(path));
  const { manifest, id: avatarId } = await openBundle(request.avatarPath);
  const { fps } = manifest.source;
  const coded = format === 'm4a' ? 'm4a' : 'wav';
  const { speech } = directionsOf(request);
  return withSound(request, fps, signal, async (sound) => {
    onProgress({ stage: 'speech', done: 0, total: 1 });
    const part = { path: sound.path, track: sound.track, start: sound.start, seconds: sound.seconds };
    const spoken = await spokenIn(request.sound, sound);
    const origin = { avatarId, manifest, mode, made: spoken === 'none' ? 'sound' : 'speech' } as const;
    const metadata = provenanceTags(origin);
    const hashOf = rememberingHashes();
    let credentials = AS_GIVEN;
    const seal = async (partial: string): Promise<void> => {
      if (spoken === 'none') return;
      const definition = async () => speechDefinition(manifest.name, spoken, await hashOf(sound.path));
      credentials = await signedAs(SIGNED_AS[coded], request.signing, { file: partial, path }, definition);
    };
    await writeSoundFile(tools, { path, format: coded, quality, metadata, signal, seal, sound: part });
    onProgress({ stage: 'speech', done: 1, total: 1 });
    const { frames, seconds } = sound;
    const take = request.sound.kind === 'take' ? request.sound.name : undefined;
    const { consent, madeOf } = request;
    const facts = { picture: request, sound, take, speech, lanes: {}, sourcePath: undefined, madeOf, consent };
    const provenance = await writeProvenance(path, origin, { ...facts, output: { frames, seconds, fps }, hashOf });
    const xRealtime = seconds / ((performance.now() - begin) / 1000);
    const heardWith = { encoder: 'embedded', notice: null } as const; // no mouth follows it
    return { path, frames, seconds, xRealtime, provenance, ignoredLanes: [], heardWith, credentials };
  });
}

/** How much of what is heard a voice of this program speaks. */
async function spokenIn(said: ExportSound, { sounds = [] }: PreparedSound): Promise<'all' | 'some' | 'none'> {
  if (said.kind === 'path') return said.spoken ? 'all' : 'none';
  const spoken = await Promise.all(sounds.map(async (sound) => said.spoken?.(sound) ?? false));
  if (!spoken.includes(true)) return 'none';
  return spoken.includes(false) ? 'some' : 'all';
}
