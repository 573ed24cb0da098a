import { KUBELET } from './families/kubelet.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('what kubelet reads and says', KUBELET);
