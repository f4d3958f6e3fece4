# Grafana with the plugin and the provisioning in it. Build from the root of the repository:
#   docker build -f deploy/grafana.dockerfile -t topdeck-live-diagnostics-grafana .

# Built in a container, so that the executable is for the architecture that Grafana will run on, whatever the host is.
FROM node:24.21.0-bookworm-slim AS plugin
WORKDIR /app
# On arm64 pip brings the C++ library that Grafana's Alpine image lacks there.
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
COPY . .
RUN npm ci --no-audit --no-fund && npm run build

FROM grafana/grafana:12.4.0
# Apart from /var/lib/grafana, where a volume would hide the plugin or keep an old one.
ENV GF_PATHS_PLUGINS=/opt/topdeck/plugins \
    GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS=topdeck-livediagnostics-app,topdeck-livediagnostics-datasource,topdeck-topology-panel,topdeck-diagnostics-panel \
    GF_PLUGINS_PREINSTALL_DISABLED=true
COPY --from=plugin --chown=root:root /app/dist/ /opt/topdeck/plugins/topdeck-livediagnostics-app/
COPY --chown=root:root provisioning/ /etc/grafana/provisioning/
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:3000/api/health"]
