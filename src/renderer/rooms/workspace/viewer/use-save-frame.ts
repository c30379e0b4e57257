import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useOpenTakes, useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';

/** Saves the frame under the playhead among the project's exports, as large as the source shows it. */
export function useSaveFrame({ id }: Pick<ProjectDetail, 'id'>): (mode: 'dub' | 'portrait') => void {
  const { client } = useStudio();
  const transport = useTransport();
  const editor = useTakeEditor();
  const { id: take } = useOpenTakes();
  const save = async (mode: 'dub' | 'portrait') => {
    const seconds = transport.now();
    await editor.flush(); // the core draws the take that it knows
    if (!editor.saved) return; // and says itself why it could not be saved
    await client.work.saveFrame({ id, take, seconds, mode, height: 'source' });
  };
  return (mode) => void save(mode).catch(tell);
}
