import { canaryShapes } from './canary-shapes.ts';
import { cniPluginShapes } from './cni-plugin-shapes.ts';
import { cniShapes } from './cni-shapes.ts';
import type { FactName, Facts } from './facts.ts';
import { firewallShapes } from './firewall-shapes.ts';
import { imageShapes } from './image-shapes.ts';
import { kernelShapes } from './kernel-shapes.ts';
import { kubeletConfigShapes } from './kubelet-config-shapes.ts';
import { limitsShapes } from './limits-shapes.ts';
import { logShapes } from './log-shapes.ts';
import { nodeImageShapes } from './node-image-shapes.ts';
import { ownConfigShapes } from './own-config-shapes.ts';
import { ownShapes } from './own-shapes.ts';
import { ownerShapes } from './owner-shapes.ts';
import { pauseVersionShapes } from './pause-version-shapes.ts';
import { runtimeShapes } from './runtime-shapes.ts';
import type { Shape } from './shape.ts';
import { stallShapes } from './stall-shapes.ts';
import { storageShapes } from './storage-shapes.ts';

/** What every fact must look like when it comes from a file. */
export const factShapes: { [N in FactName]: Shape<Facts[N]> } = {
  ...kernelShapes,
  ...runtimeShapes,
  ...ownShapes,
  ...cniShapes,
  ...limitsShapes,
  ...cniPluginShapes,
  ...firewallShapes,
  ...ownerShapes,
  ...kubeletConfigShapes,
  ...pauseVersionShapes,
  ...logShapes,
  ...imageShapes,
  ...stallShapes,
  ...storageShapes,
  ...canaryShapes,
  ...ownConfigShapes,
  ...nodeImageShapes,
};

/** Every fact there is. */
export const FACT_NAMES = Object.keys(factShapes) as FactName[];
