/** What is seen in one network namespace: the part that an attachment is judged by. */
export interface NetworkSeen {
  links: {
    index: number;
    name: string;
    mac: string;
    up: boolean;
    loopback: boolean;
    kind: string;
    /** Index of the other end or parent, 0: none; -1 as `peerNetnsId`: in this namespace. */
    peerIndex: number;
    peerNetnsId: number;
    /** Index of the bridge that it is in; 0: none. */
    master: number;
  }[];
  /** `link` is an index. */
  addresses: { link: number; address: string; prefix: number }[];
  /** `destination` with prefix length; `gateway` '' for none. */
  routes: { destination: string; gateway: string; link: number }[];
}
