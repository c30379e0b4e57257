import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { ProjectDetail, SoundInfo } from '../../../../shared/contract/studio.ts';
import { addClip, bringBackSound, SHORTEST_CLIP } from '../../../../shared/domain/clips.ts';
import { takeSeconds } from '../../../../shared/domain/take.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { host } from '../../../ground/host/index.ts';
import { newId } from '../../../take/new-id.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { someClips } from '../timeline/selection.ts';
import { useTimeline } from '../timeline/use-timeline.tsx';

/** A file on its way into the project. */
export interface Coming {
  readonly key: number;
  readonly name: string;
  /** 0 to 1; 1 while it is being read. */
  readonly share: number;
}

interface SoundIntake {
  readonly coming: readonly Coming[];
  /** Adds sound files to the project; with `at`, onto the timeline too, one after the other from there. */
  readonly add: (files: readonly File[], at?: number) => Promise<void>;
  /** Puts a sound of the project on the timeline; without `at`, behind what is there. */
  readonly insert: (sound: SoundInfo, at?: number) => void;
}
const IntakeContext = createContext<SoundIntake | undefined>(undefined);
const LONGEST_NAME = 120;
let nextKey = 0;

/** Where sounds come into a project, from whichever part of the window they were dropped on. */
export function SoundIntakeProvider({
  project,
  children,
}: {
  readonly project: ProjectDetail;
  readonly children: ReactNode;
}) {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const editor = useTakeEditor();
  const { select } = useTimeline();
  const [coming, setComing] = useState<readonly Coming[]>([]);
  const { id } = project;

  const insert = useCallback(
    (sound: SoundInfo, at?: number) => {
      if (sound.seconds < SHORTEST_CLIP) return;
      const clip = {
        id: newId(),
        sound: sound.id,
        at: at ?? takeSeconds(editor.take),
        start: 0,
        seconds: sound.seconds,
      };
      editor.edit(`insert ${sound.name}`, (take) => addClip(take, clip));
      select(someClips([clip.id]));
    },
    [editor, select],
  );

  const add = useCallback(
    async (files: readonly File[], at?: number) => {
      let place = at;
      for (const file of files) {
        const key = nextKey++;
        const name = file.name.replace(/\.[^.]+$/, '').slice(0, LONGEST_NAME) || 'Sound';
        const show = (share: number) =>
          setComing((all) => [...all.filter((one) => one.key !== key), { key, name, share }]);
        try {
          show(0);
          const taken = await host.take(file, show);
          show(1);
          const sound = await client.sounds.add({ id, file: taken, name });
          // The list is needed for the clip's name and length at once, before the notice comes round.
          cache.setQueryData(
            queries.projects.get.queryKey({ input: { id } }),
            (detail: ProjectDetail | undefined) =>
              detail &&
              (detail.sounds.some((known) => known.id === sound.id)
                ? detail
                : { ...detail, sounds: [...detail.sounds, sound] }),
          );
          if (place === undefined) editor.edit(`add ${name}`, (take) => bringBackSound(take, sound.id));
          else {
            insert(sound, place);
            place += sound.seconds;
          }
        } catch (error) {
          tell(error);
        } finally {
          setComing((all) => all.filter((one) => one.key !== key));
        }
      }
    },
    [client, queries, cache, id, editor, insert],
  );

  const intake = useMemo(() => ({ coming, add, insert }), [coming, add, insert]);
  return <IntakeContext.Provider value={intake}>{children}</IntakeContext.Provider>;
}

export function useSoundIntake(): SoundIntake {
  const intake = useContext(IntakeContext);
  if (!intake) throw new Error('useSoundIntake is used outside a workspace');
  return intake;
}
