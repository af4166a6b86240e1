// The custom resource definitions that the chart's monitors are checked against; only files of it are read, nothing is built.
module gpu-profiler.test/parts/prometheus-operator

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
