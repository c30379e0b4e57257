import { type PlayedPart, playedPart, type Take } from '../../shared/domain/take.ts';

/** Whether its sound, and what is worked out of it, stays as it was. */
export function spokenAlike(a: Take, b: Take): boolean {
  const sounds = a.clips === b.clips && a.muted === b.muted && a.solo === b.solo;
  return sounds && a.pose === b.pose && a.speech === b.speech;
}

export function playsAlike(a: Take, b: Take): boolean {
  const [one, other] = [playedPart(a), playedPart(b)];
  const same = Object.keys(one).every((part) => one[part as keyof PlayedPart] === other[part as keyof PlayedPart]);
  return same || JSON.stringify(one) === JSON.stringify(other);
}
