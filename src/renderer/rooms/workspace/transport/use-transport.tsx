import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { hasSound } from '../../../../shared/domain/clips.ts';
import { heardClips } from '../../../../shared/domain/loudness.ts';
import { takeSeconds } from '../../../../shared/domain/take.ts';
import { tell } from '../../../ground/errors.tsx';
import { media } from '../../../ground/host/media.ts';
import { Store, useFollowed, useStore } from '../../../ground/store.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useSourcePictures } from '../footage/use-source-pictures.ts';
import { TakeSound } from './take-sound.ts';
import { PlayTransport, type Transport, type TransportState } from './transport.ts';

interface Deck {
  readonly transport: PlayTransport;
  readonly sound: TakeSound;
  /** The film that is on screen in place of the take's moment. */
  readonly film: Store<Transport | null>;
  /** How loud everything plays, 0 to 1. */
  readonly level: Store<number>;
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
      deck.sound.setClips(heardClips(take).filter((clip) => hasSound(clip, sounds)));
    };
    follow();
    return editor.subscribe(follow);
  }, [deck, duration, editor, sounds]);
  useEffect(() => rememberPlayhead(project.id, deck.transport), [project.id, deck]);
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

/** Where the playhead is lasts as long as this window, a reload included; the answer ends it. */
function rememberPlayhead(projectId: string, transport: Transport): () => void {
  const key = `likeness:playhead:${projectId}`;
  const before = Number(sessionStorage.getItem(key));
  if (before > 0) transport.seek(before);
  const keep = () => sessionStorage.setItem(key, String(transport.now()));
  window.addEventListener('pagehide', keep);
  return () => {
    keep();
    window.removeEventListener('pagehide', keep);
  };
}

function openDeck({ id, source: { duration, fps } }: ProjectDetail): Deck {
  const sound = new TakeSound({ fetch: (soundId) => fetchSound(id, soundId), failed: (_, error) => tell(error) });
  return {
    sound,
    transport: new PlayTransport({ duration, fps, sound }),
    film: new Store<Transport | null>(null),
    level: new Store(1),
  };
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

/** That of what is on screen: a film's while one is shown, else the take's. Commands mean this one. */
export function useShownTransport(): Transport {
  const { transport, film } = useDeck();
  return useStore(film) ?? transport;
}

/** Puts a film on screen, in place of the take's moment, which rests meanwhile; null takes it off again. */
export function useShowFilm(): (film: Transport | null) => void {
  const { transport, film } = useDeck();
  return useCallback(
    (shown) => {
      if (shown) transport.pause();
      film.set(shown);
    },
    [transport, film],
  );
}

/** Renders with each event of what is on screen, scrubbing included; what only needs to draw asks `now()` instead. */
export function useShownState(): TransportState {
  const shown = useShownTransport();
  return useFollowed(shown, () => shown.state);
}

/** How loud it plays, 0 to 1, and how to change that. */
export function useSoundLevel(): readonly [level: number, set: (level: number) => void] {
  const { sound, level } = useDeck();
  const set = (next: number) => {
    level.set(next);
    sound.setLevel(loudness(next));
  };
  return [useStore(level), set];
}

/** Loudness is heard about so. */
export const loudness = (level: number): number => level ** 2;
