/** What context menus offer, by groups: commands that are known by these ids. */
export const KEYS_MENU = [
  ['keys.add', 'edit.all', 'edit.cut', 'edit.copy', 'edit.paste', 'keys.stretch', 'timeline.delete'],
  ['keys.smooth', 'keys.linear', 'keys.hold', 'keys.handles', 'keys.by-itself'],
  ['lane.mute', 'lane.solo', 'lane.clear'],
] as const;

export const CLIPS_MENU = [
  ['edit.cut', 'edit.copy', 'edit.paste', 'timeline.copy'],
  ['timeline.loudness', 'sound.mute', 'sound.solo'],
  ['timeline.split', 'timeline.trim-start', 'timeline.trim-end'],
  ['timeline.delete', 'timeline.delete-time'],
] as const;

export const TIMELINE_MENU = [
  ['edit.paste', 'edit.all', 'timeline.split'],
  ['timeline.in', 'timeline.out', 'timeline.clear-range', 'timeline.marker'],
  ['timeline.fit'],
] as const;
