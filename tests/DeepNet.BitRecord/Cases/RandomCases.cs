using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Random fills, initialisation and dropout.</summary>
internal static class RandomCases
{
    public static void Record(Recorder recorder)
    {
        foreach (int count in new[] { 1, 7, 16, 33, 1000, 33_001 })
        {
            Shape shape = new(count);
            foreach (var dtype in Values.FloatsAndHalves)
            {
                Add($"uniform {count}, {dtype}", () => Tensor.Uniform(shape, -2, 3, dtype));
                Add($"normal {count}, {dtype}", () => Tensor.Normal(shape, 1, 2, dtype));
                Add($"truncated normal {count}, {dtype}", () => Tensor.TruncatedNormal(shape, 0, 1, -1, 2, dtype));
                Add($"coins {count}, {dtype}", () => Tensor.Bernoulli(shape, 0.3, dtype));
                Add($"strided uniform {count}, {dtype}", () => Values.Strided(Values.Of(dtype, count, 3)).FillUniform());
                recorder.Run($"dropout {count}, {dtype}", x => new Dropout(0.4).Forward(x[0]), Values.Of(dtype, count));
                recorder.Run($"alpha dropout {count}, {dtype}", x => new AlphaDropout(0.4).Forward(x[0]), Values.Of(dtype, count));
                recorder.Run($"channel dropout {count}, {dtype}", x => new Dropout2d(0.4).Forward(x[0]), Values.Of(dtype, 2, count, 2, 3));
            }
            foreach (var dtype in new[] { DType.Int32, DType.Int64 })
            {
                Add($"whole numbers {count}, {dtype}", () => Tensor.RandInt(-5, 1000, shape, dtype));
                Add($"permutation {count}, {dtype}", () => Tensor.RandPerm(count, dtype));
                Add($"range {count}, {dtype}", () => Tensor.Arange(0, count, 1, dtype));
            }
            Add($"coins of given chances {count}", () => Tensor.Bernoulli(Values.Of(DType.Float32, count).Sigmoid()));
        }
        foreach (var dtype in Values.Floats)
        {
            Add($"He, {dtype}", () => Init.HeNormal(Tensor.Zeros(new Shape(33, 17), dtype)));
            Add($"Xavier, {dtype}", () => Init.XavierUniform(Tensor.Zeros(new Shape(33, 17, 3, 3), dtype)));
            Add($"orthogonal, {dtype}", () => Init.Orthogonal(Tensor.Zeros(new Shape(33, 17), dtype)));
            Add($"linear space, {dtype}", () => Tensor.Linspace(-1, 3, 1001, dtype));
            Add($"logarithmic space, {dtype}", () => Tensor.Logspace(-1, 3, 101, dtype: dtype));
            Add($"unit matrix, {dtype}", () => Tensor.Eye(17, 33, dtype));
        }

        void Add(string name, Func<Tensor> make) => recorder.Try(name, () => recorder.Add(name, make()));
    }
}
