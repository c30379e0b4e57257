import { actions } from '../../../ground/actions/index.ts';

/** The commands of transport, timeline and take: what they are called and the keys for them. */
export const COMMANDS = [
  { id: 'playback.toggle', title: 'Play or pause', group: 'Playback', shortcuts: ['Space'] },
  { id: 'playback.backwards', title: 'Play backwards, faster with each press', group: 'Playback', shortcuts: ['J'] },
  { id: 'playback.stop', title: 'Stop', group: 'Playback', shortcuts: ['K'] },
  { id: 'playback.forwards', title: 'Play forwards, faster with each press', group: 'Playback', shortcuts: ['L'] },
  { id: 'playback.frame-back', title: 'One frame back', group: 'Playback', shortcuts: ['ArrowLeft'], repeats: true },
  { id: 'playback.frame-on', title: 'One frame on', group: 'Playback', shortcuts: ['ArrowRight'], repeats: true },
  {
    id: 'playback.second-back',
    title: 'One second back',
    group: 'Playback',
    shortcuts: ['Shift+ArrowLeft'],
    repeats: true,
  },
  {
    id: 'playback.second-on',
    title: 'One second on',
    group: 'Playback',
    shortcuts: ['Shift+ArrowRight'],
    repeats: true,
  },
  {
    id: 'playback.previous',
    title: 'To the previous edge or marker',
    group: 'Playback',
    shortcuts: ['ArrowUp'],
    repeats: true,
  },
  {
    id: 'playback.next',
    title: 'To the next edge or marker',
    group: 'Playback',
    shortcuts: ['ArrowDown'],
    repeats: true,
  },
  { id: 'playback.start', title: 'To the beginning', group: 'Playback', shortcuts: ['Home'] },
  { id: 'playback.end', title: 'To the end', group: 'Playback', shortcuts: ['End'] },
  { id: 'playback.loop', title: 'Loop', group: 'Playback', shortcuts: ['Shift+L'] },
  { id: 'timeline.in', title: 'Set the in point', group: 'Timeline', shortcuts: ['I'] },
  { id: 'timeline.out', title: 'Set the out point', group: 'Timeline', shortcuts: ['O'] },
  { id: 'timeline.go-in', title: 'To the in point', group: 'Timeline', shortcuts: ['Shift+I'] },
  { id: 'timeline.go-out', title: 'To the out point', group: 'Timeline', shortcuts: ['Shift+O'] },
  { id: 'timeline.clear-range', title: 'Clear in and out', group: 'Timeline', shortcuts: ['Shift+X'] },
  { id: 'timeline.marker', title: 'Add a marker', group: 'Timeline', shortcuts: ['M'] },
  { id: 'timeline.split', title: 'Split the sound at the playhead', group: 'Timeline', shortcuts: ['S'] },
  {
    id: 'timeline.trim-start',
    title: 'Trim the start of the sound to the playhead',
    group: 'Timeline',
    shortcuts: ['['],
  },
  { id: 'timeline.trim-end', title: 'Trim the end of the sound to the playhead', group: 'Timeline', shortcuts: [']'] },
  { id: 'timeline.copy', title: 'Copy the sound behind itself', group: 'Timeline', shortcuts: ['Mod+D'] },
  { id: 'timeline.delete', title: 'Delete what is selected', group: 'Timeline', shortcuts: ['Delete', 'Backspace'] },
  { id: 'timeline.deselect', title: 'Select nothing', group: 'Timeline', shortcuts: ['Escape'] },
  {
    id: 'timeline.zoom-in',
    title: 'Zoom the timeline in',
    group: 'Timeline',
    shortcuts: ['Alt+=', 'Alt++'],
    repeats: true,
  },
  { id: 'timeline.zoom-out', title: 'Zoom the timeline out', group: 'Timeline', shortcuts: ['Alt+-'], repeats: true },
  { id: 'timeline.fit', title: 'Show the whole timeline', group: 'Timeline', shortcuts: ['F'] },
  { id: 'edit.undo', title: 'Undo', group: 'Edit', shortcuts: ['Mod+Z'], repeats: true },
  { id: 'edit.redo', title: 'Redo', group: 'Edit', shortcuts: ['Mod+Shift+Z', 'Mod+Y'], repeats: true },
] as const;
export type CommandId = (typeof COMMANDS)[number]['id'];

// Known from the start, so that their shortcuts can be changed before a project is open.
actions.know(COMMANDS);
