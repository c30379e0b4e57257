import { readFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';

/** Where the window is: its place when it is not maximised, and whether it is. */
export const WindowPlace = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) }),
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof WindowPlace>;

/** Enough of the window to take hold of. */
const GRIP = 100;

/**
 * Where the window was last; undefined the first time, after a file was damaged, or when that place is on no screen any
 * more.
 */
export function readPlace(file: string, workAreaAt: (bounds: Rectangle) => Rectangle): WindowPlace | undefined {
  try {
    const place = WindowPlace.parse(JSON.parse(readFileSync(file, 'utf8')));
    return visible(place.bounds, workAreaAt(place.bounds)) ? place : undefined;
  } catch {
    return undefined;
  }
}

/** Can the window be dragged back from where it is? */
function visible(bounds: Rectangle, area: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const down = Math.min(bounds.y + bounds.height, area.y + area.height) - Math.max(bounds.y, area.y);
  return across > GRIP && down > GRIP;
}
