/** What the ablation report needs of this side. The one door; installed programs leave this folder out. */
export { writeBrowserVisemes } from './browser-visemes.ts';
