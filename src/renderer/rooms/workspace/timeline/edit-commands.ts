import { canCopy, canPaste, copy, cut, paste, selectAll } from './clipboard.ts';
import type { Command } from './command.ts';
import { chosenClips, chosenMarker, remove, removeAndClose } from './edits.ts';
import { countOf } from './keyed/key-edits.ts';
import { NOTHING } from './selection.ts';

/** Commands of whatever is selected: clips, keyframes or a marker. */
export const EDIT_COMMANDS: readonly Command[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    shortcuts: ['Mod+Z'],
    repeats: true,
    enabled: ({ canUndo }) => canUndo !== null,
    run: ({ undo }) => undo(),
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    repeats: true,
    enabled: ({ canRedo }) => canRedo !== null,
    run: ({ redo }) => redo(),
  },
  {
    id: 'edit.cut',
    title: 'Cut what is selected',
    group: 'Edit',
    shortcuts: ['Mod+X'],
    enabled: canCopy,
    run: cut,
  },
  {
    id: 'edit.copy',
    title: 'Copy what is selected',
    group: 'Edit',
    shortcuts: ['Mod+C'],
    enabled: canCopy,
    run: copy,
  },
  {
    id: 'edit.paste',
    title: 'Paste at the playhead',
    group: 'Edit',
    shortcuts: ['Mod+V'],
    enabled: canPaste,
    run: paste,
  },
  {
    id: 'edit.all',
    title: 'Select all sounds, or all keyframes of the lane',
    group: 'Edit',
    shortcuts: ['Mod+A'],
    enabled: ({ take, selection }) => take.clips.length > 0 || selection.kind === 'keys',
    run: selectAll,
  },
  {
    id: 'timeline.delete',
    title: 'Delete what is selected',
    group: 'Edit',
    shortcuts: ['Delete', 'Backspace'],
    enabled: (desk) =>
      chosenClips(desk).length > 0 ||
      chosenMarker(desk) !== undefined ||
      (desk.selection.kind === 'keys' && countOf(desk.selection.chosen) > 0),
    run: remove,
  },
  {
    id: 'timeline.delete-time',
    title: 'Delete the sounds and close the gap',
    group: 'Edit',
    shortcuts: ['Shift+Delete', 'Shift+Backspace'],
    enabled: (desk) => chosenClips(desk).length > 0,
    run: removeAndClose,
  },
  {
    id: 'timeline.deselect',
    title: 'Select nothing',
    group: 'Edit',
    shortcuts: ['Escape'],
    enabled: ({ selection }) => selection.kind !== 'none',
    run: ({ select }) => select(NOTHING),
  },
];
