import { aspectOf, type Background, OWN_BACKGROUND } from '../../../shared/domain/film/index.ts';
import { type Avatar, type Behind, Framing, type PortraitFormat } from '../engine/index.ts';
import { openBackdrop } from './backdrop.ts';
import type { ExportJob, InTheMaking, Pictures } from './job.ts';

const DEFAULT_HEIGHT = 360;

/** The avatar over its own background, as `format` has it; or as the request has shape and background, in RGBA. */
export function portraitPictures(job: ExportJob, format: PortraitFormat): Pictures {
  const { avatar, request, sound, performance } = job;
  const { shape = 'own', background = OWN_BACKGROUND } = request;
  if (shape !== 'own' || background.kind !== 'own') return framedPictures(job, aspectOf(shape), background);
  const height = heightOf(job);
  const spare: Uint8Array[] = [];
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    for (let k = 0; k < sound.frames; k++) {
      const { control } = performance.frame(sound.first + k);
      yield { picture: avatar.drawPortrait(control, { height, format, into: spare.pop() }) };
    }
  }
  return { format, spare, pictures: pictures() };
}

const BEHIND: Readonly<Record<Background['kind'], Behind>> = {
  own: 'own',
  blur: 'blurred',
  transparent: 'none',
  colour: 'given',
  file: 'given',
};

function framedPictures(job: ExportJob, aspect: number | null, background: Background): Pictures {
  const { avatar, request, sound, performance, fps, signal } = job;
  const height = heightOf(job);
  const { rig, idle, manifest } = avatar;
  const size = new Framing(rig, idle, manifest.source, aspect).size(height);
  const frame = { aspect, behind: BEHIND[background.kind] };
  const bytes = size.width * size.height * 4;
  const spare: Uint8Array[] = [];
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    const given = background.kind === 'colour' || background.kind === 'file';
    const backdrop = given ? await openBackdrop(request.tools, background, size, signal) : undefined;
    try {
      for (let number = sound.first; number < sound.first + sound.frames; number++) {
        const { control } = performance.frame(number);
        const into = spare.pop() ?? new Uint8Array(bytes);
        await backdrop?.fill(into, (number - sound.whole.first) / fps);
        yield { picture: avatar.drawPortrait(control, { height, frame, into }) };
      }
    } finally {
      await backdrop?.close();
    }
  }
  return { format: 'rgba', alpha: background.kind === 'transparent', spare, pictures: pictures() };
}

function heightOf({ avatar, request: { height } }: ExportJob): number {
  return height === 'source' ? naturalHeight(avatar) : height;
}

/** The height at which a portrait has the source's own scale, never under the default. */
function naturalHeight({ idle }: Avatar): number {
  const sizes = Float32Array.from({ length: idle.frames }, (_, frame) => idle.crop[frame * 3 + 2]!).sort();
  return Math.max(DEFAULT_HEIGHT, Math.round(sizes[sizes.length >> 1]!));
}
