/** What an export's Content Credentials (C2PA) say: a manifest definition as c2pa-rs takes it. */
import { rm } from 'node:fs/promises';
import type { Signed } from '../../../shared/contract/credentials.ts';
import { SIGNED_BESIDE, type SignedFormat } from '../../../shared/domain/film/index.ts';
import { NAME, VERSION } from '../ground/product.ts';
import { DISCLOSURE, type Origin, TRAINED_ALGORITHMIC_MEDIA } from './provenance.ts';
import type { ExportRequest } from './request.ts';

/** https://cv.iptc.org/newscodes/digitalsourcetype/: the source's pictures stay, but for the face. */
const COMPOSITE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

/** The files that an export is made of, by their SHA-256. */
export interface Ingredients {
  /** Of a dub the dubbed video; of a portrait the one that the avatar was made from. */
  readonly source: string;
  /** Of a film; a picture has none. */
  readonly sound?: string | undefined;
  /** A file behind the person. */
  readonly background?: string | undefined;
}

/** What is said of a film that another computer drew. */
const DRAWN_ELSEWHERE = 'It was drawn by another computer, of a farm of this one.';

/**
 * A dub is the source, opened and edited by the avatar and the sound; a portrait is created by the avatar, with the
 * sound and what is behind it placed in. Files are named by what they are, not by what they are called, which may say
 * who somebody is; no picture of anybody is put in. `elsewhere`: the program of another computer that drew it.
 */
export function definitionOf(
  { avatarId, manifest, mode, made }: Origin,
  { source, sound, background }: Ingredients,
  elsewhere?: string,
) {
  const generator = { name: NAME, version: VERSION };
  const softwareAgent = elsewhere === undefined ? generator : { name: elsewhere };
  const when = new Date().toISOString();
  const placed = [...(sound === undefined ? [] : ['sound']), ...(background === undefined ? [] : ['background'])];
  const description = elsewhere === undefined ? DISCLOSURE[made] : `${DISCLOSURE[made]} ${DRAWN_ELSEWHERE}`;
  const drawn =
    mode === 'dub'
      ? [
          { action: 'c2pa.opened', parameters: { ingredientIds: ['source'] } },
          {
            action: 'c2pa.edited',
            digitalSourceType: COMPOSITE,
            softwareAgent,
            when,
            description,
            parameters: { ingredientIds: ['avatar'] },
          },
        ]
      : [
          {
            action: 'c2pa.created',
            digitalSourceType: TRAINED_ALGORITHMIC_MEDIA,
            softwareAgent,
            when,
            description,
            parameters: { ingredientIds: ['avatar', 'source'] },
          },
        ];
  const placing = placed.map((id) => ({ action: 'c2pa.placed', softwareAgent, parameters: { ingredientIds: [id] } }));
  return {
    claim_generator_info: [generator],
    title: manifest.name,
    assertions: [{ label: 'c2pa.actions.v2', data: { actions: [...drawn, ...placing], allActionsIncluded: true } }],
    ingredients: [
      ingredient('source', 'Source video', mode === 'dub' ? 'parentOf' : 'inputTo', source),
      {
        ...ingredient('avatar', `Avatar "${manifest.name}"`, 'inputTo', avatarId),
        data_types: [{ type: 'c2pa.types.model' }],
      },
      ...(sound === undefined ? [] : [ingredient('sound', 'Sound', 'componentOf', sound)]),
      ...(background === undefined ? [] : [ingredient('background', 'Background', 'componentOf', background)]),
    ],
  };
}

/** Of a sound without a picture in which a voice speaks: all that is said in it, or part of it. */
export function speechDefinition(title: string, spoken: 'all' | 'some', sound: string) {
  const softwareAgent = { name: NAME, version: VERSION };
  const created = {
    action: 'c2pa.created',
    digitalSourceType: spoken === 'all' ? TRAINED_ALGORITHMIC_MEDIA : COMPOSITE,
    softwareAgent,
    when: new Date().toISOString(),
    description: DISCLOSURE.speech,
  };
  const placed = { action: 'c2pa.placed', softwareAgent, parameters: { ingredientIds: ['sound'] } };
  return {
    claim_generator_info: [softwareAgent],
    title,
    assertions: [{ label: 'c2pa.actions.v2', data: { actions: [created, placed], allActionsIncluded: true } }],
    ingredients: [ingredient('sound', 'Sound', 'componentOf', sound)],
  };
}

/** Of what a voice spoke, as it spoke it. `voice`: the SHA-256 of its model. */
export function spokenDefinition(voice: string) {
  const softwareAgent = { name: NAME, version: VERSION };
  const created = {
    action: 'c2pa.created',
    digitalSourceType: TRAINED_ALGORITHMIC_MEDIA,
    softwareAgent,
    when: new Date().toISOString(),
    description: DISCLOSURE.speech,
    parameters: { ingredientIds: ['voice'] },
  };
  return {
    claim_generator_info: [softwareAgent],
    title: 'Speech',
    assertions: [{ label: 'c2pa.actions.v2', data: { actions: [created], allActionsIncluded: true } }],
    ingredients: [{ ...ingredient('voice', 'Voice', 'inputTo', voice), data_types: [{ type: 'c2pa.types.model' }] }],
  };
}

/** `label` is what actions name it by. */
function ingredient(label: string, title: string, relationship: 'parentOf' | 'inputTo' | 'componentOf', hash: string) {
  return { label, title, relationship, description: `SHA-256 ${hash}`, format: 'application/octet-stream' };
}

/** Of a sound that no voice of this program speaks. */
export const AS_GIVEN: Signed = { kind: 'unsigned', why: 'A sound alone is as it was given: it is not signed.' };

/** Beside a file of a format that has no place for credentials. */
export function credentialsPath(path: string): string {
  return `${path}.c2pa`;
}

/**
 * Signs a finished file that will be called `path`, by what was asked for; says why where it cannot be. What lay beside
 * that was of another one.
 */
export async function signedAs(
  format: SignedFormat,
  signing: ExportRequest['signing'],
  { file, path }: { readonly file: string; readonly path: string },
  definition: () => Promise<object>,
): Promise<Signed> {
  const beside = SIGNED_BESIDE.has(format) ? credentialsPath(path) : undefined;
  const signed = await attempted();
  if (beside !== undefined && signed.kind === 'unsigned') await rm(beside, { force: true });
  return signed;

  async function attempted(): Promise<Signed> {
    if (signing === undefined) return { kind: 'unsigned', why: 'It was not asked for.' };
    if ('unsigned' in signing) return { kind: 'unsigned', why: signing.unsigned };
    return signing.sign(file, format, await definition(), beside);
  }
}
