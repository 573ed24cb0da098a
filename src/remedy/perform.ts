import type { Action } from '../model/plan.ts';
import { releaseAttachment } from './actions/attachments.ts';
import { writeConfig } from './actions/config.ts';
import { deleteContainer, forgetContainer, recordContainer } from './actions/containers.ts';
import { copyImage } from './actions/copy-image.ts';
import { makeFiles, removeFiles } from './actions/files.ts';

import { pinImage, pullImage, tagImage } from './actions/images.ts';
import { importImage } from './actions/import-image.ts';
import { makeNamespaces, pin, unpin, unstack } from './actions/namespaces.ts';
import { cniAdd, cniDel, dropNetwork } from './actions/network.ts';
import { deleteOciState } from './actions/oci-state.ts';
import {
  removeContainer,
  removePodLogs,
  runSandbox,
  startPodContainer,
  stopContainers,
} from './actions/pods.ts';
import { sendSignal, startPause, startUserPause } from './actions/processes.ts';
import { removeRecord, setPhase, writeRecord } from './actions/records.ts';
import { reloadImage } from './actions/reload-image.ts';
import { deleteLink, putConfigAside, removeCgroup, removeFile, setLink } from './actions/removals.ts';
import { restoreConfig } from './actions/restore-config.ts';
import { deleteRules } from './actions/rules.ts';
import { deleteStoreRecord, endTask, removeSandbox, stopSandbox } from './actions/runtime.ts';
import { startContainer } from './actions/start-container.ts';
import { startSandbox } from './actions/start-sandbox.ts';
import type { ActionContext, Done } from './context.ts';

/** Carries out one action: the only door through which podctl changes a node. */
export async function perform(action: Action, context: ActionContext): Promise<Done> {
  switch (action.kind) {
    case 'write-record':
      return writeRecord(action, context);
    case 'set-phase':
      return setPhase(action, context);
    case 'remove-record':
      return removeRecord(action, context);
    case 'make-files':
      return makeFiles(action, context);
    case 'remove-files':
      return removeFiles(action, context);
    case 'make-namespaces':
      return makeNamespaces(action, context);
    case 'start-sandbox':
      return startSandbox(action, context);
    case 'start-pause':
      return startPause(action, context);
    case 'start-user-pause':
      return startUserPause(action, context);
    case 'cni-add':
      return cniAdd(action, context);
    case 'cni-del':
      return cniDel(action, context);
    case 'drop-network':
      return dropNetwork(action, context);
    case 'signal':
      return sendSignal(action, context);
    case 'pin':
      return pin(action, context);
    case 'unstack':
      return unstack(action, context);
    case 'unpin':
      return unpin(action, context);
    case 'start-container':
      return startContainer(action, context);
    case 'record-container':
      return recordContainer(action, context);
    case 'delete-container':
      return deleteContainer(action, context);
    case 'forget-container':
      return forgetContainer(action, context);
    case 'stop-sandbox':
      return stopSandbox(action, context);
    case 'remove-sandbox':
      return removeSandbox(action, context);
    case 'end-task':
      return endTask(action, context);
    case 'delete-store-record':
      return deleteStoreRecord(action, context);
    case 'delete-oci-state':
      return deleteOciState(action, context);
    case 'release-attachment':
      return releaseAttachment(action, context);
    case 'remove-file':
      return removeFile(action, context);
    case 'put-config-aside':
      return putConfigAside(action, context);
    case 'delete-link':
      return deleteLink(action, context);
    case 'set-link':
      return setLink(action, context);
    case 'delete-rules':
      return deleteRules(action, context);
    case 'remove-cgroup':
      return removeCgroup(action);
    case 'pull-image':
      return pullImage(action, context);
    case 'import-image':
      return importImage(action, context);
    case 'reload-image':
      return reloadImage(action, context);
    case 'copy-image':
      return copyImage(action, context);
    case 'tag-image':
      return tagImage(action, context);
    case 'pin-image':
      return pinImage(action, context);
    case 'write-config':
    case 'edit-flag':
      return writeConfig(action, context);
    case 'restore-config':
      return restoreConfig(action, context);
    case 'run-sandbox':
      return runSandbox(action, context);
    case 'start-pod-container':
      return startPodContainer(action, context);
    case 'stop-containers':
      return stopContainers(action, context);
    case 'remove-container':
      return removeContainer(action, context);
    case 'remove-pod-logs':
      return removePodLogs(action);
  }
}
