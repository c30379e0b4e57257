/** A value kept between two others; one that is outside already (`now`) may stay there, and goes no further. */
export function noFurther(value: number, from: number, to: number, now: number): number {
  return Math.min(Math.max(value, Math.min(from, now)), Math.max(to, now));
}
