using System.Globalization;
using DeepNet.Data;
using DeepNet.Samples;
using DeepNet.Samples.Generate;

// Three kinds of models that make pictures of the digit that is asked for, what they make as they learn, and whether a classifier that
// learned from real pictures takes them for what they are to be.
var line = new CommandLine("Generate", "Trains models that make pictures of digits: a GAN, a VAE and a diffusion model.");
var kind = line.Choice("--model", "all", ["gan", "vae", "diffusion", "all"], "what to train");
var steps = line.Number("--steps", "N", null, "how long to train each [about two minutes on two cores]", least: 1);
var digit = line.Number("--make", "DIGIT", 7, "shows twenty pictures of this digit", least: 0);
var few = line.Number("--few", "N", 5, "real pictures of each digit that a classifier gets beside made ones", least: 1);
var count = line.Number("--count", "N", 100, "pictures of each digit to make at the end", least: 2);
var data = line.Text("--data", "FOLDER", null, "where MNIST's four files are [the made digits that come with this program]");
var seed = line.Number("--seed", "N", 1, "what all chance comes from", least: 0);
var output = line.Text("--out", "FOLDER", Path.Combine("runs", "generate"), "where to put the report and the weights");
line.Example("Generate --model diffusion --make 3").Example("Generate --data ~/mnist");
if (!line.Read(args, out int exit)) return exit;
if (digit.Value > 9) return line.Fail($"--make is a digit from 0 to 9, not {digit.Value}.");
string folder = data.Value ?? Path.Combine(AppContext.BaseDirectory, "digits");
if (!Mnist.IsIn(folder)) return line.Fail($"{Path.GetFullPath(folder)} does not have MNIST's four files.");
const int JudgeSteps = 1000, FewSteps = 300;
ulong chance = (ulong)seed.Value!.Value;
int ofEach = count.Value!.Value;

// 1. Real pictures, and a classifier of them.
var (train, test) = (Pictures.Load(folder, train: true), Pictures.Load(folder, train: false));
Say($"{train.Count:N0} pictures to learn from, {test.Count:N0} held out");
var judge = Judge.Of(train, JudgeSteps, chance);
double judged = judge.Accuracy(test);
Say($"A classifier of real pictures tells {100 * judged:0.0} % of those held out right.");

// 2. The models.
Func<Maker>[] makers = [() => new VaeMaker(steps.Value, train, chance), () => new GanMaker(steps.Value, chance),
    () => new DiffusionMaker(steps.Value, chance)];
var learnings = new List<Learning>();
foreach (var maker in makers.Select(make => make()).Where(m => kind.Value is "all" || kind.Value == m.Name))
{
    Say($"\n{maker.Name}: {maker.Steps:N0} steps of 64 pictures");
    var learning = Learning.Of(maker, train, judge, ofEach, chance);
    learnings.Add(learning);
    Say($"  {100 * learning.Recognised:0.0} % of {10 * ofEach:N0} pictures are recognised as what they were to be");
    Say($"  they vary {100 * learning.Made!.Variety() / train.Variety():0} % as much as real ones");
}

// 3. A classifier of few real pictures, with made ones and without.
var real = train.First(few.Value!.Value);
Say($"\nA classifier of {real.Count} real pictures, by what it gets beside them:");
var classifiers = new List<(string Pictures, double Accuracy)>();
Classify($"{real.Count} real ones alone", real);
foreach (var learning in learnings) Classify($"and {learning.Made!.Count:N0} of {learning.Maker.Name}", real.With(learning.Made));
Classify($"all {train.Count:N0} real ones", train);

string path = Path.Combine(output.Value!, "report.html");
Page.Of(data.Value ?? "the made digits", train, judged, learnings, digit.Value, classifiers).Save(path);
foreach (var learning in learnings)
    foreach (var (model, i) in learning.Maker.Models.Select((model, i) => (model, i)))
        model.Save(Path.Combine(output.Value!, string.Create(CultureInfo.InvariantCulture, $"{learning.Maker.Name}-{i + 1}.safetensors")));
Say($"\nWritten: {path}, and the weights beside it");
return 0;

void Classify(string name, Pictures pictures)
{
    classifiers.Add((name, Judge.Of(pictures, FewSteps, chance).Accuracy(test)));
    Say($"  {name,-28} {100 * classifiers[^1].Accuracy:0.0} %");
}

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
