import type { EngineLease } from './engines.ts';
import type { LivePerformance } from './perform.ts';

/** An avatar on a line: what it performs, and what it draws. */
export interface Stage {
  readonly projectId: string;
  readonly path: string;
  readonly lease: EngineLease;
  readonly size: { readonly width: number; readonly height: number };
  readonly performance: LivePerformance;
}
/** What a line is about. */
export type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly stage: Stage }
  | { readonly kind: 'closed' };
