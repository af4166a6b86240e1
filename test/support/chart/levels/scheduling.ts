export const toleration = { key: 'pool', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' };
export const nodeAffinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'Exists' }] }],
    },
  },
};
