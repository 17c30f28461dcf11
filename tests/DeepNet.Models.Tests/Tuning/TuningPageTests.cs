using System.Runtime.CompilerServices;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

/// <summary>The examples of docs/tuning.md are compiled here, run, and are word for word what stands there.</summary>
public class TuningPageTests
{
    private sealed class Net : Module
    {
        private readonly Linear conv1 = new(6, 32, activation: new Relu()), layer1 = new(32, 32, activation: new Relu()),
            layer2 = new(32, 32, activation: new Relu()), fc = new(32, 7);

        public override Tensor Forward(Tensor x) => fc.Forward(layer2.Forward(layer1.Forward(conv1.Forward(x))));
    }

    private static Tensor X => Tensor.Randn(new Shape(40, 6), generator: new Generator(1));

    private static Tensor Y => Tensor.RandInt(0, 4, new Shape(40), generator: new Generator(2));

    private static void Train(Module model, Optimizer optimizer)
    {
        for (int i = 0; i < 5; i++)
        {
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(X), Y).Backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void Adapters()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder;
        try
        {
            Module model = new Net();
            model.Save("learned.safetensors");
            // docs: adapters
            model.Load("learned.safetensors");                              // what was learned before
            model.Replace("fc", new Linear(32, 4));                         // a head for the new task
            Lora.Add(model, rank: 8, targets: "layer*");                    // thin matrices beside the weights; all else is frozen
            model.Unfreeze("fc");
            Train(model, new AdamW(model.Parameters(), 1e-3));
            Lora.Save(model, "adapter.safetensors");                        // the adapter alone
            Lora.Merge(model);                                              // into the weights, for the speed of the plain model
            // docs: end
            Assert.True(new FileInfo("adapter.safetensors").Length < new FileInfo("learned.safetensors").Length / 2);
            Assert.Equal(new Shape(40, 4), model.Forward(X).Shape);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Parts()
    {
        Module model = new Net();
        // docs: parts
        model.Freeze();
        int trained = model.Unfreeze("layer2|fc");                                          // patterns; a module is all inside
        var optimizer = new AdamW(LayerwiseRates.ByDepth(model, learningRate: 1e-3, decay: 0.5), new AdamWOptions());
        var thaw = new GradualUnfreezing(model, every: 2, "fc", "layer2", "layer1");        // a block more every two epochs
        for (int epoch = 1; epoch <= 6; epoch++)
        {
            thaw.At(epoch);
            Train(model, optimizer);
        }
        // docs: end
        Assert.Equal(4, trained);
        Assert.Equal([1.25e-4, 2.5e-4, 5e-4, 1e-3], optimizer.Groups.Select(g => g.LearningRate));
        Assert.Equal(6, model.Parameters().Count(p => p.RequiresGrad));
    }

    [Fact]
    public void Smaller()
    {
        Module model = new Net();
        // docs: smaller
        var start = Pruning.Snapshot(model);
        Train(model, new Adam(model.Parameters()));
        Console.WriteLine(Pruning.Magnitude(model, share: 0.8));            // how much of each layer is gone
        Pruning.Rewind(model, start);                                       // a lottery ticket: what is left, from its start
        Train(model, new Adam(model.Parameters()));                         // the masks hold
        Pruning.MakePermanent(model);
        Console.WriteLine(LowRank.ToEnergy(model, share: 0.9, "layer*"));   // two thin matrices for each weight
        // docs: end
        Assert.Empty(Pruning.Report(model).Layers);
    }

    [Fact]
    public void Teacher()
    {
        Module teacher = new Net(), student = new Net();
        Tensor x = X, y = Y;
        Tensor depth = Tensor.Ones(5), depthTarget = Tensor.Zeros(5), kind = student.Forward(x), kindTarget = y;
        // docs: teacher
        Tensor answers;
        using (Autograd.NoGrad()) answers = teacher.Forward(x);
        Distillation.Loss(student.Forward(x), answers, y, temperature: 4, share: 0.9).Backward();

        var tasks = new UncertaintyWeights(2);                              // trained along, so that units do not matter
        tasks.Combine(Loss.Mse(depth, depthTarget), Loss.CrossEntropy(kind, kindTarget)).Backward();
        // docs: end
        Assert.Equal(2, tasks.LogVariance.Grad!.Count);
    }

    [Fact]
    public void Priors()
    {
        var layer = new Linear(6, 1);
        Tensor x = X, target = Y.To(DType.Float32), isDog = x.Select(1, 0).Sigmoid(), isAnimal = x.Select(1, 1).Sigmoid();
        // docs: priors
        layer.Weight.Parametrize(new NonNegative());                                // or UnitNorm: constraints that always hold
        var price = new MonotoneNetwork([+1, 0, 0, 0, -1, 0], hidden: 16);          // rises in the first feature, falls in the fifth
        var season = new Sequential(new PeriodicFeatures([24, 7], harmonics: 2), new Linear(8, 1));
        var loss = Loss.Mse(price.Forward(x).Squeeze(1), target)
            + 0.1 * Rule.Implies(isDog, isAnimal)                                   // rules as penalties
            + 0.1 * Ranking.AllPairs(layer.Forward(x).Squeeze(1), target)           // orders where numbers are not known
            + Prior.Gaussian(price.Parameters(), deviation: 1, examples: 40);       // the same as weight decay
        // docs: end
        loss.Backward();
        Assert.True(double.IsFinite(loss.Item<double>()));
        Assert.Equal(new Shape(3, 1), season.Forward(Tensor.Ones(3, 2)).Shape);
    }

    [Fact]
    public void They_are_what_the_page_shows()
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/tuning.md")).ReplaceLineEndings("\n");
        var lines = File.ReadLines(Here()).ToList();
        int shown = 0;
        for (int at = 0; at < lines.Count; at++)
        {
            string line = lines[at].TrimStart();
            if (!line.StartsWith("// docs: ", StringComparison.Ordinal) || line == "// docs: end") continue;
            int indent = lines[at].Length - lines[at].TrimStart().Length;
            var code = lines.Skip(at + 1).TakeWhile(l => l.Trim() != "// docs: end").Select(l => l.Length > indent ? l[indent..] : "");
            Assert.Contains($"```csharp\n{string.Join('\n', code)}\n```", page, StringComparison.Ordinal);
            shown++;
        }
        Assert.Equal(5, shown);
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
