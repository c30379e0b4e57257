import { z } from 'zod';
import { BUNDLE_VERSION } from '../format/index.ts';

/** A word or a sentence of a manifest; a project's name is the longest of them. */
const Text = z.string().max(1000);
/** What a video can be, with room: its background is held whole, and its frames are counted in 32 bits. */
const LARGEST_SIDE = 16_384;
const MOST_SIDES = 16; // the longer side in shorter ones: pictures of a height get as wide as the source is
const MOST_FRAMES = 100_000_000;
const SLOWEST = 0.1; // frames per second
const FASTEST = 1000;
/** The largest HuBERT that was published has 48 layers of 1280 numbers. */
const MOST_LAYERS = 64;
const LONGEST_ROW = 4096;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `manifest.json` of a `.likeness` bundle. Every other file of the ZIP is listed with its hash. */
export const BundleFile = z.object({ sha256: Sha256, bytes: z.int().nonnegative() });
/** A training's checkpoint that a bundle was made of before the training was done. */
export const Checkpoint = z.object({
  step: z.int().nonnegative(),
  steps: z.int().positive(), // of the whole training
  stage: z.string().max(100),
  savedAt: z.iso.datetime(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
/** What an avatar is drawn by: the trained graph, or its person's own frames in closed form. */
export const Draws = z.enum(['std', 'closed']);
export type Draws = z.infer<typeof Draws>;

/** The HuBERT that an avatar's `motion-hubert.onnx` hears; its weights are no part of the avatar. */
export const HubertUse = z.object({
  sha256: Sha256, // of the checkpoint as it was published
  layer: z.int().min(0).max(MOST_LAYERS),
  size: z.int().positive().max(LONGEST_ROW), // of a row
});
export type HubertUse = z.infer<typeof HubertUse>;

export const Manifest = z.object({
  format: z.literal('likeness'),
  version: z.literal(BUNDLE_VERSION),
  name: Text,
  createdAt: Text, // ISO 8601
  producer: Text, // the program that made it, and its version
  tracker: z.int().nonnegative().default(0), // number of the tracker of its analysis; 0: from before there were any
  opset: z.int(),
  source: z
    .object({
      width: z.int().positive().max(LARGEST_SIDE),
      height: z.int().positive().max(LARGEST_SIDE),
      fps: z.number().min(SLOWEST).max(FASTEST),
      frames: z.int().positive().max(MOST_FRAMES),
    })
    .refine(({ width, height }) => Math.max(width, height) <= MOST_SIDES * Math.min(width, height)),
  renderSize: z.literal(256), // side of the rendered head crop
  colourRange: z.literal('full-rgb'),
  preset: Text,
  draws: Draws.optional(), // with `appearance.safetensors`: what was better on held-out frames
  trainingFrames: z.int().nonnegative().max(MOST_FRAMES),
  heldOutFrames: z.int().nonnegative().max(MOST_FRAMES),
  speech: z.object({
    sampleRate: z.literal(16000),
    featureRate: z.literal(100),
    features: z.int().positive().max(8192),
    lagSeconds: z.number().min(-2).max(2),
    adapted: z.boolean(),
    share: z.number().min(0).max(1).optional(), // how far it is; of older avatars all or nothing
    hubert: HubertUse.optional(), // with `motion-hubert.onnx`
  }),
  consent: z.object({
    basis: z.enum(['self', 'permission', 'synthetic']),
    id: Text,
    recordedAt: Text,
    note: z.string().max(2000).optional(), // what was written about it
    attachmentSha256: Sha256.optional(), // of a file that shows it, which stays where the avatar was made
  }),
  provenance: z.object({ digitalSourceType: Text, sourceSha256: Text }),
  checkpoint: Checkpoint.optional(), // of an unfinished training: no finished avatar
  files: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/), BundleFile),
});
export type Manifest = z.infer<typeof Manifest>;
