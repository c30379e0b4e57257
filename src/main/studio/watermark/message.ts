/** What a watermark says, as the soft-decided bits of a convolutional code. */

/** Of a message: which program's version of the watermark, and whose face it is. */
export interface Message {
  /** 0 to 15. */
  readonly version: number;
  /** The first nine hex digits of the avatar's hash. */
  readonly avatar: string;
}

const VERSION_BITS = 4;
const AVATAR_DIGITS = 9;
const CHECK_BITS = 12;
/** x^12 + x^11 + x^3 + x^2 + x + 1 (CRC-12/DECT). */
const CHECK = 0x80f;
const INFORMATION = VERSION_BITS + AVATAR_DIGITS * 4 + CHECK_BITS;

/** Rate 1/4, constraint length 7 (Lin and Costello, Table 12.1): free distance 20. */
const MEMORY = 6;
const STATES = 1 << MEMORY;
const GENERATORS = [0o135, 0o135, 0o147, 0o163] as const;
export const CODED_BITS = (INFORMATION + MEMORY) * GENERATORS.length;

/** As signs, +1 or -1, [CODED_BITS]. */
export function encode({ version, avatar }: Message): Int8Array {
  const bits = [
    ...bitsOf(version, VERSION_BITS),
    ...avatar.split('').flatMap((digit) => bitsOf(parseInt(digit, 16), 4)),
  ];
  const whole = [...bits, ...bitsOf(checkOf(bits), CHECK_BITS), ...Array.from({ length: MEMORY }, () => 0)];
  const coded = new Int8Array(CODED_BITS);
  let state = 0;
  whole.forEach((bit, at) => {
    const register = (bit << MEMORY) | state;
    GENERATORS.forEach((generator, k) => (coded[at * GENERATORS.length + k] = signOf(register & generator)));
    state = register >> 1;
  });
  return coded;
}

/**
 * The likeliest message of `soft` [CODED_BITS], each the farther from 0 the surer it is +1 or -1 (Viterbi); null where
 * its check does not hold, which is so for all but one in 4096 of what is no message.
 */
export function decode(soft: Float32Array): Message | null {
  const steps = INFORMATION + MEMORY;
  const from = new Uint8Array(steps * STATES);
  let best = new Float64Array(STATES).fill(-Infinity);
  best[0] = 0;
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(STATES).fill(-Infinity);
    for (let state = 0; state < STATES; state++) {
      if (best[state] === -Infinity) continue;
      for (let bit = 0; bit < (step < INFORMATION ? 2 : 1); bit++) {
        const register = (bit << MEMORY) | state;
        let metric = best[state]!;
        GENERATORS.forEach((generator, k) => {
          metric += signOf(register & generator) * soft[step * GENERATORS.length + k]!;
        });
        const to = register >> 1;
        if (metric <= next[to]!) continue;
        next[to] = metric;
        from[step * STATES + to] = state;
      }
    }
    best = next;
  }
  const bits: number[] = Array.from({ length: steps });
  for (let step = steps - 1, state = 0; step >= 0; step--) {
    bits[step] = state >> (MEMORY - 1);
    state = from[step * STATES + state]!;
  }
  const said = bits.slice(0, INFORMATION - CHECK_BITS);
  if (numberOf(bits.slice(INFORMATION - CHECK_BITS, INFORMATION)) !== checkOf(said)) return null;
  const digits = Array.from({ length: AVATAR_DIGITS }, (_, k) =>
    said.slice(VERSION_BITS + k * 4, VERSION_BITS + k * 4 + 4),
  );
  return {
    version: numberOf(said.slice(0, VERSION_BITS)),
    avatar: digits.map((digit) => numberOf(digit).toString(16)).join(''),
  };
}

/** Begins with ones, so that nothing but zeros is no message. */
function checkOf(bits: readonly number[]): number {
  const all = (1 << CHECK_BITS) - 1;
  return bits.reduce((register, bit) => {
    const out = (register >> (CHECK_BITS - 1)) ^ bit;
    return ((register << 1) & all) ^ (out ? CHECK : 0);
  }, all);
}

const bitsOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => (value >> (count - 1 - k)) & 1);

const numberOf = (bits: readonly number[]): number => bits.reduce((value, bit) => value * 2 + bit, 0);

/** Of the parity of a word of up to seven bits. */
function signOf(word: number): 1 | -1 {
  word ^= word >> 4;
  word ^= word >> 2;
  return (word ^ (word >> 1)) & 1 ? -1 : 1;
}
