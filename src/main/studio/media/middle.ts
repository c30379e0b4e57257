/** Pixels, or anything else that two sides are measured in. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/**
 * ffmpeg's filter that leaves the middle of a picture as displayed, as much as has the shape of another. Cut before it
 * is scaled: a picture a pixel wide would be scaled to millions of rows else.
 */
export function middleOf(picture: Sides, { width, height }: Sides): string {
  const shape = (width / height) * (picture.height / picture.width); // of what is left, with all of it square
  const [across, down] = [Math.min(1, shape), Math.min(1, 1 / shape)];
  const side = (whole: string, share: number): string => `max(1\\,round(${whole}*${share.toFixed(9)}))`;
  return `crop=w=${side('iw', across)}:h=${side('ih', down)}:exact=1`;
}
