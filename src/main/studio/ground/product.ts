import product from '../../../../package.json' with { type: 'json' };

/** Of this program; package.json is the one place that says it. */
export const VERSION: string = product.version;
export const NAME = 'Likeness';
/** Goes into every analysis, avatar and export, as what made it. */
export const PRODUCER = `${NAME} ${VERSION}`;
