import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useActions } from '../../../ground/actions/index.ts';
import type { LaneName } from '../../../../shared/domain/lanes/index.ts';
import { EMPTY_TAKE } from '../../../../shared/domain/take.ts';
import { useLiveRanges } from '../../../live/live-provider.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { useShownTransport, useTransport } from '../transport/use-transport.tsx';
import { COMMANDS, PLAYBACK } from './commands.ts';
import { useTimeline } from './use-timeline.tsx';

/** Offers the commands of the timeline; nothing is drawn. */
export function TimelineActions({ project }: { readonly project: ProjectDetail }) {
  const transport = useTransport();
  const take = useTake();
  const { view, selection, select, loudness, handles, shownLanes } = useTimeline();
  const shown = useShownTransport();
  const desk = {
    ...take,
    project,
    transport,
    view,
    selection,
    select,
    ranges: useLiveRanges(),
    askLoudness: (clip: string) => loudness.set(clip),
    askHandles: (lane: LaneName, key: string) => {
      const { added, open } = shownLanes.get();
      if (!open.includes(lane)) shownLanes.set({ added, open: [...open, lane] });
      handles.set(key);
    },
  };
  // What is on screen is what plays; a film has no edges and markers to go to.
  const screen = shown === transport ? desk : { ...desk, transport: shown, take: EMPTY_TAKE };
  useActions(
    COMMANDS.map(({ enabled, run, ...name }) => {
      const on = name.group === PLAYBACK ? screen : desk;
      return { ...name, enabled: enabled?.(on) ?? true, run: () => run(on) };
    }),
  );
  return null;
}
