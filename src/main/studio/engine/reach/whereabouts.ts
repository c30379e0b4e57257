/** How shoulders are held, from how they usually are: cm to the right and up in the picture, degrees clockwise. */
export interface HeldShoulders {
  readonly x: number;
  readonly y: number;
  readonly roll: number;
}

/** Where somebody is before their camera, in terms that hold for any person. */
export interface Whereabouts {
  /** Of the head, from where it usually is: cm to the right, up, and towards the camera. */
  readonly head: { readonly x: number; readonly y: number; readonly z: number };
  /** cm that the head usually is from the camera. */
  readonly depth: number;
  /** Undefined where they are not to be seen. */
  readonly shoulders?: HeldShoulders | undefined;
}

/** The same as lanes count it: all of a person, and their shoulders beside that. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly shoulders?: HeldShoulders | undefined;
}

/** cm from the middle of the head down to the shoulders. */
export const SHOULDERS_BELOW = 20;
/** Of the usual distance: nobody is drawn larger than from there. */
const NEAREST = 0.2;

/** `taken`: cm by which the turned head is elsewhere for that reason alone, which takes nothing else along. */
export function placed(
  { head, depth, shoulders }: Whereabouts,
  taken: readonly [x: number, y: number, z: number],
): Placed {
  const [x, y, nearer] = [head.x - taken[0], head.y - taken[1], head.z - taken[2]];
  const size = depth / Math.max(depth - nearer, NEAREST * depth);
  if (!shoulders) return { x, y, size };
  // who is placed and sized takes the shoulders along, about the head
  const held = {
    x: shoulders.x / size - x,
    y: shoulders.y / size - y + SHOULDERS_BELOW * (1 - 1 / size),
    roll: shoulders.roll,
  };
  return { x, y, size, shoulders: held };
}
