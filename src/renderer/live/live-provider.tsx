import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { StyleView } from '../../shared/contract/live.ts';
import type { LaneRanges } from '../../shared/domain/lanes/index.ts';
import type { ProjectDetail } from '../../shared/contract/studio.ts';
import { useNotices } from '../ground/notices.tsx';
import { host } from '../ground/host/index.ts';
import { useFollowed } from '../ground/store.ts';
import { useTakeEditor } from '../take/use-take.tsx';
import { LiveAvatar, type LiveMotion } from './live-avatar.ts';

const LiveContext = createContext<LiveAvatar | null>(null);
/** Rows of the live picture. */
const HEIGHT = 360;

/**
 * Keeps the project's avatar alive from its first training, or a checkpoint of that, on; it says what is on the
 * timeline.
 */
export function LiveProvider({ project, children }: { readonly project: ProjectDetail; readonly children: ReactNode }) {
  const { id, checkpoint, withdrawn } = project;
  const there = project.trained || checkpoint?.shown != null;
  const editor = useTakeEditor();
  const [avatar] = useState(
    () => new LiveAvatar({ projectId: id, height: HEIGHT, openLine: (events) => host.openLive(events) }),
  );
  useEffect(() => {
    const follow = () => avatar.setTake(editor.take);
    follow();
    return editor.subscribe(follow);
  }, [avatar, editor]);
  useEffect(() => {
    if (!there) return;
    avatar.open();
    return () => avatar.close();
  }, [avatar, there, withdrawn]); // its consent was withdrawn, or given again: a new line says so, or shows it
  useNotices((notice) => {
    // A new training may have mended what failed; an avatar that is open follows its file by itself.
    if (
      notice.kind === 'job' &&
      notice.job.projectId === id &&
      (notice.job.kind === 'train' || notice.job.kind === 'checkpoint') &&
      notice.job.status === 'done' &&
      there
    )
      avatar.open();
  });
  return <LiveContext.Provider value={there ? avatar : null}>{children}</LiveContext.Provider>;
}

/** Null before there is an avatar. */
export function useLiveAvatar(): LiveAvatar | null {
  return useContext(LiveContext);
}

/** The person's styles, as the avatar that is shown has them; null until it is open. */
export function useLiveStyles(): readonly StyleView[] | null {
  const avatar = useLiveAvatar();
  return useFollowed(avatar, () => (avatar?.state.kind === 'ready' ? avatar.state.styles : null));
}

/** Whether the avatar that is shown knows other mouths than the likely one; null until it is open. */
export function useLiveVaries(): boolean | null {
  const avatar = useLiveAvatar();
  return useFollowed(avatar, () => (avatar?.state.kind === 'ready' ? avatar.state.varies : null));
}

/** Why the avatar that is shown does not hear with what it was trained with; null where it does, or is not open. */
export function useLiveHearingNotice(): string | null {
  const avatar = useLiveAvatar();
  return useFollowed(avatar, () => (avatar?.state.kind === 'ready' ? avatar.state.heardWith.notice : null));
}

/** Whether the avatar that is shown is the checkpoint of a training that was not finished; false until it is open. */
export function useLiveUnfinished(): boolean {
  const avatar = useLiveAvatar();
  return useFollowed(avatar, () => avatar?.state.kind === 'ready' && avatar.state.checkpoint !== null);
}

/** How far this person's own frames go in each lane, as the avatar that is shown has it; null until it is open. */
export function useLiveRanges(): LaneRanges | null {
  const avatar = useLiveAvatar();
  return useFollowed(avatar, () => (avatar?.state.kind === 'ready' ? avatar.state.ranges : null));
}

/** Renders when the motion changes. */
export function useLiveMotion(): LiveMotion | null {
  const avatar = useLiveAvatar();
  return useFollowed(avatar, () => avatar?.motion ?? null);
}
