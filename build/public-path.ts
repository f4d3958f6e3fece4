import self from 'amd-module';

// Chunks are loaded from where the plugin's module was: Grafana may be served below a sub-path, or its plugins from another
// host, and neither is known when this is built.
if (self?.uri !== undefined) __webpack_public_path__ = self.uri.slice(0, self.uri.lastIndexOf('/') + 1);
