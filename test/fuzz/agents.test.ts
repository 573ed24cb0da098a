import { AGENTS } from './families/agents.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('agents, images, logs and programs', AGENTS);
