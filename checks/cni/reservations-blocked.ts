import { defineCheck, type Finding, podIpam } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/reservations-blocked',
    title: 'host-local has a folder for its reservations',
    failureTitle: 'host-local cannot keep reservations, so no new pod gets an address',
    why: 'host-local makes a folder for each network and keeps an address a file in it. Where something else is in its place every ADD fails with "not a directory" or "file exists", while the runtime says that its network is ready.',
    proof:
      "In the place of host-local's folder for the pod network, or of a part of its path, is a file, or a link that leads to no folder.",
    neverReports: [
      'a folder that is not there yet: the first pod makes it',
      'a link that leads to a folder',
      'folders of other networks than that of the pods',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['reservations', 'cniConf', 'runtime'],
    messages: {
      file: 'No new pod gets an address: {{path}} is {{what}}, where host-local keeps the reservations of {{network}}',
      link: 'No new pod gets an address: {{path}} is a link that leads nowhere, where host-local keeps the reservations of {{network}}',
    },
    explains: [
      { check: 'canary/*', same: 'network' },
      { check: 'cni/reservation-conflict', same: 'network' },
    ],
    references: ['https://www.cni.dev/plugins/current/ipam/host-local/'],
  },
  run({ reservations, cniConf }) {
    const ipam = podIpam(cniConf);
    if (ipam === null)
      return { findings: [], problems: [], skipped: 'the pod network does not use host-local' };
    return (reservations.blocked ?? [])
      .filter(({ folder }) => folder === ipam.folder)
      .map(({ folder, path, what }): Finding => {
        return {
          messageId: what === 'link' ? 'link' : 'file',
          subject: { kind: 'file', id: path },
          data: { path, folder, network: ipam.network, what: what === 'file' ? 'a file' : 'no folder' },
          evidence: [{ fact: 'reservations', at: path, value: `${what}, in the way of ${folder}` }],
          advice: [
            {
              title:
                'Move it away: the next pod makes the folder. Addresses of pods that run are not reserved in it, as cni/reservation-conflict then tells',
              risk: 'disruptive',
              commands: [['mv', '--', path, '/root/']],
            },
          ],
        };
      });
  },
});
