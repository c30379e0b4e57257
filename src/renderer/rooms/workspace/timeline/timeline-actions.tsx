import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useActions } from '../../../ground/actions/index.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { COMMANDS } from './commands.ts';
import { useTimeline } from './use-timeline.tsx';

/** Offers the commands of the timeline; nothing is drawn. */
export function TimelineActions({ project }: { readonly project: ProjectDetail }) {
  const transport = useTransport();
  const take = useTake();
  const { view, selection, select } = useTimeline();
  const desk = { ...take, project, transport, view, selection, select };
  useActions(
    COMMANDS.map(({ enabled, run, ...name }) => ({ ...name, enabled: enabled?.(desk) ?? true, run: () => run(desk) })),
  );
  return null;
}
