import { z } from 'zod';
import { BUNDLE_VERSION } from '../format/index.ts';

/** `manifest.json` of a `.likeness` bundle. Every other file of the ZIP is listed with its hash. */
export const BundleFile = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() });
/** A training's checkpoint that a bundle was made of before the training was done. */
export const Checkpoint = z.object({
  step: z.int().nonnegative(),
  steps: z.int().positive(), // of the whole training
  stage: z.string(),
  savedAt: z.iso.datetime(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
export const Manifest = z.object({
  format: z.literal('likeness'),
  version: z.literal(BUNDLE_VERSION),
  name: z.string(),
  createdAt: z.string(), // ISO 8601
  producer: z.string(), // the program that made it, and its version
  tracker: z.int().default(0), // number of the tracker of its analysis; 0: from before there were any
  opset: z.int(),
  source: z.object({
    width: z.int().positive(),
    height: z.int().positive(),
    fps: z.number().positive(),
    frames: z.int().positive(),
  }),
  renderSize: z.literal(256), // side of the rendered head crop
  colourRange: z.literal('full-rgb'),
  preset: z.string(),
  trainingFrames: z.int(),
  heldOutFrames: z.int(),
  speech: z.object({
    sampleRate: z.literal(16000),
    featureRate: z.literal(100),
    features: z.int().positive(),
    lagSeconds: z.number(),
    adapted: z.boolean(),
  }),
  consent: z.object({ basis: z.enum(['self', 'permission', 'synthetic']), id: z.string(), recordedAt: z.string() }),
  provenance: z.object({ digitalSourceType: z.string(), sourceSha256: z.string() }),
  checkpoint: Checkpoint.optional(), // of an unfinished training: no finished avatar
  files: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/), BundleFile),
});
export type Manifest = z.infer<typeof Manifest>;
