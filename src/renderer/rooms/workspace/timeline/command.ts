import type { Action } from '../../../ground/actions/index.ts';
import type { Desk } from './edits.ts';

/** One command of transport, timeline or take: its name, its keys, when it can be done, and what it does. */
export interface Command extends Omit<Action, 'run' | 'enabled'> {
  readonly enabled?: (desk: Desk) => boolean;
  readonly run: (desk: Desk) => void;
}
