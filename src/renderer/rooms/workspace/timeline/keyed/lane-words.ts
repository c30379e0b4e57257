import { type Curve, type LaneName, LANES, type LaneUnit } from '../../../../../shared/domain/lanes/index.ts';

/** What lanes are called, and under which heading a menu lists them. */
export const LANE_GROUPS: readonly { readonly name: string; readonly lanes: readonly LaneName[] }[] = [
  { name: 'Head', lanes: ['head.yaw', 'head.pitch', 'head.roll'] },
  {
    name: 'Place',
    lanes: ['head.x', 'head.y', 'head.size', 'shoulders.x', 'shoulders.y', 'shoulders.roll'],
  },
  { name: 'Face', lanes: ['face.jaw', 'face.smile', 'face.brows', 'face.frown', 'face.squint', 'face.pucker'] },
  { name: 'Their own faces', lanes: ['style.1', 'style.2', 'style.3', 'style.4', 'style.5', 'style.6'] },
  { name: 'Gaze', lanes: ['gaze.yaw', 'gaze.pitch', 'gaze.camera'] },
  { name: 'Blinks', lanes: ['blink.once', 'blink.rate', 'blink.amount'] },
  { name: 'Light', lanes: ['light.yaw', 'light.pitch', 'light.intensity', 'light.warmth'] },
  { name: 'Mouth', lanes: ['speech.strength', 'speech.style', 'speech.temperature'] },
];

const NAMES: Readonly<Record<LaneName, string>> = {
  'head.yaw': 'Turn',
  'head.pitch': 'Nod',
  'head.roll': 'Tilt',
  'head.x': 'Sideways',
  'head.y': 'Height',
  'head.size': 'Size',
  'shoulders.x': 'Shoulder shift',
  'shoulders.y': 'Shoulders up',
  'shoulders.roll': 'Shoulders tilt',
  'face.jaw': 'Jaw',
  'face.smile': 'Smile',
  'face.brows': 'Brows',
  'face.frown': 'Frown',
  'face.squint': 'Squint',
  'face.pucker': 'Pucker',
  'style.1': 'Style 1',
  'style.2': 'Style 2',
  'style.3': 'Style 3',
  'style.4': 'Style 4',
  'style.5': 'Style 5',
  'style.6': 'Style 6',
  'gaze.yaw': 'Look sideways',
  'gaze.pitch': 'Look up',
  'gaze.camera': 'To the camera',
  'blink.once': 'Single blinks',
  'blink.rate': 'Blinks a minute',
  'blink.amount': 'Lids close',
  'light.yaw': 'Lamp sideways',
  'light.pitch': 'Lamp height',
  'light.intensity': 'Lamp strength',
  'light.warmth': 'Warmth',
  'speech.strength': 'Mouth strength',
  'speech.style': 'How far the style',
  'speech.temperature': 'Variation',
};
export const laneTitle = (name: LaneName): string => NAMES[name];

export const CURVE_NAMES: Readonly<Record<Curve, string>> = { hold: 'Hold', linear: 'Straight', smooth: 'Smooth' };

/** How a value is shown and typed: so many of it make one of the lane's unit, with so many digits behind the point. */
const SHOWN: Readonly<Record<LaneUnit, { readonly factor: number; readonly digits: number; readonly sign: string }>> = {
  degrees: { factor: 1, digits: 1, sign: '°' },
  cm: { factor: 1, digits: 1, sign: ' cm' },
  times: { factor: 100, digits: 0, sign: ' %' },
  share: { factor: 100, digits: 0, sign: ' %' },
  'a minute': { factor: 1, digits: 0, sign: '/min' },
};
export const shownIn = (name: LaneName): (typeof SHOWN)[LaneUnit] => SHOWN[LANES[name].unit];

/** "12.0°", "45 %". */
export function valueInWords(name: LaneName, value: number): string {
  const { factor, digits, sign } = shownIn(name);
  return `${(Number((value * factor).toFixed(digits)) + 0).toFixed(digits)}${sign}`; // + 0: no "-0"
}

/** To what is shown: what a slider stops at, in the lane's unit. */
export function stepOf(name: LaneName): number {
  const { factor, digits } = shownIn(name);
  return 1 / (factor * 10 ** digits);
}

/** Whether a lane ends where this person's own frames do; where they are put, their light and speech end elsewhere. */
export function endsWithFrames(name: LaneName): boolean {
  return !/^(head\.(x|y|size)$|shoulders\.|light\.|speech\.)/.test(name);
}
