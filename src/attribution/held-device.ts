/** One device that a container holds, as the kubelet tells it. */
export interface HeldDevice {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The extended resource (`nvidia.com/gpu`); of a claim: the name of its driver (`gpu.nvidia.com`). */
  readonly resource: string;
  /** As the device plugin named it (`GPU-…`, `MIG-…::2`, `nvidia0/gi3`…); of a claim: the device of the driver (`gpu-0`). */
  readonly deviceId: string;
  /** Only of devices held by a claim (dynamic resource allocation). */
  readonly claim?: DeviceClaim;
}

export interface DeviceClaim {
  readonly name: string;
  /** Fully qualified names of the container device interface, such as `nvidia.com/gpu=GPU-…`. */
  readonly cdiNames: readonly string[];
}
