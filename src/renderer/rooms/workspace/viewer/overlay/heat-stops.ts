/**
 * From a fit as good as the measurement to one that is off; the legend paints the same stops, and knows no three.js.
 */
export const HEAT_STOPS = ['#2c2a7a', '#1f7fb8', '#3fc1a0', '#f4d94a', '#e8492e'] as const;
