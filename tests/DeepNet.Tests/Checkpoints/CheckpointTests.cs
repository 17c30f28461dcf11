using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.IO;

public sealed class CheckpointTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly GeneratorState before = Generator.Default.State;

    public void Dispose()
    {
        Generator.Default.State = before;
        folder.Dispose();
    }

    private static Sequential Model(int width = 4, DType dtype = DType.Float32)
        => (Sequential)new Sequential(new Linear(3, width), new BatchNorm1d(width), new Linear(width, 2)).To(dtype);

    private static void Train(Module model, Optimizer optimizer)
    {
        optimizer.ZeroGrad();
        model.Forward(Tensor.Rand(new Shape(6, 3)).To(model.Parameters()[0].Value.DType)).Sum().Backward();
        optimizer.Step();
    }

    private static string Bits(Module model)
        => string.Join(";", model.State().Select(s => $"{s.Key}:{string.Join(",", s.Value.To(DType.Float64).ToArray<double>())}"));

    [Fact]
    public void Everything_comes_back()
    {
        var (model, critic) = (Model(), Model(5));
        var (optimizer, second) = (new Adam(model.Parameters()), new Sgd(critic.Parameters(), 0.1, 0.9));
        var average = new StochasticAverage(model.Parameters());
        var schedule = new ReduceOnPlateau(optimizer, patience: 1);
        var generator = new Generator(7);
        var noise = new Generator(ulong.MaxValue);
        var saved = new Checkpoint
        {
            Model = model, Optimizer = optimizer, Schedule = schedule, Average = average, Generator = generator, Epoch = 3,
            Step = 1234567890123, Position = 17,
        }
            .Add("critic", critic).Add("critic", second).Add("noise", noise);
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, 0.1 + 0.2, double.MaxValue];
        for (int i = 0; i < odd.Length; i++) saved.Numbers[$"odd{i}"] = odd[i];
        saved.Texts["notes"] = "ä \"quoted\"\n\t\u0001";
        saved.Tensors["order"] = Tensor.RandPerm(9);
        for (int i = 0; i < 3; i++)
        {
            Train(model, optimizer);
            Train(critic, second);
            average.Update();
            schedule.Step(1.0);
        }
        noise.NextUInt64();
        generator.NextUInt64();
        var state = Generator.Default.State;
        saved.Save(folder["run"]);

        var (model2, critic2) = (Model(), Model(5));
        var (optimizer2, second2) = (new Adam(model2.Parameters()), new Sgd(critic2.Parameters(), 0.1, 0.9));
        var average2 = new StochasticAverage(model2.Parameters());
        var schedule2 = new ReduceOnPlateau(optimizer2, patience: 1);
        var generator2 = new Generator(0);
        var noise2 = new Generator(0);
        var loaded = new Checkpoint
        {
            Model = model2, Optimizer = optimizer2, Schedule = schedule2, Average = average2, Generator = generator2,
        }
            .Add("critic", critic2).Add("critic", second2).Add("noise", noise2);
        loaded.Texts["of before"] = "goes";
        Assert.True(loaded.TryLoad(folder["run"]));

        Assert.Equal((3L, 1234567890123L, 17L), (loaded.Epoch, loaded.Step, loaded.Position));
        for (int i = 0; i < odd.Length; i++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(odd[i]), BitConverter.DoubleToInt64Bits(loaded.Numbers[$"odd{i}"]));
        Assert.Equal("notes", Assert.Single(loaded.Texts.Keys));
        Assert.Equal("ä \"quoted\"\n\t\u0001", loaded.Texts["notes"]);
        Assert.Equal(saved.Tensors["order"].ToArray<long>(), loaded.Tensors["order"].ToArray<long>());
        Assert.Equal((Bits(model), Bits(critic)), (Bits(model2), Bits(critic2)));
        Assert.Equal((generator.State, noise.State, state), (generator2.State, noise2.State, Generator.Default.State));
        Assert.Equal(
            (optimizer.LearningRate, schedule.Steps, average.Updates), (optimizer2.LearningRate, schedule2.Steps, average2.Updates));
        loaded.Save(folder["again"]);
        Assert.Equal(File.ReadAllBytes(folder["run"]), File.ReadAllBytes(folder["again"]));
    }

    [Fact]
    public void Loading_works_within_a_scope_and_what_it_took_over_outlives_it()
    {
        var model = Model();
        var optimizer = new Adam(model.Parameters());
        Train(model, optimizer);
        var checkpoint = new Checkpoint { Model = model, Optimizer = optimizer };
        checkpoint.Tensors["t"] = Tensor.Ones(3);
        checkpoint.Save(folder["run"]);
        using (Memory.Scope()) checkpoint.Load(folder["run"]);
        Train(model, optimizer);
        Assert.Equal([1f, 1, 1], checkpoint.Tensors["t"].ToArray());
    }

    [Fact]
    public void A_state_saved_before_a_model_knew_its_names_loads_after_it_does()
    {
        var model = new Linear(2, 2);
        var optimizer = new Sgd([model.Weight, model.Bias!], 0.1, 0.9);
        new Checkpoint { Model = model, Optimizer = optimizer }.Save(folder["run"]);
        var other = new Linear(2, 2);
        new Checkpoint { Model = other, Optimizer = new Sgd([other.Weight, other.Bias!], 0.1, 0.9) }.Load(folder["run"]);
        Assert.Equal(Bits(model), Bits(other));
    }

    [Fact]
    public void A_file_that_is_not_there_is_no_error_for_a_first_start()
    {
        var checkpoint = new Checkpoint { Model = Model() };
        Assert.False(checkpoint.TryLoad(folder["none"]));
        Assert.Throws<FileNotFoundException>(() => checkpoint.Load(folder["none"]));
    }

    [Fact]
    public void Models_alone_can_be_taken_from_a_file_of_a_whole_run()
    {
        var model = Model();
        new Checkpoint
        {
            Model = model, Optimizer = new Adam(model.Parameters()), Generator = new Generator(1), Step = 9,
        }.Save(folder["run"]);
        var evaluation = new Checkpoint { Model = Model(), Step = 1 };
        evaluation.LoadModels(folder["run"]);
        Assert.Equal(Bits(model), Bits(evaluation.Model));
        Assert.Equal(1, evaluation.Step);
        Assert.Equal(
            Bits(model["0"]),
            string.Join(";", SafeTensors.Load(folder["run"]).Where(t => t.Key.StartsWith("model/0.", StringComparison.Ordinal))
            .Select(t => $"{t.Key["model/0.".Length..]}:{string.Join(",", t.Value.To(DType.Float64).ToArray<double>())}")));
    }

    [Fact]
    public void A_run_that_was_built_otherwise_is_reported_in_full_and_nothing_changes()
    {
        var model = Model();
        var optimizer = new Adam(model.Parameters());
        Train(model, optimizer);
        new Checkpoint
        {
            Model = model, Optimizer = optimizer, Schedule = new Schedule(optimizer, new ConstantRate()), Generator = new Generator(1),
        }
            .Add("old", new Generator(1)).Save(folder["run"]);

        var other = new Sequential(("0", new Linear(3, 7)), ("2", new Linear(4, 2)), ("3", new Linear(2, 2, bias: false)));
        var parameters = other.Parameters();
        other["2"].To(DType.Float64);
        var groups = new Sgd([new ParameterGroup(parameters.Take(2)), new ParameterGroup(parameters.Skip(2))], new());
        var checkpoint = new Checkpoint
        {
            Model = other, Optimizer = groups, Schedule = new Schedule(groups, new ConstantRate()),
            Average = new StochasticAverage(parameters), Step = 5,
        }
            .Add("new", new Generator(3));
        string bits = Bits(other);
        var generator = Generator.Default.State;
        string text = Assert.Throws<ArgumentException>(() => checkpoint.Load(folder["run"])).Message;
        foreach (string line in new[]
        {
            folder["run"],
            "model/0.weight: of shape (4, 3) in the file, (7, 3) here", "model/0.bias: of shape (4,) in the file, (7,) here",
            "model/2.weight: float32 in the file, float64 here", "model/3.weight: missing in the file",
                "model/1.running_mean: in the file, not here",
            "optimizer: 'adam' in the file, 'sgd' here", "schedule/groups of parameters: 1 were saved, there are 2",
                "average: missing in the file",
            "generator:new: missing in the file", "generator:old: in the file, not here", "generator: in the file, not here",
        })
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Equal(bits, Bits(other));
        Assert.Equal((5L, generator), (checkpoint.Step, Generator.Default.State));
    }

    [Fact]
    public void Rates_and_counts_that_make_no_sense_are_found_before_anything_changes()
    {
        var model = Model();
        var optimizer = new Sgd(model.Parameters(), 0.1);
        var state = optimizer.SaveState();
        state.Numbers["group0/lr"] = -1;
        state.Numbers["group0/momentum"] = double.NaN;
        state.Numbers["0.weight/step"] = 0.5;
        string text = Assert.Throws<ArgumentException>(() => optimizer.LoadState(state)).Message;
        foreach (string line in new[] { "group0/lr: -1 is not finite and not negative", "group0/momentum: NaN is not",
            "0.weight/step: 0.5 is not a count" })
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Equal(0.1, optimizer.LearningRate);
    }

    [Fact]
    public void Names_of_parts_are_unique_and_without_slashes()
    {
        var checkpoint = new Checkpoint().Add("a", new Generator(1)).Add("a", Model());
        Assert.Contains(
            "generator:a already", Assert.Throws<ArgumentException>(() => checkpoint.Add("a", new Generator(1))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "slash", Assert.Throws<ArgumentException>(() => checkpoint.Add("a/b", new Generator(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_a_file_of_weights_and_a_later_version_are_distinguished()
    {
        var model = Model();
        var checkpoint = new Checkpoint { Model = model };
        checkpoint.Save(folder["run"]);
        byte[] file = File.ReadAllBytes(folder["run"]);
        file[^1] ^= 1;
        File.WriteAllBytes(folder["flipped"], file);
        Assert.Contains("was altered", Damage("flipped"), StringComparison.Ordinal);

        model.Save(folder["weights"]);
        Assert.Contains("is not a checkpoint", Damage("weights"), StringComparison.Ordinal);

        string later = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder["run"]))
            .Replace("""{\"version\":1,""", """{\"version\":2,""", StringComparison.Ordinal);
        File.WriteAllBytes(folder["later"], System.Text.Encoding.Latin1.GetBytes(later));
        Assert.Contains("version 2", Damage("later"), StringComparison.Ordinal);

        string Damage(string name)
        {
            string text = Assert.Throws<InvalidDataException>(() => checkpoint.Load(folder[name])).Message;
            Assert.StartsWith($"[checkpoint] {folder[name]} ", text, StringComparison.Ordinal);
            return text;
        }
    }
}
