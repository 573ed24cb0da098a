import type { CgroupDriver, ContainerState, PodSandboxState } from './gen/cri_pb.js';
import type { Status } from './gen/tasks_pb.js';

/**
 * Numbers of CRI's and containerd's enums, as the .proto files have them: importing the generated enums as values
 * would load the descriptors of every message with them.
 */
export const SANDBOX_READY: PodSandboxState.SANDBOX_READY = 0;
export const CONTAINER_CREATED: ContainerState.CONTAINER_CREATED = 0;
export const CONTAINER_RUNNING: ContainerState.CONTAINER_RUNNING = 1;
export const CONTAINER_EXITED: ContainerState.CONTAINER_EXITED = 2;
export const CGROUP_SYSTEMD: CgroupDriver.SYSTEMD = 0;
export const TASK_CREATED: Status.CREATED = 1;
export const TASK_RUNNING: Status.RUNNING = 2;
export const TASK_STOPPED: Status.STOPPED = 3;
export const TASK_PAUSED: Status.PAUSED = 4;
export const TASK_PAUSING: Status.PAUSING = 5;
