/** How long a busy computer may take for what is there at once on a quiet one, in milliseconds. */
export const PATIENCE_MS = 120_000;
