/** Style of the report, light and dark, without anything from elsewhere. */
export const style = `
:root { color-scheme: light dark; --text: #1c2330; --soft: #5b6577; --page: #f6f7f9; --card: #fff; --line: #d8dde5; --plot: #2563c9; --range: #a9c4ee; --mark: #d9480f; }
.band-cyclic, .said-cyclic { --tone: #2563c9; } .band-steady, .said-steady { --tone: #1f7a4d; } .band-bursty, .said-bursty { --tone: #9a5b00; }
.band-idle, .said-idle { --tone: #6b7280; } .band-alloc-idle, .said-alloc-idle { --tone: #8b3fb3; } .band-transition, .said-transition { --tone: #0b7285; }
.band-stalled, .said-stalled { --tone: #c2255c; }
.band-others, .said-others, .band-unknown, .said-unknown, .band-insufficient, .said-insufficient { --tone: #7a6247; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ef; --soft: #9aa5b8; --page: #12151b; --card: #1a1f28; --line: #323a48; --plot: #7fb0ff; --range: #35507c; --mark: #ff9d66; }
  .said-cyclic { --tone: #7fb0ff; } .said-steady { --tone: #6fd3a0; } .said-bursty { --tone: #f0b45c; } .said-idle { --tone: #aab2bf; }
  .said-alloc-idle { --tone: #d59df2; } .said-transition { --tone: #66d0e0; } .said-stalled { --tone: #ff8fb1; } .said-others, .said-unknown, .said-insufficient { --tone: #d2b48f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px 20px 60px; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0; overflow-wrap: anywhere; } h3 { font-size: 16px; margin: 20px 0 4px; } h4 { font-size: 13px; margin: 14px 0 2px; color: var(--soft); font-weight: 600; }
p { margin: 4px 0; } .soft { color: var(--soft); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 18px 20px; margin: 20px 0; }
svg { display: block; width: 100%; height: auto; } .plot { overflow-x: auto; } @media (max-width: 700px) { .plot svg { width: 660px; } }
.axis { font: 11px system-ui, sans-serif; fill: var(--soft); }
.grid { stroke: var(--line); stroke-width: 1; } .zero { stroke: var(--soft); stroke-width: 1; }
.mark { stroke: var(--mark); stroke-width: 1; stroke-dasharray: 4 3; }
.range { stroke: var(--range); stroke-width: 1.2; fill: none; } .mean { stroke: var(--plot); stroke-width: 1.3; fill: none; stroke-linejoin: round; }
.band { fill: var(--tone); } .band-label { font: 12px system-ui, sans-serif; fill: #fff; } .said { color: var(--tone); }
.gap { fill: none; stroke: var(--soft); stroke-dasharray: 3 3; } .gap-lost, .gap-error { fill: #a61e0c; stroke: none; } .gap-label { font: 12px system-ui, sans-serif; fill: var(--soft); } .gap-lost + .gap-label, .gap-error + .gap-label { fill: #fff; }
.folded { margin: 12px 0 4px; } summary { cursor: pointer; color: var(--soft); font-size: 13px; font-weight: 600; } a { color: var(--plot); } li { overflow-wrap: anywhere; }
.total { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 20px; margin: 16px 0; } .share { display: flex; height: 14px; margin: 8px 0 4px; gap: 2px; } .share span { background: var(--tone); border-radius: 2px; min-width: 2px; }
.total h3 { margin-top: 4px; } .index td, .index th { white-space: nowrap; } .index td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 160px; } .number { text-align: right; font-variant-numeric: tabular-nums; } dd { overflow-wrap: anywhere; }
.warning { border-left: 4px solid var(--mark); padding-left: 10px; }
dl { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 10px 0; } dt { color: var(--soft); font-size: 12px; } dd { margin: 0; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); } th { color: var(--soft); font-weight: 600; } td:nth-child(-n+2) { white-space: nowrap; }
tr.outcome-cyclic td { font-weight: 600; }
`;
