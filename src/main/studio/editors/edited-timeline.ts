import { basename } from 'node:path';
import { rowsOf } from '../../../shared/domain/clips.ts';
import { exactRate } from '../../../shared/domain/frame-rate.ts';
import { fadesOf, heardClips } from '../../../shared/domain/loudness.ts';
import type { Cue } from '../../../shared/domain/script/index.ts';
import { frameCount, GAIN, type SoundClip, type Take, takeSeconds } from '../../../shared/domain/take.ts';
import type { PlacedSound } from '../sounds/index.ts';
import { type Media, Otio, type Span } from './otio.ts';

/** All that becomes a timeline. */
export interface EditedTake {
  readonly take: Take;
  /** Frames a second of the film and the source. */
  readonly fps: number;
  /** Where on the take it lies, and what is to be known of it. */
  readonly film: Span & { readonly path: string; readonly facts: Readonly<Record<string, unknown>> };
  /** The video the avatar was made from, if it is there, and the frame of it that the take begins with. */
  readonly source: (Media & { readonly startFrame: number }) | null;
  /** Of each of the take's sounds. */
  readonly sounds: ReadonlyMap<string, PlacedSound>;
  /** Of the film, in its own seconds. */
  readonly captions: readonly Cue[];
}

/**
 * The take as an OTIO timeline: the source's frames as a dub goes through them, above them the film with its captions
 * as markers, below both the sounds. All times are whole frames of the take's own timeline, of which in and out are the
 * range.
 */
export function editedTimeline({
  take,
  fps,
  film,
  source,
  sounds,
  captions,
}: EditedTake): ReturnType<Otio['timeline']> {
  const otio = new Otio(exactRate(fps));
  const { range } = take;
  const end = Math.max(film.first + film.frames, Math.round(takeSeconds(take) * fps));
  const pictures = [
    // The lowest, as the highest is what is seen; and not seen even where the film is transparent.
    ...(source ? [otio.track('Source', 'Video', sourceClips(otio, source, end))] : []),
    otio.track('Film', 'Video', [{ at: film, clip: filmClip(otio, film, captions, fps) }]),
  ];
  const markers = take.markers.map(({ at, name }) =>
    otio.marker(name, { first: Math.round(at * fps), frames: 1 }, 'GREEN'),
  );
  const tracks = [...pictures, ...soundTracks(otio, take, sounds, fps)];
  return otio.timeline(basename(film.path), tracks, range && { first: film.first, frames: film.frames }, markers, {});
}

function filmClip(otio: Otio, { path, frames, facts }: EditedTake['film'], captions: readonly Cue[], fps: number) {
  const markers = captions.map(({ from, to, text }) => {
    const first = Math.min(Math.round(from * fps), frames - 1);
    const shown = { first, frames: Math.max(1, Math.min(frames, Math.round(to * fps)) - first) };
    return otio.marker(text.replaceAll('\n', ' '), shown, 'YELLOW', text);
  });
  return otio.clip(basename(path), { path, frames }, { first: 0, frames }, { markers, facts });
}

/** Forwards to its last frame, backwards to its first and so on, up to `end`; neither is shown twice. */
function sourceClips(otio: Otio, { path, frames, startFrame }: NonNullable<EditedTake['source']>, end: number) {
  const placed = [];
  let from = Math.min(startFrame, frames - 1);
  for (let at = 0, backwards = false; at < end; backwards = !backwards) {
    const whole = Math.max(1, frames - (backwards ? 1 : from));
    const length = Math.min(whole, end - at);
    const part = { first: backwards ? whole - length : from, frames: length };
    const clip = otio.clip(basename(path), { path, frames }, part, { enabled: false, backwards });
    placed.push({ at: { first: at, frames: length }, clip });
    at += length;
    from = Math.min(1, frames - 1); // the first was the last of what went backwards
  }
  return placed;
}

/** Clips that sound at the same time lie on tracks of their own. */
function soundTracks(otio: Otio, take: Take, sounds: EditedTake['sounds'], fps: number) {
  const heard = new Set(heardClips(take));
  const { rows, count } = rowsOf(take.clips);
  const placed = take.clips.flatMap((clip) => {
    const { name, path, seconds } = sounds.get(clip.sound)!;
    const frames = frameCount(seconds, fps);
    const { at, first } = inFrames(clip, frames, fps);
    if (at.frames < 1) return []; // shorter than half a frame
    const how = { enabled: heard.has(clip), facts: loudnessFacts(clip) };
    const part = { first, frames: at.frames };
    return [{ row: rows.get(clip.id)!, at, clip: otio.clip(name, { path, frames }, part, how) }];
  });
  if (placed.length === 0) return [];
  return Array.from({ length: count }, (_, row) =>
    otio.track(
      `Sound ${row + 1}`,
      'Audio',
      placed.filter((one) => one.row === row),
    ),
  );
}

/**
 * Where a clip lies on the timeline and where in its sound of so many frames it begins. The sound itself is moved to
 * whole frames, and by at most half of one: clips of it that lay close together still do.
 */
function inFrames({ at, start, seconds }: SoundClip, available: number, fps: number) {
  const zero = Math.round((at - start) * fps); // where the sound itself would begin
  const first = Math.round(at * fps);
  const end = Math.min(Math.round((at + seconds) * fps), zero + available);
  return { at: { first, frames: end - first }, first: first - zero };
}

/** OTIO has no loudness: exact figures for whoever sets it by hand or by a script. dB, and seconds. */
function loudnessFacts(clip: SoundClip): Readonly<Record<string, number>> {
  return { gain: clip.gain ?? GAIN.usual, ...fadesOf(clip), at: clip.at, start: clip.start, seconds: clip.seconds };
}
