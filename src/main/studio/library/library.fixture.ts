import type { SourceInfo } from '../../../shared/contract/index.ts';
import { Library } from './library.ts';

/** Of a video that no test reads. */
export const source: SourceInfo = {
  width: 512,
  height: 512,
  fps: 25,
  duration: 20,
  frames: 500,
  rotation: 0,
  hasAudio: true,
  codec: 'h264',
  variableFrameRate: false,
};

/** Opens the library of a folder for some work, and closes it whatever comes of that. */
export async function inLibrary<T>(dir: string, work: (library: Library) => T | Promise<T>): Promise<T> {
  const library = new Library(dir);
  try {
    return await work(library);
  } finally {
    library.close();
  }
}
