using System.Net;
using DeepNet.Data;
using DeepNet.Data.Download;

namespace DeepNet.Models.Tests.Documentation;

/// <summary>The scripts of docs/data.md about text, series, published sets and models, which are compiled here and run.</summary>
public sealed class PublishedDataPage : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Characters_are_learned_from()
    {
        string text = string.Concat(Enumerable.Repeat("To be, or not to be.\n", 100)), path = folder.File("vocabulary.json");
        // docs: windows of characters
        var vocabulary = CharacterVocabulary.Fit(text);
        vocabulary.Save(path);                                          // beside the model; Load reads it
        var (train, test) = new TextWindows(vocabulary.Encode(text), length: 64).Split(test: 0.1);
        var loader = new DataLoader(train, batchSize: 32, shuffle: true);
        // docs: end
        Assert.Equal(vocabulary.Tokens, CharacterVocabulary.Load(path).Tokens);
        Assert.Equal(((29, 64), 2), ((loader.First().X.Shape[0], loader.First().X.Shape[1]), test.Count - 1));
    }

    [Fact]
    public void Texts_have_labels()
    {
        string path = folder.File("reviews.jsonl");
        File.WriteAllText(path, "{\"text\": \"good good film\", \"stars\": 1}\n{\"text\": \"Film\", \"stars\": 0}\n");
        // docs: labelled texts
        var lines = JsonLines.Read(path).ToList();
        string[] texts = [.. lines.Select(line => line.GetProperty("text").GetString()!)];
        int[] stars = [.. lines.Select(line => line.GetProperty("stars").GetInt32())];
        var words = WordVocabulary.Fit(texts, new() { MinCount = 2, Lowercase = true, HasPadding = true });
        var reviews = new TextDataset(texts, stars, words, length: 256);        // padded to the longest of each batch
        var packed = new PackedDocuments(texts.Select(one => words.Encode(one)), length: 128);
        // docs: end
        Assert.Equal([3, 3, 2, 2, 0, 0], reviews.All().X.ToArray<long>());
        Assert.Equal(1, packed.Count);
    }

    [Fact]
    public void Series_are_forecast()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        DateTime[] times = [.. Enumerable.Range(0, 500).Select(i => new DateTime(2024, 1, 1).AddHours(i))];
        // docs: series
        var series = new TimeSeries(values, ["load", "temperature"], times).WithCalendar(CalendarCycles.Day | CalendarCycles.Week);
        var (early, late) = series.SplitByTime(test: 0.2, gap: 12, history: 48);
        var scaler = SeriesScaler.Fit(early);
        string[] calendar = [.. series.Channels.Skip(2)];
        var learn = new SeriesWindows(scaler.Scale(early), history: 48, horizon: 12, targets: ["load"], known: calendar);
        var judge = new SeriesWindows(scaler.Scale(late), history: 48, horizon: 12, targets: ["load"], known: calendar);
        var (x, y) = judge.GetBatch([0, 1]);                            // (2, 48 + 12, 6) and (2, 12, 1)
        var load = scaler.Restore(y, ["load"]);                         // in the units of the data
        // docs: end
        Assert.Equal((new Shape(2, 60, 6), new Shape(2, 12, 1)), (x.Shape, y.Shape));
        Assert.Equal(800, load[0, 0, 0].Item<float>(), 0.01);           // the first step behind the cut
        Assert.Equal(388 - 60 + 1, learn.Count);
    }

    [Fact]
    public void Sets_come_by_one_call()
    {
        var options = new DatasetOptions
        {
            Folder = folder.Path, Fallback = Fallback.Synthetic, Progress = new Progress<DownloadProgress>(),
            Downloader = new Downloader(new HttpClient(new Offline())) { Attempts = 1 },
        };
        // docs: datasets
        var (train, test) = Datasets.Mnist(options);
        var iris = Datasets.Iris(options);
        string plays = Datasets.TinyShakespeare(options);
        // docs: end
        Assert.Equal((6000, 1000, 150, 1_000_000), (train.Count, test.Count, iris.Count, plays.Length));
    }

    [Fact]
    public async Task A_folder_is_a_model_and_its_tokenizer()
    {
        new Gpt2(new(256, 32, 16, 1, 2), new(1)).SavePretrained(folder.Path);
        var bytes = Enumerable.Range(0, 256).Select(b => $"\"{(b is '"' or '\\' ? $"\\{(char)b}" : Shown((byte)b))}\": {b}");
        File.WriteAllText(folder.File("vocab.json"), "{" + string.Join(", ", bytes) + "}");
        File.WriteAllText(folder.File("merges.txt"), "#version: 0.2\n");
        RemoteFile[] files = [RemoteFile.OnHuggingFace("owner/model", "config.json")];         // it is there
        Assert.NotEmpty(await Run(new Downloader(), files, folder.Path));
    }

    private static async Task<string> Run(Downloader downloader, RemoteFile[] files, string folder)
    {
        // docs: a Hugging Face folder
        await downloader.GetAllAsync(files, folder);                    // RemoteFile.OnHuggingFace("owner/model", "config.json") and so on
        var model = Pretrained.Load<LanguageModel>(folder);             // of the family that config.json names
        var tokenizer = PretrainedTokenizer.Load(folder);
        string story = tokenizer.Decode(model.Generate(tokenizer.Encode("Once upon a time"), new() { MaxTokens = 5 }));
        // docs: end
        return story;
    }

    // GPT-2 writes bytes as characters that can be seen.
    private static string Shown(byte b)
    {
        bool IsVisible(int c) => c is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®';
        return ((char)(IsVisible(b) ? b : 256 + Enumerable.Range(0, b).Count(c => !IsVisible(c)))).ToString();
    }

    private sealed class Offline : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
    }
}
