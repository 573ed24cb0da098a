/** Where distributions, tarballs and guides put the programs of a node. */
export const PROGRAM_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/bin', '/usr/sbin', '/usr/local/sbin'];
