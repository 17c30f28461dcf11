namespace DeepNet.Plots;

/// <summary>Holds the style of a report: in light and dark, on telephones and on wide screens, and on paper.</summary>
internal static class HtmlStyle
{
    private const string Dark = """
        color-scheme:dark;--paper:#16181d;--ink:#e6e8ec;--soft:#a3abb8;--line:#2c3038;--link:#5aa7f5;--code:#23272f;
        --pass:#3ecf8e;--fail:#ff7b85;--warn:#f5b14a;--none:#a3abb8
        """;

    public const string Css = """
        :root{color-scheme:light;--paper:#fff;--ink:#1c2430;--soft:#566172;--line:#e1e5ea;--link:#0f62b4;--code:#f3f5f8;
        --pass:#0b7a4b;--fail:#c2283a;--warn:#9a6200;--none:#566172}
        @media(prefers-color-scheme:dark){:root:not(:has(#theme-light:checked)){
        """ + Dark + """
        }}
        :root:has(#theme-dark:checked){
        """ + Dark + """
        }
        *{box-sizing:border-box}
        html{scroll-padding-top:16px;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);
        font:16.5px/1.62 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans CJK SC','Noto Sans SC',sans-serif}
        .vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        [hidden]{display:none!important}
        .wrap{max-width:1760px;margin:0 auto;padding:36px 28px 80px;display:grid;grid-template-columns:minmax(0,1fr);gap:28px 44px}
        header{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:14px 32px;justify-content:space-between;align-items:flex-start;
        border-bottom:1px solid var(--line);padding-bottom:22px}
        header>:first-child{flex:1 1 24em;min-width:0}
        h1{font-size:clamp(1.7rem,1.2rem + 1.8vw,2.6rem);line-height:1.15;letter-spacing:-.015em;font-weight:680;margin:0;
        overflow-wrap:anywhere}
        .sub{color:var(--soft);font-size:1.08rem;margin:.5em 0 0;max-width:46em}
        h2{font-size:1.5rem;line-height:1.25;letter-spacing:-.008em;font-weight:660;margin:0 0 .7em;overflow-wrap:anywhere}
        h3{font-size:1.08rem;line-height:1.35;font-weight:650;margin:2em 0 .5em;overflow-wrap:anywhere}
        a{color:var(--link)}
        nav{font-size:.9rem;line-height:1.45}
        nav strong{display:block;font-size:.76rem;font-weight:600;text-transform:uppercase;letter-spacing:.07em;color:var(--soft)}
        nav ol{margin:.6em 0 0;padding:0;list-style:none}
        nav li{margin:0 0 .42em}
        nav a{color:var(--soft);text-decoration:none}
        nav a:hover,nav a:focus-visible{color:var(--link)}
        section{content-visibility:auto;contain-intrinsic-size:auto 1200px;min-width:0;
        padding:0 0 44px;margin:0 0 40px;border-bottom:1px solid var(--line)}
        section:last-of-type{border-bottom:0;margin-bottom:0}
        section>:last-child{margin-bottom:0}
        p{margin:.6em 0 1.1em;max-width:44em}
        ul{max-width:44em;padding-left:1.25em;margin:.6em 0 1.1em}
        li{margin:.25em 0}
        code{font:.86em/1.4 ui-monospace,SFMono-Regular,Consolas,'DejaVu Sans Mono',monospace;background:var(--code);
        border-radius:4px;padding:.12em .34em;overflow-wrap:anywhere}
        pre{background:var(--code);border-radius:8px;padding:14px 18px;overflow-x:auto;
        font:.82rem/1.5 ui-monospace,SFMono-Regular,Consolas,'DejaVu Sans Mono',monospace;margin:.8em 0 1.3em}
        math{font-size:1.06em}
        .formula{overflow-x:auto;overflow-y:hidden;margin:1em 0 1.3em;max-width:46em;padding:.2em 0}
        .scroll{overflow-x:auto;margin:1em 0 1.5em}
        table{border-collapse:collapse;font-size:.92rem;line-height:1.45}
        th,td{padding:.42em 1.1em .42em 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th:last-child,td:last-child{padding-right:0}
        th{color:var(--soft);font-weight:600;font-size:.86rem;white-space:nowrap;vertical-align:bottom}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        caption,figcaption{color:var(--soft);font-size:.87rem;line-height:1.5;text-align:left;margin:.5em 0 0;max-width:46em}
        caption{caption-side:bottom}
        figure{margin:0;min-width:0}
        .figures{margin:1.3em 0 1.7em;display:grid;gap:30px 32px;align-items:start}
        .grid{grid-template-columns:repeat(auto-fit,minmax(min(100%,var(--column)),1fr))}
        .grid .wide{grid-column:1/-1}
        .stack,.alone{grid-template-columns:minmax(0,1fr)}
        .alone figure{max-width:calc(var(--most)*.9)}.grid figure:not(.wide){max-width:var(--most)}
        .plot{display:block;width:100%;height:auto}
        .stack .plot,.wide .plot{max-width:1400px}
        .fr:not(.on){display:none}
        .controls{display:flex;flex-wrap:wrap;align-items:center;gap:8px 22px;margin:6px 0 2px;font-size:.88rem;color:var(--soft)}
        .slider{display:flex;align-items:center;gap:10px;flex:1 1 240px;min-width:0}
        .slider input{flex:1 1 90px;min-width:60px;height:28px;margin:0;accent-color:var(--link);cursor:pointer}
        .value{min-width:4.5em;color:var(--ink);font-variant-numeric:tabular-nums;white-space:nowrap}
        button{font:inherit}
        .play{width:38px;height:38px;flex:none;border-radius:50%;border:1px solid var(--line);background:none;color:var(--link);
        cursor:pointer;padding:0;display:grid;place-items:center}
        .play::before{content:'';border-style:solid;border-width:7px 0 7px 11px;border-color:transparent currentColor;margin-left:3px}
        .play[aria-pressed=true]::before{border-width:0 4px;height:13px;width:12px;border-color:currentColor;margin:0}
        .play:hover{border-color:currentColor}
        .choice{margin:1.3em 0 1.7em}
        .tabs,.switches fieldset{display:inline-flex;flex-wrap:wrap;border:1px solid var(--line);border-radius:8px;padding:3px;
        gap:2px;margin:0;min-width:0}
        .tabs{margin:0 0 .8em}
        .tabs button,.switches label{border:0;border-radius:6px;background:none;color:var(--soft);padding:.32em .95em;
        font-size:.9rem;line-height:1.4;cursor:pointer}
        .tabs button[aria-selected=true],.switches input:checked+label{background:var(--code);color:var(--ink);font-weight:600}
        .tabs button:hover,.switches label:hover{color:var(--ink)}
        .part{margin:0 0 1.6em}.part>.figures{margin-top:.5em}
        .part>.name{font-weight:650;margin-bottom:.3em}
        .switches{display:flex;flex-wrap:wrap;gap:10px;align-items:center}
        .switches input{position:absolute;opacity:0;width:1px;height:1px;margin:0}
        .switches label{padding:.2em .7em}
        .switches fieldset{position:relative}
        details{margin:1em 0 1.3em;border-left:3px solid var(--line);padding:.1em 0 .1em 18px}
        summary{cursor:pointer;font-weight:600;color:var(--link);max-width:44em}
        details[open]>summary{margin-bottom:.6em}
        :focus-visible,.switches input:focus-visible+label{outline:2px solid var(--link);outline-offset:2px;border-radius:6px}
        .surface{cursor:grab}.plot:has(.surface){touch-action:pan-y}
        .surface.held{cursor:grabbing}
        svg .surface:focus{outline:none}
        figure:has(.surface:focus-visible){outline:2px solid var(--link);outline-offset:4px;border-radius:6px}
        .pics{display:grid;grid-template-columns:repeat(auto-fill,minmax(var(--cell,84px),1fr));gap:12px;margin:1em 0}
        .pics div{font-size:.78rem;line-height:1.35;color:var(--soft);overflow-wrap:anywhere}
        .pics img{display:block;width:100%;image-rendering:pixelated;border:1px solid var(--line);border-radius:3px;background:#808080}
        .badge{display:inline-block;border:1.5px solid currentColor;border-radius:1em;padding:0 .75em;
        font-size:.85rem;font-weight:600;margin:0 .5em .5em 0}
        .pass{color:var(--pass)}.fail{color:var(--fail)}.warn{color:var(--warn)}.none{color:var(--none)}
        .facts{display:flex;flex-wrap:wrap;gap:14px 40px;margin:.8em 0 1.5em;padding:0}
        .facts div{min-width:6.5em}.facts dt{color:var(--soft);font-size:.82rem}
        .facts dd{margin:0;font-size:1.35rem;line-height:1.35;font-weight:620;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        footer{grid-column:1/-1;color:var(--soft);font-size:.85rem}
        @media(min-width:1100px){.wrap{grid-template-columns:190px minmax(0,1fr)}
        nav{position:sticky;top:24px;align-self:start;max-height:calc(100vh - 48px);overflow:auto}
        .wrap.bare{grid-template-columns:minmax(0,1fr);max-width:1320px}}
        @media(max-width:1099px){nav ol{max-height:14em;overflow:auto}}
        @media(max-width:520px){body{font-size:16px}.wrap{padding:20px 16px 48px;gap:22px}section{padding-bottom:30px;margin-bottom:28px}
        .draw:has(>.plot){overflow-x:auto}.wide .plot,.stack .plot{min-width:600px}th,td{padding-right:.8em}}
        @media print{body{background:none;font-size:11pt}nav,.switches,.controls,.tabs{display:none!important}
        section{content-visibility:visible}section,figure{break-inside:avoid}.wrap{display:block;padding:0}}

        """;
}
