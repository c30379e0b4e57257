/** The closed form: a person drawn by their own frames, laid out on a chart. */
export { readAppearance } from './appearance.ts';
export { ClosedForm } from './closed-form.ts';
export { type PreparedAppearance, prepared } from './prepared.ts';
