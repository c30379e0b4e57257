import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { basename, extname, resolve } from 'node:path';
import { type ImportResult, type Manifest, type SourceInfo, StudioError } from '../../../shared/contract/index.ts';
import { openBundle, tryAvatar } from '../engine/index.ts';
import { type Consent, type ConsentChange, type Library, type Project, travellingRecord } from '../library/index.ts';
import { requireFile } from '../ground/require-file.ts';
import { copyWhole, partialBeside } from '../ground/settle.ts';
import { withoutControls } from '../../../shared/domain/plain-text.ts';
import { writeBundle } from './write-bundle.ts';

/**
 * Copies a project's avatar, checked whole, to a file of its own. Raises StudioError('not-found' | 'bad-bundle' |
 * 'disk-full').
 */
export async function exportBundle(
  library: Library,
  project: Project,
  file: string,
): Promise<{ path: string; bytes: number }> {
  const avatar = library.paths.avatar(project.id);
  const bundle = await openBundle(avatar);
  const record = travellingRecord(library.consents.get(project.consentId));
  const path = resolve(file);
  await library.unfinished.during([partialBeside(path)], () =>
    isDeepStrictEqual(bundle.manifest.consent, record)
      ? copyWhole(avatar, path)
      : writeBundle({ ...bundle, manifest: { ...bundle.manifest, consent: record } }, path),
  );
  return { path, bytes: (await stat(path)).size };
}

/** As long as a name that is given in the window. */
const LONGEST_NAME = 120;

/**
 * Makes a project of an avatar that was made elsewhere; every hash in it is checked first, and it is opened once.
 * Raises StudioError('not-found' | 'bad-bundle' | 'disk-full').
 */
export async function importBundle(library: Library, file: string, name?: string): Promise<ImportResult> {
  await requireFile(resolve(file));
  const { manifest } = await openBundle(resolve(file));
  if (manifest.checkpoint)
    throw new StudioError({
      code: 'bad-bundle',
      message: 'This is the checkpoint of an unfinished training, not a finished avatar.',
      hint: 'Finish the training, and take the avatar that it makes.',
    });
  await tryAvatar(resolve(file));
  const project = await library.addAvatar(
    resolve(file),
    name ?? (plainName(manifest.name) || basename(file, extname(file))),
    sourceOf(manifest),
    manifest.provenance.sourceSha256,
    consentOf(library, manifest.consent),
  );
  return { projectId: project.id, name: project.name, source: project.source };
}

/** As it is known here, else as the avatar tells it. */
function consentOf(library: Library, { note = '', attachmentSha256, ...record }: Manifest['consent']): Consent {
  const attachment = attachmentSha256 && { name: null, bytes: null, sha256: attachmentSha256 };
  const { id, recordedAt } = record;
  const attached: ConsentChange[] = attachment
    ? [{ id: `${id} ${attachment.sha256}`, kind: 'attached', at: recordedAt, recordedBy: '', note: '', attachment }]
    : [];
  return library.consents.find(id) ?? { ...record, note: withoutControls(note), recordedBy: '', changes: attached };
}

/** A name from elsewhere, as one line that can be shown. */
function plainName(name: string): string {
  return withoutControls(name).replace(/\s+/g, ' ').trim().slice(0, LONGEST_NAME);
}

/** The video itself did not come along: what the manifest tells of it. */
function sourceOf({ source: { width, height, fps, frames } }: Manifest): SourceInfo {
  return {
    width,
    height,
    fps,
    frames,
    duration: frames / fps,
    rotation: 0,
    hasAudio: false,
    codec: 'none',
    variableFrameRate: false,
  };
}
