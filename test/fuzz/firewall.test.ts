import { FIREWALL } from './families/firewall.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll("the node's firewall", FIREWALL);
