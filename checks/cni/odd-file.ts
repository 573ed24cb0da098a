import { completeValue, defineCheck, type Finding } from '../../src/api.ts';

const WHAT = {
  foreign: 'a link, a folder or another kind of file, and is never followed',
  malformed: 'a file that holds no container id',
  unnamed: 'a file whose name is no address',
} as const;

export default defineCheck({
  meta: {
    id: 'cni/odd-file',
    title: "CNI's folders hold nothing but its own files",
    failureTitle: "Something lies in CNI's folders that CNI did not put there",
    why: 'Plugins count or follow what lies there: a link can lead them, or whoever clears the folder by hand, to files that have nothing to do with pods.',
    proof:
      'An entry of a folder of reservations that is no plain file, or one older than --min-age without a container id or an address; an entry of the cache of results that is no plain file. Seen without following anything.',
    neverReports: [
      'lock and last_reserved_ip.N, which are no reservations',
      'a reservation that is being written',
      'a cached result that is cut off: that is cni/cache-damaged',
    ],
    severity: 'info',
    tags: ['cni'],
    needs: ['reservations', 'host'],
    wants: ['cniCache'],
    messages: { odd: '{{path}} is {{what}}; podctl leaves it alone' },
    references: [],
  },
  run({ reservations, host, cniCache }, { minAgeMs }) {
    const odd = reservations.reservations
      .filter(({ confirmed }) => confirmed)
      .flatMap(({ path, state, address, mtime }) => {
        if (state === 'foreign') return [finding('reservations', path, state)];
        if (host.now - mtime < minAgeMs || state === 'empty') return [];
        if (state === 'malformed') return [finding('reservations', path, state)];
        return address === null ? [finding('reservations', path, 'unnamed')] : [];
      });
    const entries = completeValue(cniCache)?.entries ?? [];
    const links = entries.filter(({ state, confirmed }) => state === 'foreign' && confirmed);
    return [...odd, ...links.map(({ path }) => finding('cniCache', path, 'foreign'))];
  },
});

function finding(fact: 'reservations' | 'cniCache', path: string, state: keyof typeof WHAT): Finding {
  return {
    messageId: 'odd',
    subject: { kind: 'file', id: path },
    data: { path, what: WHAT[state] },
    evidence: [{ fact, at: path, value: state }],
    advice: [{ title: 'Look at it', risk: 'safe', commands: [['stat', path]] }],
  };
}
