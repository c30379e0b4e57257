import type { Take } from './take.ts';

// Markers, in and out of a take. Each edit answers with the same take when there is nothing to do.

const HIGHEST = 500;

export function addMarker(take: Take, marker: Take['markers'][number]): Take {
  if (take.markers.length >= HIGHEST) return take;
  return { ...take, markers: [...take.markers, marker].toSorted((a, b) => a.at - b.at) };
}

export function moveMarker(take: Take, id: string, at: number): Take {
  if (take.markers.every((marker) => marker.id !== id || marker.at === at)) return take;
  return {
    ...take,
    markers: take.markers
      .map((marker) => (marker.id === id ? { ...marker, at: Math.max(0, at) } : marker))
      .toSorted((a, b) => a.at - b.at),
  };
}

export function renameMarker(take: Take, id: string, name: string): Take {
  if (take.markers.every((marker) => marker.id !== id || marker.name === name)) return take;
  return { ...take, markers: take.markers.map((marker) => (marker.id === id ? { ...marker, name } : marker)) };
}

export function removeMarker(take: Take, id: string): Take {
  const markers = take.markers.filter((marker) => marker.id !== id);
  return markers.length === take.markers.length ? take : { ...take, markers };
}

/** The in point; an out point that it would pass is dropped to the end of the timeline. */
export function setIn(take: Take, from: number, duration: number): Take {
  const to = take.range && take.range.to > from ? take.range.to : duration;
  return ranged(take, { from, to }, duration);
}

/** The out point; an in point that it would pass is dropped to the beginning. */
export function setOut(take: Take, to: number, duration: number): Take {
  const from = take.range && take.range.from < to ? take.range.from : 0;
  return ranged(take, { from, to }, duration);
}

export const clearRange = (take: Take): Take => (take.range === null ? take : { ...take, range: null });

/** From end to end is no range. */
function ranged(take: Take, { from, to }: NonNullable<Take['range']>, duration: number): Take {
  if (to <= from) return take;
  if (from <= 0 && to >= duration) return clearRange(take);
  if (take.range?.from === from && take.range.to === to) return take;
  return { ...take, range: { from, to } };
}
