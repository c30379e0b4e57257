import { bringBackSound, clipEnd } from './clips.ts';
import { SOURCE_SOUND, type SoundClip, type Take } from './take.ts';

/** A sound that a voice spoke. */
interface Spoken {
  readonly id: string;
  readonly seconds: number;
}

/**
 * A clip says something else from now on, all of it; clips behind it begin as much later or earlier as it is longer or
 * shorter. The same take where there is no such clip.
 */
export function resaid(take: Take, id: string, { id: sound, seconds }: Spoken): Take {
  const clip = take.clips.find((one) => one.id === id);
  if (!clip) return take;
  const by = seconds - clip.seconds;
  const clips = take.clips.map((one) => {
    if (one.id === id) return withinFades({ ...one, sound, start: 0, seconds });
    return one.at >= clipEnd(clip) ? { ...one, at: Math.max(0, one.at + by) } : one;
  });
  return { ...bringBackSound(take, sound), clips };
}

/** What a script is first said as: in the place of the video's own sound while nobody edited that, else behind all. */
export function saidFirst(take: Take, clip: Omit<SoundClip, 'at'>): Take {
  const [only] = take.clips;
  const untouched = take.clips.length === 1 && only?.sound === SOURCE_SOUND && only.at === 0 && only.start === 0;
  const kept = untouched ? [] : take.clips;
  const at = kept.reduce((end, one) => Math.max(end, clipEnd(one)), 0);
  return { ...bringBackSound(take, clip.sound), clips: [...kept, { ...clip, at }] };
}

function withinFades(clip: SoundClip): SoundClip {
  const { fadeIn = 0, fadeOut = 0, ...plain } = clip;
  return fadeIn + fadeOut > clip.seconds ? plain : clip;
}
