import { z } from 'zod';

/** Width over height of a portrait, framed around the head. `own` is what the video shows of it all the time. */
export const Shape = z.enum(['own', '16:9', '9:16', '1:1', '4:5']);
export type Shape = z.infer<typeof Shape>;

/** Width over height; null for `own`, which is the avatar's. */
export function aspectOf(shape: Shape): number | null {
  if (shape === 'own') return null;
  const [width, height] = shape.split(':').map(Number) as [number, number];
  return width / height;
}

const Colour = z.string().regex(/^#[0-9a-f]{6}$/i);

/** What needs no file of somebody's. */
export const PlainBackground = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }), // the video's, without the person
  z.object({ kind: z.literal('blur') }), // the same, blurred
  z.object({ kind: z.literal('transparent') }),
  z.object({ kind: z.literal('colour'), colour: Colour }),
]);
/** What is behind a portrait. */
export const Background = z.discriminatedUnion('kind', [
  ...PlainBackground.options,
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(4096) }), // a picture, or a video, which is repeated
]);
export type Background = z.infer<typeof Background>;

export const OWN_BACKGROUND: Background = { kind: 'own' };

/** How much of the file's size is given for how it looks. */
export const Quality = z.enum(['small', 'good', 'best']);
export type Quality = z.infer<typeof Quality>;

/** 0..255 each, of "#rrggbb". */
export function rgbOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
