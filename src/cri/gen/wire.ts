// Made by .ci/generate.mjs from src/cri/proto.
import type { Field } from '../codec.ts';

/** Fields of every message that a call sends or gets, by the message's full name. */
export const MESSAGES: Readonly<Record<string, readonly Field[]>> = {
  'containerd.services.containers.v1.Container': [
    [1, 'id', 'string'],
    [2, 'labels', 'string', 'map'],
    [3, 'image', 'string'],
    [6, 'snapshotter', 'string'],
    [7, 'snapshotKey', 'string'],
    [8, 'createdAt', 'google.protobuf.Timestamp'],
    [10, 'extensions', 'google.protobuf.Any', 'map'],
    [11, 'sandbox', 'string'],
  ],
  'containerd.services.containers.v1.DeleteContainerRequest': [
    [1, 'id', 'string'],
  ],
  'containerd.services.containers.v1.ListContainersRequest': [
    [1, 'filters', 'string', 'list'],
  ],
  'containerd.services.containers.v1.ListContainersResponse': [
    [1, 'containers', 'containerd.services.containers.v1.Container', 'list'],
  ],
  'containerd.services.images.v1.CreateImageRequest': [
    [1, 'image', 'containerd.services.images.v1.Image'],
  ],
  'containerd.services.images.v1.CreateImageResponse': [
    [1, 'image', 'containerd.services.images.v1.Image'],
  ],
  'containerd.services.images.v1.Descriptor': [
    [1, 'mediaType', 'string'],
    [2, 'digest', 'string'],
    [3, 'size', 'int64'],
    [5, 'annotations', 'string', 'map'],
  ],
  'containerd.services.images.v1.GetImageRequest': [
    [1, 'name', 'string'],
  ],
  'containerd.services.images.v1.GetImageResponse': [
    [1, 'image', 'containerd.services.images.v1.Image'],
  ],
  'containerd.services.images.v1.Image': [
    [1, 'name', 'string'],
    [2, 'labels', 'string', 'map'],
    [3, 'target', 'containerd.services.images.v1.Descriptor'],
    [8, 'updatedAt', 'google.protobuf.Timestamp'],
  ],
  'containerd.services.images.v1.ListImagesRequest': [
    [1, 'filters', 'string', 'list'],
  ],
  'containerd.services.images.v1.ListImagesResponse': [
    [1, 'images', 'containerd.services.images.v1.Image', 'list'],
  ],
  'containerd.services.images.v1.UpdateImageRequest': [
    [1, 'image', 'containerd.services.images.v1.Image'],
    [2, 'updateMask', 'google.protobuf.FieldMask'],
  ],
  'containerd.services.images.v1.UpdateImageResponse': [
    [1, 'image', 'containerd.services.images.v1.Image'],
  ],
  'containerd.services.namespaces.v1.ListNamespacesRequest': [
    [1, 'filter', 'string'],
  ],
  'containerd.services.namespaces.v1.ListNamespacesResponse': [
    [1, 'namespaces', 'containerd.services.namespaces.v1.Namespace', 'list'],
  ],
  'containerd.services.namespaces.v1.Namespace': [
    [1, 'name', 'string'],
  ],
  'containerd.services.sandbox.v1.Sandbox': [
    [1, 'sandboxId', 'string'],
    [5, 'createdAt', 'google.protobuf.Timestamp'],
    [7, 'extensions', 'google.protobuf.Any', 'map'],
  ],
  'containerd.services.sandbox.v1.StoreDeleteRequest': [
    [1, 'sandboxId', 'string'],
  ],
  'containerd.services.sandbox.v1.StoreDeleteResponse': [],
  'containerd.services.sandbox.v1.StoreListRequest': [
    [1, 'filters', 'string', 'list'],
  ],
  'containerd.services.sandbox.v1.StoreListResponse': [
    [1, 'list', 'containerd.services.sandbox.v1.Sandbox', 'list'],
  ],
  'containerd.services.snapshots.v1.Mount': [
    [1, 'type', 'string'],
    [2, 'source', 'string'],
    [3, 'target', 'string'],
    [4, 'options', 'string', 'list'],
  ],
  'containerd.services.snapshots.v1.MountsRequest': [
    [1, 'snapshotter', 'string'],
    [2, 'key', 'string'],
  ],
  'containerd.services.snapshots.v1.MountsResponse': [
    [1, 'mounts', 'containerd.services.snapshots.v1.Mount', 'list'],
  ],
  'containerd.services.tasks.v1.DeleteResponse': [
    [1, 'id', 'string'],
    [2, 'pid', 'uint32'],
    [3, 'exitStatus', 'uint32'],
  ],
  'containerd.services.tasks.v1.DeleteTaskRequest': [
    [1, 'containerId', 'string'],
  ],
  'containerd.services.tasks.v1.GetRequest': [
    [1, 'containerId', 'string'],
  ],
  'containerd.services.tasks.v1.GetResponse': [
    [1, 'process', 'containerd.services.tasks.v1.Process'],
  ],
  'containerd.services.tasks.v1.KillRequest': [
    [1, 'containerId', 'string'],
    [2, 'execId', 'string'],
    [3, 'signal', 'uint32'],
    [4, 'all', 'bool'],
  ],
  'containerd.services.tasks.v1.ListTasksRequest': [
    [1, 'filter', 'string'],
  ],
  'containerd.services.tasks.v1.ListTasksResponse': [
    [1, 'tasks', 'containerd.services.tasks.v1.Process', 'list'],
  ],
  'containerd.services.tasks.v1.Process': [
    [1, 'containerId', 'string'],
    [2, 'id', 'string'],
    [3, 'pid', 'uint32'],
    [4, 'status', 'int32'],
  ],
  'google.protobuf.Any': [
    [1, 'typeUrl', 'string'],
    [2, 'value', 'bytes'],
  ],
  'google.protobuf.Empty': [],
  'google.protobuf.FieldMask': [
    [1, 'paths', 'string', 'list'],
  ],
  'google.protobuf.Timestamp': [
    [1, 'seconds', 'int64'],
    [2, 'nanos', 'int32'],
  ],
  'runtime.v1.Container': [
    [1, 'id', 'string'],
    [2, 'podSandboxId', 'string'],
    [3, 'metadata', 'runtime.v1.ContainerMetadata'],
    [4, 'image', 'runtime.v1.ImageSpec'],
    [5, 'imageRef', 'string'],
    [6, 'state', 'int32'],
    [7, 'createdAt', 'int64'],
    [10, 'imageId', 'string'],
  ],
  'runtime.v1.ContainerConfig': [
    [1, 'metadata', 'runtime.v1.ContainerMetadata'],
    [2, 'image', 'runtime.v1.ImageSpec'],
    [3, 'command', 'string', 'list'],
    [4, 'args', 'string', 'list'],
    [5, 'workingDir', 'string'],
    [6, 'envs', 'runtime.v1.KeyValue', 'list'],
    [7, 'mounts', 'runtime.v1.Mount', 'list'],
    [9, 'labels', 'string', 'map'],
    [10, 'annotations', 'string', 'map'],
    [11, 'logPath', 'string'],
    [15, 'linux', 'runtime.v1.LinuxContainerConfig'],
  ],
  'runtime.v1.ContainerMetadata': [
    [1, 'name', 'string'],
    [2, 'attempt', 'uint32'],
  ],
  'runtime.v1.ContainerStatus': [
    [1, 'id', 'string'],
    [2, 'metadata', 'runtime.v1.ContainerMetadata'],
    [3, 'state', 'int32'],
    [4, 'createdAt', 'int64'],
    [5, 'startedAt', 'int64'],
    [6, 'finishedAt', 'int64'],
    [7, 'exitCode', 'int32'],
    [10, 'reason', 'string'],
    [11, 'message', 'string'],
    [15, 'logPath', 'string'],
  ],
  'runtime.v1.ContainerStatusRequest': [
    [1, 'containerId', 'string'],
    [2, 'verbose', 'bool'],
  ],
  'runtime.v1.ContainerStatusResponse': [
    [1, 'status', 'runtime.v1.ContainerStatus'],
    [2, 'info', 'string', 'map'],
  ],
  'runtime.v1.CreateContainerRequest': [
    [1, 'podSandboxId', 'string'],
    [2, 'config', 'runtime.v1.ContainerConfig'],
    [3, 'sandboxConfig', 'runtime.v1.PodSandboxConfig'],
  ],
  'runtime.v1.CreateContainerResponse': [
    [1, 'containerId', 'string'],
  ],
  'runtime.v1.DNSConfig': [
    [1, 'servers', 'string', 'list'],
    [2, 'searches', 'string', 'list'],
    [3, 'options', 'string', 'list'],
  ],
  'runtime.v1.ExecSyncRequest': [
    [1, 'containerId', 'string'],
    [2, 'cmd', 'string', 'list'],
    [3, 'timeout', 'int64'],
  ],
  'runtime.v1.ExecSyncResponse': [
    [1, 'stdout', 'bytes'],
    [2, 'stderr', 'bytes'],
    [3, 'exitCode', 'int32'],
  ],
  'runtime.v1.Image': [
    [1, 'id', 'string'],
    [2, 'repoTags', 'string', 'list'],
    [3, 'repoDigests', 'string', 'list'],
    [4, 'size', 'uint64'],
    [8, 'pinned', 'bool'],
  ],
  'runtime.v1.ImageSpec': [
    [1, 'image', 'string'],
  ],
  'runtime.v1.ImageStatusRequest': [
    [1, 'image', 'runtime.v1.ImageSpec'],
    [2, 'verbose', 'bool'],
  ],
  'runtime.v1.ImageStatusResponse': [
    [1, 'image', 'runtime.v1.Image'],
    [2, 'info', 'string', 'map'],
  ],
  'runtime.v1.KeyValue': [
    [1, 'key', 'string'],
    [2, 'value', 'bytes'],
  ],
  'runtime.v1.LinuxContainerConfig': [
    [2, 'securityContext', 'runtime.v1.LinuxContainerSecurityContext'],
  ],
  'runtime.v1.LinuxContainerSecurityContext': [
    [2, 'privileged', 'bool'],
    [3, 'namespaceOptions', 'runtime.v1.NamespaceOption'],
  ],
  'runtime.v1.LinuxPodSandboxConfig': [
    [1, 'cgroupParent', 'string'],
    [2, 'securityContext', 'runtime.v1.LinuxSandboxSecurityContext'],
    [3, 'sysctls', 'string', 'map'],
  ],
  'runtime.v1.LinuxPodSandboxStatus': [
    [1, 'namespaces', 'runtime.v1.Namespace'],
  ],
  'runtime.v1.LinuxRuntimeConfiguration': [
    [1, 'cgroupDriver', 'int32'],
  ],
  'runtime.v1.LinuxSandboxSecurityContext': [
    [1, 'namespaceOptions', 'runtime.v1.NamespaceOption'],
    [6, 'privileged', 'bool'],
  ],
  'runtime.v1.ListContainersRequest': [],
  'runtime.v1.ListContainersResponse': [
    [1, 'containers', 'runtime.v1.Container', 'list'],
  ],
  'runtime.v1.ListImagesRequest': [],
  'runtime.v1.ListImagesResponse': [
    [1, 'images', 'runtime.v1.Image', 'list'],
  ],
  'runtime.v1.ListPodSandboxRequest': [
    [1, 'filter', 'runtime.v1.PodSandboxFilter'],
  ],
  'runtime.v1.ListPodSandboxResponse': [
    [1, 'items', 'runtime.v1.PodSandbox', 'list'],
  ],
  'runtime.v1.Mount': [
    [1, 'containerPath', 'string'],
    [2, 'hostPath', 'string'],
    [3, 'readonly', 'bool'],
  ],
  'runtime.v1.Namespace': [
    [2, 'options', 'runtime.v1.NamespaceOption'],
  ],
  'runtime.v1.NamespaceOption': [
    [1, 'network', 'int32'],
    [2, 'pid', 'int32'],
    [3, 'ipc', 'int32'],
    [4, 'targetId', 'string'],
  ],
  'runtime.v1.PodIP': [
    [1, 'ip', 'string'],
  ],
  'runtime.v1.PodSandbox': [
    [1, 'id', 'string'],
    [2, 'metadata', 'runtime.v1.PodSandboxMetadata'],
    [3, 'state', 'int32'],
    [4, 'createdAt', 'int64'],
    [7, 'runtimeHandler', 'string'],
  ],
  'runtime.v1.PodSandboxConfig': [
    [1, 'metadata', 'runtime.v1.PodSandboxMetadata'],
    [2, 'hostname', 'string'],
    [3, 'logDirectory', 'string'],
    [4, 'dnsConfig', 'runtime.v1.DNSConfig'],
    [5, 'portMappings', 'runtime.v1.PortMapping', 'list'],
    [6, 'labels', 'string', 'map'],
    [7, 'annotations', 'string', 'map'],
    [8, 'linux', 'runtime.v1.LinuxPodSandboxConfig'],
  ],
  'runtime.v1.PodSandboxFilter': [
    [3, 'labelSelector', 'string', 'map'],
  ],
  'runtime.v1.PodSandboxMetadata': [
    [1, 'name', 'string'],
    [2, 'uid', 'string'],
    [3, 'namespace', 'string'],
    [4, 'attempt', 'uint32'],
  ],
  'runtime.v1.PodSandboxNetworkStatus': [
    [1, 'ip', 'string'],
    [2, 'additionalIps', 'runtime.v1.PodIP', 'list'],
  ],
  'runtime.v1.PodSandboxStatus': [
    [1, 'id', 'string'],
    [2, 'metadata', 'runtime.v1.PodSandboxMetadata'],
    [3, 'state', 'int32'],
    [4, 'createdAt', 'int64'],
    [5, 'network', 'runtime.v1.PodSandboxNetworkStatus'],
    [6, 'linux', 'runtime.v1.LinuxPodSandboxStatus'],
    [8, 'annotations', 'string', 'map'],
    [9, 'runtimeHandler', 'string'],
  ],
  'runtime.v1.PodSandboxStatusRequest': [
    [1, 'podSandboxId', 'string'],
    [2, 'verbose', 'bool'],
  ],
  'runtime.v1.PodSandboxStatusResponse': [
    [1, 'status', 'runtime.v1.PodSandboxStatus'],
    [2, 'info', 'string', 'map'],
  ],
  'runtime.v1.PortMapping': [
    [1, 'protocol', 'int32'],
    [2, 'containerPort', 'int32'],
    [3, 'hostPort', 'int32'],
    [4, 'hostIp', 'string'],
  ],
  'runtime.v1.PullImageRequest': [
    [1, 'image', 'runtime.v1.ImageSpec'],
  ],
  'runtime.v1.PullImageResponse': [
    [1, 'imageRef', 'string'],
  ],
  'runtime.v1.RemoveContainerRequest': [
    [1, 'containerId', 'string'],
  ],
  'runtime.v1.RemoveContainerResponse': [],
  'runtime.v1.RemoveImageRequest': [
    [1, 'image', 'runtime.v1.ImageSpec'],
  ],
  'runtime.v1.RemoveImageResponse': [],
  'runtime.v1.RemovePodSandboxRequest': [
    [1, 'podSandboxId', 'string'],
  ],
  'runtime.v1.RemovePodSandboxResponse': [],
  'runtime.v1.RunPodSandboxRequest': [
    [1, 'config', 'runtime.v1.PodSandboxConfig'],
    [2, 'runtimeHandler', 'string'],
  ],
  'runtime.v1.RunPodSandboxResponse': [
    [1, 'podSandboxId', 'string'],
  ],
  'runtime.v1.RuntimeCondition': [
    [1, 'type', 'string'],
    [2, 'status', 'bool'],
    [3, 'reason', 'string'],
    [4, 'message', 'string'],
  ],
  'runtime.v1.RuntimeConfigRequest': [],
  'runtime.v1.RuntimeConfigResponse': [
    [1, 'linux', 'runtime.v1.LinuxRuntimeConfiguration'],
  ],
  'runtime.v1.RuntimeStatus': [
    [1, 'conditions', 'runtime.v1.RuntimeCondition', 'list'],
  ],
  'runtime.v1.StartContainerRequest': [
    [1, 'containerId', 'string'],
  ],
  'runtime.v1.StartContainerResponse': [],
  'runtime.v1.StatusRequest': [
    [1, 'verbose', 'bool'],
  ],
  'runtime.v1.StatusResponse': [
    [1, 'status', 'runtime.v1.RuntimeStatus'],
    [2, 'info', 'string', 'map'],
  ],
  'runtime.v1.StopContainerRequest': [
    [1, 'containerId', 'string'],
    [2, 'timeout', 'int64'],
  ],
  'runtime.v1.StopContainerResponse': [],
  'runtime.v1.StopPodSandboxRequest': [
    [1, 'podSandboxId', 'string'],
  ],
  'runtime.v1.StopPodSandboxResponse': [],
  'runtime.v1.VersionRequest': [
    [1, 'version', 'string'],
  ],
  'runtime.v1.VersionResponse': [
    [1, 'version', 'string'],
    [2, 'runtimeName', 'string'],
    [3, 'runtimeVersion', 'string'],
    [4, 'runtimeApiVersion', 'string'],
  ],
};

/** Path, request and answer of every method, by the service's full name. */
export const SERVICES: Readonly<Record<string, Readonly<Record<string, readonly [string, string, string]>>>> = {
  'runtime.v1.RuntimeService': {
    version: ['/runtime.v1.RuntimeService/Version', 'runtime.v1.VersionRequest', 'runtime.v1.VersionResponse'],
    status: ['/runtime.v1.RuntimeService/Status', 'runtime.v1.StatusRequest', 'runtime.v1.StatusResponse'],
    runtimeConfig: ['/runtime.v1.RuntimeService/RuntimeConfig', 'runtime.v1.RuntimeConfigRequest', 'runtime.v1.RuntimeConfigResponse'],
    listPodSandbox: ['/runtime.v1.RuntimeService/ListPodSandbox', 'runtime.v1.ListPodSandboxRequest', 'runtime.v1.ListPodSandboxResponse'],
    podSandboxStatus: ['/runtime.v1.RuntimeService/PodSandboxStatus', 'runtime.v1.PodSandboxStatusRequest', 'runtime.v1.PodSandboxStatusResponse'],
    runPodSandbox: ['/runtime.v1.RuntimeService/RunPodSandbox', 'runtime.v1.RunPodSandboxRequest', 'runtime.v1.RunPodSandboxResponse'],
    stopPodSandbox: ['/runtime.v1.RuntimeService/StopPodSandbox', 'runtime.v1.StopPodSandboxRequest', 'runtime.v1.StopPodSandboxResponse'],
    removePodSandbox: ['/runtime.v1.RuntimeService/RemovePodSandbox', 'runtime.v1.RemovePodSandboxRequest', 'runtime.v1.RemovePodSandboxResponse'],
    listContainers: ['/runtime.v1.RuntimeService/ListContainers', 'runtime.v1.ListContainersRequest', 'runtime.v1.ListContainersResponse'],
    containerStatus: ['/runtime.v1.RuntimeService/ContainerStatus', 'runtime.v1.ContainerStatusRequest', 'runtime.v1.ContainerStatusResponse'],
    createContainer: ['/runtime.v1.RuntimeService/CreateContainer', 'runtime.v1.CreateContainerRequest', 'runtime.v1.CreateContainerResponse'],
    startContainer: ['/runtime.v1.RuntimeService/StartContainer', 'runtime.v1.StartContainerRequest', 'runtime.v1.StartContainerResponse'],
    stopContainer: ['/runtime.v1.RuntimeService/StopContainer', 'runtime.v1.StopContainerRequest', 'runtime.v1.StopContainerResponse'],
    removeContainer: ['/runtime.v1.RuntimeService/RemoveContainer', 'runtime.v1.RemoveContainerRequest', 'runtime.v1.RemoveContainerResponse'],
    execSync: ['/runtime.v1.RuntimeService/ExecSync', 'runtime.v1.ExecSyncRequest', 'runtime.v1.ExecSyncResponse'],
  },
  'runtime.v1.ImageService': {
    listImages: ['/runtime.v1.ImageService/ListImages', 'runtime.v1.ListImagesRequest', 'runtime.v1.ListImagesResponse'],
    imageStatus: ['/runtime.v1.ImageService/ImageStatus', 'runtime.v1.ImageStatusRequest', 'runtime.v1.ImageStatusResponse'],
    pullImage: ['/runtime.v1.ImageService/PullImage', 'runtime.v1.PullImageRequest', 'runtime.v1.PullImageResponse'],
    removeImage: ['/runtime.v1.ImageService/RemoveImage', 'runtime.v1.RemoveImageRequest', 'runtime.v1.RemoveImageResponse'],
  },
  'containerd.services.images.v1.Images': {
    get: ['/containerd.services.images.v1.Images/Get', 'containerd.services.images.v1.GetImageRequest', 'containerd.services.images.v1.GetImageResponse'],
    list: ['/containerd.services.images.v1.Images/List', 'containerd.services.images.v1.ListImagesRequest', 'containerd.services.images.v1.ListImagesResponse'],
    create: ['/containerd.services.images.v1.Images/Create', 'containerd.services.images.v1.CreateImageRequest', 'containerd.services.images.v1.CreateImageResponse'],
    update: ['/containerd.services.images.v1.Images/Update', 'containerd.services.images.v1.UpdateImageRequest', 'containerd.services.images.v1.UpdateImageResponse'],
  },
  'containerd.services.namespaces.v1.Namespaces': {
    list: ['/containerd.services.namespaces.v1.Namespaces/List', 'containerd.services.namespaces.v1.ListNamespacesRequest', 'containerd.services.namespaces.v1.ListNamespacesResponse'],
  },
  'containerd.services.sandbox.v1.Store': {
    list: ['/containerd.services.sandbox.v1.Store/List', 'containerd.services.sandbox.v1.StoreListRequest', 'containerd.services.sandbox.v1.StoreListResponse'],
    delete: ['/containerd.services.sandbox.v1.Store/Delete', 'containerd.services.sandbox.v1.StoreDeleteRequest', 'containerd.services.sandbox.v1.StoreDeleteResponse'],
  },
  'containerd.services.snapshots.v1.Snapshots': {
    mounts: ['/containerd.services.snapshots.v1.Snapshots/Mounts', 'containerd.services.snapshots.v1.MountsRequest', 'containerd.services.snapshots.v1.MountsResponse'],
  },
  'containerd.services.containers.v1.Containers': {
    list: ['/containerd.services.containers.v1.Containers/List', 'containerd.services.containers.v1.ListContainersRequest', 'containerd.services.containers.v1.ListContainersResponse'],
    delete: ['/containerd.services.containers.v1.Containers/Delete', 'containerd.services.containers.v1.DeleteContainerRequest', 'google.protobuf.Empty'],
  },
  'containerd.services.tasks.v1.Tasks': {
    get: ['/containerd.services.tasks.v1.Tasks/Get', 'containerd.services.tasks.v1.GetRequest', 'containerd.services.tasks.v1.GetResponse'],
    list: ['/containerd.services.tasks.v1.Tasks/List', 'containerd.services.tasks.v1.ListTasksRequest', 'containerd.services.tasks.v1.ListTasksResponse'],
    kill: ['/containerd.services.tasks.v1.Tasks/Kill', 'containerd.services.tasks.v1.KillRequest', 'google.protobuf.Empty'],
    delete: ['/containerd.services.tasks.v1.Tasks/Delete', 'containerd.services.tasks.v1.DeleteTaskRequest', 'containerd.services.tasks.v1.DeleteResponse'],
  },
};
