/** What a network answers must be numbers: anything else would be drawn, or written, as it is. Raises RangeError. */
export function refuseNonsense(name: string, values: unknown): void {
  if (!(values instanceof Float32Array)) throw new RangeError(`${name} holds no 32-bit floats`);
  const strange = values.findIndex((value) => !Number.isFinite(value));
  if (strange >= 0) throw new RangeError(`${name} holds ${values[strange]}`);
}
