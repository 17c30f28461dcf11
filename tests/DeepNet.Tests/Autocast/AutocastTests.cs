using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests;

/// <summary>The types that operators run in within a region, the bounds of regions, and gradients.</summary>
public class AutocastTests
{
    private static Tensor Values(ulong seed, params int[] shape) => Tensor.Randn(new Shape(shape), generator: new Generator(seed));

    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float16)]
    public void ProductsTakeTheTypeAndTheRestFollowsFromIt(DType low)
    {
        Tensor x = Values(1, 4, 6), w = Values(2, 6, 5), image = Values(3, 2, 3, 8, 8), kernel = Values(4, 4, 3, 3, 3),
            heads = Values(5, 1, 2, 5, 4), sequence = Values(6, 3, 2, 6);
        var table = new List<(string What, Tensor Result, DType Type)>();
        using (Autocast.To(low))
        {
            var product = x.MatMul(w);
            var features = image.Conv2d(kernel, padding: 1);
            table.Add(("matmul", product, low));
            table.Add(("affine", x.Affine(w), low));
            table.Add(("dot", x[0].Dot(x[1]), low));
            table.Add(("einsum", Tensor.Einsum("ij,jk->ik", x, w), low));
            table.Add(("linear", new Linear(6, 3).Forward(x), low));
            table.Add(("conv2d", features, low));
            table.Add(("conv1d", image[0].Conv1d(Values(7, 2, 8, 3)), low));
            table.Add(("conv_transpose2d", image.ConvTranspose2d(Values(8, 3, 2, 2, 2), Values(9, 2)), low));
            table.Add(("attention", Attention.ScaledDotProduct(heads, heads, heads), low));
            table.Add(("attention with dropout", Attention.ScaledDotProduct(heads, heads, heads, dropout: 0.5), low));
            table.Add(("multi-head attention", new MultiHeadAttention(6, 2).Forward(sequence), low));
            table.Add(("activation", product.Relu().Gelu().Tanh(), low));
            table.Add(("arithmetic", product * 2 + product, low));
            table.Add(("view", product.T.Reshape(2, 10)[1..], low));
            table.Add(("with float32", product + Values(10, 5), DType.Float32));
            table.Add(("exp", product.Exp(), DType.Float32));
            table.Add(("log", product.Abs().Log(), DType.Float32));
            table.Add(("pow", product.Pow(2), DType.Float32));
            table.Add(("softmax", product.Softmax(-1), DType.Float32));
            table.Add(("sum", product.Sum(0), DType.Float32));
            table.Add(("mean", product.Mean(), DType.Float32));
            table.Add(("norm", product.Norm(), DType.Float32));
            table.Add(("variance", product.Var(0), DType.Float32));
            table.Add(("layer norm", new LayerNorm(5).Forward(product), DType.Float32));
            table.Add(("batch norm", new BatchNorm2d(4).Forward(features), DType.Float32));
            table.Add(("max pool", features.MaxPool2d(2), low));
            table.Add(("dropout", new Dropout(0.5).Forward(product), low));
            table.Add(("average pool", features.AvgPool2d(2), DType.Float32));
            table.Add(("cross-entropy", Loss.CrossEntropy(product, Tensor.From(0L, 1, 2, 3)), DType.Float32));
            table.Add(("mse", Loss.Mse(product, Values(11, 4, 5)), DType.Float32));
            table.Add(("lstm", new Lstm(6, 3).Forward(sequence), DType.Float32));
            table.Add(("gru", new Gru(6, 3).Forward(sequence), DType.Float32));
            table.Add(("elementwise of float32", (x * 2).Sigmoid(), DType.Float32));
            table.Add(("float64", x.To(DType.Float64).MatMul(w.To(DType.Float64)), DType.Float64));
            table.Add(("float64 beside float32", x.To(DType.Float64).MatMul(w), DType.Float64));
            table.Add(("integers", Tensor.From(1, 2, 3).Dot(Tensor.From(1, 2, 3)), DType.Int32));
        }
        Assert.All(table, row => Assert.Equal((row.What, row.Type), (row.What, row.Result.DType)));
    }

    [Fact]
    public void RegionsNestAndBelongToTheirThread()
    {
        Tensor x = Values(1, 3, 3);
        Assert.Null(Autocast.Type);
        using (Autocast.To(DType.BFloat16))
        {
            Assert.Equal(DType.BFloat16, Autocast.Type);
            using (Autocast.Off()) Assert.Equal(DType.Float32, x.MatMul(x).DType);
            using (Autocast.To(DType.Float32)) Assert.Null(Autocast.Type);
            using (Autocast.To(DType.Float16)) Assert.Equal(DType.Float16, x.MatMul(x).DType);
            Assert.Equal(DType.BFloat16, x.MatMul(x).DType);
            DType? other = DType.Int32;
            var thread = new Thread(() => other = Autocast.Type);
            thread.Start();
            thread.Join();
            Assert.Null(other);
        }
        Assert.Equal(DType.Float32, x.MatMul(x).DType);
        Assert.StartsWith(
            "[autocast] products cannot be cast to float64",
            Assert.Throws<ArgumentException>(() => Autocast.To(DType.Float64).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EachParameterIsCastOnceARegion()
    {
        var w = Values(1, 4, 4).WithGrad();
        using var region = Autocast.To(DType.BFloat16);
        Node? CastOf(Tensor y) => y.GradNode!.Input(1);
        var first = CastOf(Values(2, 3, 4).MatMul(w));
        Assert.Equal("to", first!.Name);
        Assert.Same(first, CastOf(Values(3, 3, 4).MatMul(w)));
        using (Autocast.To(DType.BFloat16)) Assert.Same(first, CastOf(Values(3, 3, 4).MatMul(w)));
        using (Autocast.To(DType.Float16)) Assert.NotSame(first, CastOf(Values(3, 3, 4).MatMul(w)));
        using (Autograd.NoGrad()) Assert.Null(Values(3, 3, 4).MatMul(w).GradNode);
        // A step changes the weight, so it is cast again.
        using (Autograd.NoGrad()) w.AddInPlace(Tensor.Ones(4, 4));
        var after = Tensor.Eye(4).MatMul(w);
        Assert.NotSame(first, CastOf(after));
        Assert.Equal(w.Detach().To(DType.BFloat16).ToArray(), after.ToArray());
    }

    [Fact]
    public void ACastMadeWithoutRecordingDoesNotLoseGradients()
    {
        var w = Values(1, 4, 4).WithGrad();
        using var region = Autocast.To(DType.BFloat16);
        using (Autograd.NoGrad()) _ = Values(2, 3, 4).MatMul(w);
        using (var scope = Memory.Scope()) _ = Values(2, 3, 4).MatMul(w);
        for (int i = 0; i < 2; i++) Values(2, 3, 4).MatMul(w).Sum().Backward();     // in the region, twice, without a step between
        Assert.NotNull(w.Grad);
        Assert.Equal(DType.Float32, w.Grad.DType);
    }

    [Fact]
    public void GradientsOfParametersAreFloat32AndNotRounded()
    {
        Tensor x = Values(1, 16, 8), g = Values(2, 16, 5).To(DType.BFloat16);
        Tensor w = Values(3, 8, 5).WithGrad(), b = Values(4, 5).WithGrad();
        Tensor y;
        using (Autocast.To(DType.BFloat16)) y = x.Affine(w, b);
        y.Backward(g);
        Assert.Equal(x.To(DType.BFloat16).To(DType.Float32).T.MatMul(g.To(DType.Float32)).ToArray(), w.Grad!.ToArray());
        Assert.Equal(g.To(DType.Float32).Sum(0).ToArray(), b.Grad!.ToArray());
    }

    [Fact]
    public void TinyGradientsInFloat16NeedTheScaler()
    {
        // Activations' gradients are float16: what is below 2⁻²⁵ is lost, unless the loss is scaled.
        Tensor x = Values(1, 4, 8), w = Values(2, 8, 8).WithGrad(), v = Values(3, 8, 8).WithGrad();
        double Gradient(LossScaler? scaler)
        {
            w.ZeroGrad();
            Tensor loss;
            using (Autocast.To(DType.Float16)) loss = x.MatMul(w).Tanh().MatMul(v).Mean() * 1e-7;
            (scaler?.Scale(loss) ?? loss).Backward();
            return w.Grad!.Abs().Sum().Item() / (scaler?.Factor ?? 1);
        }

        Assert.Equal(0, Gradient(null));
        double scaled = Gradient(new LossScaler());
        w.ZeroGrad();
        (x.MatMul(w).Tanh().MatMul(v).Mean() * 1e-7).Backward();
        Assert.Equal(1, scaled / w.Grad!.Abs().Sum().Item(), 0.02);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DerivativesOfAnyOrder(bool isConvolution)
    {
        Tensor x = Values(1, 2, 2, 6, 6) * 0.5, w = (Values(2, 3, 2, 3, 3) * 0.5).WithGrad();
        Tensor a = Values(3, 4, 6), m = (Values(4, 6, 3) * 0.5).WithGrad();
        // The gradient's own gradient, in a region and in float32.
        double[] Second(DType type)
        {
            Tensor loss, p = isConvolution ? w : m;
            using (Autocast.To(type))
                loss = (isConvolution ? x.Conv2d(w).Tanh().Square() : a.Affine(m).Gelu().MatMul(Values(5, 3, 3)).Square()).Mean();
            var g = Autograd.Grad(loss, [p], createGraph: true)[0];
            Assert.Equal(DType.Float32, g.DType);
            var h = Autograd.Grad(g.Square().Sum(), [p], createGraph: true)[0];
            var third = Autograd.Grad(h.Sum(), [p])[0];
            return [.. h.ToArray<double>(), .. third.ToArray<double>()];
        }

        // Float16 has the more digits: each of some six roundings on the way costs 2⁻¹¹.
        double[] low = Second(DType.Float16), exact = Second(DType.Float32);
        double scale = exact.Max(Math.Abs);
        Assert.All(low.Zip(exact), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.01 * scale));
        Assert.True(scale > 1e-4);
    }

    [Fact]
    public void RecordedAndDirectGradientsAgree()
    {
        Tensor x = Values(1, 5, 6), w = Values(2, 6, 4).WithGrad();
        Tensor heads = Values(3, 1, 2, 4, 4).WithGrad();
        foreach (var p in new[] { w, heads })
        {
            Tensor Compute()
            {
                using var region = Autocast.To(DType.BFloat16);
                return p == w ? (x.Affine(w) * 0.5 + 1).Silu().Sum() : Attention.ScaledDotProduct(heads, heads, heads).Square().Sum();
            }

            float[] direct = Autograd.Grad(Compute(), [p])[0].ToArray(),
                recorded = Autograd.Grad(Compute(), [p], createGraph: true)[0].ToArray();
            float most = direct.Max(Math.Abs);
            Assert.All(direct.Zip(recorded), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.02f * most));
        }
    }

    [Fact]
    public void ACheckpointedFunctionRunsAgainInItsTypes()
    {
        Tensor x = Values(1, 5, 6).WithGrad(), w = Values(2, 6, 4).WithGrad();
        var types = new List<DType>();
        Tensor F(Tensor[] inputs)
        {
            var y = inputs[0].MatMul(w);
            types.Add(y.DType);
            return y.Tanh();
        }

        Tensor y;
        using (Autocast.To(DType.BFloat16)) y = Autograd.Checkpoint(F, [x]);
        y.Sum().Backward();
        Assert.Equal([DType.BFloat16, DType.BFloat16], types);
        var expected = w.Grad!.Clone();
        w.ZeroGrad();
        using (Autocast.To(DType.BFloat16)) y = F([x]);
        y.Sum().Backward();
        Assert.Equal(expected.ToArray(), w.Grad!.ToArray());
    }

    [Fact]
    public void ADeviceThatLacksTheTypeSaysWhatToDo()
    {
        Assert.True(Device.Cpu.Supports(DType.BFloat16) && Device.Cpu.Supports(DType.Float16));
        Assert.Equal(
            "[autocast] opencl:0 (old) cannot compute with bfloat16. Use Autocast.To(DType.Float16) with a LossScaler, which it can, or "
                + "leave out the autocast region: float32 runs everywhere.",
            Casts.Missing(DType.BFloat16, "opencl:0 (old)", DeviceCapabilities.Float16).Message);
        Assert.Equal("[autocast] opencl:0 (old) cannot compute with float16. Leave out the autocast region: float32 runs everywhere.",
            Casts.Missing(DType.Float16, "opencl:0 (old)", DeviceCapabilities.Float64).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RecurrentLayersCastTheInputProductAlone(bool isLstm)
    {
        Tensor x = Values(1, 5, 3, 6);
        Recurrent layer = isLstm ? new Lstm(6, 4, generator: new Generator(2)) : new Gru(6, 4, generator: new Generator(2));
        float[] Run(bool steps)
        {
            foreach (var p in layer.Parameters()) p.ZeroGrad();
            Tensor y;
            using (Autocast.To(DType.BFloat16))
            {
                // Lengths of all steps take the way step by step, which must give the same as the kernels.
                int[]? lengths = steps ? [5, 5, 5] : null;
                y = layer is Lstm lstm ? lstm.Forward(x, null, lengths).Output : ((Gru)layer).Forward(x, null, lengths).Output;
            }
            Assert.Equal(DType.Float32, y.DType);
            y.Square().Sum().Backward();
            return [.. y.ToArray(), .. layer.Parameters().SelectMany(p => p.Grad!.ToArray())];
        }

        float[] fused = Run(false), composed = Run(true);
        for (int i = 0; i < fused.Length; i++) Assert.Equal(fused[i], composed[i], 0.02f);
        using var exact = Autocast.Off();
        var plain = layer.Forward(x).ToArray();
        Assert.NotEqual(plain, fused[..plain.Length]);
        Assert.All(plain.Zip(fused), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.02f));
    }
}
