import { heededLanes, type LaneName, type Lanes, valueAt } from '../../../shared/domain/lanes/index.ts';
import { type Control, FACE_MEASURES, type FaceShares, type Reach, type Reaching, reachOf } from '../engine/index.ts';
import type { KeyedBlinks, Lids } from './keyed-blinks.ts';

/** A motion of the person's own at a moment. */
export interface OwnMotion {
  readonly control: Control;
  /** What lids do in it, of its expression [64]. */
  readonly lids: () => Float32Array;
}

/** A person's motion with what is keyed of head, shoulders, eyes and face. */
export class KeyedMotion {
  readonly #reach: Reach;
  readonly #lanes: Lanes;
  readonly #blinks: KeyedBlinks | undefined;

  private constructor(avatar: Reaching, lanes: Lanes, blinks: KeyedBlinks | undefined) {
    this.#reach = reachOf(avatar);
    this.#lanes = lanes;
    this.#blinks = blinks;
  }

  /** Undefined where none of it is keyed. `blinksOf` gives the habits of the track that moves. */
  static of(avatar: Reaching, lanes: Lanes, blinksOf: (lanes: Lanes) => KeyedBlinks): KeyedMotion | undefined {
    const keyed = heededLanes(lanes);
    const of = (...kinds: readonly string[]): boolean =>
      Object.keys(keyed).some((name) => kinds.includes(name.split('.')[0]!));
    if (!of('head', 'shoulders', 'gaze', 'blink', 'face', 'light')) return undefined;
    return new KeyedMotion(avatar, keyed, of('blink') || keyed['face.squint'] ? blinksOf(keyed) : undefined);
  }

  /** The person's own motion at a moment, as it is keyed; the mouth is speech's. */
  own({ control, lids }: OwnMotion, seconds: number): { readonly control: Control; readonly shut: number } {
    const at = (name: LaneName): number | undefined => this.#at(name, seconds);
    const { pose, gaze } = this.#reach;
    const held = pose.with(
      control,
      {
        yaw: at('head.yaw'),
        pitch: at('head.pitch'),
        roll: at('head.roll'),
        x: at('head.x'),
        y: at('head.y'),
        size: at('head.size'),
      },
      { x: at('shoulders.x'), y: at('shoulders.y'), roll: at('shoulders.roll') },
    );
    const own = this.#blinks ? lids() : undefined;
    const blinked = own && this.#blinks!.at(seconds, own);
    const opened = own && blinked ? { ...held, expression: withLids(held.expression, own, blinked) } : held;
    const looks = { yaw: at('gaze.yaw'), pitch: at('gaze.pitch'), camera: at('gaze.camera') };
    const looking = Object.values(looks).some((value) => value !== undefined) ? gaze.with(opened, looks) : opened;
    return { control: this.#lit(looking, seconds), shut: blinked?.shut ?? 0 };
  }

  #lit(control: Control, seconds: number): Control {
    const { ranges } = this.#reach;
    const at = (name: LaneName & `light.${string}`): number => this.#at(name, seconds) ?? ranges[name]?.usual ?? 0;
    const light = {
      yaw: at('light.yaw'),
      pitch: at('light.pitch'),
      intensity: at('light.intensity'),
      warmth: at('light.warmth'),
    };
    return light.intensity === 0 && light.warmth === 0 ? control : { ...control, light };
  }

  /** A whole face at a moment, as it is keyed. Eyes that are shut (0..1) are neither squinted nor opened. */
  face(expression: Float32Array, seconds: number, shut: number): Float32Array {
    const shares: { -readonly [Name in keyof FaceShares]: FaceShares[Name] } = {};
    for (const name of FACE_MEASURES) {
      const share = this.#at(`face.${name}`, seconds);
      if (share !== undefined) shares[name] = name === 'squint' ? share * (1 - shut) : share;
    }
    return this.#reach.face.with(expression, shares);
  }

  #at(name: LaneName, seconds: number): number | undefined {
    const lane = this.#lanes[name];
    return lane && valueAt(lane.keys, seconds);
  }
}

function withLids(expression: Float32Array, own: Float32Array, { change }: Lids): Float32Array {
  return expression.map((value, k) => value - own[k]! + change[k]!);
}
