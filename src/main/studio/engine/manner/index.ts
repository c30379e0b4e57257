/** What is this person's own: how they hold their face, blink, and move with what they say. */
export { BlinkMoments } from './blink-moments.ts';
export { type BlinkHabits, learnBlinks, shutAt } from './blinks.ts';
export { learnBreathing } from './breathing.ts';
export { Brows } from './brows.ts';
export { type Coupling, GRID_RATE } from './coupling.ts';
export { shiftsOf } from './gaze-shifts.ts';
export { rotationVector, withHeadTurn } from './head-turn.ts';
export type { Look, Looking } from './look.ts';
export { blinkHabits, NaturalMotion } from './natural.ts';
export { withoutPosture } from './response.ts';
export { rowBefore } from './rows.ts';
export { type HeadHabit, learnSpeechHabits, nodAndTurn, pauseAt, pausePreference } from './speech-habits.ts';
export { StyleLeaning } from './style-leaning.ts';
export { learnStyles, type StyleEntry } from './styles.ts';
