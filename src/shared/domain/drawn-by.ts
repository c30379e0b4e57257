import type { EvaluateResult } from '../contract/results.ts';

const FORMS = { closed: "the video's own frames", std: 'what was trained' } as const;
const PARTS = ['head', 'face', 'mouth'] as const;

/**
 * Which form of an avatar shows, and by how much it is ahead on frames never seen, in a sentence. Null for older
 * avatars, which have one form and do not say so.
 */
export function drawnBy({ draws, std, closed }: Pick<EvaluateResult, 'draws' | 'std' | 'closed'>): string | null {
  if (!draws || !closed?.psnr) return null;
  if (!std?.psnr) return `It shows ${FORMS.closed}; nothing was trained.`;
  const sign = draws === 'closed' ? 1 : -1;
  const ahead = PARTS.map((part) => sign * (closed.psnr![part] - std.psnr![part]));
  const mean = ahead.reduce((sum, one) => sum + one, 0) / ahead.length;
  const each = PARTS.map((part, place) => `${part} ${ahead[place]!.toFixed(1)}`).join(', ');
  const other = FORMS[draws === 'closed' ? 'std' : 'closed'];
  return `It shows ${FORMS[draws]}: on frames never seen that is ${mean.toFixed(1)} dB closer than ${other} (${each}).`;
}
