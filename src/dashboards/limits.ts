/** Near the limits of data-centre GPUs, which slow down a few degrees above. Pages and alerts use the same numbers. */
export const hotCelsius = { gpu: 85, memory: 95 } as const;
