using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

public class LoraTests
{
    private static Tensor X => Tensor.Randn(new Shape(5, 3, 8), generator: new Generator(3));

    private static Sequential Net(ulong seed = 1)
    {
        var generator = new Generator(seed);
        return new Sequential(
            ("attn", new MultiHeadAttention(8, 2, batchFirst: true, generator: generator)), ("act", new Tanh()),
            ("fc", new Linear(8, 6, generator: generator)));
    }

    private static void Randomize(Module model, string name, ulong seed)
    {
        var generator = new Generator(seed);
        foreach (var p in Lora.Parameters(model, name)) Init.Normal(p.Value, 0, 0.3, generator);
    }

    private static double Distance(Tensor a, Tensor b) => (a.Detach() - b.Detach()).Abs().Max().Item<double>();

    [Fact]
    public void An_adapter_begins_as_nothing_and_leaves_the_names_of_the_weights()
    {
        var model = Net();
        var names = model.State().Keys.ToList();
        var before = model.Forward(X).Detach();
        Assert.Equal(3, Lora.Add(model, rank: 2, targets: "attn|fc"));
        Assert.Equal(0, Distance(before, model.Forward(X)));
        Assert.Subset(model.State().Keys.ToHashSet(), names.ToHashSet());
        Assert.Equal(["fc.weight", "fc.weight.lora.default.a", "fc.weight.lora.default.b", "fc.bias"], model.State().Keys.TakeLast(4));
        var missing = model.LoadState(Net(7).State(), strict: false).Missing;
        Assert.All(missing, name => Assert.Contains(".lora.", name, StringComparison.Ordinal));
        Assert.Equal(0, Distance(Net(7).Forward(X), model.Forward(X)));
    }

    [Fact]
    public void Only_the_adapter_is_trained()
    {
        var model = Net();
        Lora.Add(model, rank: 2, targets: "attn", generator: new Generator(2));
        var before = model.State().ToDictionary(p => p.Key, p => p.Value.Clone());
        var optimizer = new Adam(model.Parameters(), 0.05);
        double first = 0, last = 0;
        for (int i = 0; i < 30; i++)
        {
            optimizer.ZeroGrad();
            var loss = model.Forward(X).Square().Mean();
            loss.Backward();
            optimizer.Step();
            last = loss.Item<double>();
            if (i == 0) first = last;
        }
        Assert.True(last < 0.8 * first, $"{first} to {last}");
        foreach (var (name, value) in model.State())
            Assert.Equal(name.Contains(".lora.", StringComparison.Ordinal), Distance(before[name], value) > 0);
        Assert.Equal(2 * (8 + 24) + 2 * (8 + 8), Lora.Parameters(model).Sum(p => (int)p.Shape.Count));
    }

    [Fact]
    public void The_weight_is_the_sum_with_scale_and_matrices()
    {
        var layer = new Linear(4, 3);
        float[] plain = layer.Weight.Value.ToArray<float>();
        Lora.Add(layer, rank: 2, alpha: 6);
        Randomize(layer, "default", 1);
        float[] a = layer.NamedParameters("weight.lora.default.a")[0].Parameter.Value.ToArray<float>();
        float[] b = layer.NamedParameters("weight.lora.default.b")[0].Parameter.Value.ToArray<float>();
        float[] sum = layer.Weight.Value.ToArray<float>();
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++)
                Assert.Equal(plain[4 * i + j] + 3 * (b[2 * i] * a[j] + b[2 * i + 1] * a[4 + j]), sum[4 * i + j], 1e-5);
    }

    [Fact]
    public void Convolutions_and_embeddings_are_adapted_too()
    {
        var model = new Sequential(("table", new Embedding(9, 16)), ("cut", new Unflatten()), ("conv", new Conv2d(1, 3, 3)));
        var tokens = Tensor.From<long>(1, 4, 7);
        var before = model.Forward(tokens).Detach();
        Assert.Equal(2, Lora.Add(model, rank: 1));
        Randomize(model, "default", 1);
        var with = model.Forward(tokens).Detach();
        Assert.True(Distance(before, with) > 0.01);
        Lora.Merge(model);
        Assert.True(Distance(with, model.Forward(tokens)) < 1e-5);
    }

    private sealed class Unflatten : Module
    {
        public override Tensor Forward(Tensor x) => x.Reshape(-1, 1, 4, 4);
    }

    [Fact]
    public void Merging_and_back_changes_nothing_but_the_last_bits()
    {
        var model = Net();
        var plain = model.Forward(X).Detach();
        Lora.Add(model, rank: 3, targets: "attn|fc");
        Randomize(model, "default", 4);
        var adapted = model.Forward(X).Detach();
        Assert.True(Distance(plain, adapted) > 0.1);
        Lora.Merge(model);
        Lora.Merge(model);
        Assert.True(Distance(adapted, model.Forward(X)) < 1e-5);
        Assert.Throws<InvalidOperationException>(() => Lora.Use(model));
        Lora.Unmerge(model);
        Assert.True(Distance(adapted, model.Forward(X)) < 1e-5);
        Lora.Use(model);
        Assert.True(Distance(plain, model.Forward(X)) < 1e-5);
    }

    [Fact]
    public void Thin_products_give_what_the_weight_gives_and_the_same_gradients()
    {
        var layer = new Linear(8, 6, generator: new Generator(1), activation: new Gelu());
        Lora.Add(layer, rank: 2);
        Randomize(layer, "default", 2);
        var whole = X.Affine(layer.Weight.Value, layer.Bias!.Value, transposed: true).Gelu();
        var thin = layer.Forward(X);
        Assert.True(Distance(whole, thin) < 1e-5);
        Tensor[] parameters = [.. Lora.Parameters(layer).Select(p => p.Value)];
        var expected = Autograd.Grad(whole.Square().Sum(), parameters);
        var given = Autograd.Grad(thin.Square().Sum(), parameters);
        foreach (var (a, b) in expected.Zip(given)) Assert.True(Distance(a, b) < 1e-3 * a.Abs().Max().Item<double>());
    }

    [Fact]
    public void Several_adapters_are_switched_and_weighed()
    {
        var model = new Sequential(("fc", new Linear(8, 6)));
        var plain = model.Forward(X).Detach();
        Lora.Add(model, rank: 2, name: "a");
        Randomize(model, "a", 1);
        var a = model.Forward(X).Detach();
        Lora.Add(model, rank: 1, name: "b");
        Assert.Equal(0, Distance(plain, model.Forward(X)));      // the one that was added is in use, and does nothing yet
        Randomize(model, "b", 2);
        var b = model.Forward(X).Detach();
        Assert.Equal(["a", "b"], Lora.Names(model));
        Assert.All(Lora.Parameters(model, "a"), p => Assert.False(p.RequiresGrad));
        Lora.Use(model, "a");
        Assert.Equal(0, Distance(a, model.Forward(X)));
        Lora.Use(model, ("a", 0.25), ("b", 2));
        Assert.True(Distance(plain + 0.25 * (a - plain) + 2 * (b - plain), model.Forward(X)) < 1e-5);
        var e = Assert.Throws<ArgumentException>(() => Lora.Use(model, "c"));
        Assert.Equal("[lora] there is no adapter 'c'. There are 'a', 'b'.", e.Message);
        Assert.Throws<ArgumentException>(() => Lora.Add(model, rank: 1, name: "b"));
    }

    [Fact]
    public void Saved_alone_and_loaded_into_another_copy_of_the_model()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            var model = Net();
            Lora.Add(model, rank: 2, alpha: 3, targets: "*.in_proj_weight|fc", dropout: 0.1);
            Randomize(model, "default", 9);
            Lora.Save(model, file);
            Assert.Equal(["attn.in_proj_weight.lora_a", "attn.in_proj_weight.lora_b", "fc.weight.lora_a", "fc.weight.lora_b"],
                SafeTensors.Describe(file).Select(e => e.Name).Order());
            var other = Net();
            Lora.Load(other, file, "poems");
            model.Eval();
            other.Eval();
            Assert.Equal(0, Distance(model.Forward(X), other.Forward(X)));
            var e = Assert.Throws<ArgumentException>(() => Lora.Load(new Sequential(("fc", new Linear(8, 5))), file));
            Assert.Contains("which this Sequential has not", e.Message, StringComparison.Ordinal);
            e = Assert.Throws<ArgumentException>(() => Lora.Load(new Sequential(
                ("attn", new MultiHeadAttention(8, 2)), ("fc", new Linear(8, 5))), file));
            Assert.Contains("the adapter of 'fc.weight'", e.Message, StringComparison.Ordinal);
            model.Save(file);
            Assert.Throws<InvalidDataException>(() => Lora.Load(Net(), file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Removed_the_model_is_plain_with_the_weights_in_use()
    {
        var model = Net();
        var names = model.State().Keys;
        Lora.Add(model, rank: 2, targets: "attn|fc", dropout: 0.5);
        Randomize(model, "default", 4);
        model.Eval();
        var adapted = model.Forward(X).Detach();
        model.Train();
        var twin = Module.Clone(model);
        Lora.Remove(twin);
        Assert.Equal(names, twin.State().Keys);
        Assert.True(Distance(adapted, twin.Forward(X)) < 1e-5);
        Assert.Equal(["default"], Lora.Names(model));
        Assert.NotEqual(0, Distance(model.Forward(X), model.Forward(X)));      // dropout still draws here
    }

    [Fact]
    public void What_dropout_leaves_out_is_scaled_for_and_evaluation_leaves_nothing_out()
    {
        var layer = new Linear(400, 1, bias: false);
        Lora.Add(layer, rank: 1, alpha: 1, dropout: 0.25, generator: new Generator(5));
        foreach (var p in Lora.Parameters(layer)) Init.Ones(p.Value);
        using (Autograd.NoGrad()) layer.NamedParameters().First(p => p.Path == "weight").Parameter.Value.Detach().FillInPlace(0);
        float[] weight = layer.Weight.Value.ToArray<float>();
        Assert.InRange(weight.Count(w => w == 0), 70, 130);
        Assert.All(weight.Where(w => w != 0), w => Assert.Equal(4f / 3, w, 1e-6f));
        layer.Eval();
        Assert.All(layer.Weight.Value.ToArray<float>(), w => Assert.Equal(1, w));
    }
}
