import type { Avatar } from '../engine/index.ts';
import type { ExportJob, InTheMaking, Pictures } from './job.ts';

const DEFAULT_HEIGHT = 360;

/** The avatar over its own background. */
export function portraitPictures({ avatar, request, sound, performance }: ExportJob): Pictures {
  const height = request.height === 'source' ? naturalHeight(avatar) : request.height;
  const spare: Uint8Array[] = [];
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    for (let k = 0; k < sound.frames; k++) {
      const { control } = performance.frame(sound.first + k);
      const into = spare.pop();
      yield { picture: avatar.drawPortrait(control, { height, ...(into ? { into } : {}) }) };
    }
  }
  return { format: 'rgba', spare, pictures: pictures() };
}

/** The height at which a portrait has the source's own scale, never under the default. */
function naturalHeight({ idle }: Avatar): number {
  const sizes = Float32Array.from({ length: idle.frames }, (_, frame) => idle.crop[frame * 3 + 2]!).sort();
  return Math.max(DEFAULT_HEIGHT, Math.round(sizes[sizes.length >> 1]!));
}
