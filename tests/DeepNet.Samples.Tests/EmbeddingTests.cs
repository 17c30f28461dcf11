using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DeepNet.Samples.Tests.Support;

namespace DeepNet.Samples.Tests;

/// <summary>samples/Embedding as its users run it: a server on a free port, asked over HTTP.</summary>
public sealed class EmbeddingTests(EmbeddingTests.RunningServer server) : IClassFixture<EmbeddingTests.RunningServer>
{
    /// <summary>One server for all tests; it trains its small model first.</summary>
    public sealed class RunningServer : IDisposable
    {
        private readonly Folder folder = new();
        private readonly Sample sample;

        public RunningServer()
        {
            sample = Sample.Start("Embedding", folder.Path, "--urls", "http://127.0.0.1:0");
            Client = new HttpClient { BaseAddress = Address(sample) };
        }

        public HttpClient Client { get; }

        public string Output => sample.Output;

        /// <summary>The model that it trained.</summary>
        public string Model => folder[Path.Combine("runs", "embedding", "model.safetensors")];

        public void Dispose()
        {
            Client.Dispose();
            sample.Dispose();
            folder.Dispose();
        }
    }

    private HttpClient Client => server.Client;

    [Fact]
    public async Task It_says_that_it_trains_and_is_healthy_afterwards()
    {
        Assert.Contains("a small network is trained now", server.Output, StringComparison.Ordinal);
        var health = await GetAsync("health");
        Assert.Equal("ok", (string?)health["status"]);
        Assert.Contains("parameters", (string?)health["model"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_at_the_same_time_get_the_answers_they_get_alone()
    {
        string[] bodies = [.. Enumerable.Range(0, 12).Select(i => Body(Image(i)))];
        var alone = new List<string>();
        foreach (string body in bodies) alone.Add(await PostAsync("predict", body));
        string[] together = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => PostAsync("predict", bodies[i % bodies.Length])));
        for (int i = 0; i < together.Length; i++)
        {
            var (one, among) = (JsonNode.Parse(alone[i % bodies.Length])!, JsonNode.Parse(together[i])!);
            Assert.Equal((int)one["digit"]!, (int)among["digit"]!);
            // Requests are computed in batches, whose size chooses kernels and so the last bits.
            double[] expected = Numbers(one["probabilities"]!), got = Numbers(among["probabilities"]!);
            for (int d = 0; d < 10; d++) Assert.Equal(expected[d], got[d], 1e-5);
        }
        Assert.True(alone.Distinct().Count() > 6, "different images have different answers");
    }

    [Fact]
    public async Task A_batch_says_what_its_images_get_one_by_one()
    {
        double[][] images = [.. Enumerable.Range(0, 9).Select(Image)];
        var batch = JsonNode.Parse(
            await PostAsync("predict/batch", $"{{\"images\":[{string.Join(',', images.Select(List))}]}}"))!["predictions"]!.AsArray();
        Assert.Equal(9, batch.Count);
        for (int i = 0; i < 9; i++)
        {
            var one = JsonNode.Parse(await PostAsync("predict", Body(images[i])))!;
            Assert.Equal((int)one["digit"]!, (int)batch[i]!["digit"]!);
            double[] alone = Numbers(one["probabilities"]!), together = Numbers(batch[i]!["probabilities"]!);
            Assert.Equal(1, alone.Sum(), 1e-5);
            for (int d = 0; d < 10; d++) Assert.Equal(alone[d], together[d], 1e-5);
            Assert.Null(one["seen"]);
        }
    }

    [Theory]
    [InlineData(40, 60)]
    [InlineData(200, 100)]
    public async Task A_drawing_is_read_wherever_and_however_large_it_is(int width, int height)
    {
        // A seven in the upper left corner, and the same twice as large elsewhere.
        var (small, large) = (new double[width * height], new double[4 * width * height]);
        foreach (var (x, y) in Seven())
        {
            small[(int)(2 + y * 24) * width + (int)(2 + x * 16)] = 1;
            for (int dy = 0; dy < 2; dy++)
                for (int dx = 0; dx < 2; dx++)
                    large[(2 * height - 60 + 2 * (int)(y * 24) + dy) * 2 * width + 2 * width - 50 + 2 * (int)(x * 16) + dx] = 1;
        }
        var first = JsonNode.Parse(await PostAsync("predict", Body(small, width, height)))!;
        var second = JsonNode.Parse(await PostAsync("predict", Body(large, 2 * width, 2 * height)))!;
        Assert.Equal(7, (int)first["digit"]!);
        Assert.Equal(7, (int)second["digit"]!);
        double[] seen = Numbers(first["seen"]!);
        Assert.Equal(784, seen.Length);
        // Its longer side fills twenty rows, and its centre of mass is in the middle to a pixel.
        int[] rows = [.. Enumerable.Range(0, 28).Where(y => Enumerable.Range(0, 28).Any(x => seen[y * 28 + x] > 0))];
        Assert.Equal(20, rows[^1] - rows[0] + 1);
        double mass = seen.Sum(), centerX = seen.Select((v, i) => v * (i % 28 + 0.5)).Sum() / mass,
            centerY = seen.Select((v, i) => v * (i / 28 + 0.5)).Sum() / mass;
        Assert.Equal(14, centerX, 0.75);
        Assert.Equal(14, centerY, 0.75);
        // The larger one, cut out, is the same image.
        double[] again = Numbers(second["seen"]!);
        for (int i = 0; i < 784; i++) Assert.Equal(seen[i], again[i], 0.02);
    }

    [Theory]
    [InlineData("predict", "", "JSON")]
    [InlineData("predict", "null", "null")]
    [InlineData("predict", "{\"pixels\": [", "JSON")]
    [InlineData("predict", "[]", "JSON")]
    [InlineData("predict", "{}", "'pixels' is missing")]
    [InlineData("predict", "{\"pixel\": []}", "pixel")]
    [InlineData("predict", "{\"pixels\": [0, 0.5, 1]}", "has 3 numbers; an image of 28×28 has 784")]
    [InlineData("predict", "{\"pixels\": [255]}", "Divide bytes by 255")]
    [InlineData("predict", "{\"pixels\": [\"a\"]}", "JSON")]
    [InlineData("predict", "{\"pixels\": [1, 1], \"width\": 2}", "both 'width' and 'height'")]
    [InlineData("predict", "{\"pixels\": [1, 1], \"width\": 2, \"height\": 2}", "a drawing of 2×2 has 4")]
    [InlineData("predict", "{\"pixels\": [1], \"width\": -1, \"height\": -1}", "each side is from 1")]
    [InlineData("predict", "{\"pixels\": [0, 0], \"width\": 2, \"height\": 1}", "nothing is drawn")]
    [InlineData("predict/batch", "{}", "'images' is missing")]
    [InlineData("predict/batch", "{\"images\": []}", "empty")]
    [InlineData("predict/batch", "{\"images\": [null]}", "'images[0]' is missing")]
    [InlineData("predict/batch", "{\"images\": [[1]]}", "'images[0]' has 1 numbers")]
    public async Task A_wrong_request_is_answered_with_what_is_wrong(string path, string body, string says)
    {
        using var response = await Client.PostAsync(new Uri(path, UriKind.Relative), Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string error = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_is_refused_and_unknown_addresses_are_not_found()
    {
        // It asks before it sends: a server that refuses hangs up, and the answer would be lost behind what is still being sent.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var polite = new HttpClient(handler) { BaseAddress = Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("predict", UriKind.Relative))
        {
            Content = Json(new string(' ', 5 << 20)),
        };
        request.Headers.ExpectContinue = true;
        using var large = await polite.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        string many = $"{{\"images\":[{string.Join(',', Enumerable.Repeat("[]", 257))}]}}";
        using var response = await Client.PostAsync(new Uri("predict/batch", UriKind.Relative), Json(many));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var unknown = await Client.GetAsync(new Uri("nothing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var wrong = await Client.GetAsync(new Uri("predict", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
    }

    [Fact]
    public async Task The_page_is_whole_and_loads_nothing_from_elsewhere()
    {
        using var page = await Client.GetAsync(new Uri("", UriKind.Relative));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        string html = await page.Content.ReadAsStringAsync();
        foreach (string part in (string[])["draw.js", "draw.css"])
        {
            Assert.Contains($"\"{part}\"", html, StringComparison.Ordinal);
            Assert.NotEmpty(await Client.GetStringAsync(new Uri(part, UriKind.Relative)));
        }
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_model_is_loaded_and_a_signal_ends_the_server_cleanly()
    {
        using var folder = new Folder();
        using var second = Sample.Start("Embedding", folder.Path, "--model", server.Model, "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = Address(second) };
        Assert.Contains($"Model: {server.Model}", second.Output, StringComparison.Ordinal);
        string body = Body(Image(3));
        using var answer = await client.PostAsync(new Uri("predict", UriKind.Relative), Json(body));
        Assert.Equal(await PostAsync("predict", body), await answer.Content.ReadAsStringAsync());
        second.Terminate();
        second.WaitForExit();
        Assert.Equal(0, second.ExitCode);
        Assert.EndsWith("Stopped.\n", second.Output, StringComparison.Ordinal);
        Assert.Empty(second.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));      // nothing was trained
    }

    [Fact]
    public async Task What_the_Mnist_sample_saved_is_found_and_served()
    {
        using var folder = new Folder();
        using (var training = Sample.Run("Mnist", folder.Path, "--data", "digits", "--epochs", "1")) Assert.Equal(0, training.ExitCode);
        using var second = Sample.Start("Embedding", folder.Path, "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = Address(second) };
        Assert.Contains("runs/mnist/model.safetensors, Mlp with", second.Output.Replace('\\', '/'), StringComparison.Ordinal);
        var (pixels, labels) = (Idx("t10k-images-idx3-ubyte.gz", 16), Idx("t10k-labels-idx1-ubyte.gz", 8));
        const int Many = 200;
        string images = string.Join(
            ',', Enumerable.Range(0, Many).Select(i => List([.. pixels.Skip(i * 784).Take(784).Select(b => Math.Round(b / 255.0, 4))])));
        using var response = await client.PostAsync(new Uri("predict/batch", UriKind.Relative), Json($"{{\"images\":[{images}]}}"));
        var answers = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["predictions"]!.AsArray();
        int right = Enumerable.Range(0, Many).Count(i => (int)answers[i]!["digit"]! == labels[i]);
        Assert.True(right >= 180, $"{right} of {Many}: images are not scaled as in training?");
    }

    [Theory]
    [InlineData(2, "there is no option --modle. Did you mean --model?", "--modle", "x")]
    [InlineData(2, "--urls takes addresses such as", "--urls", "nonsense")]
    [InlineData(1, "there is no file", "--model", "missing.safetensors")]
    public void Mistakes_in_the_command_are_reported(int exit, string says, params string[] arguments)
    {
        using var folder = new Folder();
        using var sample = Sample.Run("Embedding", folder.Path, arguments);
        Assert.Equal(exit, sample.ExitCode);
        Assert.Contains(says, sample.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_does_not_say_how_images_were_scaled_is_not_guessed_about()
    {
        using var folder = new Folder();
        byte[] file = File.ReadAllBytes(server.Model);
        int length = BitConverter.ToInt32(file);
        var head = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        Assert.True(head.Remove("__metadata__"));
        File.WriteAllBytes(
            folder["bare.safetensors"],
            [.. file[..8], .. Encoding.UTF8.GetBytes(head.ToJsonString().PadRight(length)), .. file[(8 + length)..]]);
        using var sample = Sample.Run("Embedding", folder.Path, "--model", "bare.safetensors");
        Assert.Equal(1, sample.ExitCode);
        Assert.Contains("does not say how its images were scaled", sample.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.1\u001b[31m", "scaled by '0.1?[31m', which is no number")]
    [InlineData("NaN", "which is no number")]
    public void A_scale_that_is_no_number_is_reported(string mean, string says)
    {
        using var folder = new Folder();
        byte[] file = File.ReadAllBytes(server.Model);
        int length = BitConverter.ToInt32(file);
        var head = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        head["__metadata__"]!["mean"] = mean;
        byte[] text = Encoding.UTF8.GetBytes(head.ToJsonString());
        File.WriteAllBytes(folder["odd.safetensors"], [.. BitConverter.GetBytes((long)text.Length), .. text, .. file[(8 + length)..]]);
        using var sample = Sample.Run("Embedding", folder.Path, "--model", "odd.safetensors");
        Assert.Equal(1, sample.ExitCode);
        Assert.Contains(says, sample.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_reported()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["no.safetensors"], "this is no model");
        using var sample = Sample.Run("Embedding", folder.Path, "--model", "no.safetensors");
        Assert.Equal(1, sample.ExitCode);
        Assert.StartsWith("Embedding: ", sample.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", sample.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_tells_everything()
    {
        using var folder = new Folder();
        using var sample = Sample.Run("Embedding", folder.Path, "--help");
        Assert.Equal(0, sample.ExitCode);
        foreach (string option in (string[])["--model", "--urls", "--hosts", "--connections", "--help"])
            Assert.Contains(option, sample.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}", 400, "chunk size")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n{}", 400, "chunk size")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n-1\r\n{}", 400, "chunk size")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{}", 400, "")]
    [InlineData("Content-Length: 2000000000\r\n\r\n{}", 413, "larger than 4194304 bytes")]
    public async Task A_length_that_lies_is_a_mistake_of_the_caller(string rest, int status, string says)
    {
        string answer = await AskAsync(
            $"POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{rest}");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains(says, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:5080", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("attacker.example", 400)]
    [InlineData("localhost.attacker.example", 400)]
    [InlineData("127.0.0.1.attacker.example", 400)]
    public async Task Only_hosts_that_it_knows_are_answered_for(string host, int status)
        => Assert.StartsWith(
            $"HTTP/1.1 {status} ", await AskAsync($"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_body_that_does_not_say_it_is_JSON_is_refused(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body(Image(1))));
        if (type is not null) content.Headers.ContentType = new(type);
        using var response = await Client.PostAsync(new Uri("predict", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task No_more_connections_are_taken_than_allowed_and_further_hosts_are_named()
    {
        using var folder = new Folder();
        using var second = Sample.Start(
            "Embedding", folder.Path, "--model", server.Model, "--urls=http://127.0.0.1:0", "--connections", "2", "--hosts",
            "digits.example; other");
        var address = Address(second);
        using var first = new TcpClient(address.Host, address.Port);
        using var other = new TcpClient(address.Host, address.Port);
        byte[] ask = Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: digits.example\r\n\r\n"), answer = new byte[12];
        foreach (var client in new[] { first, other })
        {
            await client.GetStream().WriteAsync(ask);
            await client.GetStream().ReadExactlyAsync(answer);
            Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(answer));
        }
        using var third = new TcpClient(address.Host, address.Port);
        Assert.Equal(0, await third.GetStream().ReadAsync(answer));
    }

    /// <summary>Sends the bytes of a request, and returns the server's answer up to the end of the connection.</summary>
    private async Task<string> AskAsync(string request)
    {
        using var client = new TcpClient(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static Uri Address(Sample sample)
    {
        const string Sign = "Listening on ";
        sample.WaitFor(Sign);
        sample.WaitFor("Ctrl-C ends.");
        string line = sample.Output.Split('\n').First(l => l.StartsWith(Sign, StringComparison.Ordinal));
        return new Uri(line[Sign.Length..].Split(' ')[0]);
    }

    private static byte[] Idx(string name, int head)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(Sample.Root, "data", "digits", name)), CompressionMode.Decompress);
        using var all = new MemoryStream();
        file.CopyTo(all);
        return all.ToArray()[head..];
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private async Task<string> PostAsync(string path, string body)
    {
        using var response = await Client.PostAsync(new Uri(path, UriKind.Relative), Json(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>Some ink of 28×28, different for each number.</summary>
    private static double[] Image(int number)
    {
        double[] pixels = new double[784];
        for (int t = 0; t < 60; t++)
        {
            double angle = t * (0.05 + 0.013 * number);
            pixels[(int)(14 + 9 * Math.Sin(angle + number)) * 28 + (int)(14 + 6 * Math.Cos(angle * (1 + number % 3)))] = Math.Round(1
                - t * 0.005, 3);
        }
        return pixels;
    }

    private static IEnumerable<(double X, double Y)> Seven()
    {
        for (int k = 0; k < 3; k++)
            for (double t = 0; t <= 1; t += 0.01)
            {
                yield return (t, k * 0.05);
                yield return (Math.Clamp(1 - 0.6 * t - k * 0.06, 0, 1), t);
            }
    }

    private static string Body(double[] pixels) => $"{{\"pixels\":{List(pixels)}}}";

    private static string Body(double[] pixels, int width, int height)
        => string.Create(CultureInfo.InvariantCulture, $"{{\"width\":{width},\"height\":{height},\"pixels\":{List(pixels)}}}");

    private static string List(double[] values) => $"[{string.Join(',', values.Select(v => v.ToString(CultureInfo.InvariantCulture)))}]";

    private static double[] Numbers(JsonNode list) => [.. list.AsArray().Select(v => (double)v!)];
}
