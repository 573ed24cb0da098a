import type { Tree } from '../rig/packages.ts';

export const ZSH: Tree = { name: 'zsh', suite: 'bookworm', packages: ['zsh'] };
export const FISH: Tree = { name: 'fish', suite: 'bookworm', packages: ['fish'] };
