import { GEOMETRY } from '../format/index.ts';

/** Vertices of the face mesh. */
export const VERTICES = GEOMETRY.vertices;
/** Points that the tracker measures in a picture: the mesh's vertices, then five of each iris. */
export const LANDMARKS = GEOMETRY.landmarks;
/** Triangles of the face mesh, those included that close mouth and eyes. */
export const TRIANGLES = GEOMETRY.triangles;
/** Coefficients of an expression. */
export const EXPRESSIONS = GEOMETRY.expressions;
/** Side of the square head crop that is drawn, pixels. */
export const CROP_SIDE = GEOMETRY.side;
