import { dirname } from 'node:path';
import type { ExportResult } from '../../../shared/contract/index.ts';
import { openBundle } from '../engine/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { writeSoundFile } from '../media/index.ts';
import { provenanceTags, writeProvenance } from './provenance.ts';
import type { ExportProgress, ExportRequest } from './request.ts';
import { directionsOf, withSound } from './sound.ts';

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
  const origin = { avatarId, manifest, mode, made: 'sound' } as const;
  const { speech } = directionsOf(request);
  return withSound(request, fps, signal, async (sound) => {
    onProgress({ stage: 'speech', done: 0, total: 1 });
    const part = { path: sound.path, track: sound.track, start: sound.start, seconds: sound.seconds };
    const metadata = provenanceTags(origin);
    const how = { path, format: format === 'm4a' ? 'm4a' : 'wav', quality, metadata, signal } as const;
    await writeSoundFile(tools, { ...how, sound: part });
    onProgress({ stage: 'speech', done: 1, total: 1 });
    const { frames, seconds } = sound;
    const take = request.sound.kind === 'take' ? request.sound.name : undefined;
    const { consent, madeOf } = request;
    const facts = { picture: request, sound, take, speech, lanes: {}, sourcePath: undefined, madeOf, consent };
    const provenance = await writeProvenance(path, origin, { ...facts, output: { frames, seconds, fps } });
    const xRealtime = seconds / ((performance.now() - begin) / 1000);
    const heardWith = { encoder: 'embedded', notice: null } as const; // no mouth follows it
    const credentials = { kind: 'unsigned', why: 'A sound alone is as it was given: it is not signed.' } as const;
    return { path, frames, seconds, xRealtime, provenance, ignoredLanes: [], heardWith, credentials };
  });
}
