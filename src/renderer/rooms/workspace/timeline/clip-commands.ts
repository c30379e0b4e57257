import { setSoundsMuted, setSoundsSolo } from '../../../../shared/domain/loudness.ts';
import { duplicate } from './clipboard.ts';
import type { Command } from './command.ts';
import { chosenClips, type Desk, split, trim } from './edits.ts';

const hasClips = ({ take }: Desk): boolean => take.clips.length > 0;
const someChosen = (desk: Desk): boolean => chosenClips(desk).length > 0;
const soundsOf = (desk: Desk): readonly string[] => [...new Set(chosenClips(desk).map(({ sound }) => sound))];

/** Commands of the sounds on the timeline. */
export const CLIP_COMMANDS: readonly Command[] = [
  {
    id: 'timeline.split',
    title: 'Split the sound at the playhead',
    group: 'Sounds',
    shortcuts: ['S'],
    enabled: hasClips,
    run: split,
  },
  {
    id: 'timeline.trim-start',
    title: 'Trim the start of the sound to the playhead',
    group: 'Sounds',
    shortcuts: ['['],
    enabled: hasClips,
    run: (desk) => trim(desk, 'start'),
  },
  {
    id: 'timeline.trim-end',
    title: 'Trim the end of the sound to the playhead',
    group: 'Sounds',
    shortcuts: [']'],
    enabled: hasClips,
    run: (desk) => trim(desk, 'end'),
  },
  {
    id: 'timeline.copy',
    title: 'Duplicate behind itself',
    group: 'Sounds',
    shortcuts: ['Mod+D'],
    enabled: someChosen,
    run: duplicate,
  },
  {
    id: 'timeline.loudness',
    title: 'Gain and fades…',
    group: 'Sounds',
    shortcuts: ['G'],
    enabled: someChosen,
    run: (desk) => desk.askLoudness(chosenClips(desk)[0]!.id),
  },
  {
    id: 'sound.mute',
    title: 'Mute the sound, or hear it again',
    group: 'Sounds',
    enabled: someChosen,
    run: (desk) => {
      const sounds = soundsOf(desk);
      const muted = !sounds.every((sound) => desk.take.muted.includes(sound));
      desk.edit(muted ? 'mute sound' : 'unmute sound', (take) => setSoundsMuted(take, sounds, muted));
    },
  },
  {
    id: 'sound.solo',
    title: 'Hear this sound alone, or all again',
    group: 'Sounds',
    enabled: someChosen,
    run: (desk) => {
      const sounds = soundsOf(desk);
      const solo = !sounds.every((sound) => desk.take.solo.includes(sound));
      desk.edit(solo ? 'sound alone' : 'all sounds', (take) => setSoundsSolo(take, sounds, solo));
    },
  },
];
