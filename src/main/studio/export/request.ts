import type { Manifest } from '../../../shared/contract/index.ts';
import type { Background, FilmFormat, Quality, Shape } from '../../../shared/domain/film/index.ts';
import type { SpokenPhone } from '../../../shared/domain/script/index.ts';
import type { Speech, Take } from '../../../shared/domain/take.ts';
import type { Captions } from '../captions/index.ts';
import type { SigningOrNot } from '../credentials/index.ts';
import type { FindHubert, Networks } from '../engine/index.ts';
import type { MediaTools } from '../media/index.ts';
import type { PhonesLookup, SoundLookup } from '../takes/index.ts';

/** What an export says. */
export type ExportSound =
  | {
      readonly kind: 'path';
      /** Any file with sound. */
      readonly path: string;
      /**
       * The part of it that is exported, seconds; what is around it is heard too, as speech is understood by what comes
       * before and after. All of it by default.
       */
      readonly part?: { readonly start: number; readonly seconds: number };
      /** When what is said in it, where that is known. */
      readonly phones?: readonly SpokenPhone[];
      /** Whether a voice of this program speaks it; by default it does not. */
      readonly spoken?: boolean;
      /** What speech does to the face beside what is said; nothing by default. */
      readonly speech?: Speech;
    }
  | {
      readonly kind: 'take';
      /** What it is called, for the record. */
      readonly name?: string;
      readonly take: Take;
      readonly sounds: SoundLookup;
      /** When what is said in a sound; by default it is not known of any. */
      readonly phones?: PhonesLookup;
      /** Whether a voice of this program speaks a sound; by default none does. */
      readonly spoken?: (sound: string) => Promise<boolean>;
      /** Where its mix may lie meanwhile. */
      readonly folder: string;
      /** Of a single frame: the moment of the timeline at which it is shown, seconds. It may be silent. */
      readonly at?: number;
    };

export interface ExportRequest {
  readonly tools: MediaTools;
  readonly avatarPath: string;
  /** What is known of the consent today, for the record; what the avatar says of it by default. */
  readonly consent?: Manifest['consent'];
  /** Finds the HuBERT that the avatar was trained with. */
  readonly hubert?: FindHubert;
  readonly sound: ExportSound;
  /** With the format's ending, of a frame .png; a file that is there is replaced once the new one is whole. */
  readonly outPath: string;
  readonly mode: 'dub' | 'portrait';
  /** Of the picture, rounded down to even. `source`: dub keeps the video's size; portrait keeps the source's scale. */
  readonly height: number | 'source';
  /** Of a film; MP4 with H.264 by default. */
  readonly format?: FilmFormat;
  readonly quality?: Quality;
  /** Of a portrait; the video's own by default. */
  readonly shape?: Shape;
  readonly background?: Background;
  /** The video the avatar was made from; dub needs it. */
  readonly source?: string;
  /** The index of its picture in the file, where one was chosen. */
  readonly picture?: number;
  /** Its analysis, for avatars whose own motion track does not hold every frame. */
  readonly analysisDir?: string;
  readonly threads?: number;
  /** What the avatar's networks run on; the processor by default. */
  readonly networks?: Networks;
  /** SHA-256 over all that it is made of, for the record: of a list's film. */
  readonly madeOf?: string | undefined;
  /** Signs what is made with Content Credentials; without it, why that is not done. */
  readonly signing?: SigningOrNot;
  /** Drawn into the pictures; `fonts`: the trainer's environment, which may hold some. */
  readonly captions?: { readonly captions: Captions; readonly fonts: string };
}

/** One frame of a take, as an export of it would show it. */
export interface FrameRequest extends ExportRequest {
  readonly sound: Extract<ExportSound, { kind: 'take' }> & { readonly at: number };
}

export interface ExportProgress {
  readonly stage: 'speech' | 'frames';
  readonly done: number;
  readonly total: number;
}
