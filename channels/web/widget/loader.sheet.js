// The style of the button and of the panel on a host's page; nothing of the page's own style reaches in.

export const SHEET = `
  :host {
    --accent: #0b4f8a;
    --on-accent: #ffffff;
    --radius: 12px;
    position: fixed;
    z-index: 2147483000;
    inset: auto 16px 16px auto;
    font: 16px/1.4 system-ui, sans-serif;
  }
  :host([side='left']) {
    inset: auto auto 16px 16px;
  }
  [hidden] {
    display: none !important;
  }
  button {
    position: relative;
    width: 56px;
    height: 56px;
    padding: 11px;
    -webkit-tap-highlight-color: transparent;
    border: 2px solid var(--on-accent);
    border-radius: var(--radius);
    background: var(--accent);
    color: var(--on-accent);
    cursor: pointer;
    box-shadow: 0 2px 10px rgb(0 0 0 / 30%);
  }
  button:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 3px;
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .badge {
    position: absolute;
    top: -10px;
    right: -10px;
    min-width: 24px;
    padding: 2px 6px;
    box-sizing: border-box;
    border-radius: 12px;
    background: #a3172a;
    color: #ffffff;
    font: 700 14px/20px system-ui, sans-serif;
  }
  .panel {
    position: absolute;
    right: 0;
    bottom: 72px;
    width: 400px;
    height: min(640px, calc(100vh - 104px));
    overflow: hidden;
    border: 1px solid #8a94a3;
    border-radius: var(--radius);
    background: Canvas;
    box-shadow: 0 8px 32px rgb(0 0 0 / 30%);
  }
  :host([side='left']) .panel {
    right: auto;
    left: 0;
  }
  iframe {
    display: block;
    width: 100%;
    height: 100%;
    border: 0;
  }
  @media (max-width: 480px), (max-height: 480px) {
    .panel,
    :host([side='left']) .panel {
      position: fixed;
      inset: 0;
      width: auto;
      height: auto;
      border: 0;
      border-radius: 0;
    }
    :host([open]) button {
      visibility: hidden;
    }
  }
`;
