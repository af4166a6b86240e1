# One image for every command of gpu-profiler; the argument decides: collector, controller, standalone, --version.
#   docker build -t gpu-profiler:0.1.0 .
#
# BUILD_IMAGE needs node (>= 22.19) with npm and a shell, BASE_IMAGE only `node` in PATH and its C library (glibc or musl):
#   docker build --build-arg BUILD_IMAGE=… --build-arg BASE_IMAGE=… .
ARG BUILD_IMAGE=docker.io/library/node:24-slim
ARG BASE_IMAGE=docker.io/library/node:24-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No install scripts: esbuild and koffi come as packages with their binaries, and this image has its own Node.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE tsconfig.json ./
COPY scripts/build.ts scripts/build.ts
COPY src src
RUN node scripts/build.ts
# The bundle asks for one package only, koffi, and the package with its binary for this platform; of both, what is
# read when it runs. meta.json tells developers what the bundle is made of.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && mkdir -p /app/node_modules \
 && cp -R dist LICENSE package.json /app/ \
 && rm /app/dist/meta.json \
 && cp -R node_modules/koffi node_modules/@koromix /app/node_modules/ \
 && rm -rf /app/node_modules/koffi/doc /app/node_modules/koffi/lib /app/node_modules/koffi/vendor \
 && find /app/node_modules/koffi -type f ! -name '*.js' ! -name '*.cjs' ! -name package.json ! -name 'LICENSE*' -delete \
 && find /app/node_modules -depth -type d -empty -delete
# Nothing missing: the program starts, and koffi calls a C function.
RUN cd /app && node dist/main.js --version \
 && node --input-type=module -e "import koffi from 'koffi'; if (koffi.load(null).func('int getpid()')() !== process.pid) process.exit(1)"

FROM ${BASE_IMAGE}
ARG BASE_IMAGE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gpu-profiler" \
      org.opencontainers.image.description="Continuous GPU usage profiling for Kubernetes" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
# No RUN here: the base may be without a shell.
COPY --from=build /app /app
WORKDIR /app
USER 65532:65532
# Collector and controller.
EXPOSE 9876 9877
ENTRYPOINT ["node", "/app/dist/main.js"]
