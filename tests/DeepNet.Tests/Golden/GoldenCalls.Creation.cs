namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Creation => new()
    {
        ["eye"] = One(c => Tensor.Eye(c.Case.Int("rows"), c.Case.Int("columns"), c.DType)),
        ["arange"] = One(c => Tensor.Arange(c.Case.Number("start"), c.Case.Number("end"), c.Case.Number("step"), c.DType)),
        ["linspace"] = One(c => Tensor.Linspace(c.Case.Number("start"), c.Case.Number("end"), c.Case.Int("count"), c.DType)),
    };
}
