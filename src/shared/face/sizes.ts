/** Vertices of the face mesh. */
export const VERTICES = 468;
/** Points that the tracker measures in a picture: the mesh's vertices, then five of each iris. */
export const LANDMARKS = 478;
/** Triangles of the face mesh, those included that close mouth and eyes. */
export const TRIANGLES = 898;
/** Coefficients of an expression. */
export const EXPRESSIONS = 64;
/** Side of the square head crop that is drawn, pixels. */
export const CROP_SIDE = 256;
