using DeepNet.Optim;
using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Import;

public class OnnxModelTests
{
    private static Small Linear() => new Small().Input("x", -1, 2).Weight("w", Tensor.From<float>([1, 2, 3, 4], new Shape(2, 2)))
        .Weight("b", Tensor.From<float>(10, 20)).Node("Gemm", ["x", "w", "b"], "y");

    [Fact]
    public void Inputs_and_outputs_have_names_types_and_shapes()
    {
        var model = Linear().Load("y");
        Assert.Equal("x float32 (batch, 2)", model.Inputs.Single().ToString());
        Assert.Equal("y float32 (…)", model.Outputs.Single().ToString());
        Assert.Equal(18, model.Opset);
        Assert.Equal([11 + 6, 22 + 8], model.Run(
            new Dictionary<string, Tensor> { ["x"] = Tensor.From<float>([1, 2], new Shape(1, 2)) })["y"].ToArray());
    }

    [Fact]
    public void Initializers_are_parameters_that_train_freeze_and_save()
    {
        var model = Linear().Load("y");
        Assert.Equal(["w", "b"], model.State().Keys);
        var x = Tensor.From<float>([1, 2], new Shape(1, 2));
        model.Forward(x).Sum().Backward();
        Assert.Equal([1, 1, 2, 2], model.NamedParameters().First().Parameter.Grad!.ToArray());
        model.Freeze();
        Assert.Null(model.Forward(x).GradNode);
        model.Unfreeze();
        model.Forward(x).Sum().Backward();
        new Sgd(model.Parameters(), 0.5).Step();
        Assert.Equal([0.5f, 1.5f, 2, 3], model.State()["w"].ToArray());
        var other = Linear().Load("y");
        other.LoadState(model.State());
        Assert.Equal(model.Forward(x).ToArray(), other.Forward(x).ToArray());
    }

    [Fact]
    public void What_cannot_be_read_is_listed_at_once()
    {
        var small = new Small().Input("x", 2).Node("SequenceAt", ["x"], "a").Node("Erf", ["a"], "b").Node("StringNormalizer", ["b"], "c")
            .Node("SequenceAt", ["c"], "y");
        var e = Assert.Throws<NotSupportedException>(() => small.Load("y"));
        Assert.Contains("SequenceAt (×2), StringNormalizer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalisation_behind_a_convolution_is_folded_while_evaluating_and_tracks_while_training()
    {
        var x = Tensor.Normal(new Shape(4, 2, 5, 5), 1, 2, generator: new Generator(3));
        var model = new Small().Input("x", -1, 2, 5, 5).Weight("w", Tensor.Normal(new Shape(3, 2, 3, 3), 0, 1, generator: new Generator(4)))
            .Weight("scale", Tensor.From<float>(1, 2, 3)).Weight("shift", Tensor.From<float>(0, 1, 2))
            .Weight("mean", Tensor.From<float>(1, 0, -1)).Weight("variance", Tensor.From<float>(1, 4, 9))
            .Node("Conv", ["x", "w"], "c").Node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], "n").Node(
                "Relu", ["n"], "y").Load("y");
        Assert.Equal(["w", "scale", "shift"], model.NamedParameters().Select(entry => entry.Path));
        Assert.Equal(["mean", "variance"], model.NamedBuffers().Select(entry => entry.Path));
        var w = model.State();
        Tensor Wide(string name) => w[name].Reshape(-1, 1, 1);
        var expected = ((x.Conv2d(w["w"]) - Wide("mean")) / (Wide("variance") + 1e-5).Sqrt() * Wide("scale") + Wide("shift")).Relu();
        using (Autograd.NoGrad()) RoundTrip.Same(expected, model.Forward(x), 1e-5);
        RoundTrip.Same(expected, model.Forward(x), 1e-5);

        model.Train();
        var c = x.Conv2d(w["w"]);
        var normal = (c - c.Mean([0, 2, 3], keepDim: true)) / (c.Var([0, 2, 3], keepDim: true, correction: 0) + 1e-5).Sqrt();
        RoundTrip.Same((normal * Wide("scale") + Wide("shift")).Relu(), model.Forward(x), 1e-4);
        RoundTrip.Same(Tensor.From<float>(1, 0, -1) * 0.9 + c.Mean([0, 2, 3]) * 0.1, model.State()["mean"], 1e-5);
        model.Eval();
        using (Autograd.NoGrad()) Assert.NotEqual(expected.ToArray(), model.Forward(x).ToArray());
    }

    [Fact]
    public void Shapes_of_a_second_run_are_those_of_its_inputs()
    {
        var model = new Small().Input("x", -1, 6).Node("Shape", ["x"], "s").Weight("first", Tensor.From<long>(0))
            .Node("Gather", ["s", "first"], "n").Weight("rest", Tensor.From<long>(2, 3)).Node("Concat", ["n", "rest"], "to", ("axis", 0))
            .Node("Reshape", ["x", "to"], "y").Load("y");
        foreach (int batch in new[] { 2, 5, 2, 1 }) Assert.Equal(new Shape(batch, 2, 3), model.Forward(Tensor.Ones(batch, 6)).Shape);
    }

    [Theory]
    [InlineData("gelu")]
    [InlineData("norm")]
    [InlineData("attention")]
    public void A_pattern_gives_what_its_operators_give(string pattern)
    {
        // The same graph, once with an output of its middle, which keeps its operators apart.
        Small Build() => pattern switch
        {
            "gelu" => new Small().Input("x", 2, 3).Weight("r", Number(Math.Sqrt(2))).Weight("one", Number(1)).Weight("half", Number(0.5))
                .Node("Div", ["x", "r"], "d").Node("Erf", ["d"], "e").Node("Add", ["e", "one"], "middle").Node("Mul", ["x", "middle"], "m")
                .Node("Mul", ["m", "half"], "y"),
            "norm" => new Small(17).Input("x", 2, 3).Weight("two", Number(2)).Weight("eps", Number(1e-5)).Weight(
                "w", Tensor.From<float>(1, 2, 3))
                .Weight("b", Tensor.From<float>(4, 5, 6)).Node("ReduceMean", ["x"], "mean", ("axes", new[] { -1 })).Node(
                    "Sub", ["x", "mean"], "c")
                .Node("Pow", ["c", "two"], "p").Node("ReduceMean", ["p"], "middle", ("axes", new[] { -1 })).Node(
                    "Add", ["middle", "eps"], "v")
                .Node("Sqrt", ["v"], "s").Node("Div", ["c", "s"], "n").Node("Mul", ["n", "w"], "t").Node("Add", ["t", "b"], "y"),
            _ => new Small().Input("x", 1, 2, 4, 3).Weight("scale", Number(2)).Node("Transpose", ["x"], "k", ("perm", new[] { 0, 1, 3, 2 }))
                .Node("MatMul", ["x", "k"], "middle").Node("Div", ["middle", "scale"], "s").Node("Softmax", ["s"], "w", ("axis", -1))
                .Node("MatMul", ["w", "x"], "y"),
        };
        var apart = Build();
        apart.Graph.Outputs.Add(new ValueInfoProto { Name = "middle", Type = ElementType.Float, IsTensor = true });
        var x = Tensor.Normal(new Shape([.. Build().Load("y").Inputs[0].Shape!.Select(d => d.Length!.Value)]), 0, 1,
            generator: new Generator(2));
        RoundTrip.Same(apart.Load("y").Run(x)[1], Build().Load("y").Forward(x), 1e-5);
    }

    private static Tensor Number(double value) => Tensor.FromScalar(value, DType.Float32);

    [Fact]
    public void Damaged_files_are_refused()
    {
        byte[] file = Linear().File("y");
        for (int length = 0; length < file.Length; length++)
        {
            int cut = length;
            var e = Record.Exception(() => RoundTrip.Import(file[..cut]));
            Assert.True(e is null or InvalidDataException or NotSupportedException, e?.ToString());
        }
        Assert.Throws<InvalidDataException>(()
            => OnnxModel.Load(new MemoryStream(file), new OnnxLimits { MaxFileBytes = file.Length - 1 }));
        Assert.Throws<InvalidDataException>(() => OnnxModel.Load(new MemoryStream(file), new OnnxLimits { MaxNodes = 0 }));
        Assert.Throws<InvalidDataException>(() => OnnxModel.Load(new MemoryStream(file), new OnnxLimits { MaxElements = 3 }));
    }

    [Fact]
    public void A_few_bytes_make_no_large_tensor()
    {
        var small = new Small().Input("x", 1).Weight("s", Tensor.From<long>(1 << 20, 1 << 20)).Node("ConstantOfShape", ["s"], "c").Node(
            "Add", ["x", "c"], "y");
        var model = small.Load("y");
        Assert.Contains("MaxMadeElements", Assert.Throws<ArgumentException>(() => model.Forward(Tensor.Ones(1))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/hostname")]
    [InlineData("a/../../secret")]
    [InlineData("")]
    public void External_data_stay_in_the_folder(string location)
    {
        string folder = Directory.CreateTempSubdirectory("deepnet-onnx-").FullName;
        try
        {
            var small = Linear();
            var tensor = small.Graph.Initializers[0];
            tensor.External.Add(("location", location));
            (tensor.IsExternal, tensor.Raw) = (true, null);
            string path = Path.Combine(folder, "model.onnx");
            File.WriteAllBytes(path, small.File("y"));
            Assert.Contains("not in the model's folder", Assert.Throws<InvalidDataException>(() => OnnxModel.Load(path)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
