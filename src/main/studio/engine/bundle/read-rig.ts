import { VERTICES } from '../../../../shared/face/index.ts';
import { readTable } from '../../../../shared/format/tensor-table.ts';
import type { Bundle } from './bundle.ts';
import { checkRig } from './limits.ts';
import type { Rig } from './rig.ts';
import { reading } from './tensors.ts';

/** `rig.safetensors` (docs/formats.md). Raises StudioError('bad-bundle'). */
export function readRig(bundle: Bundle): Rig {
  return reading('rig', bundle, (file) => {
    const table = readTable('rig', file);
    const triangles = table.indices('triangles', VERTICES);
    const turns = file.tensors.has('turn_slopes') || file.tensors.has('turn_angles');
    const rig: Rig = {
      neutral: table.floats('neutral'),
      expressionBasis: table.floats('expression_basis'),
      irisNeutral: table.floats('iris_neutral'),
      triangles,
      mouthTriangles: table.indices('mouth_triangles', triangles.length / 3),
      innerLip: table.indices('inner_lip', VERTICES),
      uv: table.floats('uv'),
      ellipsoid: table.floats('ellipsoid'),
      chinY: table.floats('chin_y')[0]!,
      lipCentre: table.floats('lip_centre'),
      hull: table.octets('hull'),
      conditionMean: table.floats('condition_mean'),
      conditionScale: table.floats('condition_scale'),
      expressionLow: table.floats('expression_low'),
      expressionHigh: table.floats('expression_high'),
      lleBank: table.floats('lle_bank'),
      eyeMask: table.floats('eye_mask'),
      focal: table.floats('focal')[0]!,
      principal: table.floats('principal'),
      ...(turns ? { headTurn: { angles: table.floats('turn_angles'), slopes: table.floats('turn_slopes') } } : {}),
    };
    checkRig(rig);
    return rig;
  });
}
