import { actions } from '../../../ground/actions/index.ts';

const GROUP = 'Take';
/** The commands of which take is open, by what they do. */
export const TAKE_COMMANDS = {
  create: { id: 'take.new', title: 'New take', group: GROUP, shortcuts: [] },
  duplicate: { id: 'take.duplicate', title: 'Duplicate the take', group: GROUP, shortcuts: [] },
  drive: { id: 'take.drive', title: 'Drive from a video…', group: GROUP, shortcuts: [] },
  rename: { id: 'take.rename', title: 'Rename the take…', group: GROUP, shortcuts: ['F2'] },
  remove: { id: 'take.remove', title: 'Remove the take', group: GROUP, shortcuts: [] },
  next: { id: 'take.next', title: 'Next take', group: GROUP, shortcuts: ['PageDown'] },
  previous: { id: 'take.previous', title: 'Previous take', group: GROUP, shortcuts: ['PageUp'] },
} as const;

// Known from the start, so that their shortcuts can be changed before a project is open.
actions.know(Object.values(TAKE_COMMANDS));
