#:property PublishAot=false
// Drives a real browser over the page of samples/Embedding: draws digits with the mouse and with a finger, and looks at what the page says.
//
//   dotnet build samples/Embedding
//   dotnet run samples/Embedding/browser-test/browser-test.cs [-- --browser chromium --model FILE --screenshots FOLDER]
//
// It starts the server on a free port and Chromium without a window, talks to it over the DevTools protocol (a web socket; no package is
// needed), leaves screenshots in light and dark, wide and narrow, and returns 0 if everything was as it should be.
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

string browser = Option("--browser") ?? "chromium",
    folder = Option("--screenshots") ?? Path.Combine(Path.GetTempPath(), "deepnet-browser-test");
if (args.Contains("--help"))
{
    Console.WriteLine(
        "Usage: dotnet run browser-test.cs [-- --browser chromium] [--model FILE] [--screenshots FOLDER]\nDraws on the page of "
            + "samples/Embedding in a browser without a window, and checks what it says.");
    return 0;
}
Directory.CreateDirectory(folder);
string work = Directory.CreateTempSubdirectory("deepnet-browser-").FullName;
int failures = 0;
try
{
    using var server = Server.Start(work, Option("--model"));
    Console.WriteLine($"server: {server.Url}");
    using var chrome = await Browser.StartAsync(browser, Path.Combine(work, "profile"));
    await chrome.OpenAsync(server.Url);
    Check("the page opens with a hint", await chrome.TextAsync("#says") == "Nothing is drawn yet.");
    Check("nothing can be undone yet", await chrome.ValueAsync("document.querySelector('#undo').disabled") == "true");

    foreach (var (digit, strokes) in Hand.Digits)
    {
        foreach (var stroke in strokes) await chrome.DrawAsync(stroke, touch: false);
        string says = await chrome.WaitForAnswerAsync();
        Check(
            $"a {digit} drawn with the mouse is read: {says}",
            says.StartsWith(digit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        if (digit == 4) await chrome.ScreenshotAsync(Path.Combine(folder, "wide-light.png"));
        await chrome.ClickAsync("#clear");
        Check("the canvas is clear again", await chrome.TextAsync("#says") == "Nothing is drawn yet.");
    }

    await chrome.ResizeAsync(360, 780, dark: true);
    foreach (var stroke in Hand.Digits[7]) await chrome.DrawAsync(stroke, touch: true);
    string touched = await chrome.WaitForAnswerAsync();
    Check($"a 7 drawn with a finger on a narrow screen is read: {touched}", touched.StartsWith('7'));
    await chrome.ScreenshotAsync(Path.Combine(folder, "narrow-dark.png"));
    Check("nothing is wider than the narrow screen", await chrome.ValueAsync("document.documentElement.scrollWidth <= 360") == "true");
    Check(
        "ten shares add up to a hundred",
        await chrome.ValueAsync(
            "Math.abs([...document.querySelectorAll('.share')].reduce((s, e) => s + parseFloat(e.textContent), 0) - 100) < 1") == "true");
    await chrome.ResizeAsync(1000, 700, dark: true);
    await chrome.ScreenshotAsync(Path.Combine(folder, "wide-dark.png"));
    await chrome.ResizeAsync(360, 780, dark: false);
    await chrome.ScreenshotAsync(Path.Combine(folder, "narrow-light.png"));
    await chrome.ClickAsync("#undo");
    Check("undo takes back the last stroke", await chrome.TextAsync("#says") == "Nothing is drawn yet.");

    server.Stop();
    foreach (var stroke in Hand.Digits[1]) await chrome.DrawAsync(stroke, touch: true);
    await Task.Delay(300);
    Check("a server that is gone is told", (await chrome.TextAsync("#says")).StartsWith("No answer", StringComparison.Ordinal));
    string[] errors = [.. chrome.Errors.Where(e => !e.Contains("ERR_CONNECTION_REFUSED", StringComparison.Ordinal))];
    Check($"the console holds no errors {string.Join("; ", errors)}", errors.Length == 0);
}
finally
{
    Directory.Delete(work, recursive: true);
}
Console.WriteLine($"{(failures == 0 ? "All is well" : $"{failures} failures")}. Screenshots: {folder}");
return failures == 0 ? 0 : 1;

void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok  " : "FAIL")}  {what}");
    if (!holds) failures++;
}

string? Option(string name) => Array.IndexOf(args, name) is var i && i >= 0 && i + 1 < args.Length ? args[i + 1] : null;

/// <summary>How a person draws each digit: strokes of points within 0…1.</summary>
static class Hand
{
    public static SortedDictionary<int, (double X, double Y)[][]> Digits { get; } = new()
    {
        [0] = [Arc(0.5, 0.5, 0.2, 0.3, -90, 270)],
        [1] = [[(0.52, 0.2), (0.5, 0.5), (0.49, 0.8)]],
        [2] = [[.. Arc(0.5, 0.35, 0.18, 0.16, 190, 380), (0.5, 0.6), (0.32, 0.78), (0.7, 0.78)]],
        [3] = [[.. Arc(0.48, 0.35, 0.17, 0.15, 200, 440), .. Arc(0.48, 0.65, 0.19, 0.16, 280, 510)]],
        [4] = [[(0.42, 0.2), (0.3, 0.55), (0.7, 0.55)], [(0.6, 0.3), (0.58, 0.82)]],
        [5] = [[(0.68, 0.2), (0.38, 0.2), (0.36, 0.46), .. Arc(0.48, 0.62, 0.2, 0.18, 240, 500)]],
        [6] = [[(0.6, 0.18), (0.42, 0.38), .. Arc(0.5, 0.64, 0.16, 0.17, 200, 560)]],
        [7] = [[(0.3, 0.22), (0.7, 0.22), (0.52, 0.5), (0.44, 0.82)]],
        [8] = [[.. Arc(0.5, 0.36, 0.14, 0.15, 90, -270), .. Arc(0.5, 0.66, 0.17, 0.16, -90, 270)]],
        [9] = [[.. Arc(0.48, 0.36, 0.16, 0.16, 0, -360), (0.64, 0.38), (0.6, 0.6), (0.54, 0.82)]],
    };

    private static (double X, double Y)[] Arc(double x, double y, double rx, double ry, double from, double to)
        => [.. Enumerable.Range(0, 25).Select(i => (from + (to - from) * i / 24) * Math.PI / 180)
            .Select(a => (x + rx * Math.Cos(a), y + ry * Math.Sin(a)))];
}

/// <summary>The sample, as a process.</summary>
sealed class Server : IDisposable
{
    private readonly Process process;

    private Server(Process process, string url) => (this.process, Url) = (process, url);

    public string Url { get; }

    public static Server Start(string folder, string? model, [CallerFilePath] string here = "")
    {
        string builds = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "bin"));
        string program = Directory.Exists(builds)
            ? Directory.GetFiles(builds, "Embedding.dll", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc)
                .FirstOrDefault() ?? ""
            : "";
        if (program.Length == 0) throw new FileNotFoundException("samples/Embedding is not built: dotnet build samples/Embedding");
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet", ["exec", program, "--urls", "http://127.0.0.1:0",
                    .. model is null ? (string[])[] : ["--model", Path.GetFullPath(model)]])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true
            })!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            const string Sign = "Listening on ";
            if (!line.StartsWith(Sign, StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new Server(process, line[Sign.Length..].Split(' ')[0]);
        }
        throw new InvalidOperationException("the server ended before it listened");
    }

    public void Stop()
    {
        if (process.HasExited) return;
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        process.Dispose();
    }
}

/// <summary>A page in a browser without a window.</summary>
sealed class Browser : IDisposable
{
    private readonly Process process;
    private readonly ClientWebSocket socket = new();
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> waiting = [];
    private readonly Lock gate = new();
    private int sent;

    private Browser(Process process) => this.process = process;

    public List<string> Errors { get; } = [];

    public static async Task<Browser> StartAsync(string program, string profile)
    {
        var process = Process.Start(
            new ProcessStartInfo(
                program, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile}",
                "--window-size=1000,700", "about:blank"])
            { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var browser = new Browser(process);
        string file = Path.Combine(profile, "DevToolsActivePort");
        for (int i = 0; !File.Exists(file) || File.ReadAllLines(file).Length < 2; i++)
        {
            if (i > 300) throw new TimeoutException($"{program} did not start.");
            await Task.Delay(100);
        }
        string port = File.ReadAllLines(file)[0];
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json")))!.AsArray();
        string address = pages.First(p => (string?)p!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
        await browser.socket.ConnectAsync(new Uri(address), default);
        _ = browser.ListenAsync();
        foreach (string part in (string[])["Page", "Runtime", "Log"]) await browser.SendAsync($"{part}.enable");
        return browser;
    }

    public async Task OpenAsync(string url)
    {
        await SendAsync("Page.navigate", new JsonObject { ["url"] = url });
        for (int i = 0; await ValueAsync(
            "document.readyState === 'complete' && document.querySelectorAll('.share').length === 10") != "true"; i++)
        {
            if (i > 100) throw new TimeoutException("the page did not load.");
            await Task.Delay(50);
        }
    }

    public async Task<string> ValueAsync(string script)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({script})", ["awaitPromise"] = true });
        return answer["result"]!["value"]?.GetValue<string>() ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    public Task<string> TextAsync(string selector) => ValueAsync($"document.querySelector('{selector}').innerText.trim()");

    public async Task<string> WaitForAnswerAsync()
    {
        // Every stroke asks; the last answer has come when nothing changes any more.
        string before = "";
        for (int i = 0; i < 100; i++)
        {
            await Task.Delay(100);
            string now = (await TextAsync("#says")).ReplaceLineEndings(" ");
            if (now == before && now.Contains('%', StringComparison.Ordinal)) return now;
            before = now;
        }
        return before;
    }

    public async Task DrawAsync((double X, double Y)[] stroke, bool touch)
    {
        var box = JsonNode.Parse(await ValueAsync("JSON.stringify(document.querySelector('#canvas').getBoundingClientRect())"))!;
        double left = box["x"]!.GetValue<double>(), top = box["y"]!.GetValue<double>(), side = box["width"]!.GetValue<double>();
        for (int i = 0; i <= stroke.Length; i++)
        {
            var (x, y) = stroke[Math.Min(i, stroke.Length - 1)];
            (x, y) = (left + x * side, top + y * side);
            bool first = i == 0, last = i == stroke.Length;
            if (touch)
                await SendAsync("Input.dispatchTouchEvent", new JsonObject
                {
                    ["type"] = first ? "touchStart" : last ? "touchEnd" : "touchMove",
                    ["touchPoints"] = last ? new JsonArray() : new JsonArray(new JsonObject { ["x"] = x, ["y"] = y }),
                });
            else
                await SendAsync("Input.dispatchMouseEvent", new JsonObject
                {
                    ["type"] = first ? "mousePressed" : last ? "mouseReleased" : "mouseMoved",
                    ["x"] = x, ["y"] = y, ["button"] = "left", ["buttons"] = last ? 0 : 1, ["clickCount"] = 1,
                });
        }
    }

    public async Task ClickAsync(string selector)
    {
        await ValueAsync($"document.querySelector('{selector}').click()");
        await Task.Delay(50);
    }

    public async Task ResizeAsync(int width, int height, bool dark)
    {
        await SendAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await SendAsync("Emulation.setTouchEmulationEnabled", new JsonObject { ["enabled"] = width < 600 });
        await SendAsync(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["features"] = new JsonArray(
                new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" })
            });
        await Task.Delay(300);
    }

    public async Task ScreenshotAsync(string path)
    {
        var answer = await SendAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" });
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(answer["data"]!.GetValue<string>()));
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        socket.Dispose();
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null)
    {
        int id = Interlocked.Increment(ref sent);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate) waiting[id] = answer;
        string message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString();
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, default);
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[1 << 16];
        while (socket.State == WebSocketState.Open)
        {
            using var whole = new MemoryStream();
            try
            {
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(), default);
                    whole.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
            }
            catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;         // the browser is gone
            }
            if (whole.Length > 0) Take(JsonNode.Parse(whole.ToArray())!);
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            TaskCompletionSource<JsonNode>? answer;
            lock (gate) waiting.Remove(id.GetValue<int>(), out answer);
            if (message["error"] is { } error) answer?.SetException(new InvalidOperationException(error.ToJsonString()));
            else answer?.SetResult(message["result"]!);
        }
        else if ((string?)message["method"] is "Runtime.exceptionThrown") Errors.Add(message["params"]!.ToJsonString());
        else if ((string?)message["method"] is "Log.entryAdded" && (string?)message["params"]!["entry"]!["level"] == "error")
            Errors.Add((string?)message["params"]!["entry"]!["text"] ?? "");
    }
}
