using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepNet.Nn;
using DeepNet.Ops;
using Dropout = DeepNet.Ops.Dropout;

namespace DeepNet.Tests.Processes;

/// <summary>Hashes of the bits of a fixed set of results, of sizes at which the work is shared among threads.</summary>
internal static class Fingerprints
{
    public static IEnumerable<(string Name, Func<Tensor> Compute)> Cases()
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            var t = dtype;
            yield return ($"exp of many, {t}", () => Waves(t, 300_001).Exp());
            yield return ($"sum of all, {t}", () => Waves(t, 300_001).Sum());
            yield return ($"sum of rows, {t}", () => Waves(t, 700, 431).Sum([1]));
            yield return ($"sum of columns, {t}", () => Waves(t, 70_001, 5).Sum([0]));
            yield return ($"mean over outer axes, {t}", () => Waves(t, 40, 50, 101).Mean([0, 2]));
            yield return ($"var, {t}", () => Waves(t, 211, 1300).Var([0]));
            yield return ($"softmax, {t}", () => Waves(t, 317, 1000).Softmax(-1));
            yield return ($"logsumexp, {t}", () => Waves(t, 317, 1000).LogSumExp([0]));
            yield return ($"matmul, {t}", () => Waves(t, 257, 300).MatMul(Waves(t, 300, 129)));
            yield return ($"matmul of few rows, {t}", () => Waves(t, 3, 2000).MatMul(Waves(t, 2000, 700)));
            yield return ($"matrix by vector, {t}", () => Waves(t, 1500, 700).MatMul(Waves(t, 700)));
            yield return ($"deep product, {t}", () => Waves(t, 9, 60_000).MatMul(Waves(t, 60_000, 8)));
            yield return ($"cholesky, {t}", () => Linalg.Cholesky(Waves(t, 150, 150).Tril(-1) + Tensor.Eye(150, dtype: t) * 200));
            yield return ($"solve, {t}", () => Linalg.Solve(Waves(t, 150, 150) + Tensor.Eye(150, dtype: t) * 20, Waves(t, 150, 70)));
            yield return ($"qr, {t}", () => Linalg.Qr(Waves(t, 170, 150) + Tensor.Eye(170, 150, t) * 20).R);
            yield return ($"eigenvectors, {t}", () => Linalg.Eigh(Waves(t, 40, 13, 13)).Vectors);
            yield return ($"singular vectors, {t}", () => Linalg.Svd(Waves(t, 130, 90) + Tensor.Eye(130, 90, t) * 20).U);
            yield return ($"batched matmul, {t}", () => Waves(t, 9, 65, 70).MatMul(Waves(t, 9, 70, 33)));
            yield return ($"conv2d, {t}", () => Waves(t, 3, 8, 33, 31).Conv2d(Waves(t, 16, 8, 3, 3), Waves(t, 16)));
            yield return ($"conv2d of many channels, {t}",
                () => Waves(t, 5, 16, 33, 31).Conv2d(Waves(t, 17, 16, 3, 3), Waves(t, 17), padding: 1));
            yield return ($"gradient of conv2d of many channels, {t}",
                () => Gradient(x => x.Conv2d(Waves(t, 17, 16, 3, 3)), Waves(t, 5, 16, 33, 31)));
            yield return ($"gradient of conv2d, {t}", () => Gradient(x => x.Conv2d(Waves(t, 16, 8, 3, 3)), Waves(t, 3, 8, 33, 31)));
            yield return ($"gradient of a filter, {t}", () => Gradient(w => Waves(t, 3, 8, 33, 31).Conv2d(w), Waves(t, 16, 8, 3, 3)));
            yield return ($"gradient of a bias, {t}", () => Gradient(b => (Waves(t, 4001, 130) + b).Gelu(), Waves(t, 130)));
            yield return ($"gradient of cross-entropy, {t}",
                () => Gradient(x => Loss.CrossEntropy(x, Tensor.RandInt(0, 130, new Shape(4001), generator: new(1))), Waves(t, 4001, 130)));
            yield return ($"gradient of a layer norm's weight, {t}",
                () => Gradient(w => Normalize.Of(Waves(t, 4001, 130), new(1, 4001, 130, true, true), w, null, 1e-5), Waves(t, 130)));
            yield return ($"gradient of batch norm, {t}",
                () => Gradient(x => Normalize.Of(x, new(16, 33, 301, true, false), null, null, 1e-5), Waves(t, 16, 33, 301)));
            yield return ($"gradient of dropout, {t}", () => Gradient(x => Dropout.Of(x, 0.5, 2, new(1)), Waves(t, 300_001)));
            yield return ($"gradient of attention, {t}",
                () => Gradient(x => Attention.ScaledDotProduct(x, x, x, isCausal: true), Waves(t, 3, 2, 131, 17)));
            yield return ($"gradient of a GRU, {t}", () => Gradient(
                w => FusedSequence<Ops.GruCell>.Of(false, Waves(t, 5, 67, 9), Waves(t, 67, 33), Waves(t, 99, 9), w),
                Waves(t, 99, 33)));
            yield return ($"gradient of an LSTM, {t}", () => Gradient(
                w => FusedSequence<Ops.LstmCell>.Of(false, Waves(t, 5, 67, 9), Waves(t, 67, 33), Waves(t, 67, 33), Waves(t, 132, 9), w),
                Waves(t, 132, 33)));
            yield return ($"gradient of a matrix, {t}", () => Gradient(w => Waves(t, 400, 131).MatMul(w), Waves(t, 131, 67)));
        }
    }

    public static string Of(Tensor tensor)
    {
        var bits = tensor.DType == DType.Float64
            ? MemoryMarshal.AsBytes<double>(tensor.ToArray<double>())
            : MemoryMarshal.AsBytes<float>(tensor.ToArray<float>());
        return Convert.ToHexString(SHA256.HashData(bits))[..16];
    }

    public static string[] All() => [.. Cases().Select(c => $"{c.Name}: {Of(c.Compute())}")];

    private static Tensor Waves(DType dtype, params int[] shape)
    {
        var values = new double[new Shape(shape).Count];
        for (int i = 0; i < values.Length; i++) values[i] = (i * 0.6180339887498949 % 1 - 0.5) * 3;
        return Tensor.From<double>(values, new Shape(shape)).To(dtype);
    }

    private static Tensor Gradient(Func<Tensor, Tensor> function, Tensor x)
    {
        x.RequiresGrad = true;
        var y = function(x);
        y.Backward(Waves(x.DType, [.. y.Shape]));
        return x.Grad!;
    }
}
