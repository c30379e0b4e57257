/** The parts that only a checkout has: an installed program works without them, and says so when asked for one. */
import { StudioError } from '../../../shared/contract/index.ts';
import type * as Research from '../../../research/index.ts';

/** Raises StudioError('missing-tool') where the part is not there. `named` begins a sentence. */
export async function fromCheckout<Part>(named: string, load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new StudioError({
      code: 'missing-tool',
      message: `${named} is no part of an installed program.`,
      hint: 'Run it from a checkout of the project.',
      detail: message,
    });
  }
}

/** What an ablation asks for; nothing else of the product does. Raises StudioError('missing-tool'). */
export function research(): Promise<typeof Research> {
  return fromCheckout('Ablation', () => import('../../../research/index.ts'));
}
