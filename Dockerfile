# One image for every command of gpu-profiler; the argument decides: collector, controller, standalone, cleanup, --help.
#
#   npm run image -- --tag gpu-profiler:0.1.0 --archive gpu-profiler.tar    with buildah, podman or docker, also without a registry
#   docker build -t gpu-profiler:0.1.0 .                                    by hand
#
# BUILD_IMAGE needs node (>= 22.19) and npm, BASE_IMAGE only `node` on PATH and its C library (glibc or musl). Neither needs a
# shell: nothing here calls one. docs/IMAGE.md tells the rest.
ARG BUILD_IMAGE=docker.io/library/node:24-slim
ARG BASE_IMAGE=docker.io/library/node:24-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# A registry of your own, if any: --secret id=npmrc,src=$HOME/.npmrc [--secret id=npm-ca,src=ca.pem]. Secrets are in no layer.
ENV NPM_CONFIG_USERCONFIG=/run/secrets/npmrc
COPY package.json package-lock.json ./
# No install scripts: esbuild and koffi come as packages with their binaries, and this image has its own Node.
RUN --mount=type=secret,id=npmrc --mount=type=secret,id=npm-ca --mount=type=cache,target=/root/.npm \
    ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
COPY LICENSE tsconfig.json ./
COPY scripts/build.ts scripts/build.ts
COPY scripts/app-folder scripts/app-folder
COPY src src
RUN ["node", "scripts/build.ts"]
# For the dates of what follows: seconds since 1970.
ARG SOURCE_DATE_EPOCH=0
# What runs and nothing else: the bundle, koffi with its binary for this platform, licences, the bill of materials.
RUN ["node", "scripts/app-folder/assemble.ts", "/out/app"]
# Nothing missing: the program starts, and koffi calls a C function.
RUN ["node", "/out/app/dist/main.js", "--version"]
WORKDIR /out/app
RUN ["node", "--input-type=module", "-e", "import koffi from 'koffi'; if (koffi.load(null).func('int getpid()')() !== process.pid) process.exit(1)"]

FROM ${BASE_IMAGE}
ARG BASE_IMAGE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gpu-profiler" \
      org.opencontainers.image.description="Continuous GPU usage profiling for Kubernetes" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}" \
      io.gpu-profiler.sbom="/app/sbom.cdx.json"
# No RUN here: the base may be without a shell. No WORKDIR: it would be a layer, an empty one.
COPY --from=build /out /
ENV NODE_ENV=production
USER 65532:65532
# Collector and controller.
EXPOSE 9876 9877
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["--help"]
