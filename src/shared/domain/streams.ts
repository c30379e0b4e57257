import type { SourceStreams } from '../contract/results.ts';

const CHANNELS: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo' };

type Pictures = SourceStreams['pictures'][number];
type Sounds = SourceStreams['sounds'][number];

/** A picture of a file in words: "0: 1920x1080, h264". */
export function pictureName({ index, width, height, codec, title }: Pictures): string {
  return [`${index}: ${width}x${height}`, codec, title].filter(Boolean).join(', ');
}

/** A sound of a file in words: "1: aac, stereo, -23 dB, Microphone". */
export function soundName({ index, codec, channels, decibels, title }: Sounds): string {
  const level = decibels === null ? 'silent' : `${Math.round(decibels)} dB`;
  return [`${index}: ${codec}`, CHANNELS[channels] ?? `${channels} channels`, level, title].filter(Boolean).join(', ');
}

/** Every stream of a file, the chosen ones marked. */
export function streamLines({ picture, sound, opposite, pictures, sounds }: SourceStreams): string[] {
  const mark = (chosen: boolean) => (chosen ? '*' : ' ');
  return [
    ...pictures.map((stream) => `${mark(stream.index === picture)} picture ${pictureName(stream)}`),
    ...sounds.map((stream) => `${mark(stream.index === sound)} sound ${soundName(stream)}`),
    ...(opposite ? ['The two channels of the sound cancel each other out: one is turned over.'] : []),
  ];
}
