import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { onlyOurLanguages } from "./vite.plugins.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), onlyOurLanguages()],
  resolve: {
    alias: { "@": here("./src"), "@catalogue": here("../internal/i18n/catalogue") },
  },
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, manifest: true },
  server: { proxy: { "/api": "http://localhost:8080" }, fs: { allow: [here("..")] } },
  // A busy machine is slow: how long a test takes never decides it.
  test: { testTimeout: 120_000 },
});
