# The bridge with its page, and the simulator: one image, TypeScript run as it is. Build from the root of the repository:
#   docker build -f deploy/bridge.dockerfile -t topdeck-live-diagnostics-bridge .

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
# npm checks every workspace's manifest against the lock file, also of those that it does not install.
COPY package.json package-lock.json ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/grafana-plugin-sdk/package.json packages/grafana-plugin-sdk/
COPY backend-bridge/package.json backend-bridge/
COPY backend-datasource/package.json backend-datasource/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace=backend-bridge

# The page of panels, from the same lock file.
FROM node:24.21.0-bookworm-slim AS page
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/grafana-plugin-sdk/package.json packages/grafana-plugin-sdk/
COPY backend-bridge/package.json backend-bridge/
COPY backend-datasource/package.json backend-datasource/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY packages/ packages/
COPY backend-datasource/ backend-datasource/
COPY webpack.config.ts ./
COPY build/ build/
COPY src/ src/
RUN node build/build.ts --only preview

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/ ./
COPY packages/protocol/ packages/protocol/
COPY backend-bridge/ backend-bridge/
COPY --from=page /app/backend-bridge/public/ backend-bridge/public/
# A named volume takes its owner from the folder that it covers.
RUN mkdir data && chown node:node data
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "backend-bridge/src/main.ts"]
