import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../tokens.css";
import "./fonts.css";
import "./base.css";
import { watchNetwork } from "@/api/reach";
import { App } from "./App";
import { applyPreferences } from "./preferences";

applyPreferences();
watchNetwork();

const root = document.getElementById("root");
if (!root) throw new Error("index.html holds no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
