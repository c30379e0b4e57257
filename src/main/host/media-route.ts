import path from 'node:path';
import { StudioError } from '../../shared/contract/index.ts';
import { SoundId } from '../../shared/domain/take.ts';
import { isProof } from '../studio/project-view.ts';
import { readPictures } from '../studio/pictures/index.ts';
import type { Studio } from '../studio/studio.ts';

/** One path segment that names a file and nothing else. */
const FILE_NAME = /^(?!\.)[^/\\:*?"<>|\0]{1,200}$/;

/** A file of the library, or a slice of one: its bytes from `start` on to `end`, both included. */
export interface Media {
  readonly file: string;
  readonly slice?: { readonly start: number; readonly end: number };
  /** The kind of a slice; a whole file's is told by its ending. */
  readonly type?: string;
}

/**
 * What lies behind `<project>/source`, `/track`, `/pictures/<frame>`, `/sounds/<id>`, `/proofs/<name>` or
 * `/exports/<name>`; undefined for anything else. A window can reach these and no other bytes.
 */
export async function resolveMedia(studio: Studio, route: string): Promise<Media | undefined> {
  const [id, kind, name, ...rest] = route.split('/');
  if (id === undefined || rest.length > 0) return undefined;
  const project = studio.library.projects.list().find((one) => one.id === id);
  if (!project) return undefined;
  const { paths } = studio.library;
  if (kind === 'source' && name === undefined)
    return project.sourceFile ? { file: path.join(paths.project(id), project.sourceFile) } : undefined;
  if (kind === 'track' && name === undefined) return { file: path.join(paths.analysis(id), 'track.safetensors') };
  if (name === undefined || !FILE_NAME.test(name)) return undefined;
  switch (kind) {
    case 'pictures':
      return picture(paths.pictures(id), name);
    case 'sounds':
      return sound(studio, id, name);
    case 'exports':
      return { file: path.join(paths.exports(id), name) };
    case 'proofs': {
      const newest = studio.library.runs.list(id)[0];
      return newest && isProof(name) ? { file: path.join(paths.run(id, newest.number), name) } : undefined;
    }
    default:
      return undefined;
  }
}

async function picture(folder: string, name: string): Promise<Media | undefined> {
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
async function sound(studio: Studio, id: string, name: string): Promise<Media | undefined> {
  if (!SoundId.safeParse(name).success) return undefined;
  try {
    return { file: await studio.soundFile(id, name) };
  } catch (error) {
    if (error instanceof StudioError && (error.code === 'not-found' || error.code === 'no-audio')) return undefined;
    throw error;
  }
}
