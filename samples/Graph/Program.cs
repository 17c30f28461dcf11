using System.Globalization;
using DeepNet.Samples;
using DeepNet.Samples.Nodes;

// Which topic is a paper about, if the topics of one in twenty are known? A network that sees words alone against two that also see which
// papers cite each other.
var line = new CommandLine("Graph", "Tells the topics of papers from their words and citations, with few labels.");
var nodes = line.Text("--nodes", "FILE", null, "papers in the form of cora.content: name, words, topic [made papers]");
var edges = line.Text("--edges", "FILE", null, "citations in the form of cora.cites: two names a line");
var labels = line.Positive("--labels", "PERCENT", 5, "the share of papers whose topic is told");
var epochs = line.Number("--epochs", "N", 200, "how long to train", least: 1);
var seeds = line.Number("--seeds", "N", 3, "how many divisions and first weights to try", least: 1);
var quick = line.Flag("--quick", "leave out the runs with other numbers of labels");
var output = line.Text("--out", "FOLDER", Path.Combine("runs", "graph"), "where to put the report");
line.Example("Graph --labels 1").Example("Graph --nodes cora.content --edges cora.cites");
if (!line.Read(args, out int exit)) return exit;
if (nodes.IsGiven != edges.IsGiven) return line.Fail("--nodes and --edges go together.");
if (labels.Value >= 100) return line.Fail("--labels is below 100: some topics must be left to tell.");
foreach (string? file in new[] { nodes.Value, edges.Value })
    if (file is not null && !File.Exists(file)) return line.Fail($"there is no file {Path.GetFullPath(file)}.");

// 1. The papers: the same ones for each seed if they were given.
Papers[] papers;
try
{
    papers = nodes.Value is { } words
        ? [.. Enumerable.Repeat(Papers.Read(words, edges.Value!), seeds.Value!.Value)]
        : [.. Enumerable.Range(1, seeds.Value!.Value).Select(seed => Papers.Make((ulong)seed))];
}
catch (FormatException e)
{
    return line.Fail(e.Message);
}
double share = labels.Value!.Value / 100;
Division[] divisions = [.. papers.Select((p, i) => Division.Of(p, share, (ulong)i + 1))];
var first = papers[0];
Say($"{first.Count:N0} papers of {first.Names.Count} topics, {first.Words.Shape[1]:N0} words");
Say($"{first.Citations.Count:N0} citations, {first.Homophily:0 %} of them within a topic");
Say($"The topics of {divisions[0].Told.Count:N0} papers are told, {divisions[0].Hidden.Count:N0} are to be found.\n");

// 2. The networks, in turn.
var results = new List<Results>();
foreach (var classifier in new[] { Classifier.Mlp, Classifier.Gcn, Classifier.Gat, Classifier.GcnAtRandom })
{
    results.Add(new(classifier, Fits(classifier, divisions)));
    string each = string.Concat(results[^1].Fits.Select(f => string.Create(CultureInfo.InvariantCulture, $"{100 * f.Accuracy,6:0.0}")));
    Say($"{classifier.Name,-25}{each}   mean {100 * results[^1].Mean:0.0} % told right");
}
var gains = results[1].Fits.Zip(results[0].Fits, (gcn, mlp) => 100 * (gcn.Accuracy - mlp.Accuracy));
Say($"\nCitations are worth {gains.Min():0.0} to {gains.Max():0.0} points.");

// 3. The same with fewer and more labels.
double[] shares = quick.Value ? [] : [0.01, 0.02, 0.05, 0.1, 0.2];
var byShare = new List<(Classifier Classifier, double[] Accuracies)>();
foreach (var classifier in quick.Value ? [] : new[] { Classifier.Mlp, Classifier.Gcn })
    byShare.Add((classifier, [.. shares.Select(
        s => Fits(classifier, [.. papers.Select((p, i) => Division.Of(p, s, (ulong)i + 1))]).Average(fit => fit.Accuracy))]));

string path = Path.Combine(output.Value!, "report.html");
Page.Of(first, divisions[0], results, shares, byShare).Save(path);
Say($"Written: {path}");
return 0;

Fit[] Fits(Classifier classifier, Division[] divided)
    => [.. papers.Select((p, i) => Fit.Of(classifier, p, divided[i], epochs.Value!.Value, (ulong)i + 1))];

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
