/** How long a busy computer may take for what is there at once on a quiet one, in milliseconds. */
export const PATIENCE_MS = 120_000;

/** Likewise for an analysis or a training, of which a slow computer makes minutes. */
export const TRAINING_PATIENCE_MS = 900_000;
