import type { StudioError } from '../../../../shared/contract/errors.ts';
import type { LivePicture } from '../../../../shared/contract/live.ts';
import type { LiveAvatar } from '../../../live/live-avatar.ts';
import type { SourcePictures } from '../footage/pictures.ts';
import type { FaceTrack } from '../footage/track.ts';
import type { Backdrop } from '../film/backdrop.ts';
import type { Layer, Mode } from './modes.ts';
import type { Orbit } from './overlay/orbit.ts';
import type { PixelSize, Placement, Zoom } from './placement.ts';

/** What there is to show, and how. */
export interface Show {
  readonly mode: Mode;
  readonly source: PixelSize; // source pixels
  readonly pictures: SourcePictures | null;
  readonly track: FaceTrack | null;
  readonly live: LiveAvatar | null;
  readonly zoom: Zoom;
  /** 0..1 of the part's width. */
  readonly divider: number;
  readonly layers: ReadonlySet<Layer>;
  readonly headView: Orbit | null;
  /** What lies behind a person who is drawn alone. */
  readonly backdrop: Backdrop | null;
  /** Of the timeline, where a film of the take begins, seconds. */
  readonly filmBegins: number;
}

/** What is on the stage at this moment. */
export interface Shown {
  readonly placement: Placement;
  readonly stage: PixelSize; // screen pixels
  readonly ratio: number; // screen pixels per CSS pixel
  /** The source frame; -1 before there are pictures. */
  readonly frame: number;
  /** Its own picture, and not a neighbour's until it comes. */
  readonly exact: boolean;
  readonly live: LivePicture | null;
  /** How far the avatar's picture was behind the sound when it was painted, ms; null while nothing plays. */
  readonly behindMs: number | null;
  /** Mean distance of the fit from the landmarks, source pixels, while it is on show. */
  readonly residual: number | undefined;
  readonly heatScale: number | undefined;
  /** Why the source's picture is not here. */
  readonly missing: StudioError | undefined;
}
