import type { ReportedFinding } from '../model/report.ts';
import { escapeText } from './escape.ts';

/** Files that somebody writes by hand; what a finding shows of /proc or /run is not to be edited. */
const WRITTEN = /^\/(?:etc|usr|opt|var\/lib\/kubelet\/(?:config\.yaml|kubeadm-flags\.env))(?:\/|$|:)/;

/**
 * Where a server shows the finding: the file that must change, with its line, else a path that always is the same for
 * what the finding is about. Without a place a result is not shown at all.
 */
export function locationOf(
  node: string,
  { subject, evidence }: Pick<ReportedFinding, 'subject' | 'evidence'>,
): object {
  const name = subject.name ?? subject.id;
  const places = [...(subject.kind === 'file' ? [subject.id] : []), ...evidence.map(({ at }) => at)];
  const file = places.find((place) => WRITTEN.test(place));
  const synthetic = ['nodes', node || 'unnamed', subject.kind, ...name.split('/')];
  const { parts, line } = file === undefined ? { parts: synthetic, line: null } : partsOf(file);
  return {
    physicalLocation: {
      artifactLocation: {
        uri: parts
          .filter((part) => part !== '')
          .map(encoded)
          .join('/'),
      },
      region: { startLine: line ?? 1 },
    },
    logicalLocations: [
      {
        name: escapeText(name),
        fullyQualifiedName: escapeText(`${node}/${subject.kind}/${name}`),
        kind: 'resource',
      },
    ],
  };
}

/** `/etc/containerd/config.toml:14` */
function partsOf(place: string): { parts: string[]; line: number | null } {
  const [, file = place, line] = /^(.*?):(\d{1,7})$/.exec(place) ?? [];
  return { parts: file.split('/'), line: line === undefined || Number(line) < 1 ? null : Number(line) };
}

/** A part of a relative reference; dots alone would lead elsewhere. */
function encoded(part: string): string {
  const safe = encodeURIComponent(escapeText(part));
  return /^\.+$/.test(safe) ? safe.replaceAll('.', '_') : safe;
}
