import manifest from '../../package.json' with { type: 'json' };

/** podctl's own version. */
export const VERSION: string = manifest.version;
