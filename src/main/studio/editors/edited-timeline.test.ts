import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EMPTY_TAKE, type SoundClip, type Take } from '../../../shared/domain/take.ts';
import { type EditedTake, editedTimeline, written } from './index.ts';

const folder = join(import.meta.dirname, 'Ada’s films, 100 %');
const at = (name: string): string => join(folder, name);
const clip = (change: Partial<SoundClip>): SoundClip => ({
  id: 'a',
  sound: 'aaaaaaaaaaaaaaaa',
  at: 0,
  start: 0,
  seconds: 1,
  ...change,
});
const SOUNDS = new Map([
  ['aaaaaaaaaaaaaaaa', { name: 'Hello', path: at('aaaaaaaaaaaaaaaa.wav'), seconds: 4 }],
  ['bbbbbbbbbbbbbbbb', { name: 'Rain', path: at('bbbbbbbbbbbbbbbb.wav'), seconds: 20 }],
]);

// What an editor makes of the document, in frames.
interface Time {
  readonly rate: number;
  readonly value: number;
}
interface Read {
  readonly OTIO_SCHEMA: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly kind: string;
  readonly comment: string;
  readonly children: Read[];
  readonly markers: Read[];
  readonly effects: { readonly time_scalar: number }[];
  readonly metadata: { readonly likeness?: object };
  readonly source_range: { readonly start_time: Time; readonly duration: Time } | null;
  readonly marked_range: NonNullable<Read['source_range']>;
  readonly available_range: NonNullable<Read['source_range']>;
  readonly target_url: string;
  readonly media_references: { readonly DEFAULT_MEDIA: Read };
}
const spanOf = (range: Read['source_range']) => range && [range.start_time.value, range.duration.value];
/** Of each clip of a track where it begins, the part of its media that it shows, and whether it does. */
function placesOf({ children }: Read) {
  let begins = 0;
  return children.flatMap((child) => {
    const [first, frames] = spanOf(child.source_range)!;
    begins += frames!;
    const backwards = child.effects.some(({ time_scalar }) => time_scalar === -1);
    const place = { at: begins - frames!, part: [first, frames], enabled: child.enabled, backwards };
    return child.OTIO_SCHEMA === 'Gap.1' ? [] : [place];
  });
}

function read(change: Partial<Omit<EditedTake, 'take'>> & { readonly take?: Partial<Take> }) {
  const film = { path: at('film.mp4'), first: 0, frames: 100, facts: { mode: 'dub' } };
  const take = { ...EMPTY_TAKE, ...change.take };
  const text = written(editedTimeline({ fps: 25, film, source: null, sounds: SOUNDS, captions: [], ...change, take }));
  const { tracks: stack, OTIO_SCHEMA } = JSON.parse(text) as { tracks: Read; OTIO_SCHEMA: string };
  const track = (name: string) => stack.children.find((one) => one.name === name)!;
  return { stack, OTIO_SCHEMA, track, text };
}

describe('a take as a timeline for editors', () => {
  it('has the film where it lies on the take, from in to out, over the video', () => {
    const { OTIO_SCHEMA, stack, track } = read({
      take: { clips: [clip({ seconds: 4 })], range: { from: 1, to: 3 } },
      film: { path: at('film.mp4'), first: 25, frames: 50, facts: { mode: 'dub' } },
      source: { path: at('video.mov'), frames: 200, startFrame: 20 },
    });
    expect([OTIO_SCHEMA, stack.OTIO_SCHEMA]).toEqual(['Timeline.1', 'Stack.1']);
    expect(spanOf(stack.source_range)).toEqual([25, 50]);
    expect(stack.children.map(({ name, kind }) => [name, kind])).toEqual([
      ['Source', 'Video'],
      ['Film', 'Video'],
      ['Sound 1', 'Audio'],
    ]);
    expect(placesOf(track('Film'))).toEqual([{ at: 25, part: [0, 50], enabled: true, backwards: false }]);
    expect(placesOf(track('Source'))).toEqual([{ at: 0, part: [20, 100], enabled: false, backwards: false }]);
    const film = track('Film').children[1]!;
    expect([film.OTIO_SCHEMA, film.metadata.likeness]).toEqual(['Clip.2', { mode: 'dub' }]);
    const { DEFAULT_MEDIA: media } = film.media_references;
    expect(media).toMatchObject({ OTIO_SCHEMA: 'ExternalReference.1', target_url: pathToFileURL(at('film.mp4')).href });
    expect(media.target_url).toMatch(/^file:\/\/\/.*Ada%E2%80%99s%20films,%20100%20%25\/film\.mp4$/);
    expect(spanOf(media.available_range)).toEqual([0, 50]);
  });

  it('goes through the video as a dub does: forwards, backwards, neither end twice', () => {
    const source = { path: at('video.mov'), frames: 10, startFrame: 6 };
    const { track } = read({ take: {}, film: { path: at('f.mp4'), first: 0, frames: 24, facts: {} }, source });
    expect(placesOf(track('Source'))).toEqual([
      { at: 0, part: [6, 4], enabled: false, backwards: false }, // 6 7 8 9
      { at: 4, part: [0, 9], enabled: false, backwards: true }, // 8 ... 0
      { at: 13, part: [1, 9], enabled: false, backwards: false }, // 1 ... 9
      { at: 22, part: [7, 2], enabled: false, backwards: true }, // 8 7
    ]);
  });

  it('has sounds at their places, those at the same time on tracks of their own, muted ones unheard', () => {
    const { stack, track } = read({
      take: {
        clips: [
          clip({ id: 'a', at: 0.49, start: 0.2, seconds: 1.53, gain: -6, fadeOut: 0.5 }),
          clip({ id: 'b', at: 2.02, start: 1.73, seconds: 2.27 }), // goes on where the first was cut
          clip({ id: 'c', sound: 'bbbbbbbbbbbbbbbb', at: 1, start: 5, seconds: 10 }),
          clip({ id: 'd', at: 8, seconds: 0.01 }), // nothing, in whole frames
        ],
        muted: ['bbbbbbbbbbbbbbbb'],
      },
    });
    expect(placesOf(track('Sound 1'))).toEqual([
      { at: 12, part: [5, 39], enabled: true, backwards: false },
      { at: 51, part: [44, 56], enabled: true, backwards: false }, // to the end of the sound, 100 frames
    ]);
    expect(placesOf(track('Sound 2'))).toEqual([{ at: 25, part: [125, 250], enabled: false, backwards: false }]);
    expect(stack.children).toHaveLength(3);
    const [, first] = track('Sound 1').children;
    expect([first!.name, first!.metadata.likeness]).toEqual([
      'Hello',
      { gain: -6, fadeIn: 0, fadeOut: 0.5, at: 0.49, start: 0.2, seconds: 1.53 },
    ]);
    expect(first!.media_references.DEFAULT_MEDIA.target_url).toBe(pathToFileURL(at('aaaaaaaaaaaaaaaa.wav')).href);
  });

  it('has markers on the timeline and captions on the film, with their text', () => {
    const name = 'say "\u0000\ud800"\\ \u202E</script>'; // what somebody may call one
    const { stack, track, text } = read({
      take: { markers: [{ id: 'm', at: 2, name }] },
      captions: [
        { from: 0.5, to: 1.5, text: 'One\ntwo.' },
        { from: 3.99, to: 9, text: 'Three.' },
      ],
    });
    const marks = (markers: Read[]) => markers.map((one) => [spanOf(one.marked_range), one.name, one.comment]);
    expect(marks(stack.markers)).toEqual([[[50, 1], 'say "\uFFFD"\\ </script>', '']]);
    expect(text).not.toMatch(/\\ud800/i);
    expect(marks(track('Film').children[0]!.markers)).toEqual([
      [[13, 25], 'One two.', 'One\ntwo.'],
      [[99, 1], 'Three.', 'Three.'],
    ]);
    expect(spanOf(stack.source_range)).toBeNull();
  });

  it.each([
    [29.97, 30_000 / 1001],
    [30_000 / 1001, 30_000 / 1001],
    [23.976, 24_000 / 1001],
    [25, 25],
    [12.5, 12.5],
  ])('of %f frames a second has the rate as the field writes it', (fps, rate) => {
    const { track } = read({ fps, take: { clips: [clip({ at: 60 })] } });
    const [gap, sound] = track('Sound 1').children;
    expect(gap!.source_range!.duration).toEqual({ OTIO_SCHEMA: 'RationalTime.1', rate, value: Math.round(60 * fps) });
    expect(sound!.source_range!.start_time.rate).toBe(rate);
  });
});
