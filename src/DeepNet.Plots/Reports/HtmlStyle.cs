namespace DeepNet.Plots;

/// <summary>Holds the style of a report: in light and dark, on telephones and on wide screens, and on paper.</summary>
internal static class HtmlStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--paper:#fff;--page:#f6f7f9;--ink:#1c2430;--soft:#566172;--line:#dfe3e8;--link:#0f62b4;--code:#eef1f5;
        --pass:#0b7a4b;--fail:#c2283a;--warn:#9a6200;--none:#566172}
        @media(prefers-color-scheme:dark){
        :root{--paper:#16181d;--page:#0f1115;--ink:#e6e8ec;--soft:#a3abb8;--line:#2c3038;--link:#5aa7f5;--code:#23272f;
        --pass:#3ecf8e;--fail:#ff7b85;--warn:#f5b14a;--none:#a3abb8}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);
        font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
        .wrap{max-width:1320px;margin:0 auto;padding:24px 20px 60px;display:grid;grid-template-columns:minmax(0,1fr);gap:20px}
        header{grid-column:1/-1}
        h1{font-size:1.7rem;line-height:1.2;margin:.2em 0 .1em;overflow-wrap:anywhere}
        .sub{color:var(--soft);margin:0}
        h2{font-size:1.25rem;margin:0 0 .6em;overflow-wrap:anywhere}
        h3{font-size:1.02rem;margin:1.4em 0 .4em;overflow-wrap:anywhere}
        nav{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px 16px;font-size:.93rem}
        nav strong{display:block;font-size:.8rem;text-transform:uppercase;letter-spacing:.06em;color:var(--soft)}
        nav ol{margin:.3em 0 0;padding-left:1.3em}
        nav a{color:var(--link);text-decoration:none}
        nav a:hover,nav a:focus{text-decoration:underline}
        section{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin:0 0 20px;min-width:0}
        section>:last-child{margin-bottom:0}
        p{margin:.5em 0 1em;max-width:46em}
        code{font:.88em/1.4 ui-monospace,SFMono-Regular,Consolas,'DejaVu Sans Mono',monospace;background:var(--code);
        border-radius:4px;padding:.1em .3em;overflow-wrap:anywhere}
        pre{background:var(--code);border-radius:6px;padding:12px 14px;overflow-x:auto;
        font:.82rem/1.45 ui-monospace,SFMono-Regular,Consolas,'DejaVu Sans Mono',monospace;margin:.6em 0 1em}
        .scroll{overflow-x:auto;margin:.6em 0 1em}
        table{border-collapse:collapse;font-size:.92rem}
        th,td{padding:.32em .8em;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{color:var(--soft);font-weight:600;border-bottom-width:2px;white-space:nowrap}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        caption,figcaption{color:var(--soft);font-size:.9rem;text-align:left;margin:.3em 0 .5em;max-width:48em}
        caption{caption-side:bottom}
        figure{margin:.6em 0 1em}
        .draw{overflow-x:auto}
        .draw svg{display:block}
        .side{display:flex;flex-wrap:wrap;gap:8px 20px}
        .side figure{flex:0 1 auto;min-width:0;max-width:100%}
        .pics{display:grid;grid-template-columns:repeat(auto-fill,minmax(var(--cell,84px),1fr));gap:10px}
        .pics div{font-size:.78rem;line-height:1.3;color:var(--soft);overflow-wrap:anywhere}
        .pics img{display:block;width:100%;image-rendering:pixelated;border:1px solid var(--line);border-radius:3px;background:#808080}
        .badge{display:inline-block;border:1.5px solid currentColor;border-radius:1em;padding:0 .7em;
        font-size:.85rem;font-weight:600;margin:0 .5em .3em 0}
        .pass{color:var(--pass)}.fail{color:var(--fail)}.warn{color:var(--warn)}.none{color:var(--none)}
        .facts{display:flex;flex-wrap:wrap;gap:10px 28px;margin:.4em 0 1em;padding:0}
        .facts div{min-width:7em}.facts dt{color:var(--soft);font-size:.82rem}
        .facts dd{margin:0;font-size:1.2rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        footer{grid-column:1/-1;color:var(--soft);font-size:.85rem}
        @media(min-width:1100px){.wrap{grid-template-columns:220px minmax(0,1fr)}
        nav{position:sticky;top:16px;align-self:start;max-height:calc(100vh - 32px);overflow:auto}
        .wrap.bare{grid-template-columns:minmax(0,1fr);max-width:1080px}}
        @media(max-width:520px){.wrap{padding:14px 10px 40px}section{padding:14px 12px}th,td{padding:.3em .5em}}
        @media print{body{background:none}nav{display:none}section{break-inside:avoid;border:none;padding:0}.wrap{display:block}}
        """;
}
