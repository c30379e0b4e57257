import { join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { SoundId } from '../../../shared/domain/take.ts';
import type { Library, Project } from '../library/index.ts';
import { readPictures } from '../pictures/index.ts';
import type { ProjectSounds } from '../sounds/index.ts';
import { containerType } from './container-type.ts';
import { EVALUATION_FILES, proofNamed } from './project-view.ts';

/** A file of a project, or a slice of one: its bytes from `start` on to `end`, both included. */
export interface ProjectFile {
  readonly file: string;
  readonly slice?: { readonly start: number; readonly end: number };
  readonly type: string;
}

/** One name of a file and nothing else. */
const FILE_NAME = /^(?!\.)[^/\\:*?"<>|\0]{1,200}$/;

/**
 * What a window may have of a project: `source`, `track`, `pictures` by frame, `sounds` by id, `proofs`, `exports` and
 * `evaluation` by name; undefined for anything else. It can reach these and no other bytes.
 */
export async function projectFile(
  { projects, paths, runs }: Library,
  sounds: ProjectSounds,
  id: string,
  kind: string,
  name: string | undefined,
): Promise<ProjectFile | undefined> {
  const project = projects.list().find((one) => one.id === id);
  if (!project) return undefined;
  if (kind === 'source' && name === undefined)
    return project.sourceFile ? whole(join(paths.project(id), project.sourceFile)) : undefined;
  if (kind === 'track' && name === undefined) return { file: paths.track(id), type: 'application/octet-stream' };
  if (name === undefined || !FILE_NAME.test(name)) return undefined;
  switch (kind) {
    case 'pictures':
      return picture(paths.pictures(id), name);
    case 'sounds':
      return sound(sounds, project, name);
    case 'exports':
      return whole(join(paths.exports(id), name));
    case 'evaluation': {
      const type = EVALUATION_FILES.get(name);
      return type === undefined ? undefined : { file: join(paths.evaluationReport(id), name), type };
    }
    case 'proofs': {
      const proof = proofNamed(name);
      return proof && runs.list(id).some(({ number }) => number === proof.run)
        ? { file: join(paths.run(id, proof.run), proof.file), type: 'image/jpeg' }
        : undefined;
    }
    default:
      return undefined;
  }
}

async function whole(file: string): Promise<ProjectFile> {
  return { file, type: await containerType(file) };
}

async function picture(folder: string, name: string): Promise<ProjectFile | undefined> {
  const pictures = /^\d{1,9}$/.test(name) ? await readPictures(folder) : undefined;
  const frame = Number(name);
  if (!pictures || frame >= pictures.frames) return undefined;
  return {
    file: pictures.file,
    slice: { start: pictures.offsets[frame]!, end: pictures.offsets[frame + 1]! - 1 },
    type: 'image/jpeg',
  };
}

/** A sound that is not there, or that its video does not have, is not found; other troubles are said. */
async function sound(sounds: ProjectSounds, project: Project, name: string): Promise<ProjectFile | undefined> {
  if (!SoundId.safeParse(name).success) return undefined;
  try {
    return await whole(await sounds.file(project, name));
  } catch (error) {
    if (error instanceof StudioError && (error.code === 'not-found' || error.code === 'no-audio')) return undefined;
    throw error;
  }
}
