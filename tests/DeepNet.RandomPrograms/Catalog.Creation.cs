namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddCreation()
    {
        foreach (string name in (string[])["Zeros", "Ones"])
        {
            Add($"Tensor.{name}(Shape, DType, Device)", d => [d.Shape(0, 4), new RunType(), null]);
            Add($"Tensor.{name}Like(Tensor, DType?)", d => [d.Float(), null]);
        }
        Add("Tensor.Full(Shape, Scalar, DType, Device)", d => [d.Shape(0, 4), Number(d), new RunType(), null]);
        Add("Tensor.FullLike(Tensor, Scalar, DType?)", d => [d.Float(), Number(d), null]);
        Add("Tensor.FromScalar(Scalar, DType?, Device)", d => [Number(d), new RunType(), null]);
        Add("Tensor.Eye(int, int?, DType, Device)", d => [d.Int(1, 5), d.Coin() ? null : d.Int(1, 5), new RunType(), null]);
        Add("Tensor.Arange(Scalar, Scalar, Scalar, DType?, Device)", d => [d.Int(-3, 0), d.Int(1, 9), d.Real(0.5, 2), new RunType(), null]);
        Add("Tensor.Linspace(double, double, int, DType, Device)", d => [d.Real(-2, 0), d.Real(0, 2), d.Int(1, 9), new RunType(), null]);
        Add("Tensor.Logspace(double, double, int, double, DType, Device)",
            d => [d.Real(-2, 0), d.Real(0, 1), d.Int(1, 9), 2.0, new RunType(), null]);
        Add("Tensor.Bernoulli(Shape, double, DType, Device, Generator)", d => [d.Shape(0, 4), d.Real(0, 1), new RunType(), null, d.Seed()]);
        // Not to the very ends: ranges are those of float64, and in float32 a cosine can be 1.0000001, which is no probability.
        Add("Tensor.Bernoulli(Tensor, Generator)", d => [d.Float(0.01, 0.99), d.Seed()], isCut: true);
        Add("Tensor.Multinomial(int, bool, Generator)",
            d => [d.Like(new Shape(d.Int(1, 4), d.Int(3, 5)), 0.1, 2), d.Int(1, 3), d.Coin(), d.Seed()],
            isCut: true);
        // Soft alone: a hard sample has the gradient of another function.
        Add("Tensor.GumbelSoftmax(double, bool, int, Generator)",
            d => d.Float(rank: 1) is var x ? [x, d.Real(0.5, 2), false, d.Axis(x), d.Seed()] : null);
        Add("Tensor.Normal(Shape, double, double, DType, Device, Generator)",
            d => [d.Shape(0, 4), d.Real(-1, 1), d.Real(0.1, 1), new RunType(), null, d.Seed()]);
        Add("Tensor.TruncatedNormal(Shape, double, double, double, double, DType, Device, Generator)",
            d => [d.Shape(0, 4), 0.0, 1.0, -1.5, 1.5, new RunType(), null, d.Seed()]);
        Add("Tensor.Uniform(Shape, double, double, DType, Device, Generator)",
            d => [d.Shape(0, 4), d.Real(-2, 0), d.Real(0.1, 2), new RunType(), null, d.Seed()]);
        foreach (string name in (string[])["Rand", "Randn"])
        {
            Add($"Tensor.{name}(Shape, DType, Device, Generator)", d => [d.Shape(0, 4), new RunType(), null, d.Seed()]);
            Add($"Tensor.{name}Like(Tensor, DType?, Generator)", d => [d.Float(), null, d.Seed()]);
        }
        Add("Tensor.RandInt(long, long, Shape, DType, Device, Generator)",
            d => [0, d.Int(1, 5), d.Shape(0, 3), DType.Int64, null, d.Seed()]);
        Add("Tensor.RandIntLike(Tensor, long, long, DType?, Generator)", d => [d.Constant(), 0, d.Int(1, 5), null, d.Seed()]);
        Add("Tensor.RandPerm(int, DType, Device, Generator)", d => [d.Int(1, 9), DType.Int64, null, d.Seed()]);
    }
}
