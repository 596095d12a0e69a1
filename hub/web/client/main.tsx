import { render } from "preact";
import { App } from "./app.js";
import "./base.css";
import "./alarms.css";
import "./sirens.css";
import "./sites.css";
import "./tables.css";
import "./boards.css";
import "./rollouts.css";
import "./map.css";
import "./login.css";
import "./narrow.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
