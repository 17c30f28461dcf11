using DeepNet.Nn;
using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Export;

public class OnnxExportTests
{
    private sealed class Lambda(Func<Tensor, Tensor> compute) : Module
    {
        public override Tensor Forward(Tensor x) => compute(x);
    }

    [Fact]
    public void Weights_are_initializers_under_their_state_names()
    {
        var module = new Sequential(new Linear(3, 2), new Relu(), new Linear(2, 1));
        var imported = RoundTrip.Import(RoundTrip.Export(module, null, Tensor.Ones(1, 3)));
        Assert.Equal(module.State().Keys, imported.State().Keys);
        Assert.Equal("input float32 (batch, 3)", imported.Inputs.Single().ToString());
        Assert.Equal("output float32 (batch, 1)", imported.Outputs.Single().ToString());
    }

    [Fact]
    public void Names_metadata_and_version_are_those_of_the_options()
    {
        var options = new OnnxExportOptions
        {
            InputNames = ["image"], OutputNames = ["scores"], Opset = 21, Metadata = new Dictionary<string,
                string>
            { ["classes"] = "cat,dog" },
            SymbolicAxes = [new Dictionary<int, string> { [0] = "n" }],
        };
        var imported = RoundTrip.Import(RoundTrip.Export(new Linear(3, 2), options, Tensor.Ones(1, 3)));
        Assert.Equal("image float32 (n, 3)", imported.Inputs.Single().ToString());
        Assert.Equal("scores", imported.Outputs.Single().Name);
        Assert.Equal(21, imported.Opset);
        Assert.Equal("cat,dog", imported.Metadata["classes"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => RoundTrip.Export(new Linear(3, 2), new() { Opset = 17 }, Tensor.Ones(1, 3)));
    }

    [Fact]
    public void The_mode_of_the_module_stays_and_dropout_is_left_out()
    {
        var module = new Sequential(new Linear(3, 3), new Dropout(0.5));
        byte[] file = RoundTrip.Export(module, null, Tensor.Ones(2, 3));
        Assert.True(module.IsTraining);
        Assert.Equal(["Gemm"], RoundTrip.Describe(file));
    }

    [Fact]
    public void Numbers_that_follow_from_the_batch_are_computed_from_it()
    {
        RoundTrip.Check(new Lambda(x => x.Reshape(x.Shape[0], 2, 3).Sum(0) / x.Shape[0]), Tensor.Ones(2, 6) * 3, isSameAgain: false);
        RoundTrip.Check(new Lambda(x => x + Tensor.Arange(x.Shape[0]).Unsqueeze(1).To(DType.Float32)), Tensor.Ones(2, 6),
            isSameAgain: false);
    }

    [Fact]
    public void Lengths_can_all_be_those_of_the_example()
        => RoundTrip.Check(new GroupNorm(2, 4), Tensor.Normal(new Shape(2, 4, 3, 3), 0, 1, generator: new Generator(5)),
            new() { SymbolicAxes = [] });

    [Fact]
    public void What_cannot_be_written_names_operator_and_layer_and_writes_nothing()
    {
        string path = Path.Combine(Path.GetTempPath(), $"deepnet-{Guid.NewGuid():N}.onnx");
        var e = Assert.Throws<NotSupportedException>(
            () => OnnxExport.Save(new Lambda(x => Linalg.Cholesky(x)), path, Tensor.Eye(3).Unsqueeze(0)));
        Assert.Contains("cholesky", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        e = Assert.Throws<NotSupportedException>(() => RoundTrip.Export(new Lambda(x =>
        {
            var y = x.Clone();
            y[0] = 1;
            return y;
        }), null, Tensor.Ones(2, 3)));
        Assert.Contains("in place", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<NotSupportedException>(
            () => RoundTrip.Export(new Lambda(
            x => x * Tensor.From<float>(x.ToArray().Select((v, i) => v * i * i).ToArray()).Reshape(x.Shape.Axes)),
            null, Tensor.Ones(2, 3)));
        Assert.Contains("no recorded operator made", e.Message, StringComparison.Ordinal);
    }

    private sealed class Located(Func<Tensor, Tensor> compute) : Layer
    {
        protected override Tensor Compute(Tensor x) => compute(x);
    }

    public static TheoryData<string, Func<Tensor, Tensor>> Unwritable => new()
    {
        { "cholesky", x => Linalg.Cholesky(x.MatMul(x.Transpose()) + Tensor.Eye(3)) },
        { "eigh", x => Linalg.Eigh(x).Values },
        { "add", x => x + Tensor.Randn(x.Shape) },
        { "mul", x => x * x.Detach().Sum().ToArray()[0] },
    };

    [Theory]
    [MemberData(nameof(Unwritable))]
    public void An_error_names_the_layer_too(string op, Func<Tensor, Tensor> compute)
    {
        using var stream = new MemoryStream();
        var model = new Sequential(("body", new Sequential(("first", new Linear(3, 3)), ("second", new Located(compute)))));
        var example = Tensor.Normal(new Shape(2, 3, 3), 0, 1, generator: new Generator(1));
        var e = Assert.Throws<NotSupportedException>(() => OnnxExport.Save(model, stream, new OnnxExportOptions(), example));
        Assert.Contains($"the operator '{op}' of 'body.second'", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_formula_of_ones_own_is_written_without_a_line_more()
    {
        var module = new Lambda(x => x.Apply(new SquaredRelu()));
        Assert.Equal(["Max", "Mul"], RoundTrip.Describe(RoundTrip.Export(module, null, Tensor.Ones(2, 3))));
        RoundTrip.Check(module, Tensor.From<float>([-1, 2, 3, -4], new Shape(2, 2)));
    }

    private readonly struct SquaredRelu : Ops.IUnaryOp<SquaredRelu>
    {
        public V Forward<V>(V x) where V : INumber<V>
        {
            V y = V.Max(x, V.Constant(0));
            return y * y;
        }
    }

    [Fact]
    public void Weights_in_a_file_of_their_own_are_found_again()
    {
        string folder = Directory.CreateTempSubdirectory("deepnet-onnx-").FullName;
        try
        {
            string path = Path.Combine(folder, "model.onnx");
            var module = new Sequential(new Linear(5, 4), new Linear(4, 3));
            OnnxExport.Save(module, path, new OnnxExportOptions { ExternalData = true }, Tensor.Ones(1, 5));
            Assert.Equal(["model.onnx", "model.onnx.data"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
            RoundTrip.Same(module.Forward(Tensor.Ones(2, 5)), OnnxModel.Load(path).Forward(Tensor.Ones(2, 5)), 1e-6);
            Assert.Throws<InvalidDataException>(() => OnnxModel.Load(new MemoryStream(File.ReadAllBytes(path))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
