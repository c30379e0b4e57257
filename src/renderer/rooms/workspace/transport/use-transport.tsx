import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { hasSound } from '../../../../shared/domain/clips.ts';
import { takeSeconds } from '../../../../shared/domain/take.ts';
import { tell } from '../../../ground/errors.tsx';
import { media } from '../../../ground/host/media.ts';
import { useFollowed } from '../../../ground/store.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useSourcePictures } from '../footage/use-source-pictures.ts';
import type { Playback } from './playback.ts';
import { TakeSound } from './take-sound.ts';
import { PlayTransport, type Transport, type TransportState } from './transport.ts';

interface Deck {
  readonly transport: PlayTransport;
  readonly sound: TakeSound;
}
const DeckContext = createContext<Deck | undefined>(undefined);

/** One playhead for a workspace, over its take and its sounds. */
export function TransportProvider({
  project,
  children,
}: {
  readonly project: ProjectDetail;
  readonly children: ReactNode;
}) {
  const editor = useTakeEditor();
  const { duration } = project.source;
  const [deck] = useState(() => openDeck(project));
  const pictures = useSourcePictures(project);
  const { sounds } = project;
  useEffect(() => {
    const follow = () => {
      const { take } = editor;
      deck.transport.setTimeline({ duration: Math.max(duration, takeSeconds(take)), range: take.range });
      deck.sound.setClips(take.clips.filter((clip) => hasSound(clip, sounds)));
    };
    follow();
    return editor.subscribe(follow);
  }, [deck, duration, editor, sounds]);
  useEffect(() => {
    if (pictures) deck.transport.setFrames(pictures.times);
  }, [deck, pictures]);
  useEffect(
    () => () => {
      deck.transport.close();
      deck.sound.close();
    },
    [deck],
  );
  return <DeckContext.Provider value={deck}>{children}</DeckContext.Provider>;
}

function openDeck({ id, source: { duration, fps } }: ProjectDetail): Deck {
  const sound = new TakeSound({ fetch: (soundId) => fetchSound(id, soundId), failed: (_, error) => tell(error) });
  return { sound, transport: new PlayTransport({ duration, fps, sound }) };
}

async function fetchSound(projectId: string, soundId: string): Promise<ArrayBuffer> {
  const answer = await fetch(media.sound(projectId, soundId));
  if (answer.ok) return answer.arrayBuffer();
  const said = (await answer.json().catch(() => undefined)) as { readonly error?: unknown } | undefined;
  throw said?.error ?? new Error(`The sound was answered with ${answer.status}.`);
}

function useDeck(): Deck {
  const deck = useContext(DeckContext);
  if (!deck) throw new Error('useTransport is used outside a workspace');
  return deck;
}

export function useTransport(): Transport {
  return useDeck().transport;
}

/** Renders with each event of the transport, scrubbing included; what only needs to draw asks `now()` instead. */
export function useTransportState(): TransportState {
  const { transport } = useDeck();
  return useFollowed(transport, () => transport.state);
}

/** As useTransportState, but renders only when what it does changes. */
export function usePlayback(): Playback {
  const { transport } = useDeck();
  return useFollowed(transport, () => transport.state.playback);
}

/** How loud it plays, 0 to 1. */
export function useSoundLevel(): (level: number) => void {
  const { sound } = useDeck();
  return (level) => sound.setLevel(level);
}
