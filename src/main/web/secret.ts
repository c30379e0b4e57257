import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What nobody guesses: 192 bits. */
export function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Compares digests under a key of the moment: their length and where they differ tell nothing. */
export function equal(a: string, b: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
